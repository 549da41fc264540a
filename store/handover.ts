/** What stands open in a headquarters when its people change (引き継ぎ). */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export interface OpenRequests {
  change: number;
  stop: number;
  oldest: Instant | null;
}

/** 本人からの連絡 that nobody has closed. */
export async function countOpenRequests(tx: Tx): Promise<OpenRequests> {
  const rows = await tx.query<OpenRequests>(
    `SELECT count(*) FILTER (WHERE kind = 'CHANGE')::integer AS change, count(*) FILTER (WHERE kind = 'STOP')::integer AS stop,
       min(created_at) AS oldest FROM resident_request WHERE fire_hq_id = current_fire_hq() AND state = 'OPEN'`,
  );
  return rows[0] ?? { change: 0, stop: 0, oldest: null };
}

export interface HeldAccount {
  accountId: string;
  name: string;
  registrationNumber: string;
  until: Instant;
  reason: string;
}

/** 保留 in force at `now`, those that end first first, `limit` at most. */
export async function listHolds(tx: Tx, now: Instant, limit: number): Promise<HeldAccount[]> {
  return tx.query<HeldAccount>(
    `SELECT id AS "accountId", name, registration_number AS "registrationNumber", hold_until AS until,
       coalesce(hold_reason, '') AS reason
     FROM account WHERE fire_hq_id = current_fire_hq() AND hold_until > $1 AND withdrawn_at IS NULL
     ORDER BY hold_until, id LIMIT $2`,
    [at(now), limit],
  );
}
