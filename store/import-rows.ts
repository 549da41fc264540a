/** The rows of a file that is being taken in: what each says and what is to become of it. */
import type { CivilDate } from '../domain/calendar.js';
import type { Tx } from './database.js';
import type { ImportCounts, RowKind, RowResult } from './imports.js';
import type { ResidentData } from './rows.js';

/** One field before and after, as it is stored. */
export interface ImportChange {
  field: string;
  before: unknown;
  after: unknown;
}

export interface ImportRow {
  line: number;
  kind: RowKind;
  registrationNumber: string | null;
  name: string | null;
  cells: string[];
  /** What the use case is given. */
  input: unknown;
  accountId: string | null;
  version: number | null;
  changes: ImportChange[];
  faults: { field: string; code: string; hint?: string }[];
  notes: { field: string; code: string; hint?: string }[];
  nextMailOn: CivilDate | null;
  result: RowResult | null;
}

const ROW = `line, kind, registration_number AS "registrationNumber", name, cells, input, account_id AS "accountId",
  version, changes, faults, notes, next_mail_on AS "nextMailOn", result`;

export async function insertImportRows(
  tx: Tx,
  runId: string,
  rows: readonly Omit<ImportRow, 'result'>[],
): Promise<void> {
  await tx.query(
    `INSERT INTO import_row (fire_hq_id, run_id, line, kind, registration_number, name, cells, input, account_id, version,
       changes, faults, notes, next_mail_on)
     SELECT current_fire_hq(), $1, r.line, r.kind, r."registrationNumber", r.name,
       ARRAY(SELECT jsonb_array_elements_text(r.cells)), r.input, r."accountId", r.version, r.changes, r.faults, r.notes,
       r."nextMailOn"
     FROM jsonb_to_recordset($2) AS r (line integer, kind text, "registrationNumber" text, name text, cells jsonb,
       input jsonb, "accountId" uuid, version integer, changes jsonb, faults jsonb, notes jsonb, "nextMailOn" date)`,
    [runId, JSON.stringify(rows)],
    'insert-import-rows',
  );
}

/** The same number on several lines: nobody knows which is meant, so none is taken. `hint` names the lines. */
export async function faultRepeatedNumbers(
  tx: Tx,
  runId: string,
  rows: readonly { line: number; hint: string }[],
): Promise<void> {
  await tx.query(
    `UPDATE import_row AS r SET kind = 'FAULT', faults = r.faults || jsonb_build_array(jsonb_build_object(
       'field', 'registrationNumber', 'code', 'twice-in-file', 'hint', same.hint))
     FROM unnest($2::int[], $3::text[]) AS same (line, hint)
     WHERE r.fire_hq_id = current_fire_hq() AND r.run_id = $1 AND r.line = same.line`,
    [runId, rows.map(({ line }) => line), rows.map(({ hint }) => hint)],
    'fault-repeated-numbers',
  );
}

/** What the dry run found; `firstMails` no further than `days` different days. */
export async function countImportRows(tx: Tx, runId: string, days: number): Promise<ImportCounts> {
  const kinds = await tx.query<{ kind: RowKind; count: number; newAddresses: number }>(
    `SELECT kind, count(*)::int AS count,
       count(*) FILTER (WHERE kind = 'CHANGE' AND changes @> '[{"field": "mailAddress"}]')::int AS "newAddresses"
     FROM import_row WHERE fire_hq_id = current_fire_hq() AND run_id = $1 GROUP BY kind`,
    [runId],
  );
  const firstMails = await tx.query<{ on: string; count: number }>(
    `SELECT next_mail_on AS on, count(*)::int AS count FROM import_row
     WHERE fire_hq_id = current_fire_hq() AND run_id = $1 AND kind = 'ADD' AND next_mail_on IS NOT NULL
     GROUP BY 1 ORDER BY 1 LIMIT $2`,
    [runId, days],
  );
  return {
    kinds: Object.fromEntries(kinds.map(({ kind, count }) => [kind, count])),
    newAddresses: kinds.reduce((sum, each) => sum + each.newAddresses, 0),
    firstMails,
  };
}

