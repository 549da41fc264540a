/** 自動送信の停止 (R36). */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';
import type { MailStopRow } from './rows.js';

const COLUMNS = `id, fire_hq_id AS "fireHqId", mail_domain AS "mailDomain", reason, until, created_by AS "createdBy",
  created_at AS "createdAt", ended_at AS "endedAt"`;

/** Under the tenant's own id; a stop of all (null) can only be written with the login that owns the tables. */
export async function insertMailStop(tx: Tx, row: Omit<MailStopRow, 'endedAt'>): Promise<void> {
  await tx.query(
    `INSERT INTO mail_stop (id, fire_hq_id, mail_domain, reason, until, created_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [row.id, row.fireHqId, row.mailDomain, row.reason, at(row.until), row.createdBy, at(row.createdAt)],
  );
}

/** Undefined when there is no such stop in force; else its mail domain. */
export async function endGlobalMailStop(
  ownerTx: Tx,
  id: string,
  endedAt: Instant,
  endedBy: string,
): Promise<string | null | undefined> {
  const rows = await ownerTx.query<{ mailDomain: string | null }>(
    `UPDATE mail_stop SET ended_at = $2, ended_by = $3 WHERE id = $1 AND fire_hq_id IS NULL AND ended_at IS NULL
     RETURNING mail_domain AS "mailDomain"`,
    [id, at(endedAt), endedBy],
  );
  return rows[0]?.mailDomain;
}

/** Those of this tenant and of all, newest first. */
export async function listMailStops(tx: Tx): Promise<MailStopRow[]> {
  return tx.query<MailStopRow>(`SELECT ${COLUMNS} FROM mail_stop ORDER BY created_at DESC, id LIMIT 200`);
}

/** Null when this tenant has no such stop; one that has ended stays as it is. */
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
  const rows = await tx.query<MailStopRow>(
    `SELECT ${COLUMNS} FROM mail_stop WHERE id = $1 AND fire_hq_id = current_fire_hq()`,
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
