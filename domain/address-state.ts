/** R37: the state of one mail address, a fold over the dated evidence of the mails that were sent to it. */
import type { Instant } from './calendar.js';

export const ADDRESS_STATES = ['UNVERIFIED', 'OK', 'SUSPECT', 'UNDELIVERABLE'] as const;
export type AddressState = (typeof ADDRESS_STATES)[number];

/** One mail sent to the address and what is known of it; null where it did not happen. */
export interface MailEvidence {
  reminderId: string;
  acceptedAt: Instant | null;
  /** A conclusive failure: about this recipient, not about us. */
  failedAt: Instant | null;
  /** Its own link, or a reply to it, was used. */
  provenAt: Instant | null;
}

export interface AddressStory {
  state: AddressState;
  /** Conclusive failures in a row. */
  failures: number;
  /** Last time the person answered a mail sent here; null = never. */
  lastProvenAt: Instant | null;
  lastFailure: { reminderId: string; at: Instant } | null;
}

type Event = { at: Instant; order: number } & (
  { what: 'ACCEPTED' } | { what: 'PROVEN' } | { what: 'FAILED'; reminderId: string }
);

/**
 * R37. The acceptance of a mail that failed later is left out; a mail whose own link was used never counts as failed.
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
  for (const event of eventsOf(mails, proofs)) {
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
    const failed = mail.failedAt !== null && mail.provenAt === null;
    if (failed)
      events.push({ at: mail.failedAt as Instant, order: 1, what: 'FAILED', reminderId: mail.reminderId });
    if (mail.acceptedAt !== null && !failed) events.push({ at: mail.acceptedAt, order: 0, what: 'ACCEPTED' });
  }
  return events.sort((a, b) => a.at - b.at || a.order - b.order);
}
