/** R37: after a first conclusive failure one automatic retry, left out when a slot comes soon enough. */
import type { AddressStory } from './address-state.js';
import type { Instant } from './calendar.js';
import { addDays, dayInJapan, instantInJapan } from './calendar.js';
import type { CycleDates } from './cycle.js';
import { beforeStop } from './mail-hours.js';
import type { Policy } from './policy.js';
import type { Step } from './schedule.js';
import { spreadOffset } from './schedule.js';

export interface RetryInput {
  policy: Policy;
  dates: CycleDates;
  story: AddressStory;
  steps: readonly Step[];
  spreadKey: string;
}

/**
 * When the retry goes and which mail it repeats; null when none is planned. At `sendAt` of the day
 * `retryAfterFailure` after the failure, under exact time at that instant; never after the stop day (R6).
 */
export function plannedRetry(input: RetryInput): { reminderId: string; at: Instant } | null {
  const { policy, dates, story, steps, spreadKey } = input;
  if (story.state !== 'SUSPECT' || story.failures !== 1 || story.lastFailure === null) return null;
  const { reminderId, at: failedAt } = story.lastFailure;
  // A mail of an older system (R10) is not ours to repeat.
  if (reminderId === null) return null;
  const failure = { reminderId, at: failedAt };
  if (failure.at < dates.windowOpensAt) return null;
  const at = retryInstant(policy, failure.at);
  const lastSlotThatReplaces = policy.basis === 'date' ? instantInJapan(addDays(dayInJapan(at), 1)) - 1 : at;
  const replaced = steps.some(
    (step) => step.at > failure.at && step.at <= lastSlotThatReplaces && step.state !== 'SKIPPED',
  );
  if (replaced || !beforeStop(policy, dates, at, at)) return null;
  return {
    reminderId: failure.reminderId,
    at: at + spreadOffset(policy, spreadKey, `retry:${failure.reminderId}`),
  };
}

function retryInstant(policy: Policy, failedAt: Instant): Instant {
  if (policy.basis === 'time') return failedAt + policy.retryAfterFailure;
  return instantInJapan(addDays(dayInJapan(failedAt), policy.retryAfterFailureDays), policy.sendAtMinutes);
}
