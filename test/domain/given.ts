/** Short ways to say what a domain test starts from. */
import type { CivilDate, Instant } from '../../domain/calendar.js';
import { cycleDates, expiryOn } from '../../domain/cycle.js';
import type { DatePolicy, Policy, TimePolicy } from '../../domain/policy.js';
import { parsePolicy } from '../../domain/policy.js';
import type { HandledMail, Plan, PlanInput } from '../../domain/schedule.js';
import { planReminders } from '../../domain/schedule.js';

/** '2027-03-31 10:00', with seconds and milliseconds if wanted, read as time in Japan. */
export function jst(text: string): Instant {
  const at = Date.parse(`${text.replace(' ', 'T')}+09:00`);
  if (Number.isNaN(at)) throw new Error(`not a time: ${text}`);
  return at;
}

export function policyOf(json: unknown): Policy {
  const result = parsePolicy(json);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.policy;
}

export const datePolicy = (json: object = {}): DatePolicy => policyOf(json) as DatePolicy;

/** validity 600 s, window 300 s before E, mails at −300, −60, 0, +60 and +300 s, stop at +300 s. */
export const TIME_BASED = {
  validity: 'PT600S',
  remindBefore: 'PT300S',
  reminders: { offsets: ['-PT300S', '-PT60S', 'PT0S', 'PT60S', 'PT300S'] },
  autoStopAfter: 'PT600S',
  retryAfterFailure: 'PT30S',
  longUnusedAfter: 'PT600S',
};

export const timePolicy = (json: object = {}): TimePolicy =>
  policyOf({ ...TIME_BASED, ...json }) as TimePolicy;

/** The plan of a cycle that ends with D (or at E), seen at `now`. */
export function planOf(
  policy: Policy,
  expiry: CivilDate | Instant,
  now: Instant,
  more: Partial<Omit<PlanInput, 'policy' | 'dates' | 'now'>> = {},
): Plan {
  const dates = cycleDates(
    policy,
    typeof expiry === 'string' ? expiryOn(expiry) : { expiresOn: null, expiresAt: expiry },
  );
  return planReminders({ policy, dates, now, slotsAfter: null, handled: [], ...more });
}

export const handledAt = (slot: string, at: Instant): HandledMail => ({ slot, kind: 'AUTOMATIC', at });
export const manualAt = (at: Instant): HandledMail => ({ slot: null, kind: 'MANUAL', at });

/** 'slot STATE reason' of every step: what a failing test should show. */
export const told = (plan: Plan): string[] =>
  plan.steps.map((step) => `${step.slot} ${step.state} ${step.reason}`);

/** The step of that slot. */
export function stepOf(plan: Plan, slot: string) {
  const found = plan.steps.find((step) => step.slot === slot);
  if (!found) throw new Error(`no slot ${slot}`);
  return found;
}
