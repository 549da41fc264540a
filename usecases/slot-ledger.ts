/**
 * Slots that end without a mail of their own still get their row, so that リマインダー履歴 and the sums of R38 know every
 * mail that was planned: 送信せず with its reason (R9, R15, R23).
 */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import type { Outcome } from '../domain/delivery.js';
import type { Step } from '../domain/schedule.js';
import type { Tx } from '../store/database.js';
import type { NewReminderRow } from '../store/reminders.js';
import { insertReminder } from '../store/reminders.js';
import type { AccountSnapshot } from '../store/rows.js';
import type { AccountPlan } from './life-plan.js';
import { slotKey } from './life-plan.js';

export interface SlotEnd {
  outcome: Outcome;
  reason: string | null;
}

/** The ledger's row of a slot; `due_at` is the slot's planned instant, without spread. */
export function slotRow(
  { account, cycle, address }: AccountSnapshot,
  step: Pick<Step, 'slot' | 'at' | 'kind'>,
  end: SlotEnd,
  { id, now }: { id: string; now: Instant },
): NewReminderRow {
  return {
    id,
    accountId: account.id,
    cycle: cycle.number,
    addressId: address.id,
    purpose: 'REMINDER',
    kind: step.kind,
    slot: step.slot,
    dedupeKey: slotKey(cycle.number, step.slot),
    createdAt: now,
    requestedBy: 'system',
    dueAt: step.at,
    giveUpAt: null,
    outcome: end.outcome,
    reason: end.reason,
  };
}

/**
 * Enters every slot up to `until` that has no row and was this person's to get (R10). A slot that the plan has settled
 * already keeps that reason; any other ends as `rest` says, also one that waited for a newer slot to take its place.
 */
export async function enterUnsentSlots(
  tx: Tx,
  { snapshot, plan }: AccountPlan,
  { until, rest, now }: { until: Instant; rest: SlotEnd; now: Instant },
): Promise<void> {
  for (const step of plan.steps) {
    if (step.at > until || step.state === 'HANDLED' || step.reason === 'BEFORE_CREATION') continue;
    await insertReminder(tx, slotRow(snapshot, step, endOf(step) ?? rest, { id: randomUUID(), now }));
  }
}

function endOf({ state, reason }: Step): SlotEnd | null {
  const settled = state === 'SKIPPED' || (state === 'SUPERSEDED' && reason !== 'NEWER_SLOT_DUE');
  return settled ? { outcome: state, reason } : null;
}
