/** R37: what is left of automatic mail to an UNDELIVERABLE address: one nameless check mail each 30 days, in the window. */
import type { Instant } from './calendar.js';
import { DAY, SECOND, addDays, dayInJapan, instantInJapan } from './calendar.js';
import type { CycleDates } from './cycle.js';
import type { Policy } from './policy.js';
import { spreadOffset } from './schedule.js';

const EVERY_DAYS = 30;
/** Under exact time (R12): the default policy's 30 of 180 days. */
const SHARE_OF_AUTO_STOP = 6;

export interface ProbeInput {
  policy: Policy;
  dates: CycleDates;
  /** R10, R13, R15: what fell due until then is not caught up; null: nothing did. */
  notUntil: Instant | null;
  lastFailedAt: Instant;
  /** When the earlier ones of this cycle were due. */
  earlier: readonly Instant[];
  spreadKey: string;
}

/**
 * The next one, however long ago its moment was: its name (a day in Japan, under exact time an instant) and when it is
 * to go. At `sendAt` of the day 30 days after the last failure or probe, but not before the window; null: not before
 * automatic mail ends (R6).
 */
export function plannedProbe(input: ProbeInput): { name: string; at: Instant } | null {
  const { policy, dates, spreadKey } = input;
  const since = Math.max(input.lastFailedAt, ...input.earlier);
  const planned = notBefore(input.notUntil, ...firstAndStep(policy, dates, since));
  const name = policy.basis === 'date' ? dayInJapan(planned) : new Date(planned).toISOString();
  const at = Math.max(planned + spreadOffset(policy, spreadKey, `probe:${name}`), dates.windowOpensAt);
  return at < dates.autoStopsAt ? { name, at } : null;
}

function firstAndStep(policy: Policy, dates: CycleDates, since: Instant): [first: Instant, step: number] {
  if (policy.basis === 'time') {
    const step = Math.max(SECOND, Math.floor(policy.autoStopAfter / SHARE_OF_AUTO_STOP));
    return [Math.max(since + step, dates.windowOpensAt), step];
  }
  const days = [addDays(dayInJapan(since), EVERY_DAYS), dayInJapan(dates.windowOpensAt)].sort();
  return [instantInJapan(days[1] ?? '', policy.sendAtMinutes), EVERY_DAYS * DAY];
}

function notBefore(notUntil: Instant | null, first: Instant, step: number): Instant {
  const passed = notUntil === null || notUntil < first ? 0 : Math.floor((notUntil - first) / step) + 1;
  return first + passed * step;
}
