/** 利用者の取り込み: runs, and the rows of their files while they are kept. */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export type ImportState = 'READING' | 'REFUSED' | 'READY' | 'RUNNING' | 'DONE' | 'ENDED';
export const ROW_KINDS = ['ADD', 'CHANGE', 'SAME', 'FAULT'] as const;
export type RowKind = (typeof ROW_KINDS)[number];
export type RowResult = 'DONE' | 'CONFLICT' | 'FAILED';

export interface ImportCounts {
  kinds?: Partial<Record<RowKind, number>>;
  /** People whose mail address changes: each gets a mail. */
  newAddresses?: number;
  /** The first automatic mail of those who are added: how many on which day, soonest first. */
  firstMails?: { on: string; count: number }[];
  results?: Partial<Record<RowResult, number>>;
}

export interface ImportRunRow {
  id: string;
  state: ImportState;
  fileName: string;
  headers: string[];
  unknownColumns: string[];
  refusal: unknown;
  checkMail: boolean;
  createdAt: Instant;
  createdBy: string;
  startedAt: Instant | null;
  startedBy: string | null;
  endedAt: Instant | null;
  endedBy: string | null;
  rowsForgottenAt: Instant | null;
  counts: ImportCounts;
}

const RUN = `id, state, file_name AS "fileName", headers, unknown_columns AS "unknownColumns", refusal,
  check_mail AS "checkMail", created_at AS "createdAt", created_by AS "createdBy", started_at AS "startedAt",
  started_by AS "startedBy", ended_at AS "endedAt", ended_by AS "endedBy", rows_forgotten_at AS "rowsForgottenAt", counts`;

export async function insertImportRun(
  tx: Tx,
  run: { id: string; fileName: string; createdAt: Instant; createdBy: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO import_run (fire_hq_id, id, state, file_name, headers, unknown_columns, check_mail, created_at,
       created_by, counts)
     VALUES (current_fire_hq(), $1, 'READING', $2, '{}', '{}', false, $3, $4, '{}')`,
    [run.id, run.fileName, at(run.createdAt), run.createdBy],
  );
}

export async function setImportHeads(
  tx: Tx,
  runId: string,
  { headers, unknownColumns }: { headers: string[]; unknownColumns: string[] },
): Promise<void> {
  await tx.query(
    'UPDATE import_run SET headers = $2, unknown_columns = $3 WHERE fire_hq_id = current_fire_hq() AND id = $1',
    [runId, headers, unknownColumns],
  );
}

/** Null when this tenant has no such run. `lock` holds it until the transaction ends; `skip`: null when another has it. */
export async function findImportRun(
  tx: Tx,
  runId: string,
  lock: 'no' | 'wait' | 'skip' = 'no',
): Promise<ImportRunRow | null> {
  const how = { no: '', wait: 'FOR UPDATE', skip: 'FOR UPDATE SKIP LOCKED' }[lock];
  const rows = await tx.query<ImportRunRow>(
    `SELECT ${RUN} FROM import_run WHERE fire_hq_id = current_fire_hq() AND id = $1 ${how}`,
    [runId],
  );
  return rows[0] ?? null;
}

/** Newest first. */
export async function listImportRuns(tx: Tx, limit: number): Promise<ImportRunRow[]> {
  return tx.query<ImportRunRow>(
    `SELECT ${RUN} FROM import_run WHERE fire_hq_id = current_fire_hq() ORDER BY created_at DESC, id DESC LIMIT $1`,
    [limit],
  );
}

export async function anyImportRunning(tx: Tx): Promise<boolean> {
  const rows = await tx.query(
    `SELECT FROM import_run WHERE fire_hq_id = current_fire_hq() AND state = 'RUNNING'`,
  );
  return rows.length > 0;
}

/** The dry run is over. */
export async function setImportRead(
  tx: Tx,
  runId: string,
  end: { state: 'READY'; counts: ImportCounts } | { state: 'REFUSED'; refusal: unknown; now: Instant },
): Promise<void> {
  await tx.query(
    `UPDATE import_run SET state = $2, refusal = $3, counts = $4, ended_at = $5
     WHERE fire_hq_id = current_fire_hq() AND id = $1`,
    [
      runId,
      end.state,
      end.state === 'REFUSED' ? JSON.stringify(end.refusal) : null,
      JSON.stringify(end.state === 'READY' ? end.counts : {}),
      end.state === 'REFUSED' ? at(end.now) : null,
    ],
  );
}

export async function setImportRunning(
  tx: Tx,
  runId: string,
  { now, by, checkMail }: { now: Instant; by: string; checkMail: boolean },
): Promise<void> {
  await tx.query(
    `UPDATE import_run SET state = 'RUNNING', started_at = $2, started_by = $3, check_mail = $4
     WHERE fire_hq_id = current_fire_hq() AND id = $1`,
    [runId, at(now), by, checkMail],
  );
}

export async function setImportEnded(
  tx: Tx,
  runId: string,
  end: { state: 'DONE' | 'ENDED'; now: Instant; by: string; counts: ImportCounts },
): Promise<void> {
  await tx.query(
    `UPDATE import_run SET state = $2, ended_at = $3, ended_by = $4, counts = $5
     WHERE fire_hq_id = current_fire_hq() AND id = $1`,
    [runId, end.state, at(end.now), end.by, JSON.stringify(end.counts)],
  );
}

/** Over all tenants. */
export async function lookupRunningImports(tx: Tx): Promise<{ fireHqId: string; runId: string }[]> {
  return tx.query(
    'SELECT fire_hq_id AS "fireHqId", run_id AS "runId" FROM lookup_running_imports()',
    [],
    'running-imports',
  );
}

/**
 * Rows with data of people, and the file's name, are forgotten a week after the end, of a reading that was cut off after
 * an hour, and of all runs but the newest `keep`. What runs stays. Part of the hourly reconcile, and of each upload.
 */
export async function forgetImports(
  tx: Tx,
  { now, week, hour, keep }: { now: Instant; week: number; hour: number; keep: number },
): Promise<void> {
  const rows = await tx.query<{ id: string }>(
    `UPDATE import_run SET rows_forgotten_at = $1, file_name = '', headers = '{}', unknown_columns = '{}',
       state = CASE WHEN state IN ('READING', 'READY') THEN 'ENDED' ELSE state END, ended_at = coalesce(ended_at, $1)
     WHERE fire_hq_id = current_fire_hq() AND rows_forgotten_at IS NULL AND state <> 'RUNNING'
       AND ((state = 'READING' AND created_at < $3) OR coalesce(ended_at, created_at) < $2
         OR (state <> 'READING' AND id NOT IN (SELECT id FROM import_run WHERE fire_hq_id = current_fire_hq()
           ORDER BY created_at DESC, id DESC LIMIT $4)))
     RETURNING id`,
    [at(now), at(now - week), at(now - hour), keep],
  );
  if (rows.length === 0) return;
  await tx.query('DELETE FROM import_row WHERE fire_hq_id = current_fire_hq() AND run_id = ANY ($1)', [
    rows.map(({ id }) => id),
  ]);
}
