/** 職員, who sign in to the staff site: who they are. What they prove it with is in staff-secrets.ts. */
import type { Instant } from '../domain/calendar.js';
import type { Role } from '../domain/roles.js';
import type { SecondFactorRule } from '../domain/second-factor.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export interface StaffRow {
  id: string;
  signInName: string;
  displayName: string;
  role: Role;
  lockedAt: Instant | null;
  lastSignedInAt: Instant | null;
  createdAt: Instant;
  /** As in the audit trail: `staff:<id>` or `operator`. */
  createdBy: string;
  /** A session of another epoch is signed out. */
  sessionEpoch: number;
  hasPassword: boolean;
  hasSecondFactor: boolean;
  recoveryCodesLeft: number;
  /** Until when a code that was handed over can be used; null: none is out. */
  oneTimeUntil: Instant | null;
}

const COLUMNS = `id, sign_in_name AS "signInName", display_name AS "displayName", role, locked_at AS "lockedAt",
  last_signed_in_at AS "lastSignedInAt", created_at AS "createdAt", created_by AS "createdBy",
  session_epoch AS "sessionEpoch", password_hash IS NOT NULL AS "hasPassword", totp_sealed IS NOT NULL AS "hasSecondFactor",
  cardinality(recovery_hashes) AS "recoveryCodesLeft", one_time_until AS "oneTimeUntil"`;

export async function insertStaff(
  tx: Tx,
  row: Pick<StaffRow, 'id' | 'signInName' | 'displayName' | 'role' | 'createdAt' | 'createdBy'> & {
    oneTimeHash: Buffer;
    oneTimeUntil: Instant;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO staff (fire_hq_id, id, sign_in_name, display_name, role, created_at, created_by, one_time_hash, one_time_until)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      row.id,
      row.signInName,
      row.displayName,
      row.role,
      at(row.createdAt),
      row.createdBy,
      row.oneTimeHash,
      at(row.oneTimeUntil),
    ],
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

/** Null when this tenant has no such person. `lock`: until the end of the transaction. */
export async function findStaff(tx: Tx, staffId: string, { lock = false } = {}): Promise<StaffRow | null> {
  const rows = await tx.query<StaffRow>(
    `SELECT ${COLUMNS} FROM staff WHERE fire_hq_id = current_fire_hq() AND id = $1${lock ? ' FOR UPDATE' : ''}`,
    [staffId],
    lock ? 'lock-staff' : 'find-staff',
  );
  return rows[0] ?? null;
}

/** With what every page needs of the headquarters. Null when this tenant has no such person. */
export async function findStaffOfHq(
  tx: Tx,
  staffId: string,
): Promise<(StaffRow & { hqName: string; secondFactorRule: SecondFactorRule }) | null> {
  const rows = await tx.query<StaffRow & { hqName: string; secondFactorRule: SecondFactorRule }>(
    `SELECT s.*, h.display_name AS "hqName", h.second_factor AS "secondFactorRule"
     FROM (SELECT ${COLUMNS} FROM staff WHERE fire_hq_id = current_fire_hq() AND id = $1) s
     JOIN fire_hq h ON h.id = current_fire_hq()`,
    [staffId],
    'find-staff-of-hq',
  );
  return rows[0] ?? null;
}

/** By sign-in name; for lists and for naming who did what. A headquarters has dozens, not thousands. */
export async function listStaff(tx: Tx): Promise<StaffRow[]> {
  return tx.query<StaffRow>(
    `SELECT ${COLUMNS} FROM staff WHERE fire_hq_id = current_fire_hq() ORDER BY sign_in_name`,
    [],
    'list-staff',
  );
}

/**
 * Locks the rows of all managers who can act (not locked, and came in at least once), in one order, and returns their ids: two who take the role from each other
 * at once cannot both succeed.
 */
export async function lockActiveManagers(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM staff WHERE fire_hq_id = current_fire_hq() AND role = 'MANAGER' AND locked_at IS NULL
       AND last_signed_in_at IS NOT NULL ORDER BY id FOR UPDATE`,
  );
  return rows.map(({ id }) => id);
}

export async function setDisplayName(tx: Tx, staffId: string, displayName: string): Promise<void> {
  await tx.query('UPDATE staff SET display_name = $2 WHERE fire_hq_id = current_fire_hq() AND id = $1', [
    staffId,
    displayName,
  ]);
}

/** Ends the person's sessions. */
export async function setRole(tx: Tx, staffId: string, role: Role): Promise<void> {
  await tx.query(
    'UPDATE staff SET role = $2, session_epoch = session_epoch + 1 WHERE fire_hq_id = current_fire_hq() AND id = $1',
    [staffId, role],
  );
}

/** Null unlocks. Ends the person's sessions. */
export async function setLocked(tx: Tx, staffId: string, lockedAt: Instant | null): Promise<void> {
  await tx.query(
    'UPDATE staff SET locked_at = $2, session_epoch = session_epoch + 1 WHERE fire_hq_id = current_fire_hq() AND id = $1',
    [staffId, at(lockedAt)],
  );
}

/** Ends the person's sessions; the epoch from now on. */
export async function endSessions(tx: Tx, staffId: string): Promise<number> {
  const rows = await tx.query<{ epoch: number }>(
    `UPDATE staff SET session_epoch = session_epoch + 1 WHERE fire_hq_id = current_fire_hq() AND id = $1
     RETURNING session_epoch AS epoch`,
    [staffId],
  );
  return rows[0]?.epoch ?? 0;
}

export async function setSignedIn(tx: Tx, staffId: string, signedInAt: Instant): Promise<void> {
  await tx.query('UPDATE staff SET last_signed_in_at = $2 WHERE fire_hq_id = current_fire_hq() AND id = $1', [
    staffId,
    at(signedInAt),
  ]);
}

/** True when nothing was told of this person since `before`: then it is told now. */
export async function tellFailure(tx: Tx, staffId: string, now: Instant, before: Instant): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE staff SET failure_told_at = $2 WHERE fire_hq_id = current_fire_hq() AND id = $1
       AND (failure_told_at IS NULL OR failure_told_at <= $3) RETURNING id`,
    [staffId, at(now), at(before)],
  );
  return rows.length > 0;
}

export async function readSecondFactorRule(tx: Tx): Promise<SecondFactorRule> {
  const rows = await tx.query<{ rule: SecondFactorRule }>(
    'SELECT second_factor AS rule FROM fire_hq WHERE id = current_fire_hq()',
  );
  return rows[0]?.rule ?? 'WRITERS';
}

export async function setSecondFactorRule(tx: Tx, rule: SecondFactorRule): Promise<void> {
  await tx.query('UPDATE fire_hq SET second_factor = $1 WHERE id = current_fire_hq()', [rule]);
}
