/** 操作履歴 (R34): looked through by staff, and taken out as a file, which is itself in the trail. */
import { appendAudit } from '../store/audit.js';
import type { AuditSearch, FoundAuditRow } from '../store/audit-search.js';
import { searchAudit as search } from '../store/audit-search.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { decodeCursor, pageOf } from './cursor.js';
import type { Page } from './views.js';

export type { AuditSearch, FoundAuditRow } from '../store/audit-search.js';

export async function searchAudit(
  deps: Deps,
  fireHqId: string,
  { limit, cursor, ...wanted }: AuditSearch & { limit: number; cursor?: string | undefined },
): Promise<Page<FoundAuditRow>> {
  const after = cursor === undefined ? null : decodeCursor(cursor, ['instant', 'number']);
  const before = after && { at: after[0] as number, id: after[1] as number };
  const rows = await deps.database.inTenant(fireHqId, (tx) =>
    search(tx, wanted, { before, limit: limit + 1 }),
  );
  return pageOf(
    rows,
    limit,
    (last) => [last.at, last.id],
    (row) => row,
  );
}

/** So many acts at most stand in one file; a shorter span gives the rest. */
export const EXPORT_AT_MOST = 50_000;
const READ_AT_ONCE = 1_000;

/** What is taken out, in pieces. Entered in the trail before the first of them is read. */
export async function* exportAudit(
  deps: Deps,
  command: Command,
  wanted: AuditSearch,
): AsyncGenerator<FoundAuditRow[]> {
  const { accountId, from, until } = wanted;
  await runCommand(deps, command, async (tx) => {
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'audit.exported',
      ...(accountId === undefined ? {} : { accountId }),
      after: { fromAt: from ?? null, untilAt: until ?? null },
    });
  });
  let cursor: string | undefined;
  for (let read = 0; read < EXPORT_AT_MOST; read += READ_AT_ONCE) {
    const page: Page<FoundAuditRow> = await searchAudit(deps, command.fireHqId, {
      ...wanted,
      limit: READ_AT_ONCE,
      cursor,
    });
    yield page.items;
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}
