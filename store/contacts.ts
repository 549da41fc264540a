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
}

export async function insertContact(tx: Tx, accountId: string, row: ContactRow): Promise<void> {
  await tx.query(
    `INSERT INTO contact_record (fire_hq_id, id, account_id, kind, said, note, at, recorded_by, created_at)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6, $7, $8)`,
    [row.id, accountId, row.kind, row.said, row.note, at(row.at), row.recordedBy, at(row.createdAt)],
  );
}

export async function listContacts(tx: Tx, accountId: string): Promise<ContactRow[]> {
  return tx.query<ContactRow>(
    `SELECT id, kind, said, note, at, recorded_by AS "recordedBy", created_at AS "createdAt" FROM contact_record
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 ORDER BY at DESC, id LIMIT 200`,
    [accountId],
  );
}
