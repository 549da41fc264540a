/** The outbox: accounts whose workflow must look again. Ids only, one queue for all tenants. */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

const RANKS = { 'of somebody': 0, 'of many': 1 } as const;
export type LookRank = keyof typeof RANKS;

/**
 * In the transaction that changed the facts: the relay wakes the workflow after the commit. `of many`: nobody waits for
 * them, so they hold no other up.
 */
export async function enqueueLook(
  tx: Tx,
  accountIds: readonly string[],
  now: Instant,
  rank: LookRank = 'of somebody',
): Promise<void> {
  if (accountIds.length === 0) return;
  await tx.query(
    `INSERT INTO signal_outbox (fire_hq_id, account_id, created_at, next_attempt_at, rank)
     SELECT current_fire_hq(), id, $2, $2, $3 FROM unnest($1::uuid[]) AS id`,
    [accountIds, at(now), RANKS[rank]],
    'enqueue-look',
  );
}

export interface OutboxRow {
  id: number;
  fireHqId: string;
  accountId: string;
  createdAt: Instant;
  attempts: number;
}

/** Locks up to `limit` due rows of a rank for this transaction; other relays skip them. */
export async function takeDueLooks(
  tx: Tx,
  { rank, until, limit }: { rank: LookRank; until: Instant; limit: number },
): Promise<OutboxRow[]> {
  return tx.query<OutboxRow>(
    `SELECT id, fire_hq_id AS "fireHqId", account_id AS "accountId", created_at AS "createdAt", attempts
     FROM signal_outbox WHERE parked_at IS NULL AND rank = $3 AND next_attempt_at <= $1
     ORDER BY next_attempt_at, id LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [at(until), limit, RANKS[rank]],
    'take-due-looks',
  );
}

export async function removeLooks(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await tx.query('DELETE FROM signal_outbox WHERE id = ANY ($1)', [ids], 'remove-looks');
}

/** Later again, because Temporal did not answer. */
export async function postponeLooks(tx: Tx, ids: readonly number[], nextAttemptAt: Instant): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    'UPDATE signal_outbox SET attempts = attempts + 1, next_attempt_at = $2 WHERE id = ANY ($1)',
    [ids, at(nextAttemptAt)],
  );
}

/** Sets poisoned rows aside: a person must look at them; reconcile wakes the account all the same. */
export async function parkLooks(tx: Tx, ids: readonly number[], now: Instant): Promise<void> {
  if (ids.length > 0)
    await tx.query('UPDATE signal_outbox SET parked_at = $2 WHERE id = ANY ($1)', [ids, at(now)]);
}

export interface OutboxHealth {
  waiting: number;
  parked: number;
  oldestCreatedAt: Instant | null;
}

export async function outboxHealth(tx: Tx): Promise<OutboxHealth> {
  const rows = await tx.query<OutboxHealth>(
    `SELECT count(*) FILTER (WHERE parked_at IS NULL)::int AS waiting,
       count(*) FILTER (WHERE parked_at IS NOT NULL)::int AS parked,
       min(created_at) FILTER (WHERE parked_at IS NULL) AS "oldestCreatedAt"
     FROM signal_outbox`,
  );
  return rows[0] ?? { waiting: 0, parked: 0, oldestCreatedAt: null };
}
