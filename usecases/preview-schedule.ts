/** What a policy would do to an expiry, for any moment: reads the HQ's policy at most, writes nothing (R14). */
import type { CivilDate, Instant } from '../domain/calendar.js';
import { isCivilDate } from '../domain/calendar.js';
import { cycleDates, expiryOn } from '../domain/cycle.js';
import type { Expiry } from '../domain/cycle.js';
import type { Policy } from '../domain/policy.js';
import { decideRenewal } from '../domain/renewal.js';
import { planReminders, slotsOf } from '../domain/schedule.js';
import type { HandledMail, ReminderKind, Step } from '../domain/schedule.js';
import { statusAt } from '../domain/status.js';
import type { Status } from '../domain/status.js';
import type { Deps } from './context.js';
import { refuse } from './errors.js';
import { readStoredPolicy } from './life-plan.js';
import { parsedOrRefused, readPolicy } from './policy.js';

export interface PreviewRequest {
  /** Left out: the HQ's present policy. Of either basis. */
  policy?: unknown;
  expiresOn?: CivilDate | undefined;
  expiresAt?: Instant | undefined;
  /** Left out: the account is older than its window. */
  createdAt?: Instant | undefined;
  /** `slot` null is a manual mail. A time-based slot may be named by any writing of its instant. */
  handled?: { slot: string | null; kind: ReminderKind; at: Instant }[] | undefined;
  /** Left out: the clock. */
  now?: Instant | undefined;
  renewedAt?: Instant | undefined;
}

export interface SchedulePreview {
  steps: Omit<Step, 'goesAt'>[];
  status: Status;
  windowOpensAt: Instant;
  expiresAt: Instant;
  autoStopsAt: Instant;
  /** `at`: the first moment it may go, from now on, without spread. */
  due: { slot: string; kind: ReminderKind; at: Instant } | null;
  renewal: { expiresOn: CivilDate | null; expiresAt: Instant; windowOpensAt: Instant } | null;
}

export async function previewSchedule(
  deps: Deps,
  fireHqId: string,
  request: PreviewRequest,
): Promise<SchedulePreview> {
  const policy =
    request.policy === undefined
      ? readStoredPolicy((await readPolicy(deps, fireHqId)).document)
      : parsedOrRefused(request.policy, 'policy');
  const dates = cycleDates(policy, expiryOf(policy, request));
  const now = request.now ?? deps.clock.now();
  const renewal = renewalOf(policy, dates, request.renewedAt);
  const { steps, due } = planReminders({
    policy,
    dates,
    now,
    slotsAfter: request.createdAt ?? null,
    handled: (request.handled ?? []).map((mail, i) => namedSlot(policy, dates, mail, i)),
    renewedAt: renewal === null ? null : (request.renewedAt ?? null),
  });
  const renewedByNow = renewal !== null && (request.renewedAt ?? Infinity) <= now;
  return {
    steps: steps.map(({ goesAt: _goesAt, ...step }) => step),
    status: statusAt({ ...(renewedByNow ? renewal : dates), withdrawnAt: null }, now),
    windowOpensAt: dates.windowOpensAt,
    expiresAt: dates.expiresAt,
    autoStopsAt: dates.autoStopsAt,
    due: due && { slot: due.slot, kind: due.kind, at: due.goesAt ?? due.at },
    renewal,
  };
}

/** R7, R8: what the answer on a link received then gives; null without one, or before the window. */
function renewalOf(
  policy: Policy,
  dates: ReturnType<typeof cycleDates>,
  renewedAt: Instant | undefined,
): SchedulePreview['renewal'] {
  if (renewedAt === undefined) return null;
  const decided = decideRenewal({ policy, current: dates, receivedAt: renewedAt, early: false });
  if (decided.decision !== 'RENEW') return null;
  return { ...decided.next, windowOpensAt: cycleDates(policy, decided.next).windowOpensAt };
}

function expiryOf(policy: Policy, { expiresOn, expiresAt }: PreviewRequest): Expiry {
  const wanted = policy.basis === 'date' ? 'expiresOn' : 'expiresAt';
  const other = policy.basis === 'date' ? 'expiresAt' : 'expiresOn';
  const given = { expiresOn, expiresAt };
  const fields = [];
  if (given[other] !== undefined) {
    fields.push({ field: other, code: 'wrong-basis', message: `This policy takes ${wanted}.` });
  }
  if (given[wanted] === undefined) {
    fields.push({ field: wanted, code: 'required', message: `${wanted} must be given for this policy.` });
  } else if (expiresOn !== undefined && !isCivilDate(expiresOn)) {
    fields.push({
      field: 'expiresOn',
      code: 'malformed',
      message: 'expiresOn must be a real date, YYYY-MM-DD.',
    });
  }
  if (fields.length > 0) refuse({ code: 'validation', fields });
  return policy.basis === 'date'
    ? expiryOn(expiresOn as string)
    : { expiresOn: null, expiresAt: expiresAt as number };
}

/** A slot the policy does not have would change the plan silently: refused. */
function namedSlot(
  policy: Policy,
  dates: ReturnType<typeof cycleDates>,
  mail: HandledMail,
  index: number,
): HandledMail {
  if (mail.slot === null) return mail;
  const at = policy.basis === 'time' ? Date.parse(mail.slot) : NaN;
  const slot = slotsOf(policy, dates).find((each) => each.name === mail.slot || each.at === at);
  if (slot) return { ...mail, slot: slot.name };
  return refuse({
    code: 'validation',
    fields: [
      { field: `handled[${index}].slot`, code: 'unknown-slot', message: 'This policy has no such slot.' },
    ],
  });
}
