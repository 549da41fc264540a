/** Counts over all headquarters, for the operator: small domains are one, 'other', which the functions themselves see to. */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

/** Of mails whose last attempt began in the span. */
export interface SentFigures {
  sent: number;
  /** For good, whoever's fault it was. */
  failed: number;
  /** Of these ours to mend (R24). */
  failedOurs: number;
}

const SENT = 'sent, failed, failed_ours AS "failedOurs"';

/** 'other' or a domain with at least 20 mails to at least 5 people since then. */
export async function countMailsByDomain(
  tx: Tx,
  since: Instant,
): Promise<(SentFigures & { mailDomain: string })[]> {
  return tx.query(`SELECT mail_domain AS "mailDomain", ${SENT} FROM watch_mail_domains($1)`, [at(since)]);
}

/** Headquarters that sent any mail since then, by their codes. */
export async function countMailsByFireHq(
  tx: Tx,
  since: Instant,
): Promise<(SentFigures & { code: string })[]> {
  return tx.query(`SELECT code, ${SENT} FROM watch_fire_hqs($1)`, [at(since)]);
}

/** As countAsked of one headquarters; 'other' or a domain with at least 20 people asked. */
export async function countAskedByDomain(
  tx: Tx,
  since: Instant,
  until: Instant,
): Promise<{ mailDomain: string; asked: number; unanswered: number }[]> {
  return tx.query(`SELECT mail_domain AS "mailDomain", asked, unanswered FROM watch_unanswered($1, $2)`, [
    at(since),
    at(until),
  ]);
}

export interface HeadquartersFigures {
  code: string;
  displayName: string;
  /** Not 廃止. */
  people: number;
  undeliverable: number;
  noResponse: number;
  notSent: number;
  unknown: number;
  /** Of any of its staff; null: never. */
  lastSignedInAt: Instant | null;
  /** Until when it lets the vendor look; null: it does not. */
  openUntil: Instant | null;
}

/** By code, after that one. */
export async function countHeadquarters(
  tx: Tx,
  now: Instant,
  afterCode: string,
  limit: number,
): Promise<HeadquartersFigures[]> {
  return tx.query(
    `SELECT code, display_name AS "displayName", people, undeliverable, no_response AS "noResponse",
       not_sent AS "notSent", unknown, last_signed_in_at AS "lastSignedInAt", open_until AS "openUntil"
     FROM vendor_headquarters($1, $2, $3)`,
    [at(now), afterCode, limit],
  );
}

/** R24, R36: pauses and stops in force; `code` null: of all headquarters. */
export async function countMailStops(
  tx: Tx,
  now: Instant,
): Promise<{ code: string | null; cause: 'STAFF' | 'MASS_FAILURE'; stops: number }[]> {
  return tx.query('SELECT code, cause, stops FROM vendor_mail_stops($1)', [at(now)]);
}
