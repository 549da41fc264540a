/** 職員, who sign in to the staff site. */
import type { Instant } from '../domain/calendar.js';
import type { Role } from '../domain/roles.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export interface StaffRow {
  id: string;
  signInName: string;
  displayName: string;
  role: Role;
  lockedAt: Instant | null;
  lastSignedInAt: Instant | null;
}

const COLUMNS = `id, sign_in_name AS "signInName", display_name AS "displayName", role, locked_at AS "lockedAt",
  last_signed_in_at AS "lastSignedInAt"`;

export async function insertStaff(
  tx: Tx,
  row: Pick<StaffRow, 'id' | 'signInName' | 'displayName' | 'role'> & {
    passwordHash: string;
    createdAt: Instant;
    createdBy: string;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO staff (fire_hq_id, id, sign_in_name, display_name, role, password_hash, created_at, created_by)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6, $7)`,
    [row.id, row.signInName, row.displayName, row.role, row.passwordHash, at(row.createdAt), row.createdBy],
  );
}

/** Whose name it is; the tenant is not known yet. */
export async function lookupStaff(
  tx: Tx,
  signInName: string,
): Promise<{ fireHqId: string; staffId: string } | null> {
  const rows = await tx.query<{ fireHqId: string; staffId: string }>(
    'SELECT fire_hq_id AS "fireHqId", staff_id AS "staffId" FROM lookup_staff($1)',
    [signInName],
    'lookup-staff',
  );
  return rows[0] ?? null;
}

/** Null when this tenant has no such person. */
export async function findStaff(tx: Tx, staffId: string): Promise<StaffRow | null> {
  const rows = await tx.query<StaffRow>(
    `SELECT ${COLUMNS} FROM staff WHERE fire_hq_id = current_fire_hq() AND id = $1`,
    [staffId],
    'find-staff',
  );
  return rows[0] ?? null;
}

export async function readPasswordHash(tx: Tx, staffId: string): Promise<string | null> {
  const rows = await tx.query<{ passwordHash: string }>(
    `SELECT password_hash AS "passwordHash" FROM staff WHERE fire_hq_id = current_fire_hq() AND id = $1`,
    [staffId],
  );
  return rows[0]?.passwordHash ?? null;
}

/** False when this tenant has no such person. */
export async function setPasswordHash(tx: Tx, staffId: string, passwordHash: string): Promise<boolean> {
  const rows = await tx.query(
    'UPDATE staff SET password_hash = $2 WHERE fire_hq_id = current_fire_hq() AND id = $1 RETURNING id',
    [staffId, passwordHash],
  );
  return rows.length > 0;
}

/** Null unlocks. */
export async function setLocked(tx: Tx, staffId: string, lockedAt: Instant | null): Promise<void> {
  await tx.query('UPDATE staff SET locked_at = $2 WHERE fire_hq_id = current_fire_hq() AND id = $1', [
    staffId,
    at(lockedAt),
  ]);
}

export async function setSignedIn(tx: Tx, staffId: string, signedInAt: Instant): Promise<void> {
  await tx.query('UPDATE staff SET last_signed_in_at = $2 WHERE fire_hq_id = current_fire_hq() AND id = $1', [
    staffId,
    at(signedInAt),
  ]);
}

/** By sign-in name; for lists and for naming who did what. A headquarters has dozens, not thousands. */
export async function listStaff(tx: Tx): Promise<StaffRow[]> {
  return tx.query<StaffRow>(
    `SELECT ${COLUMNS} FROM staff WHERE fire_hq_id = current_fire_hq() ORDER BY sign_in_name`,
  );
}
