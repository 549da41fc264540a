/** R13: one running cycle under another policy; pure. Shared by the preview of a policy and by "apply now". */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { cycleDates } from '../domain/cycle.js';
import type { Policy } from '../domain/policy.js';
import type { NewReminderRow } from '../store/reminders.js';
import type { AccountSnapshot, PolicyVersionRow } from '../store/rows.js';
import { planAccount } from './life-plan.js';
import { asLedgerRow, slotRow } from './slot-ledger.js';

/** Also when the workflow has not come to record it yet. */
export function hasStopped({ cycle }: AccountSnapshot, now: Instant): boolean {
  return cycle.autoStopRecordedAt !== null || cycle.autoStopsAt <= now;
}

/** The mail that is due now under the old plan and waits for its place in the spread, the morning or the end of a rest. */
export function owedRow(before: AccountSnapshot, now: Instant): NewReminderRow | null {
  const { due } = planAccount(before, now).plan;
  return due && slotRow(before, due, { outcome: 'QUEUED', reason: null }, { id: randomUUID(), now });
}

export function underPolicy(
  before: AccountSnapshot,
  owed: NewReminderRow | null,
  policy: Policy,
  version: Pick<PolicyVersionRow, 'version' | 'document'>,
  now: Instant,
): AccountSnapshot {
  const { cycle } = before;
  const dates = cycleDates(policy, cycle);
  // An opened window never closes; one that opens by this change opens now, not in the past.
  const wasOpen = cycle.windowOpensAt <= now;
  return {
    ...before,
    policy: version.document,
    cycle: {
      ...cycle,
      policyVersion: version.version,
      windowOpensAt: wasOpen ? cycle.windowOpensAt : Math.max(dates.windowOpensAt, now),
      autoStopsAt: dates.autoStopsAt,
      slotsAfter: Math.max(cycle.slotsAfter ?? -Infinity, now),
    },
    mails: owed ? [...before.mails, asLedgerRow(owed)] : before.mails,
  };
}
