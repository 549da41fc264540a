/**
 * R24: many people whose mails fail at once tell of us or of a mail server, not of these people. Counted by when the
 * mails were *sent*: reports of one batch may trickle in for hours, and reports of many batches may arrive together.
 * People, not mails: a few dead addresses, written to each minute, are no mass failure; unless nobody at all gets a mail
 * (ADR 0012).
 */
import type { Instant } from './calendar.js';
import { HOUR, MINUTE } from './calendar.js';

/** Mails sent within this belong together. */
const SPAN = 10 * MINUTE;
/** Fewer people with a result tell nothing … */
const PEOPLE_AT_LEAST = 20;
/** … and so few do shortly after a pause has ended by itself: one accepted mail does not prove that the trouble is over. */
const PEOPLE_AT_LEAST_AFTER_PAUSE = 5;
/** Or so many mails of all, to so many people, none of which was accepted: a server that refuses everybody, in a small town. */
const MAILS_ALL_REFUSED = 20;
const PEOPLE_ALL_REFUSED = 5;
/** PEOPLE_AT_LEAST_AFTER_PAUSE holds for so long after it. */
export const AFTER_PAUSE = HOUR;
/** More than this share of them had a mail that failed. */
const FAILED_OVER = 0.2;
/** With fewer who failed outside the domains that fail, it is those domains' trouble alone. */
const SHARED_FROM = 2;
/** While mail is paused one waiting mail is tried each time this is over. */
export const TRIAL_EVERY = 10 * MINUTE;
/** A person who ends a pause has decided that these addresses are dead: so long none like it binds him again. */
export const LET_BE_FOR = 24 * HOUR;

/** A mail domain; null: all mail. */
export type PauseScope = string | null;

/** Mails with a result that were sent within some seconds from `sentFrom` on. */
export interface SentCount {
  /** null: of domains with few mails, together. */
  mailDomain: string | null;
  /** Covered by a pause of that domain: its own trouble is known, for that of all it still counts. */
  paused: boolean;
  sentFrom: Instant;
  /** Whoever has several mails among these counts, by a number; null: people with one mail each. */
  person: number | null;
  /** Mails with a result. */
  results: number;
  /** Of these, failed for good. */
  failures: number;
}

export interface MassFailure {
  scope: PauseScope;
  /** When the first of the mails was sent. */
  since: Instant;
  /** With a result. */
  people: number;
  /** Of these, with a mail that failed for good. */
  failed: number;
}

export interface MassFailureInput {
  counts: readonly SentCount[];
  /** Pauses that ended by themselves within AFTER_PAUSE. */
  endedLately: readonly PauseScope[];
  /** Pauses that a person ended within LET_BE_FOR. */
  letBe: readonly PauseScope[];
}

/** At most one of all, or one of each domain that fails, each since the first span in which it shows. */
export function findMassFailures({ counts, endedLately, letBe }: MassFailureInput): MassFailure[] {
  if (letBe.includes(null)) return [];
  const counted = counts.filter(({ mailDomain }) => mailDomain === null || !letBe.includes(mailDomain));
  const found = new Map<PauseScope, MassFailure>();
  for (const span of spansOf(counted)) {
    for (const failure of judge(span, endedLately)) {
      if (!found.has(failure.scope)) found.set(failure.scope, failure);
    }
  }
  const ofAll = found.get(null);
  if (!ofAll) return [...found.values()];
  return [{ ...ofAll, since: Math.min(...[...found.values()].map(({ since }) => since)) }];
}

interface Tally {
  people: number;
  failed: number;
  mails: number;
  failedMails: number;
}

/** People of one domain in the present span. */
interface Crowd extends Tally {
  several: Map<number, Pick<SentCount, 'results' | 'failures'>>;
}

interface Span {
  since: Instant;
  domains: ReadonlyMap<string | null, { free: Tally; paused: Tally }>;
}

/** Every span that begins with a mail; each object is only good until the next one. */
function* spansOf(counts: readonly SentCount[]): Generator<Span> {
  const sorted = [...counts].sort((a, b) => a.sentFrom - b.sentFrom);
  const domains = new Map<string | null, { free: Crowd; paused: Crowd }>();
  const change = (count: SentCount, sign: 1 | -1) => {
    const domain = domains.get(count.mailDomain) ?? { free: nobody(), paused: nobody() };
    domains.set(count.mailDomain, domain);
    changeCrowd(count.paused ? domain.paused : domain.free, count, sign);
  };
  let end = 0;
  for (const [start, first] of sorted.entries()) {
    for (let next = sorted[end]; next && next.sentFrom < first.sentFrom + SPAN; next = sorted[end]) {
      change(next, 1);
      end += 1;
    }
    if (sorted[start - 1]?.sentFrom !== first.sentFrom) yield { since: first.sentFrom, domains };
    change(first, -1);
  }
}

function changeCrowd(crowd: Crowd, { person, results, failures }: SentCount, sign: 1 | -1): void {
  crowd.mails += sign * results;
  crowd.failedMails += sign * failures;
  if (person === null) {
    crowd.people += sign * results;
    crowd.failed += sign * failures;
    return;
  }
  const before = crowd.several.get(person) ?? { results: 0, failures: 0 };
  const after = { results: before.results + sign * results, failures: before.failures + sign * failures };
  crowd.several.set(person, after);
  crowd.people += Math.sign(after.results) - Math.sign(before.results);
  crowd.failed += Math.sign(after.failures) - Math.sign(before.failures);
}

function judge({ since, domains }: Span, endedLately: readonly PauseScope[]): MassFailure[] {
  const failing: MassFailure[] = [];
  const all = nothing();
  const rest = nothing();
  for (const [scope, { free, paused }] of domains) {
    for (const tally of [free, paused]) addTo(all, tally);
    const lately = endedLately.includes(null) || endedLately.includes(scope);
    const { people, failed } = free;
    if (scope !== null && isMass(free, lately)) failing.push({ scope, since, people, failed });
    else if (paused.people === 0) addTo(rest, free);
  }
  const shared = rest.failed >= SHARED_FROM && isLarge(rest) && isMass(all, endedLately.includes(null));
  const refused = failing.length === 0 && rest.failed >= SHARED_FROM && isAllRefused(all);
  if (!shared && !refused) return failing;
  return [{ scope: null, since, people: all.people, failed: all.failed }];
}

function isMass(tally: Tally, soonAfterPause: boolean): boolean {
  return tally.people >= (soonAfterPause ? PEOPLE_AT_LEAST_AFTER_PAUSE : PEOPLE_AT_LEAST) && isLarge(tally);
}

function isAllRefused({ people, mails, failedMails }: Tally): boolean {
  return people >= PEOPLE_ALL_REFUSED && mails >= MAILS_ALL_REFUSED && failedMails === mails;
}

function isLarge({ people, failed }: Tally): boolean {
  return failed > FAILED_OVER * people;
}

function nobody(): Crowd {
  return { ...nothing(), several: new Map() };
}

function nothing(): Tally {
  return { people: 0, failed: 0, mails: 0, failedMails: 0 };
}

function addTo(sum: Tally, { people, failed, mails, failedMails }: Tally): void {
  sum.people += people;
  sum.failed += failed;
  sum.mails += mails;
  sum.failedMails += failedMails;
}
