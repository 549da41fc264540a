/** Mails to many at once: the bulk sends and the people in them (R22). */
import type { Instant } from '../domain/calendar.js';
import { DAY } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export type BulkState = 'DRAFT' | 'RUNNING' | 'STOPPED' | 'DONE';

export interface BulkSendRow<Filter = unknown> {
  id: string;
  state: BulkState;
  /** The list that they were chosen from. */
  filter: Filter;
  /** How many were chosen. */
  people: number;
  createdBy: string;
  createdAt: Instant;
  confirmed: boolean;
  when: 'now' | 'morning' | null;
  notBefore: Instant | null;
  startedBy: string | null;
  startedAt: Instant | null;
  endedBy: string | null;
  endedAt: Instant | null;
}

const COLUMNS = `id, state, filter, people, created_by AS "createdBy", created_at AS "createdAt", confirmed,
  send_when AS "when", not_before AS "notBefore", started_by AS "startedBy", started_at AS "startedAt",
  ended_by AS "endedBy", ended_at AS "endedAt"`;

export async function insertBulkSend(
  tx: Tx,
  row: Pick<BulkSendRow, 'id' | 'filter' | 'people' | 'createdBy' | 'createdAt'>,
): Promise<void> {
  await tx.query(
    `INSERT INTO bulk_send (fire_hq_id, id, state, filter, people, created_by, created_at, confirmed)
     VALUES (current_fire_hq(), $1, 'DRAFT', $2, $3, $4, $5, false)`,
    [row.id, JSON.stringify(row.filter), row.people, row.createdBy, at(row.createdAt)],
  );
}

/** Previews that led to nothing. */
export async function pruneDrafts(tx: Tx, now: Instant): Promise<void> {
  await tx.query(
    `DELETE FROM bulk_send WHERE fire_hq_id = current_fire_hq() AND state = 'DRAFT' AND created_at < $1`,
    [at(now - DAY)],
  );
}

/** `lock`: until the transaction ends nobody starts or stops it. */
export async function findBulkSend(
  tx: Tx,
  id: string,
  lock: 'UPDATE' | 'SHARE' | null = null,
): Promise<BulkSendRow | null> {
  const rows = await tx.query<BulkSendRow>(
    `SELECT ${COLUMNS} FROM bulk_send WHERE fire_hq_id = current_fire_hq() AND id = $1
     ${lock === null ? '' : `FOR ${lock}`}`,
    [id],
  );
  return rows[0] ?? null;
}

/** Newest first. */
export async function listStartedBulkSends(tx: Tx, limit: number): Promise<BulkSendRow[]> {
  return tx.query<BulkSendRow>(
    `SELECT ${COLUMNS} FROM bulk_send WHERE fire_hq_id = current_fire_hq() AND started_at IS NOT NULL
     ORDER BY started_at DESC, id DESC LIMIT $1`,
    [limit],
  );
}

export async function startBulkSendRow(
  tx: Tx,
  id: string,
  start: { confirmed: boolean; when: 'now' | 'morning'; notBefore: Instant; by: string; at: Instant },
): Promise<void> {
  await tx.query(
    `UPDATE bulk_send SET state = 'RUNNING', confirmed = $2, send_when = $3, not_before = $4, started_by = $5,
       started_at = $6, turn_at = $6
     WHERE fire_hq_id = current_fire_hq() AND id = $1 AND state = 'DRAFT'`,
    [id, start.confirmed, start.when, at(start.notBefore), start.by, at(start.at)],
  );
}

export async function endBulkSendRow(
  tx: Tx,
  id: string,
  end: { state: 'STOPPED' | 'DONE'; by: string; at: Instant },
): Promise<void> {
  await tx.query(
    `UPDATE bulk_send SET state = $2, ended_by = $3, ended_at = $4, lease_until = NULL
     WHERE fire_hq_id = current_fire_hq() AND id = $1 AND state = 'RUNNING'`,
    [id, end.state, end.by, at(end.at)],
  );
}

/** Whose turn it is over all headquarters, the one that waited longest first; null: there is nothing to do. */
export async function lookupBulkSendDue(
  tx: Tx,
  now: Instant,
): Promise<{ fireHqId: string; bulkSendId: string } | null> {
  const rows = await tx.query<{ fireHqId: string; bulkSendId: string }>(
    'SELECT fire_hq_id AS "fireHqId", bulk_send_id AS "bulkSendId" FROM lookup_bulk_send_due($1)',
    [at(now)],
    'lookup-bulk-send-due',
  );
  return rows[0] ?? null;
}

/** False when another process took it meanwhile, or it was stopped. */
export async function leaseBulkSend(tx: Tx, id: string, now: Instant, until: Instant): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE bulk_send SET lease_until = $3, turn_at = $2
     WHERE fire_hq_id = current_fire_hq() AND id = $1 AND state = 'RUNNING' AND (lease_until IS NULL OR lease_until <= $2)
     RETURNING id`,
    [id, at(now), at(until)],
  );
  return rows.length > 0;
}

/** The turn is over; the next may come from `until` on. */
export async function releaseBulkSend(tx: Tx, id: string, until: Instant): Promise<void> {
  await tx.query(
    `UPDATE bulk_send SET lease_until = $2 WHERE fire_hq_id = current_fire_hq() AND id = $1 AND state = 'RUNNING'`,
    [id, at(until)],
  );
}

/** Manual mails of this headquarters that are due and that no sender has tried yet, counted up to `atMost`. */
export async function countManualInQueue(tx: Tx, now: Instant, atMost: number): Promise<number> {
  const rows = await tx.query<{ mails: number }>(
    `SELECT count(*)::int AS mails FROM (
       SELECT FROM reminder WHERE fire_hq_id = current_fire_hq() AND due_at <= $1 AND kind = 'MANUAL'
         AND outcome IN ('QUEUED', 'SENDING') LIMIT $2) AS counted`,
    [at(now), atMost],
  );
  return rows[0]?.mails ?? 0;
}
