/** The people of a bulk send: what stands in the way, whose mail was asked for, and what became of it. */
import type { Instant } from '../domain/calendar.js';
import type { Outcome } from '../domain/delivery.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export type BulkItemState = 'WAITING' | 'QUEUED' | 'LEFT_OUT';

/** `refusal`: what stands in the way, as the use case names it. */
export async function insertBulkItems(
  tx: Tx,
  bulkSendId: string,
  items: readonly { accountId: string; refusal: object | null }[],
): Promise<void> {
  await tx.query(
    `INSERT INTO bulk_send_item (fire_hq_id, bulk_send_id, position, account_id, state, refusal)
     SELECT current_fire_hq(), $1, n, account_id, 'WAITING', refusal::jsonb
     FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS item (account_id, refusal, n)`,
    [
      bulkSendId,
      items.map(({ accountId }) => accountId),
      items.map(({ refusal }) => (refusal === null ? null : JSON.stringify(refusal))),
    ],
  );
}

export interface BulkItem {
  position: number;
  accountId: string;
}

/** The next who waits, locked; null: nobody, or another process has the last of them. */
export async function takeNextItem(tx: Tx, bulkSendId: string): Promise<BulkItem | null> {
  const rows = await tx.query<BulkItem>(
    `SELECT position, account_id AS "accountId" FROM bulk_send_item
     WHERE fire_hq_id = current_fire_hq() AND bulk_send_id = $1 AND state = 'WAITING'
     ORDER BY position LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [bulkSendId],
    'take-bulk-item',
  );
  return rows[0] ?? null;
}

export async function anyWaiting(tx: Tx, bulkSendId: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT FROM bulk_send_item
     WHERE fire_hq_id = current_fire_hq() AND bulk_send_id = $1 AND state = 'WAITING' LIMIT 1`,
    [bulkSendId],
  );
  return rows.length > 0;
}

/** Either the mail that was asked for, or why none was. */
export async function settleItem(
  tx: Tx,
  bulkSendId: string,
  position: number,
  result: { reminderId: string } | { refusal: object },
  now: Instant,
): Promise<void> {
  const [reminderId, refusal] =
    'reminderId' in result ? [result.reminderId, null] : [null, JSON.stringify(result.refusal)];
  await tx.query(
    `UPDATE bulk_send_item SET state = $3, reminder_id = $4, refusal = $5, done_at = $6
     WHERE fire_hq_id = current_fire_hq() AND bulk_send_id = $1 AND position = $2 AND state = 'WAITING'`,
    [bulkSendId, position, reminderId === null ? 'LEFT_OUT' : 'QUEUED', reminderId, refusal, at(now)],
    'settle-bulk-item',
  );
}

export interface BulkTally {
  state: BulkItemState;
  /** Of LEFT_OUT: why; of WAITING: what stood in the way at the preview; null: nothing. */
  code: string | null;
  /** Of the mail; null while none was asked for. */
  outcome: Outcome | null;
  people: number;
}

export async function tallyItems(tx: Tx, bulkSendId: string): Promise<BulkTally[]> {
  return tx.query<BulkTally>(
    `SELECT i.state, i.refusal ->> 'code' AS code, r.outcome, count(*)::int AS people
     FROM bulk_send_item i LEFT JOIN reminder r ON r.fire_hq_id = i.fire_hq_id AND r.id = i.reminder_id
     WHERE i.fire_hq_id = current_fire_hq() AND i.bulk_send_id = $1 GROUP BY 1, 2, 3`,
    [bulkSendId],
  );
}

export interface BulkItemRow extends BulkItem {
  name: string;
  registrationNumber: string;
  state: BulkItemState;
  refusal: unknown;
  outcome: Outcome | null;
  reason: string | null;
}

export const ITEM_VIEWS = ['all', 'left-out', 'failed'] as const;
/** Everybody; whom no mail goes to; whose mail did not arrive. */
export type ItemView = (typeof ITEM_VIEWS)[number];

const VIEW_SQL: Readonly<Record<ItemView, string>> = {
  all: 'true',
  'left-out': `(i.state = 'LEFT_OUT' OR (i.state = 'WAITING' AND i.refusal IS NOT NULL))`,
  failed: `r.outcome IN ('BOUNCED', 'FAILED')`,
};

export async function listItems(
  tx: Tx,
  bulkSendId: string,
  { view, after, limit }: { view: ItemView; after: number; limit: number },
): Promise<BulkItemRow[]> {
  return tx.query<BulkItemRow>(
    `SELECT i.position, i.account_id AS "accountId", a.name, a.registration_number AS "registrationNumber", i.state,
       i.refusal, r.outcome, r.reason
     FROM bulk_send_item i
     JOIN account a ON a.fire_hq_id = i.fire_hq_id AND a.id = i.account_id
     LEFT JOIN reminder r ON r.fire_hq_id = i.fire_hq_id AND r.id = i.reminder_id
     WHERE i.fire_hq_id = current_fire_hq() AND i.bulk_send_id = $1 AND i.position > $2 AND ${VIEW_SQL[view]}
     ORDER BY i.position LIMIT $3`,
    [bulkSendId, after, limit],
  );
}
