/**
 * What became of a headquarters' mails, by mail domain. `domains` names those told apart; all others are one, null. So a
 * list never grows with the number of domains.
 */
import type { BounceClass } from '../domain/bounce.js';
import type { Instant } from '../domain/calendar.js';
import type { Outcome, Purpose } from '../domain/delivery.js';
import { at } from './database.js';
import type { Tx } from './database.js';

const DOMAIN = (parameter: string) => `CASE WHEN m.mail_domain = ANY (${parameter}) THEN m.mail_domain END`;

export interface PeopleRow {
  mailDomain: string | null;
  /** How many domains this row stands for. */
  domains: number;
  people: number;
  suspect: number;
  undeliverable: number;
}

/** People who are not withdrawn, by the domain and state of their present address; the largest `limit` domains apart. */
export async function countPeople(tx: Tx, limit: number): Promise<PeopleRow[]> {
  return tx.query<PeopleRow>(
    `WITH by_domain AS (
       SELECT m.mail_domain, count(*) AS people, count(*) FILTER (WHERE m.state = 'SUSPECT') AS suspect,
         count(*) FILTER (WHERE m.state = 'UNDELIVERABLE') AS undeliverable
       FROM mail_address m JOIN account a ON a.fire_hq_id = m.fire_hq_id AND a.id = m.account_id
       WHERE m.fire_hq_id = current_fire_hq() AND m.role = 'PRESENT' AND a.withdrawn_at IS NULL
       GROUP BY m.mail_domain
     ), ranked AS (SELECT *, row_number() OVER (ORDER BY people DESC, mail_domain) AS rank FROM by_domain)
     SELECT CASE WHEN rank <= $1 THEN mail_domain END AS "mailDomain", count(*)::int AS domains, sum(people)::int AS people,
       sum(suspect)::int AS suspect, sum(undeliverable)::int AS undeliverable
     FROM ranked GROUP BY 1 ORDER BY people DESC, 1`,
    [limit],
  );
}

export interface MailsRow {
  mailDomain: string | null;
  purpose: Purpose;
  outcome: Exclude<Outcome, 'QUEUED' | 'SKIPPED' | 'SUPERSEDED'>;
  /** null beside FAILED: given up by us after days without an answer. */
  bounceClass: BounceClass | null;
  mails: number;
}

/** Mails whose last attempt began from `since` on, as they stand now; those dropped after an attempt are left out. */
export async function countMails(tx: Tx, since: Instant, domains: readonly string[]): Promise<MailsRow[]> {
  return tx.query<MailsRow>(
    `SELECT ${DOMAIN('$2')} AS "mailDomain", r.purpose, r.outcome, r.bounce_class AS "bounceClass", count(*)::int AS mails
     FROM reminder r JOIN mail_address m ON m.fire_hq_id = r.fire_hq_id AND m.id = r.address_id
     WHERE r.fire_hq_id = current_fire_hq() AND r.sent_at >= $1
       AND r.outcome IN ('SENDING', 'ACCEPTED', 'CONFIRMED', 'DELAYED', 'BOUNCED', 'FAILED')
     GROUP BY 1, 2, 3, 4`,
    [at(since), domains],
  );
}

export interface AskedRow {
  mailDomain: string | null;
  asked: number;
  unanswered: number;
}

/**
 * People to whom a REMINDER was sent from `since` to before `until` that was accepted and did not fail later, and those
 * who since the first of these used no link of a reminder and sent no reply. A person counts once, at each address that
 * was mailed.
 */
export async function countAsked(
  tx: Tx,
  { since, until, domains }: { since: Instant; until: Instant; domains: readonly string[] },
): Promise<AskedRow[]> {
  return tx.query<AskedRow>(
    `WITH mailed AS (
       SELECT r.address_id, min(r.sent_at) AS first_at FROM reminder r
       WHERE r.fire_hq_id = current_fire_hq() AND r.sent_at >= $1 AND r.sent_at < $2
         AND r.purpose = 'REMINDER' AND r.outcome IN ('ACCEPTED', 'CONFIRMED')
       GROUP BY r.address_id
     )
     SELECT ${DOMAIN('$3')} AS "mailDomain", count(*)::int AS asked,
       count(*) FILTER (WHERE NOT (coalesce(m.replied_at >= a.first_at, false)
         OR EXISTS (SELECT FROM reminder p WHERE p.fire_hq_id = current_fire_hq() AND p.address_id = a.address_id
           AND p.purpose = 'REMINDER' AND p.proven_at >= a.first_at)))::int AS unanswered
     FROM mailed a JOIN mail_address m ON m.fire_hq_id = current_fire_hq() AND m.id = a.address_id
     GROUP BY 1`,
    [at(since), at(until), domains],
  );
}
