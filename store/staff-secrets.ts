/** What staff prove themselves with: passwords, one-time codes, the second factor, recovery codes. Hashes and sealed secrets. */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

const THIS_PERSON = 'WHERE fire_hq_id = current_fire_hq() AND id = $1';

export interface PasswordRow {
  passwordHash: string | null;
  oneTimeHash: Buffer | null;
  oneTimeUntil: Instant | null;
  lockedAt: Instant | null;
  sessionEpoch: number;
}

/** Null when this tenant has no such person. */
export async function readPassword(tx: Tx, staffId: string): Promise<PasswordRow | null> {
  const rows = await tx.query<PasswordRow>(
    `SELECT password_hash AS "passwordHash", one_time_hash AS "oneTimeHash", one_time_until AS "oneTimeUntil",
       locked_at AS "lockedAt", session_epoch AS "sessionEpoch" FROM staff ${THIS_PERSON}`,
    [staffId],
    'read-staff-password',
  );
  return rows[0] ?? null;
}

/** Uses up the one-time code, ends the person's sessions; the epoch from now on. */
export async function setPasswordHash(tx: Tx, staffId: string, passwordHash: string): Promise<number> {
  const rows = await tx.query<{ epoch: number }>(
    `UPDATE staff SET password_hash = $2, one_time_hash = NULL, one_time_until = NULL, session_epoch = session_epoch + 1
     ${THIS_PERSON} RETURNING session_epoch AS epoch`,
    [staffId, passwordHash],
  );
  return rows[0]?.epoch ?? 0;
}

/** Instead of the password, which is gone. Ends the person's sessions and the wait after wrong codes. */
export async function setOneTimeCode(tx: Tx, staffId: string, hash: Buffer, until: Instant): Promise<void> {
  await tx.query(
    `UPDATE staff SET password_hash = NULL, one_time_hash = $2, one_time_until = $3, wrong_codes = 0,
       session_epoch = session_epoch + 1 ${THIS_PERSON}`,
    [staffId, hash, at(until)],
  );
}

export async function clearOneTimeCode(tx: Tx, staffId: string): Promise<void> {
  await tx.query(
    `UPDATE staff SET one_time_hash = NULL, one_time_until = NULL, session_epoch = session_epoch + 1 ${THIS_PERSON}`,
    [staffId],
  );
}

export interface SecondFactorRow {
  sealed: string | null;
  step: number | null;
  nextSealed: string | null;
  recoveryHashes: Buffer[];
  wrongCodes: number;
  wrongCodeAt: Instant | null;
}

/** The row stays locked: of two codes given at once one is looked at after the other. */
export async function lockSecondFactor(tx: Tx, staffId: string): Promise<SecondFactorRow | null> {
  const rows = await tx.query<SecondFactorRow>(
    `SELECT totp_sealed AS sealed, totp_step AS step, totp_next_sealed AS "nextSealed",
       recovery_hashes AS "recoveryHashes", wrong_codes AS "wrongCodes", wrong_code_at AS "wrongCodeAt"
     FROM staff ${THIS_PERSON} FOR UPDATE`,
    [staffId],
  );
  return rows[0] ?? null;
}

/** A secret being set up; it counts only after `takeNextSecondFactor`. */
export async function setNextSecondFactor(tx: Tx, staffId: string, sealed: string): Promise<void> {
  await tx.query(`UPDATE staff SET totp_next_sealed = $2 ${THIS_PERSON}`, [staffId, sealed]);
}

export async function readNextSecondFactor(tx: Tx, staffId: string): Promise<string | null> {
  const rows = await tx.query<{ sealed: string | null }>(
    `SELECT totp_next_sealed AS sealed FROM staff ${THIS_PERSON}`,
    [staffId],
  );
  return rows[0]?.sealed ?? null;
}

/** What was being set up is the second factor from now on. */
export async function takeNextSecondFactor(
  tx: Tx,
  staffId: string,
  { step, recoveryHashes }: { step: number; recoveryHashes: readonly Buffer[] },
): Promise<void> {
  await tx.query(
    `UPDATE staff SET totp_sealed = totp_next_sealed, totp_next_sealed = NULL, totp_step = $2, recovery_hashes = $3,
       wrong_codes = 0 ${THIS_PERSON}`,
    [staffId, step, recoveryHashes],
  );
}

/** A right code: its step is used up, the wait is over. */
export async function setCodeTaken(
  tx: Tx,
  staffId: string,
  { step, sealed }: { step: number; sealed: string },
): Promise<void> {
  await tx.query(`UPDATE staff SET totp_step = $2, totp_sealed = $3, wrong_codes = 0 ${THIS_PERSON}`, [
    staffId,
    step,
    sealed,
  ]);
}

/** A recovery code that was used up. */
export async function removeRecoveryHash(tx: Tx, staffId: string, hash: Buffer): Promise<void> {
  await tx.query(
    `UPDATE staff SET recovery_hashes = array_remove(recovery_hashes, $2), wrong_codes = 0 ${THIS_PERSON}`,
    [staffId, hash],
  );
}

export async function setRecoveryHashes(tx: Tx, staffId: string, hashes: readonly Buffer[]): Promise<void> {
  await tx.query(`UPDATE staff SET recovery_hashes = $2 ${THIS_PERSON}`, [staffId, hashes]);
}

export async function countWrongCode(tx: Tx, staffId: string, wrong: number, now: Instant): Promise<void> {
  await tx.query(`UPDATE staff SET wrong_codes = $2, wrong_code_at = $3 ${THIS_PERSON}`, [
    staffId,
    wrong,
    at(now),
  ]);
}

/** No second factor from now on. Ends the person's sessions and the wait after wrong codes. */
export async function clearSecondFactor(tx: Tx, staffId: string): Promise<void> {
  await tx.query(
    `UPDATE staff SET totp_sealed = NULL, totp_next_sealed = NULL, totp_step = NULL, recovery_hashes = '{}',
       wrong_codes = 0, session_epoch = session_epoch + 1 ${THIS_PERSON}`,
    [staffId],
  );
}
