/** 自動送信の停止 (R36). */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';
import type { MailStopRow } from './rows.js';

/** Of `mail_stop s` and what this tenant has of it, `mail_pause_tenant t`. */
const COLUMNS = `s.id, s.cause, s.fire_hq_id AS "fireHqId", s.mail_domain AS "mailDomain", s.reason, s.until,
  s.created_by AS "createdBy", s.created_at AS "createdAt", least(s.ended_at, t.ended_at) AS "endedAt"`;
const STOPS = `mail_stop s LEFT JOIN mail_pause_tenant t ON t.mail_stop_id = s.id AND t.fire_hq_id = current_fire_hq()`;

/** Under the tenant's own id; a stop of all (null) can only be written with the login that owns the tables. */
export async function insertMailStop(tx: Tx, row: Omit<MailStopRow, 'endedAt' | 'cause'>): Promise<void> {
  await tx.query(
    `INSERT INTO mail_stop (id, fire_hq_id, mail_domain, reason, until, created_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [row.id, row.fireHqId, row.mailDomain, row.reason, at(row.until), row.createdBy, at(row.createdAt)],
  );
}

/** Undefined when there is no such stop in force. */
export async function endGlobalMailStop(
  ownerTx: Tx,
  id: string,
  endedAt: Instant,
  endedBy: string,
): Promise<Pick<MailStopRow, 'mailDomain' | 'cause'> | undefined> {
  const rows = await ownerTx.query<Pick<MailStopRow, 'mailDomain' | 'cause'>>(
    `UPDATE mail_stop SET ended_at = $2, ended_by = $3 WHERE id = $1 AND fire_hq_id IS NULL AND ended_at IS NULL
     RETURNING mail_domain AS "mailDomain", cause`,
    [id, at(endedAt), endedBy],
  );
  return rows[0];
}

/** Those of this tenant and of all, newest first. */
export async function listMailStops(tx: Tx): Promise<MailStopRow[]> {
  return tx.query<MailStopRow>(`SELECT ${COLUMNS} FROM ${STOPS} ORDER BY s.created_at DESC, s.id LIMIT 200`);
}

export async function listMailStopsInForce(tx: Tx, now: Instant): Promise<MailStopRow[]> {
  return tx.query<MailStopRow>(
    `SELECT ${COLUMNS} FROM ${STOPS}
     WHERE s.ended_at IS NULL AND t.ended_at IS NULL AND (s.until IS NULL OR s.until > $1)
     ORDER BY s.created_at DESC, s.id LIMIT 20`,
    [at(now)],
    'mail-stops-in-force',
  );
}

/**
 * Null when this tenant has no such stop; one that has ended stays as it is. A pause, which is of all, it ends for itself
 * alone (R24).
 */
export async function endMailStop(
  tx: Tx,
  id: string,
  endedAt: Instant,
  endedBy: string,
): Promise<MailStopRow | null> {
  await tx.query(
    'UPDATE mail_stop SET ended_at = $2, ended_by = $3 WHERE id = $1 AND fire_hq_id = current_fire_hq() AND ended_at IS NULL',
    [id, at(endedAt), endedBy],
  );
  await tx.query(
    `INSERT INTO mail_pause_tenant AS t (fire_hq_id, mail_stop_id, ended_at, ended_by, woken_at)
     SELECT current_fire_hq(), s.id, $2, $3, $2 FROM mail_stop s
     WHERE s.id = $1 AND s.cause = 'MASS_FAILURE' AND s.ended_at IS NULL
     ON CONFLICT (fire_hq_id, mail_stop_id) DO UPDATE SET ended_at = excluded.ended_at, ended_by = excluded.ended_by,
       woken_at = excluded.woken_at WHERE t.ended_at IS NULL`,
    [id, at(endedAt), endedBy],
  );
  const rows = await tx.query<MailStopRow>(
    `SELECT ${COLUMNS} FROM ${STOPS}
     WHERE s.id = $1 AND (s.fire_hq_id = current_fire_hq() OR s.cause = 'MASS_FAILURE')`,
    [id],
  );
  return rows[0] ?? null;
}

/**
 * Accounts whose workflow must look again because a stop ended: also those before their window, which may have looked
 * while it lasted and then planned no mail.
 */
export async function accountsHeldByStop(tx: Tx, mailDomain: string | null): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT c.account_id AS id FROM renewal_cycle c
     JOIN mail_address m ON m.fire_hq_id = c.fire_hq_id AND m.account_id = c.account_id AND m.role = 'PRESENT'
     WHERE c.fire_hq_id = current_fire_hq() AND c.renewed_at IS NULL
       AND c.auto_stop_recorded_at IS NULL AND ($1::text IS NULL OR split_part(m.address_key, '@', 2) = $1)`,
    [mailDomain],
  );
  return rows.map((row) => row.id);
}

/** Accounts with a mail in the ledger that is still to be sent, to whatever address it was written for. */
export async function accountsWithWaitingMail(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT DISTINCT account_id AS id FROM reminder
     WHERE fire_hq_id = current_fire_hq() AND outcome IN ('QUEUED', 'SENDING', 'DELAYED') AND accepted_at IS NULL`,
  );
  return rows.map((row) => row.id);
}
