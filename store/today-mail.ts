/** Automatic mail of one day in Japan: what the ledger has of it, and how many slots have no row yet. */
import type { CivilDate, Instant } from '../domain/calendar.js';
import type { Outcome } from '../domain/delivery.js';
import { at } from './database.js';
import type { Tx } from './database.js';
import type { PolicyVersionRow } from './rows.js';

export interface DayMails {
  outcome: Outcome;
  mails: number;
}

/** Tried on that day, or waiting since before its end; those that were decided not to go are left out. */
export async function countDayMails(tx: Tx, from: Instant, until: Instant): Promise<DayMails[]> {
  return tx.query<DayMails>(
    `SELECT outcome, count(*)::int AS mails FROM (
       SELECT outcome, kind FROM reminder WHERE fire_hq_id = current_fire_hq() AND sent_at >= $1 AND sent_at < $2
       UNION ALL
       SELECT outcome, kind FROM reminder WHERE fire_hq_id = current_fire_hq() AND outcome IN ('QUEUED', 'SENDING', 'DELAYED')
         AND due_at < $2 AND accepted_at IS NULL AND (sent_at IS NULL OR sent_at < $1)
     ) AS of_the_day
     WHERE kind IN ('AUTOMATIC', 'CATCH_UP') AND outcome NOT IN ('SKIPPED', 'SUPERSEDED') GROUP BY outcome`,
    [at(from), at(until)],
    'day-mails',
  );
}

/** Every version there is, the newest first; at most 500. */
export async function listPolicyVersions(
  tx: Tx,
): Promise<Pick<PolicyVersionRow, 'version' | 'basis' | 'document'>[]> {
  return tx.query(
    `SELECT version, basis, document FROM policy_version WHERE fire_hq_id = current_fire_hq()
     ORDER BY version DESC LIMIT 500`,
    [],
    'policy-versions',
  );
}

/** Cycles of this policy version and expiry have a slot then. */
export interface DaySlots {
  version: number;
  expiresAt: Instant;
  slotAt: Instant;
  /** Also to an UNDELIVERABLE address (R37 `continue`). */
  toUndeliverable: boolean;
}

/**
 * People whose slot of that day will go as things stand: as planReminders, without what a pause (R24) holds. `day` is the
 * slots' name.
 */
export async function countOpenSlots(
  tx: Tx,
  day: CivilDate,
  slots: readonly DaySlots[],
  now: Instant,
): Promise<number> {
  if (slots.length === 0) return 0;
  const rows = await tx.query<{ people: number }>(
    `SELECT count(*)::int AS people
     FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $4::boolean[]) AS s (version, expires_at, slot_at, always)
     JOIN renewal_cycle c ON c.fire_hq_id = current_fire_hq() AND c.renewed_at IS NULL AND c.expires_at = s.expires_at
       AND c.policy_version = s.version
     JOIN account a ON a.fire_hq_id = c.fire_hq_id AND a.id = c.account_id
     JOIN mail_address m ON m.fire_hq_id = c.fire_hq_id AND m.account_id = c.account_id AND m.role = 'PRESENT'
     WHERE a.withdrawn_at IS NULL AND (a.hold_until IS NULL OR a.hold_until <= greatest(s.slot_at, $6))
       AND (c.slots_after IS NULL OR c.slots_after < s.slot_at) AND c.auto_stops_at > greatest(s.slot_at, $6)
       AND c.auto_stop_recorded_at IS NULL AND (s.always OR m.state <> 'UNDELIVERABLE')
       AND NOT EXISTS (SELECT FROM reminder r WHERE r.fire_hq_id = c.fire_hq_id AND r.account_id = c.account_id
         AND r.dedupe_key = 'auto:' || c.number || ':' || $5)
       AND NOT EXISTS (SELECT FROM reminder r WHERE r.fire_hq_id = c.fire_hq_id AND r.account_id = c.account_id
         AND r.cycle = c.number AND r.kind = 'MANUAL' AND r.accepted_at > s.slot_at - interval '24 hours' AND r.bounced_at IS NULL)
       AND NOT EXISTS (SELECT FROM resident_request q WHERE q.fire_hq_id = c.fire_hq_id AND q.account_id = c.account_id
         AND q.kind = 'STOP' AND q.state = 'OPEN')
       AND NOT EXISTS (SELECT FROM mail_stop x WHERE x.cause = 'STAFF' AND x.ended_at IS NULL
         AND (x.fire_hq_id IS NULL OR x.fire_hq_id = c.fire_hq_id) AND (x.mail_domain IS NULL OR x.mail_domain = m.mail_domain)
         AND (x.until IS NULL OR x.until > greatest(s.slot_at, $6)))`,
    [
      slots.map(({ version }) => version),
      slots.map(({ expiresAt }) => at(expiresAt)),
      slots.map(({ slotAt }) => at(slotAt)),
      slots.map(({ toUndeliverable }) => toUndeliverable),
      day,
      at(now),
    ],
    'open-slots',
  );
  return rows[0]?.people ?? 0;
}
