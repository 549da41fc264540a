/** 失効の原因 (R16), recomputed on every delivery event and address change while lapsed. */
import type { AddressState } from './address-state.js';
import type { Instant } from './calendar.js';
import type { Outcome } from './delivery.js';
import type { Step } from './schedule.js';

export const LAPSE_CAUSES = ['UNDELIVERABLE', 'NO_RESPONSE', 'NOT_SENT', 'UNKNOWN'] as const;
export type LapseCause = (typeof LAPSE_CAUSES)[number];

/** R10: what an older system told of this lapse; its 不達 is evidence about the address instead. */
export const PRIOR_CAUSES = ['NO_RESPONSE', 'NOT_SENT'] as const satisfies readonly LapseCause[];
export type PriorCause = (typeof PRIOR_CAUSES)[number];

/** A mail of purpose REMINDER in this cycle; `dueAt` is its slot's planned instant. */
export interface CycleMail {
  slot: string | null;
  dueAt: Instant;
  outcome: Outcome;
  reason: string | null;
  acceptedAt: Instant | null;
}

export interface LapseFacts {
  presentAddress: AddressState;
  mails: readonly CycleMail[];
  /** The cycle's plan; steps skipped as before creation never fell due for this person. */
  steps: readonly Pick<Step, 'slot' | 'at' | 'reason'>[];
  expiresAt: Instant;
  /** R10. */
  priorCause?: PriorCause | null;
}

/** Outcomes of a slot that mean: the person was owed a mail and we did not get it out. */
const OWED: readonly Outcome[] = ['FAILED', 'SUPERSEDED', 'QUEUED', 'SENDING', 'DELAYED'];

const FAILURES: readonly Outcome[] = ['BOUNCED', 'FAILED'];

/** R16. A mail that was accepted and failed later, by a report, is not an accepted one. */
export function lapseCause({ presentAddress, mails, steps, expiresAt, priorCause }: LapseFacts): LapseCause {
  if (presentAddress === 'UNDELIVERABLE') return 'UNDELIVERABLE';
  if (
    mails.some(
      (mail) =>
        mail.outcome === 'CONFIRMED' || (mail.acceptedAt !== null && !FAILURES.includes(mail.outcome)),
    )
  ) {
    return 'NO_RESPONSE';
  }
  if (priorCause) return priorCause;
  const entered = new Set(mails.map((mail) => mail.slot));
  const owed =
    mails.some((mail) => mail.slot !== null && mail.dueAt < expiresAt && isOwed(mail)) ||
    steps.some((step) => step.at < expiresAt && step.reason !== 'BEFORE_CREATION' && !entered.has(step.slot));
  return owed ? 'NOT_SENT' : 'UNKNOWN';
}

/** What was left when automatic mail ended had no row until then: the entry must not change whose fault it was. */
function isOwed({ outcome, reason }: CycleMail): boolean {
  return OWED.includes(outcome) || (outcome === 'SKIPPED' && reason === 'AFTER_STOP');
}
