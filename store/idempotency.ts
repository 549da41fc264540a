/** Idempotency-Key of POSTs, kept 24 h, in the transaction of the command itself. */
import type { Instant } from '../domain/calendar.js';
import { DAY } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

/** Reserves the key; null when it is new, else what the first request was and gave. Waits for a twin in flight. */
export async function reserveKey(
  tx: Tx,
  key: string,
  requestHash: Buffer,
  now: Instant,
): Promise<{ requestHash: Buffer; result: unknown } | null> {
  await tx.query(
    'DELETE FROM idempotency_key WHERE fire_hq_id = current_fire_hq() AND key = $1 AND created_at < $2',
    [key, at(now - DAY)],
  );
  const inserted = await tx.query(
    `INSERT INTO idempotency_key (fire_hq_id, key, request_hash, created_at)
     VALUES (current_fire_hq(), $1, $2, $3) ON CONFLICT DO NOTHING RETURNING key`,
    [key, requestHash, at(now)],
  );
  if (inserted.length > 0) return null;
  const rows = await tx.query<{ requestHash: Buffer; result: unknown }>(
    'SELECT request_hash AS "requestHash", result FROM idempotency_key WHERE fire_hq_id = current_fire_hq() AND key = $1',
    [key],
  );
  return rows[0] ?? null;
}

export async function keepResult(tx: Tx, key: string, result: unknown): Promise<void> {
  await tx.query('UPDATE idempotency_key SET result = $2 WHERE fire_hq_id = current_fire_hq() AND key = $1', [
    key,
    JSON.stringify(result ?? null),
  ]);
}

/** Forgets what is older than a day; part of the hourly reconcile. */
export async function pruneKeys(tx: Tx, now: Instant): Promise<void> {
  await tx.query('DELETE FROM idempotency_key WHERE fire_hq_id = current_fire_hq() AND created_at < $1', [
    at(now - DAY),
  ]);
}
