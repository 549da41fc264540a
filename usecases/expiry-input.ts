/** An expiry as somebody enters it (R1, R12). */
import type { Instant } from '../domain/calendar.js';
import { addPeriod, dayInJapan, isCivilDate } from '../domain/calendar.js';
import type { Expiry } from '../domain/cycle.js';
import { expiryOn } from '../domain/cycle.js';
import type { Policy } from '../domain/policy.js';
import type { FieldFault } from './errors.js';

export interface ExpiryInput {
  /** Date-based headquarters: D. */
  expiresOn?: string | undefined;
  /** Time-based headquarters: E. */
  expiresAt?: Instant | undefined;
}

/** Expiry further ahead than this is taken for a slip of the keyboard. */
const MAX_YEARS_AHEAD = 10;

/**
 * Whether it is the one that the policy's basis takes, a real day, and not absurd; what is wrong is added to `faults`.
 * Null: nothing usable was given.
 */
export function checkExpiry(
  policy: Policy,
  { expiresOn, expiresAt }: ExpiryInput,
  now: Instant,
  faults: FieldFault[],
): Expiry | null {
  const [right, wrong] =
    policy.basis === 'date' ? (['expiresOn', 'expiresAt'] as const) : (['expiresAt', 'expiresOn'] as const);
  const fault = (field: string, code: string, message: string) => {
    faults.push({ field, code, message });
    return null;
  };
  if ({ expiresOn, expiresAt }[wrong] !== undefined) {
    const takes = policy.basis === 'date' ? 'expiresOn (a day in Japan)' : 'expiresAt (an instant)';
    return fault(wrong, 'wrong-basis', `This headquarters' policy takes ${takes}.`);
  }
  const lastDay = addPeriod(dayInJapan(now), { years: MAX_YEARS_AHEAD, months: 0, days: 0 });
  const tooFar = `${right} must be at most ${MAX_YEARS_AHEAD} years ahead.`;
  if (policy.basis === 'date' && expiresOn !== undefined) {
    if (!isCivilDate(expiresOn))
      return fault(right, 'malformed', 'expiresOn must be a real date, YYYY-MM-DD.');
    return expiresOn > lastDay ? fault(right, 'too-far', tooFar) : expiryOn(expiresOn);
  }
  if (policy.basis === 'time' && expiresAt !== undefined) {
    return dayInJapan(expiresAt) > lastDay ? fault(right, 'too-far', tooFar) : { expiresOn: null, expiresAt };
  }
  return fault(right, 'required', `${right} must be given.`);
}
