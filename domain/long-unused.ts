/** 長期間未利用 (R33): by the headquarters' own period, apart from 失効中. */
import type { Instant } from './calendar.js';
import { addDays, addPeriod, dayInJapan, instantInJapan, subtractPeriod } from './calendar.js';
import type { Policy } from './policy.js';

/** `lastUse`: the last call that was reported, else the registration. */
export function isLongUnused(policy: Policy, lastUse: Instant, now: Instant): boolean {
  if (policy.basis === 'time') return now >= lastUse + policy.longUnusedAfter;
  return now >= instantInJapan(addPeriod(dayInJapan(lastUse), policy.longUnusedAfter));
}

/** Months differ in length: going back and forth by the same period misses by no more than this many days. */
const MISSED_BY = 7;

/** The same the other way round, for lists: whose last use lies before this instant is long unused. */
export function longUnusedBefore(policy: Policy, now: Instant): Instant {
  if (policy.basis === 'time') return now - policy.longUnusedAfter + 1;
  const today = dayInJapan(now);
  let day = addDays(subtractPeriod(today, policy.longUnusedAfter), MISSED_BY);
  while (addPeriod(day, policy.longUnusedAfter) > today) day = addDays(day, -1);
  return instantInJapan(addDays(day, 1));
}