/** Of a file that was refused in the middle. */
export async function dropImportRows(tx: Tx, runId: string): Promise<void> {
  await tx.query('DELETE FROM import_row WHERE fire_hq_id = current_fire_hq() AND run_id = $1', [runId]);
}

/** How the rows that were to be taken over stand; WAITING: not yet done. */
export async function countImportResults(
  tx: Tx,
  runId: string,
): Promise<Partial<Record<RowResult | 'WAITING', number>>> {
  const rows = await tx.query<{ result: RowResult | 'WAITING'; count: number }>(
    `SELECT coalesce(result, 'WAITING') AS result, count(*)::int AS count FROM import_row
     WHERE fire_hq_id = current_fire_hq() AND run_id = $1 AND kind IN ('ADD', 'CHANGE') GROUP BY 1`,
    [runId],
  );
  return Object.fromEntries(rows.map(({ result, count }) => [result, count]));
}

export type RowFilter = RowKind | 'NOT_DONE';

/** In the order of the file, after `afterLine`. NOT_DONE: faults, and what somebody else had changed meanwhile. */
export async function listImportRows(
  tx: Tx,
  runId: string,
  { show, afterLine, limit }: { show: RowFilter; afterLine: number; limit: number },
): Promise<ImportRow[]> {
  const which = show === 'NOT_DONE' ? `(kind = 'FAULT' OR result IN ('CONFLICT', 'FAILED'))` : 'kind = $4';
  return tx.query<ImportRow>(
    `SELECT ${ROW} FROM import_row WHERE fire_hq_id = current_fire_hq() AND run_id = $1 AND line > $2 AND ${which}
     ORDER BY line LIMIT $3`,
    [runId, afterLine, limit, ...(show === 'NOT_DONE' ? [] : [show])],
  );
}

/** The next rows to be done; the run is locked, so nobody else takes them. */
export async function nextImportRows(tx: Tx, runId: string, limit: number): Promise<ImportRow[]> {
  return tx.query<ImportRow>(
    `SELECT ${ROW} FROM import_row WHERE fire_hq_id = current_fire_hq() AND run_id = $1 AND result IS NULL
       AND kind IN ('ADD', 'CHANGE') ORDER BY line LIMIT $2`,
    [runId, limit],
    'next-import-rows',
  );
}

export async function setImportResults(
  tx: Tx,
  runId: string,
  result: RowResult,
  rows: readonly Pick<ImportRow, 'line'>[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `UPDATE import_row SET result = $2 WHERE fire_hq_id = current_fire_hq() AND run_id = $1 AND line = ANY ($3)`,
    [runId, result, rows.map(({ line }) => line)],
    'set-import-results',
  );
}

/** Who has these numbers already, and what the dry run compares. */
export interface RegisteredPerson extends ResidentData {
  id: string;
  registrationNumber: string;
  version: number;
  withdrawn: boolean;
  mailAddress: string;
  pendingAddress: string | null;
  expiresOn: CivilDate | null;
}

export async function readRegistered(tx: Tx, numbers: readonly string[]): Promise<RegisteredPerson[]> {
  return tx.query<RegisteredPerson>(
    `SELECT a.id, a.registration_number AS "registrationNumber", a.name, a.kana, a.mobile_number AS "mobileNumber", a.fax,
       a.postal_address AS "postalAddress", a.municipality, a.emergency_contacts AS "emergencyContacts", a.version,
       a.withdrawn_at IS NOT NULL AS withdrawn, m.address AS "mailAddress", n.address AS "pendingAddress",
       c.expires_on AS "expiresOn"
     FROM account a
     JOIN mail_address m ON m.fire_hq_id = a.fire_hq_id AND m.account_id = a.id AND m.role = 'PRESENT'
     JOIN renewal_cycle c ON c.fire_hq_id = a.fire_hq_id AND c.account_id = a.id AND c.renewed_at IS NULL
     LEFT JOIN mail_address n ON n.fire_hq_id = a.fire_hq_id AND n.account_id = a.id AND n.role = 'PENDING'
     WHERE a.fire_hq_id = current_fire_hq() AND a.registration_number = ANY ($1)`,
    [numbers],
    'read-registered',
  );
}
