/** One 更新期間: its expiry, window and stop (R1, R3, R6). */
import type { CivilDate, Instant } from './calendar.js';
import { addDays, addPeriod, dayInJapan, instantInJapan } from './calendar.js';
import type { Policy } from './policy.js';

export interface Expiry {
  /** D, valid through its end; null under a time-based policy. */
  expiresOn: CivilDate | null;
  /** E, exclusive. */
  expiresAt: Instant;
}

export interface CycleDates extends Expiry {
  /** The first instant at which the person may renew and be reminded. */
  windowOpensAt: Instant;
  /** From here on no automatic mail (exclusive end; R12 lets a slot on this very instant be 60 s late). */
  autoStopsAt: Instant;
}

/** R1: E is the midnight in Japan that ends D. */
export function expiryOn(date: CivilDate): { expiresOn: CivilDate; expiresAt: Instant } {
  return { expiresOn: date, expiresAt: instantInJapan(addDays(date, 1)) };
}

/** R2: registered at `at` without a given date. */
export function firstExpiry(policy: Policy, at: Instant): Expiry {
  return policy.basis === 'date'
    ? expiryOn(addPeriod(dayInJapan(at), policy.validity))
    : { expiresOn: null, expiresAt: at + policy.validity };
}

/** R3, R6. Throws a RangeError when policy and expiry are of different bases: that is a programmer's mistake. */
export function cycleDates(policy: Policy, expiry: Expiry): CycleDates {
  if (policy.basis === 'time') {
    const windowOpensAt = expiry.expiresAt - policy.remindBefore;
    const from = policy.autoStopFrom === 'expiry' ? expiry.expiresAt : windowOpensAt;
    return {
      expiresOn: null,
      expiresAt: expiry.expiresAt,
      windowOpensAt,
      autoStopsAt: from + policy.autoStopAfter,
    };
  }
  if (expiry.expiresOn === null) throw new RangeError('a date-based policy needs an expiry date');
  const windowDay = addDays(expiry.expiresOn, -policy.remindBeforeDays);
  const from = policy.autoStopFrom === 'expiry' ? expiry.expiresOn : windowDay;
  const stopDay = addDays(from, policy.autoStopAfterDays);
  return {
    ...expiry,
    windowOpensAt: instantInJapan(windowDay),
    autoStopsAt: instantInJapan(addDays(stopDay, 1)),
  };
}
