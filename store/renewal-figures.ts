/** Counts of cycles, lapses and mails over a span: the numbers of R35. */
import type { Instant } from '../domain/calendar.js';
import type { LapseCause } from '../domain/lapse.js';
import { at } from './database.js';
import type { Tx } from './database.js';

/** Cycles by the month of their D. 廃止 is counted apart and in none of the others. */
export interface CyclesRow {
  /** 'YYYY-MM', in Japan. */
  month: string;
  cycles: number;
  renewed: number;
  renewedInTime: number;
  /** E is over and no renewal came before it. */
  lapsed: number;
  /** Of these: renewed later. */
  recovered: number;
  notYetExpired: number;
  withdrawn: number;
}

/** Of cycles whose E lies after `from`, up to and including `until`, as they stand at `now`. */
export async function countCycles(
  tx: Tx,
  { from, until, now }: { from: Instant; until: Instant; now: Instant },
): Promise<CyclesRow[]> {
  return tx.query<CyclesRow>(
    `WITH cycle AS (
       SELECT to_char((c.expires_at - interval '1 millisecond') AT TIME ZONE interval '9 hours', 'YYYY-MM') AS month,
         c.renewed_at, c.expires_at, c.renewed_at IS NULL AND a.withdrawn_at IS NOT NULL AS withdrawn
       FROM renewal_cycle c JOIN account a ON a.fire_hq_id = c.fire_hq_id AND a.id = c.account_id
       WHERE c.fire_hq_id = current_fire_hq() AND c.expires_at > $1 AND c.expires_at <= $2
     )
     SELECT month, count(*) FILTER (WHERE NOT withdrawn)::int AS cycles, count(renewed_at)::int AS renewed,
       count(*) FILTER (WHERE renewed_at < expires_at)::int AS "renewedInTime",
       count(*) FILTER (WHERE NOT withdrawn AND expires_at <= $3 AND (renewed_at < expires_at) IS NOT TRUE)::int AS lapsed,
       count(*) FILTER (WHERE renewed_at >= expires_at)::int AS recovered,
       count(*) FILTER (WHERE NOT withdrawn AND renewed_at IS NULL AND expires_at > $3)::int AS "notYetExpired",
       count(*) FILTER (WHERE withdrawn)::int AS withdrawn
     FROM cycle GROUP BY month ORDER BY month`,
    [at(from), at(until), at(now)],
  );
}

/**
 * People who were 失効中 at that instant, by the cause as it was known then. Status: E was over, no renewal had come, and
 * the person was not withdrawn; withdrawals and changes of the cause are read from the audit trail, which keeps each of
 * them. A cause that the trail does not know (of a lapse taken over from an older system) is the one of the cycle.
 */
export async function countLapsedAt(
  tx: Tx,
  asOf: Instant,
): Promise<{ cause: LapseCause | null; people: number }[]> {
  return tx.query(
    `WITH lapsed AS (
       SELECT c.account_id, c.expires_at, c.lapse_cause FROM renewal_cycle c
       WHERE c.fire_hq_id = current_fire_hq() AND c.renewed_at IS NULL AND c.expires_at <= $1
       UNION ALL
       SELECT c.account_id, c.expires_at, c.lapse_cause FROM renewal_cycle c
       WHERE c.fire_hq_id = current_fire_hq() AND c.renewed_at > $1 AND c.expires_at <= $1
     )
     SELECT coalesce(known.after ->> 'cause', known_later.before ->> 'cause', l.lapse_cause) AS cause, count(*)::int AS people
     FROM lapsed l JOIN account a ON a.fire_hq_id = current_fire_hq() AND a.id = l.account_id
     LEFT JOIN LATERAL (SELECT e.after FROM audit_event e
       WHERE e.fire_hq_id = current_fire_hq() AND e.account_id = l.account_id AND e.at >= l.expires_at AND e.at <= $1
         AND e.action IN ('account.lapsed', 'lapse.cause-changed') ORDER BY e.id DESC LIMIT 1) known ON true
     LEFT JOIN LATERAL (SELECT e.before FROM audit_event e
       WHERE e.fire_hq_id = current_fire_hq() AND e.account_id = l.account_id AND e.at > $1
         AND e.action = 'lapse.cause-changed' ORDER BY e.id LIMIT 1) known_later ON true
     LEFT JOIN LATERAL (SELECT e.action FROM audit_event e
       WHERE e.fire_hq_id = current_fire_hq() AND e.account_id = l.account_id AND e.at <= $1
         AND e.action IN ('account.withdrawn', 'account.withdrawal-undone') ORDER BY e.id DESC LIMIT 1) left_ ON true
     WHERE NOT coalesce(a.withdrawn_at <= $1, false) AND left_.action IS DISTINCT FROM 'account.withdrawn'
     GROUP BY 1`,
    [at(asOf)],
  );
}

export interface SentRow {
  mails: number;
  failed: number;
  /** Of the failed ones: ours to mend (R24). */
  failedOurs: number;
  people: number;
  peopleWithFailure: number;
}

/** Mails of every purpose whose last attempt began in the span, as they stand now; as in mail-figures.ts. */
export async function countSent(
  tx: Tx,
  { from, until }: { from: Instant; until: Instant },
): Promise<SentRow> {
  const rows = await tx.query<SentRow>(
    `SELECT count(*)::int AS mails, count(*) FILTER (WHERE outcome IN ('BOUNCED', 'FAILED'))::int AS failed,
       count(*) FILTER (WHERE outcome = 'FAILED')::int AS "failedOurs", count(DISTINCT account_id)::int AS people,
       count(DISTINCT account_id) FILTER (WHERE outcome IN ('BOUNCED', 'FAILED'))::int AS "peopleWithFailure"
     FROM reminder WHERE fire_hq_id = current_fire_hq() AND sent_at >= $1 AND sent_at < $2
       AND outcome IN ('SENDING', 'ACCEPTED', 'CONFIRMED', 'DELAYED', 'BOUNCED', 'FAILED')`,
    [at(from), at(until)],
  );
  return rows[0] ?? { mails: 0, failed: 0, failedOurs: 0, people: 0, peopleWithFailure: 0 };
}
