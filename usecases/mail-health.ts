/** Figures of one headquarters: whether its mail arrives, in total and by mail domain. */
import { BOUNCE_CLASSES } from '../domain/bounce.js';
import type { Instant } from '../domain/calendar.js';
import { DAY } from '../domain/calendar.js';
import type { Purpose } from '../domain/delivery.js';
import type { Asked, SilentLossVerdict } from '../domain/silent-loss.js';
import { ANSWERED_WITHIN, shareOf, silentLoss } from '../domain/silent-loss.js';
import { silentLossText } from '../domain/silent-loss-words.js';
import type { AskedRow, MailsRow, PeopleRow } from '../store/mail-figures.js';
import { countAsked, countMails, countPeople } from '../store/mail-figures.js';
import type { Deps } from './context.js';

/** GIVEN_UP: nobody took it for days, so we stopped trying. */
export const FAILURE_KINDS = [...BOUNCE_CLASSES, 'GIVEN_UP'] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** Mails that ask for an answer, and those that got one by their own link. */
export interface AskedMails {
  sent: number;
  answered: number;
}

/** `sent` = accepted + answered + delayed + underWay + failed. */
export interface MailHealth {
  people: { all: number; suspect: number; undeliverable: number };
  mails: {
    sent: number;
    /** Taken by a server; whether it arrived is not known. */
    accepted: number;
    answered: number;
    delayed: number;
    underWay: number;
    failed: number;
    failedBy: Record<FailureKind, number>;
    /** failed ÷ sent; null when nothing was sent. */
    failureRate: number | null;
  };
  reminders: AskedMails;
  checks: AskedMails;
}

export interface SilentLossView {
  /** People, not mails. */
  asked: number;
  unanswered: number;
  share: number | null;
  othersAsked: number;
  othersUnanswered: number;
  othersShare: number | null;
  verdict: SilentLossVerdict;
  text: string;
}

export interface MailHealthView {
  /** Mails sent from here on are counted, up to now. */
  since: Instant;
  until: Instant;
  /** Mails of this span are old enough to be looked at for silent loss. */
  askedSince: Instant;
  askedUntil: Instant;
  total: MailHealth;
  /** Those with most people first. */
  domains: (MailHealth & { mailDomain: string; silentLoss: SilentLossView })[];
  /** All other domains together, also those where nobody has an address any more. */
  rest: MailHealth & { domains: number };
}

/** Of the last `days` days; at most `limit` domains by name. R23, R37. */
export async function readMailHealth(
  deps: Deps,
  fireHqId: string,
  { days, limit }: { days: number; limit: number },
): Promise<MailHealthView> {
  const now = deps.clock.now();
  const span = { since: now - days * DAY, askedUntil: now - ANSWERED_WITHIN };
  const askedSince = span.askedUntil - days * DAY;
  return deps.database.inTenant(fireHqId, async (tx) => {
    const people = await countPeople(tx, limit);
    const named = people.flatMap(({ mailDomain }) => mailDomain ?? []);
    const mails = await countMails(tx, span.since, named);
    const asked = await countAsked(tx, { since: askedSince, until: span.askedUntil, domains: named });
    const of = <Row extends { mailDomain: string | null }>(rows: readonly Row[], mailDomain: string | null) =>
      rows.filter((row) => row.mailDomain === mailDomain);
    const health = (mailDomain: string | null) => healthOf(of(people, mailDomain), of(mails, mailDomain));
    return {
      ...span,
      until: now,
      askedSince,
      total: healthOf(people, mails),
      domains: named.map((mailDomain) => ({
        mailDomain,
        ...health(mailDomain),
        silentLoss: silentLossOf(asked, mailDomain),
      })),
      rest: { domains: of(people, null)[0]?.domains ?? 0, ...health(null) },
    };
  });
}

function healthOf(people: readonly PeopleRow[], mails: readonly MailsRow[]): MailHealth {
  const mailsWith = (fits: (row: MailsRow) => boolean) => sum(mails.filter(fits), (row) => row.mails);
  const ended = (...outcomes: MailsRow['outcome'][]) =>
    mailsWith(({ outcome }) => outcomes.includes(outcome));
  const isFailed = ({ outcome }: MailsRow) => outcome === 'BOUNCED' || outcome === 'FAILED';
  const sent = mailsWith(() => true);
  const failed = mailsWith(isFailed);
  const failedBy = Object.fromEntries(
    FAILURE_KINDS.map((kind) => [
      kind,
      mailsWith((row) => isFailed(row) && (row.bounceClass ?? 'GIVEN_UP') === kind),
    ]),
  ) as Record<FailureKind, number>;
  const askedBy = (wanted: Purpose): AskedMails => ({
    sent: mailsWith(({ purpose }) => purpose === wanted),
    answered: mailsWith(({ purpose, outcome }) => purpose === wanted && outcome === 'CONFIRMED'),
  });
  return {
    people: {
      all: sum(people, (row) => row.people),
      suspect: sum(people, (row) => row.suspect),
      undeliverable: sum(people, (row) => row.undeliverable),
    },
    mails: {
      sent,
      accepted: ended('ACCEPTED'),
      answered: ended('CONFIRMED'),
      delayed: ended('DELAYED'),
      underWay: ended('SENDING'),
      failed,
      failedBy,
      failureRate: sent === 0 ? null : failed / sent,
    },
    reminders: askedBy('REMINDER'),
    checks: askedBy('CHECK'),
  };
}

function silentLossOf(rows: readonly AskedRow[], mailDomain: string): SilentLossView {
  const here = askedOf(rows.filter((row) => row.mailDomain === mailDomain));
  const others = askedOf(rows.filter((row) => row.mailDomain !== mailDomain));
  const verdict = silentLoss(here, others);
  return {
    ...here,
    share: shareOf(here),
    othersAsked: others.asked,
    othersUnanswered: others.unanswered,
    othersShare: shareOf(others),
    verdict,
    text: silentLossText(verdict, mailDomain, here, others),
  };
}

function askedOf(rows: readonly AskedRow[]): Asked {
  return { asked: sum(rows, (row) => row.asked), unanswered: sum(rows, (row) => row.unanswered) };
}

function sum<Row>(rows: readonly Row[], numberOf: (row: Row) => number): number {
  return rows.reduce((total, row) => total + numberOf(row), 0);
}
