/** What a renewal does to the expiry, and when it does nothing (R7, R8, R12). */
import type { Instant } from './calendar.js';
import { addPeriod, dayInJapan } from './calendar.js';
import type { Expiry } from './cycle.js';
import { expiryOn } from './cycle.js';
import type { Policy } from './policy.js';

export type RenewalDecision =
  | { decision: 'RENEW'; next: Expiry }
  /** R8: the window is not open and nobody asked for an early renewal. */
  | { decision: 'TOO_EARLY' }
  /** R8: an early renewal that would move the expiry by nothing. */
  | { decision: 'NOTHING_GAINED' };

export interface RenewalInput {
  /** The policy in force at `receivedAt` (R7). */
  policy: Policy;
  current: Expiry & { windowOpensAt: Instant };
  /** When the request reached us: arrival decides, not the commit (R7). */
  receivedAt: Instant;
  /** R8: staff, naming the cycle, ask for a renewal before the window. */
  early: boolean;
}

/** R7, R8. */
export function decideRenewal({ policy, current, receivedAt, early }: RenewalInput): RenewalDecision {
  if (receivedAt >= current.windowOpensAt) {
    return { decision: 'RENEW', next: renewedExpiry(policy, current, receivedAt) };
  }
  if (!early) return { decision: 'TOO_EARLY' };
  const next = earlyExpiry(policy, current, receivedAt);
  return next.expiresAt > current.expiresAt ? { decision: 'RENEW', next } : { decision: 'NOTHING_GAINED' };
}

/** R7: before E counted from D, at or after E from the day of arrival; exact time: E′ = max(E, r) + validity (R12). */
function renewedExpiry(policy: Policy, current: Expiry, receivedAt: Instant): Expiry {
  if (policy.basis === 'time') {
    return { expiresOn: null, expiresAt: Math.max(current.expiresAt, receivedAt) + policy.validity };
  }
  const from =
    receivedAt < current.expiresAt && current.expiresOn !== null ? current.expiresOn : dayInJapan(receivedAt);
  return expiryOn(addPeriod(from, policy.validity));
}

/** R8, R12: the later of the present expiry and r + validity. */
function earlyExpiry(policy: Policy, current: Expiry, receivedAt: Instant): Expiry {
  const fromNow: Expiry =
    policy.basis === 'time'
      ? { expiresOn: null, expiresAt: receivedAt + policy.validity }
      : expiryOn(addPeriod(dayInJapan(receivedAt), policy.validity));
  return fromNow.expiresAt > current.expiresAt ? fromNow : current;
}
