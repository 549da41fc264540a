/** 運用担当 of the vendor who sign in to the staff site: of no tenant. And their own trail, which only the owner reads. */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';
import type { SecondFactorRow } from './staff-secrets.js';

export interface VendorOperatorRow extends SecondFactorRow {
  id: string;
  signInName: string;
  displayName: string;
  createdAt: Instant;
  lockedAt: Instant | null;
  lastSignedInAt: Instant | null;
  /** A session of another epoch is signed out. */
  epoch: number;
  passwordHash: string | null;
  oneTimeHash: Buffer | null;
  oneTimeUntil: Instant | null;
}

/** What may change of one, with its column. */
const COLUMN = {
  lockedAt: 'locked_at',
  lastSignedInAt: 'last_signed_in_at',
  epoch: 'session_epoch',
  passwordHash: 'password_hash',
  oneTimeHash: 'one_time_hash',
  oneTimeUntil: 'one_time_until',
  sealed: 'totp_sealed',
  step: 'totp_step',
  nextSealed: 'totp_next_sealed',
  recoveryHashes: 'recovery_hashes',
  wrongCodes: 'wrong_codes',
  wrongCodeAt: 'wrong_code_at',
} as const satisfies Partial<Record<keyof VendorOperatorRow, string>>;

type Changeable = keyof typeof COLUMN;
const INSTANTS: readonly string[] = ['lockedAt', 'lastSignedInAt', 'oneTimeUntil', 'wrongCodeAt'];

const COLUMNS = `id, sign_in_name AS "signInName", display_name AS "displayName", created_at AS "createdAt",
  ${Object.entries(COLUMN)
    .map(([name, column]) => `${column} AS "${name}"`)
    .join(', ')}`;

/** With the login that owns the tables. Throws a unique violation on vendor_operator_sign_in_name_key. */
export async function insertVendorOperator(
  ownerTx: Tx,
  row: Pick<VendorOperatorRow, 'id' | 'signInName' | 'displayName' | 'createdAt'> & {
    oneTimeHash: Buffer;
    oneTimeUntil: Instant;
  },
): Promise<void> {
  await ownerTx.query(
    `INSERT INTO vendor_operator (id, sign_in_name, display_name, created_at, one_time_hash, one_time_until)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [row.id, row.signInName, row.displayName, at(row.createdAt), row.oneTimeHash, at(row.oneTimeUntil)],
  );
}

/** `lock`: until the end of the transaction. */
export async function findVendorOperator(
  tx: Tx,
  id: string,
  { lock = false } = {},
): Promise<VendorOperatorRow | null> {
  const rows = await tx.query<VendorOperatorRow>(
    `SELECT ${COLUMNS} FROM vendor_operator WHERE id = $1${lock ? ' FOR UPDATE' : ''}`,
    [id],
    lock ? 'lock-vendor-operator' : 'find-vendor-operator',
  );
  return rows[0] ?? null;
}

export async function findVendorOperatorByName(
  tx: Tx,
  signInName: string,
): Promise<VendorOperatorRow | null> {
  const rows = await tx.query<VendorOperatorRow>(
    `SELECT ${COLUMNS} FROM vendor_operator WHERE sign_in_name = $1`,
    [signInName],
  );
  return rows[0] ?? null;
}

/** By sign-in name; a vendor has a handful. */
export async function listVendorOperators(tx: Tx): Promise<VendorOperatorRow[]> {
  return tx.query<VendorOperatorRow>(
    `SELECT ${COLUMNS} FROM vendor_operator ORDER BY sign_in_name LIMIT 500`,
  );
}

/** `lockedAt` only with the login that owns the tables. */
export async function changeVendorOperator(
  tx: Tx,
  id: string,
  change: Partial<Pick<VendorOperatorRow, Changeable>>,
): Promise<void> {
  const entries = Object.entries(change) as [Changeable, unknown][];
  const values = entries.map(([name, value]) =>
    INSTANTS.includes(name) ? at(value as Instant | null) : value,
  );
  await tx.query(
    `UPDATE vendor_operator SET ${entries.map(([name], i) => `${COLUMN[name]} = $${i + 2}`).join(', ')} WHERE id = $1`,
    [id, ...values],
  );
}

export interface VendorEventRow {
  at: Instant;
  signInName: string;
  /** `<past participle>`, as `signed-in`. */
  action: string;
}

export async function appendVendorEvent(tx: Tx, id: string, action: string, now: Instant): Promise<void> {
  await tx.query('INSERT INTO vendor_event (at, vendor_operator_id, action) VALUES ($1, $2, $3)', [
    at(now),
    id,
    action,
  ]);
}

/** Newest first; with the login that owns the tables. */
export async function listVendorEvents(ownerTx: Tx, limit: number): Promise<VendorEventRow[]> {
  return ownerTx.query<VendorEventRow>(
    `SELECT e.at, o.sign_in_name AS "signInName", e.action FROM vendor_event e
     JOIN vendor_operator o ON o.id = e.vendor_operator_id ORDER BY e.id DESC LIMIT $1`,
    [limit],
  );
}
