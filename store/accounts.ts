/** Accounts: the person's data and the acts upon the account itself. */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';
import type { ResidentData } from './rows.js';

export interface NewAccountRow extends ResidentData {
  id: string;
  registrationNumber: string;
  registeredAt: Instant;
  createdAt: Instant;
}

/** Throws a unique violation on account_fire_hq_id_registration_number_key. */
export async function insertAccount(tx: Tx, row: NewAccountRow): Promise<void> {
  await tx.query(
    `INSERT INTO account (fire_hq_id, id, registration_number, name, kana, mobile_number, fax, postal_address,
       municipality, emergency_contacts, registered_at, created_at, version)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)`,
    [
      row.id,
      row.registrationNumber,
      row.name,
      row.kana,
      row.mobileNumber,
      row.fax,
      row.postalAddress,
      row.municipality,
      JSON.stringify(row.emergencyContacts),
      at(row.registeredAt),
      at(row.createdAt),
    ],
    'insert-account',
  );
}

/** Writes the editable data whole and counts the version up. */
export async function updateResident(tx: Tx, accountId: string, data: ResidentData): Promise<void> {
  await tx.query(
    `UPDATE account SET name = $2, kana = $3, mobile_number = $4, fax = $5, postal_address = $6, municipality = $7,
       emergency_contacts = $8, version = version + 1
     WHERE fire_hq_id = current_fire_hq() AND id = $1`,
    [
      accountId,
      data.name,
      data.kana,
      data.mobileNumber,
      data.fax,
      data.postalAddress,
      data.municipality,
      JSON.stringify(data.emergencyContacts),
    ],
  );
}

/** Something that staff may edit was changed in another way: whoever holds an older version must look again. */
export async function bumpVersion(tx: Tx, accountId: string): Promise<void> {
  await tx.query(
    'UPDATE account SET version = version + 1 WHERE fire_hq_id = current_fire_hq() AND id = $1',
    [accountId],
  );
}

/** R15; null, null undoes it. */
export async function setWithdrawal(
  tx: Tx,
  accountId: string,
  withdrawnAt: Instant | null,
  reason: string | null,
): Promise<void> {
  await tx.query(
    'UPDATE account SET withdrawn_at = $2, withdrawal_reason = $3 WHERE fire_hq_id = current_fire_hq() AND id = $1',
    [accountId, at(withdrawnAt), reason],
  );
}

/** R36 保留; null, null releases it. */
export async function setHold(
  tx: Tx,
  accountId: string,
  until: Instant | null,
  reason: string | null,
): Promise<void> {
  await tx.query(
    'UPDATE account SET hold_until = $2, hold_reason = $3 WHERE fire_hq_id = current_fire_hq() AND id = $1',
    [accountId, at(until), reason],
  );
}

/** R18 更新済み・メール未確認; null clears it. */
export async function setMailUnconfirmed(tx: Tx, accountId: string, since: Instant | null): Promise<void> {
  await tx.query(
    'UPDATE account SET mail_unconfirmed_since = $2 WHERE fire_hq_id = current_fire_hq() AND id = $1',
    [accountId, at(since)],
  );
}

/** R33; a report that is older than one already known changes nothing. False when there is no such account. */
export async function touchActivity(tx: Tx, accountId: string, activityAt: Instant): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE account SET last_activity_at = greatest(last_activity_at, $2)
     WHERE fire_hq_id = current_fire_hq() AND id = $1 RETURNING id`,
    [accountId, at(activityAt)],
  );
  return rows.length > 0;
}

export async function findByRegistrationNumber(tx: Tx, registrationNumber: string): Promise<string | null> {
  const rows = await tx.query<{ id: string }>(
    'SELECT id FROM account WHERE fire_hq_id = current_fire_hq() AND registration_number = $1',
    [registrationNumber],
  );
  return rows[0]?.id ?? null;
}

export async function anyAccount(tx: Tx): Promise<boolean> {
  return (await tx.query('SELECT FROM account WHERE fire_hq_id = current_fire_hq() LIMIT 1')).length > 0;
}

/** Until the transaction ends, no command changes these accounts; in id order, so that two lockers never cross. */
export async function lockAccounts(tx: Tx, accountIds: readonly string[]): Promise<void> {
  await tx.query(
    'SELECT FROM account WHERE fire_hq_id = current_fire_hq() AND id = ANY ($1) ORDER BY id FOR UPDATE',
    [accountIds],
  );
}

/** Accounts after `afterId` in id order, for walks over all of a tenant. */
export async function accountIdsAfter(
  tx: Tx,
  { afterId, limit, withdrawnSince }: { afterId: string | null; limit: number; withdrawnSince: Instant },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM account WHERE fire_hq_id = current_fire_hq() AND ($1::uuid IS NULL OR id > $1)
       AND (withdrawn_at IS NULL OR withdrawn_at > $3) ORDER BY id LIMIT $2`,
    [afterId, limit, at(withdrawnSince)],
  );
  return rows.map((row) => row.id);
}
