/** How long a new address waits for its check mail to be answered, and when check mails may go (R19, R28). */
import type { Instant } from './calendar.js';
import { DAY, MINUTE, SECOND } from './calendar.js';
import { nextMorning } from './mail-hours.js';
import type { Policy } from './policy.js';

/** R19: afterwards the address counts for nothing, and whoever opens its link changes nothing. */
export const PENDING_FOR = 14 * DAY;

/** R28: what a person may set off by telling new addresses on the page. */
export const CHECKS_A_DAY_BY_PAGE = 3;

/** R19: how far apart staff may send check mails to one address; as R22, and R12 under exact time. */
export const CHECKS_APART = { date: 10 * MINUTE, time: 10 * SECOND } as const;

/** R19: whether its check mail can still be answered; `until` is exclusive. */
export function isPendingAt(pending: { until: Instant } | null, now: Instant): boolean {
  return pending !== null && now < pending.until;
}

/**
 * R9, R19: a check mail that the person set off goes at once, who has the telephone in hand; any other not before 08:00
 * and not from 21:00 on in Japan.
 */
export function checkMailAt(policy: Policy, at: Instant, byResident: boolean): Instant {
  return byResident ? at : (nextMorning(policy, at) ?? at);
}
