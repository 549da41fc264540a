/** 失効の原因 (R16), recomputed on every delivery event and address change while lapsed. */
import type { AddressState } from './address-state.js';
import type { Instant } from './calendar.js';
import type { Outcome } from './delivery.js';
import type { Step } from './schedule.js';

export const LAPSE_CAUSES = ['UNDELIVERABLE', 'NO_RESPONSE', 'NOT_SENT', 'UNKNOWN'] as const;
export type LapseCause = (typeof LAPSE_CAUSES)[number];

/** A mail of purpose REMINDER in this cycle. */
export interface CycleMail {
  slot: string | null;
  outcome: Outcome;
  acceptedAt: Instant | null;
}

export interface LapseFacts {
  presentAddress: AddressState;
  mails: readonly CycleMail[];
  /** The cycle's plan; steps skipped as before creation never fell due for this person. */
  steps: readonly Pick<Step, 'slot' | 'at' | 'reason'>[];
  expiresAt: Instant;
}

/** Outcomes of a slot that mean: the person was owed a mail and we did not get it out. */
const OWED: readonly Outcome[] = ['FAILED', 'SUPERSEDED', 'QUEUED', 'SENDING', 'DELAYED'];

/** R16. A mail that was accepted and bounced later is not an accepted one. */
export function lapseCause({ presentAddress, mails, steps, expiresAt }: LapseFacts): LapseCause {
  if (presentAddress === 'UNDELIVERABLE') return 'UNDELIVERABLE';
  if (
    mails.some(
      (mail) => mail.outcome === 'CONFIRMED' || (mail.acceptedAt !== null && mail.outcome !== 'BOUNCED'),
    )
  ) {
    return 'NO_RESPONSE';
  }
  const bySlot = new Map(mails.map((mail) => [mail.slot, mail.outcome]));
  const owed = steps.some((step) => {
    if (step.at >= expiresAt || step.reason === 'BEFORE_CREATION') return false;
    const outcome = bySlot.get(step.slot);
    return outcome === undefined || OWED.includes(outcome);
  });
  return owed ? 'NOT_SENT' : 'UNKNOWN';
}
