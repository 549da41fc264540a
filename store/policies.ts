/** Policy versions (R13): written once, never changed. */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';
import type { PolicyVersionRow } from './rows.js';

const COLUMNS = 'version, basis, document, reason, created_by AS "createdBy", created_at AS "createdAt"';

export async function insertPolicyVersion(tx: Tx, row: PolicyVersionRow): Promise<void> {
  await tx.query(
    `INSERT INTO policy_version (fire_hq_id, version, basis, document, reason, created_by, created_at)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6)`,
    [row.version, row.basis, JSON.stringify(row.document), row.reason, row.createdBy, at(row.createdAt)],
  );
}

/** The newest version; with `inForceAt` the one that was in force then (R7), the first one if that is older. */
export async function readPolicyVersion(tx: Tx, inForceAt: Instant | null = null): Promise<PolicyVersionRow> {
  const rows = await tx.query<PolicyVersionRow>(
    `SELECT ${COLUMNS} FROM policy_version
     WHERE fire_hq_id = current_fire_hq() AND ($1::timestamptz IS NULL OR created_at <= $1 OR version = 1)
     ORDER BY version DESC LIMIT 1`,
    [at(inForceAt)],
    'read-policy-version',
  );
  const row = rows[0];
  if (!row) throw new Error('this headquarters has no policy');
  return row;
}

/** Newest first, at most 200. */
export async function listPolicyVersions(tx: Tx): Promise<PolicyVersionRow[]> {
  return tx.query<PolicyVersionRow>(
    `SELECT ${COLUMNS} FROM policy_version WHERE fire_hq_id = current_fire_hq() ORDER BY version DESC LIMIT 200`,
  );
}

/** How many running cycles of people not withdrawn are under another version than `version`. */
export async function countCyclesOfOtherPolicy(tx: Tx, version: number): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM renewal_cycle c
     JOIN account a ON a.fire_hq_id = c.fire_hq_id AND a.id = c.account_id
     WHERE c.fire_hq_id = current_fire_hq() AND c.renewed_at IS NULL AND c.auto_stop_recorded_at IS NULL
       AND c.policy_version <> $1 AND a.withdrawn_at IS NULL`,
    [version],
  );
  return rows[0]?.count ?? 0;
}

/** Serialises writers of the tenant's policy and its registrations: R12's basis must not change between them. */
export async function lockFireHq(tx: Tx, mode: 'SHARE' | 'UPDATE'): Promise<void> {
  // Not FOR UPDATE: every row that refers to the headquarters holds a KEY SHARE, and two holders would wait for each other.
  const lock = mode === 'SHARE' ? 'FOR SHARE' : 'FOR NO KEY UPDATE';
  await tx.query(`SELECT FROM fire_hq WHERE id = current_fire_hq() ${lock}`);
}

/** Every version there ever was, oldest first. */
export async function readPolicyVersions(tx: Tx): Promise<PolicyVersionRow[]> {
  return tx.query<PolicyVersionRow>(
    `SELECT ${COLUMNS} FROM policy_version WHERE fire_hq_id = current_fire_hq() ORDER BY version`,
  );
}

/** These versions, in no particular order. */
export async function readSomePolicyVersions(
  tx: Tx,
  versions: readonly number[],
): Promise<PolicyVersionRow[]> {
  return tx.query<PolicyVersionRow>(
    `SELECT ${COLUMNS} FROM policy_version WHERE fire_hq_id = current_fire_hq() AND version = ANY ($1)`,
    [versions],
  );
}
