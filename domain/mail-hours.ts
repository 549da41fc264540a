/** When automatic mail may go at all (R9, R6, R12). */
import type { Instant } from './calendar.js';
import { MINUTE, addDays, dayInJapan, instantInJapan, timeOfDayInJapan } from './calendar.js';
import type { CycleDates } from './cycle.js';
import type { Policy } from './policy.js';
import { MAIL_HOURS } from './policy.js';

/** R12: a slot on the stop instant of a time-based policy may go this late, the 60th second included. */
export const GRACE_ON_STOP = 60_000;

/**
 * R9: the first instant at or after `at` at which automatic mail may go: now within 08:00–21:00 in Japan, else at the
 * next sendAt plus `spread` ms. Time-based policies know no hours.
 */
export function firstMailInstant(policy: Policy, at: Instant, spread = 0): Instant {
  if (policy.basis === 'time') return at;
  const timeOfDay = timeOfDayInJapan(at);
  if (timeOfDay >= MAIL_HOURS.from && timeOfDay < MAIL_HOURS.until) return at;
  const today = dayInJapan(at);
  const day = timeOfDay < MAIL_HOURS.from ? today : addDays(today, 1);
  return instantInJapan(day, policy.sendAtMinutes) + spread;
}

/** R22: what 「朝8時に送る」 means: the next 08:00 in Japan when `at` lies between 21:00 and 08:00, else null. */
export function nextMorning(policy: Policy, at: Instant): Instant | null {
  if (policy.basis === 'time') return null;
  const timeOfDay = timeOfDayInJapan(at);
  if (timeOfDay >= MAIL_HOURS.from && timeOfDay < MAIL_HOURS.until) return null;
  const today = dayInJapan(at);
  return instantInJapan(timeOfDay < MAIL_HOURS.from ? today : addDays(today, 1), MAIL_HOURS.from / MINUTE);
}

/** R6: whether automatic mail planned for `plannedAt` may still go at `at`. */
export function beforeStop(
  policy: Policy,
  dates: Pick<CycleDates, 'autoStopsAt'>,
  plannedAt: Instant,
  at: Instant,
): boolean {
  if (policy.basis === 'time' && plannedAt === dates.autoStopsAt)
    return at <= dates.autoStopsAt + GRACE_ON_STOP;
  return at < dates.autoStopsAt;
}
