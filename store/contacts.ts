/** R32: what staff did to reach a person, and what was said. */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export const CONTACT_KINDS = [
  'FAX_SENT',
  'ANSWERED',
  'POST_SENT',
  'POST_RETURNED',
  'COUNTER_PERSON',
  'COUNTER_FAMILY',
  'NO_ANSWER',
  'MAIL_REPLY',
  'MAIL_SENT',
] as const;
export type ContactKind = (typeof CONTACT_KINDS)[number];
export const CONTACT_SAID = ['SAME', 'CHANGED', 'NOT_USED', 'DECEASED'] as const;
export type ContactSaid = (typeof CONTACT_SAID)[number];

export interface ContactRow {
  id: string;
  kind: ContactKind;
  said: ContactSaid | null;
  note: string | null;
  at: Instant;
  recordedBy: string;
  createdAt: Instant;
  /** It was a mistake; it stays to be read, and counts for nothing. */
  cancelled: ContactCancellation | null;
}

export interface ContactCancellation {
  at: Instant;
  by: string;
  reason: string;
}

export async function insertContact(
  tx: Tx,
  accountId: string,
  row: Omit<ContactRow, 'cancelled'>,
): Promise<void> {
  await tx.query(
    `INSERT INTO contact_record (fire_hq_id, id, account_id, kind, said, note, at, recorded_by, created_at)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6, $7, $8)`,
    [row.id, accountId, row.kind, row.said, row.note, at(row.at), row.recordedBy, at(row.createdAt)],
  );
}

const COLUMNS = `c.id, c.kind, c.said, c.note, c.at, c.recorded_by AS "recordedBy", c.created_at AS "createdAt",
  CASE WHEN x.contact_id IS NOT NULL THEN json_build_object('at', epoch_ms(x.cancelled_at), 'by', x.cancelled_by,
    'reason', x.reason) END AS cancelled`;
const FROM = `contact_record c
  LEFT JOIN contact_cancellation x ON x.fire_hq_id = c.fire_hq_id AND x.contact_id = c.id`;

/** Latest first, below the cursor. */
export async function listContacts(
  tx: Tx,
  {
    accountId,
    before,
    limit,
  }: { accountId: string; before: { at: Instant; id: string } | null; limit: number },
): Promise<ContactRow[]> {
  return tx.query<ContactRow>(
    `SELECT ${COLUMNS} FROM ${FROM}
     WHERE c.fire_hq_id = current_fire_hq() AND c.account_id = $1
       AND ($2::timestamptz IS NULL OR (c.at, c.id) < ($2, $3::uuid))
     ORDER BY c.at DESC, c.id DESC LIMIT $4`,
    [accountId, at(before?.at ?? null), before?.id ?? null, limit],
  );
}

/** Null when the account has no such record. */
export async function findContact(tx: Tx, accountId: string, contactId: string): Promise<ContactRow | null> {
  const rows = await tx.query<ContactRow>(
    `SELECT ${COLUMNS} FROM ${FROM} WHERE c.fire_hq_id = current_fire_hq() AND c.account_id = $1 AND c.id = $2`,
    [accountId, contactId],
  );
  return rows[0] ?? null;
}

/** Rows of the table are never changed, so the cancellation is a row beside the record's. */
export async function insertCancellation(tx: Tx, contactId: string, row: ContactCancellation): Promise<void> {
  await tx.query(
    `INSERT INTO contact_cancellation (fire_hq_id, contact_id, reason, cancelled_by, cancelled_at)
     VALUES (current_fire_hq(), $1, $2, $3, $4)`,
    [contactId, row.reason, row.by, at(row.at)],
  );
}

/** R37: the last reply that staff read since that instant, by the records that stand and by renewals; null: none. */
export async function lastReplyAt(tx: Tx, accountId: string, since: Instant): Promise<Instant | null> {
  const rows = await tx.query<{ at: Instant | null }>(
    `SELECT greatest(
       (SELECT max(c.at) FROM ${FROM} WHERE c.fire_hq_id = current_fire_hq() AND c.account_id = $1
          AND c.kind = 'MAIL_REPLY' AND c.at >= $2 AND x.contact_id IS NULL),
       (SELECT max(r.renewed_at) FROM renewal_cycle r WHERE r.fire_hq_id = current_fire_hq() AND r.account_id = $1
          AND r.renewed_channel = 'mailReply' AND r.renewed_at >= $2)) AS at`,
    [accountId, at(since)],
  );
  return rows[0]?.at ?? null;
}
