/** 未照合 for those who watch: how much lies there, how old it is, of which kinds; no content, no addresses. */
import type { BounceSource } from '../domain/bounce.js';
import { BOUNCE_SOURCES } from '../domain/bounce.js';
import type { Instant } from '../domain/calendar.js';
import type { QuarantinedReportRow } from '../store/reports.js';
import { countQuarantine, listQuarantine } from '../store/reports.js';
import type { Deps } from './context.js';
import { decodeCursor, pageOf } from './cursor.js';
import type { Page } from './views.js';

export const QUARANTINE_REASONS = ['NO_MATCH', 'CONTRADICTION'] as const;
/** A reply to our own attempt needs no matching. */
export const QUARANTINE_SOURCES = BOUNCE_SOURCES.filter((source) => source !== 'SMTP');
export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

export interface QuarantineFigures {
  count: number;
  /** null when nothing lies there. */
  oldestReceivedAt: Instant | null;
  byReason: Record<QuarantineReason, number>;
  bySource: Partial<Record<BounceSource, number>>;
}

export type QuarantineView = QuarantineFigures & Page<QuarantinedReportRow>;

/** It belongs to no headquarters. */
export async function readQuarantineFigures(deps: Deps): Promise<QuarantineFigures> {
  const rows = await deps.database.withoutTenant(countQuarantine);
  const sum = (fits: (row: (typeof rows)[number]) => boolean) =>
    rows.filter(fits).reduce((total, row) => total + row.count, 0);
  const by = <Name extends string>(names: readonly Name[], of: (row: (typeof rows)[number]) => string) =>
    Object.fromEntries(names.map((name) => [name, sum((row) => of(row) === name)])) as Record<Name, number>;
  return {
    count: sum(() => true),
    oldestReceivedAt: rows.length === 0 ? null : Math.min(...rows.map((row) => row.oldestReceivedAt)),
    byReason: by(QUARANTINE_REASONS, (row) => row.why),
    bySource: by(QUARANTINE_SOURCES, (row) => row.source),
  };
}

/** With a page of what lies there, newest first. */
export async function readQuarantine(
  deps: Deps,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<QuarantineView> {
  const after = cursor === undefined ? null : decodeCursor(cursor, ['instant', 'uuid']);
  const before = after && { receivedAt: after[0] as Instant, id: after[1] as string };
  const rows = await deps.database.withoutTenant((tx) => listQuarantine(tx, limit + 1, before));
  return {
    ...(await readQuarantineFigures(deps)),
    ...pageOf(
      rows,
      limit,
      (last) => [last.receivedAt, last.id],
      (row) => row,
    ),
  };
}
