/** What the pages of an import show (R10). */
import { appendAudit } from '../store/audit.js';
import type { ImportRow, RowFilter } from '../store/import-rows.js';
import { countImportResults, listImportRows } from '../store/import-rows.js';
import type { ImportRunRow, RowResult } from '../store/imports.js';
import { findImportRun, listImportRuns } from '../store/imports.js';
import { listStaff } from '../store/staff.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';

export type { ImportRow, RowFilter } from '../store/import-rows.js';
export type { ImportRunRow } from '../store/imports.js';

export interface ImportView {
  run: ImportRunRow;
  /** How the rows stand that are taken over; of a run under way. */
  progress: Partial<Record<RowResult | 'WAITING', number>>;
  rows: ImportRow[];
  /** For the next page; null: these are the last. */
  nextAfter: number | null;
  staffNames: ReadonlyMap<string, string>;
}

export interface RowsWanted {
  show: RowFilter;
  afterLine: number;
  limit: number;
}

/** Null when this headquarters has no such run. */
export async function readImport(
  deps: Deps,
  fireHqId: string,
  runId: string,
  wanted: RowsWanted,
): Promise<ImportView | null> {
  return deps.database.inTenant(fireHqId, async (tx) => {
    const run = await findImportRun(tx, runId);
    if (run === null) return null;
    const rows = await listImportRows(tx, runId, { ...wanted, limit: wanted.limit + 1 });
    const shown = rows.slice(0, wanted.limit);
    return {
      run,
      progress: run.state === 'RUNNING' ? await countImportResults(tx, runId) : {},
      rows: shown,
      nextAfter: rows.length > wanted.limit ? (shown.at(-1)?.line ?? null) : null,
      staffNames: new Map((await listStaff(tx)).map(({ id, displayName }) => [id, displayName])),
    };
  });
}

/** Newest first. */
export async function readImports(
  deps: Deps,
  fireHqId: string,
  limit: number,
): Promise<{ runs: ImportRunRow[]; staffNames: ReadonlyMap<string, string> }> {
  return deps.database.inTenant(fireHqId, async (tx) => ({
    runs: await listImportRuns(tx, limit),
    staffNames: new Map((await listStaff(tx)).map(({ id, displayName }) => [id, displayName])),
  }));
}

const ROWS_AT_ONCE = 1_000;

/** R34: the rows that were not taken, for a file to be mended; that somebody took them away is in the trail. */
export async function* takeUntakenRows(
  deps: Deps,
  command: Command,
  runId: string,
): AsyncGenerator<ImportRow[]> {
  let afterLine = 0;
  for (let first = true; ; first = false) {
    const rows = await deps.database.inTenant(command.fireHqId, async (tx) => {
      if (first) {
        await appendAudit(tx, {
          at: command.receivedAt,
          actor: command.actor,
          action: 'import.mistakes-exported',
          after: { importId: runId },
        });
      }
      return listImportRows(tx, runId, { show: 'NOT_DONE', afterLine, limit: ROWS_AT_ONCE });
    });
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    afterLine = last.line;
  }
}

/** Refuses with `not-found`. */
export async function importRun(deps: Deps, fireHqId: string, runId: string): Promise<ImportRunRow> {
  const run = await deps.database.inTenant(fireHqId, (tx) => findImportRun(tx, runId));
  return run ?? refuse({ code: 'not-found' });
}
