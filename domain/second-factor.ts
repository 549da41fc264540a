/** 2段階の確認: who needs one, and how long wrong codes make wait. */
import type { Instant } from './calendar.js';
import { HOUR, MINUTE } from './calendar.js';
import type { Role } from './roles.js';

/** Who must have a second factor, set per headquarters. `NOBODY` is for closed networks and set by the vendor only. */
export const SECOND_FACTOR_RULES = ['EVERYBODY', 'WRITERS', 'NOBODY'] as const;
export type SecondFactorRule = (typeof SECOND_FACTOR_RULES)[number];

export function mustHaveSecondFactor(rule: SecondFactorRule, role: Role): boolean {
  return rule === 'EVERYBODY' || (rule === 'WRITERS' && role !== 'VIEWER');
}

/** So many wrong codes in a row cost nothing. */
const FREE = 5;
const FIRST_WAIT = 15 * MINUTE;
/** Nobody is locked out for good: after this long the next code is looked at. */
const LONGEST_WAIT = 12 * HOUR;

/** Until when no code is looked at after `wrong` wrong ones in a row, the last at `lastAt`; null: now. */
export function codeWaitUntil(wrong: number, lastAt: Instant | null, now: Instant): Instant | null {
  if (wrong < FREE || lastAt === null) return null;
  const until = lastAt + Math.min(FIRST_WAIT * 2 ** (wrong - FREE), LONGEST_WAIT);
  return until > now ? until : null;
}
