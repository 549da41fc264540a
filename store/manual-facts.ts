/** What a mail by hand depends on (domain/resend.ts), of many accounts at once. */
import type { Instant } from '../domain/calendar.js';
import type { Tx } from './database.js';

export interface ManualFactsRow {
  accountId: string;
  withdrawnAt: Instant | null;
  windowOpensAt: Instant;
  expiresAt: Instant;
  basis: 'date' | 'time';
  /** R28: a ③ of the person waits for an answer. */
  stopRequested: boolean;
  waiting: boolean;
  lastAskedAt: Instant | null;
}

/** In the order of `accountIds`; ids of nobody here are left out. */
export async function readManualFacts(tx: Tx, accountIds: readonly string[]): Promise<ManualFactsRow[]> {
  return tx.query<ManualFactsRow>(
    `SELECT a.id AS "accountId", a.withdrawn_at AS "withdrawnAt", c.window_opens_at AS "windowOpensAt",
       c.expires_at AS "expiresAt", p.basis, coalesce(r.waiting, false) AS waiting, r.last AS "lastAskedAt",
       EXISTS (SELECT FROM resident_request q WHERE q.fire_hq_id = a.fire_hq_id AND q.account_id = a.id
         AND q.kind = 'STOP' AND q.state = 'OPEN') AS "stopRequested"
     FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, n)
     JOIN account a ON a.fire_hq_id = current_fire_hq() AND a.id = wanted.id
     JOIN renewal_cycle c ON c.fire_hq_id = a.fire_hq_id AND c.account_id = a.id AND c.renewed_at IS NULL
     JOIN policy_version p ON p.fire_hq_id = a.fire_hq_id AND p.version = c.policy_version
     LEFT JOIN LATERAL (
       SELECT max(m.created_at) AS last,
         bool_or(m.outcome IN ('QUEUED', 'SENDING', 'DELAYED') AND m.accepted_at IS NULL) AS waiting
       FROM reminder m WHERE m.fire_hq_id = a.fire_hq_id AND m.account_id = a.id AND m.kind = 'MANUAL'
     ) AS r ON true
     ORDER BY wanted.n`,
    [accountIds],
  );
}
