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
import type { AccountSnapshot, LedgerRow } from '../store/rows.js';
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

/** A new row as the ledger would show it. */
export function asLedgerRow(row: NewReminderRow): LedgerRow {
  return {
    ...row,
    nextAttemptAt: null,
    claimToken: null,
    leaseUntil: null,
    attempts: 0,
    acceptedAt: null,
    bouncedAt: null,
    conclusive: false,
    excusedAt: null,
    provenAt: null,
  };
}

interface UnsentSlots {
  until: Instant;
  rest: SlotEnd;
  now: Instant;
}

/**
 * A row for every slot up to `until` that has none and was this person's to get (R10). A slot that the plan has settled
 * already keeps that reason; any other ends as `rest` says, also one that waited for a newer slot to take its place.
 */
export function unsentSlotRows(
  { snapshot, plan }: AccountPlan,
  { until, rest, now }: UnsentSlots,
): NewReminderRow[] {
  return plan.steps
    .filter((step) => step.at <= until && step.state !== 'HANDLED' && step.reason !== 'BEFORE_CREATION')
    .map((step) => slotRow(snapshot, step, endOf(step) ?? rest, { id: randomUUID(), now }));
}

/** Writes them. */
export async function enterUnsentSlots(tx: Tx, plan: AccountPlan, which: UnsentSlots): Promise<void> {
  for (const row of unsentSlotRows(plan, which)) await insertReminder(tx, row);
}

function endOf({ state, reason }: Step): SlotEnd | null {
  const settled = state === 'SKIPPED' || (state === 'SUPERSEDED' && reason !== 'NEWER_SLOT_DUE');
  return settled ? { outcome: state, reason } : null;
}
