/** R37: the state of one mail address, a fold over the dated evidence of the mails that were sent to it. */
import type { Instant } from './calendar.js';
import { DAY } from './calendar.js';

export const ADDRESS_STATES = ['UNVERIFIED', 'OK', 'SUSPECT', 'UNDELIVERABLE'] as const;
export type AddressState = (typeof ADDRESS_STATES)[number];

/** One mail sent to the address and what is known of it; null where it did not happen. */
export interface MailEvidence {
  /** Null: a mail of an older system (R10). */
  reminderId: string | null;
  acceptedAt: Instant | null;
  /** A conclusive failure: about this recipient, not about us. */
  failedAt: Instant | null;
  /** A failure that may pass by itself: mailbox full, given up after days. At most one of the two. */
  softFailedAt: Instant | null;
  /** Its own link, or a reply to it, was used. */
  provenAt: Instant | null;
}

export interface AddressStory {
  state: AddressState;
  /** Conclusive failures in a row. */
  failures: number;
  /** Last time the person answered a mail sent here; null = never. */
  lastProvenAt: Instant | null;
  lastFailure: { reminderId: string | null; at: Instant } | null;
}

export const PRIOR_OUTCOMES = ['ACCEPTED', 'PROVEN', 'FAILED', 'UNDELIVERABLE'] as const;
/** What an older system saw of its last mail; UNDELIVERABLE: it had given the address up. */
export type PriorOutcome = (typeof PRIOR_OUTCOMES)[number];

/** R10: that mail as evidence like any other; of an address given up, as many failures as that takes here. */
export function priorEvidence(
  { outcome, at }: { outcome: PriorOutcome; at: Instant },
  failuresToUndeliverable: number,
): MailEvidence[] {
  const nothing = { reminderId: null, acceptedAt: null, failedAt: null, softFailedAt: null, provenAt: null };
  switch (outcome) {
    case 'ACCEPTED':
      return [{ ...nothing, acceptedAt: at }];
    case 'PROVEN':
      return [{ ...nothing, acceptedAt: at, provenAt: at }];
    case 'FAILED':
      return [{ ...nothing, failedAt: at }];
    case 'UNDELIVERABLE':
      return Array.from({ length: failuresToUndeliverable }, () => ({ ...nothing, failedAt: at }));
  }
}

/** A mailbox that stays full: so many mails in a row, the last so long after the first. */
const SOFT_FAILURES_TO_SUSPECT = 3;
const SOFT_FAILURES_OVER = 7 * DAY;

type Event = { at: Instant; order: number } & (
  | { what: 'ACCEPTED' }
  | { what: 'PROVEN' }
  | { what: 'SOFT_FAILED' }
  | { what: 'FAILED'; reminderId: string | null }
);

/**
 * R37. The acceptance of a mail that failed later is left out; a mail whose own link was used never counts as failed.
 * Soft failures are counted apart and lead to SUSPECT, never further; a proof or an acceptance ends their row.
 * `proofs` are answers that belong to no single mail (a reply noted by staff).
 */
export function foldAddress(
  mails: readonly MailEvidence[],
  failuresToUndeliverable: number,
  proofs: readonly Instant[] = [],
): AddressStory {
  const story: AddressStory = { state: 'UNVERIFIED', failures: 0, lastProvenAt: null, lastFailure: null };
  // Once UNDELIVERABLE, acceptance alone leads no further than SUSPECT: only a proof ends the doubt.
  let doubted = false;
  let softFailures: Instant[] = [];
  for (const event of eventsOf(mails, proofs)) {
    if (event.what === 'PROVEN' || event.what === 'ACCEPTED') softFailures = [];
    if (event.what === 'PROVEN') {
      story.state = 'OK';
      story.failures = 0;
      story.lastProvenAt = event.at;
      doubted = false;
    } else if (event.what === 'FAILED') {
      story.failures += 1;
      story.lastFailure = { reminderId: event.reminderId, at: event.at };
      story.state = story.failures >= failuresToUndeliverable ? 'UNDELIVERABLE' : 'SUSPECT';
      if (story.state === 'UNDELIVERABLE') doubted = true;
    } else if (event.what === 'SOFT_FAILED') {
      softFailures.push(event.at);
      if (goesOnForLong(softFailures) && story.state !== 'UNDELIVERABLE') story.state = 'SUSPECT';
    } else {
      story.failures = 0;
      if (doubted) story.state = 'SUSPECT';
      else if (story.state === 'SUSPECT') story.state = story.lastProvenAt === null ? 'UNVERIFIED' : 'OK';
    }
  }
  return story;
}

function eventsOf(mails: readonly MailEvidence[], proofs: readonly Instant[]): Event[] {
  const events: Event[] = proofs.map((at) => ({ at, order: 2, what: 'PROVEN' }));
  for (const mail of mails) {
    if (mail.provenAt !== null) events.push({ at: mail.provenAt, order: 2, what: 'PROVEN' });
    const failed = mail.provenAt === null ? failureOf(mail) : null;
    if (failed !== null) events.push(failed);
    else if (mail.acceptedAt !== null) events.push({ at: mail.acceptedAt, order: 0, what: 'ACCEPTED' });
  }
  return events.sort((a, b) => a.at - b.at || a.order - b.order);
}

function goesOnForLong(inARow: readonly Instant[]): boolean {
  const [first, last] = [inARow[0] ?? 0, inARow.at(-1) ?? 0];
  return inARow.length >= SOFT_FAILURES_TO_SUSPECT && last - first >= SOFT_FAILURES_OVER;
}

function failureOf({ reminderId, failedAt, softFailedAt }: MailEvidence): Event | null {
  if (failedAt !== null) return { at: failedAt, order: 1, what: 'FAILED', reminderId };
  return softFailedAt === null ? null : { at: softFailedAt, order: 1, what: 'SOFT_FAILED' };
}
