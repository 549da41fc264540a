/**
 * What is to be done for one account, and when: the plan as data that the workflow walks (architecture: the workflow
 * owns waiting and order, the database the facts). Pure: a snapshot and an instant in, steps out.
 */

import type { AddressStory } from '../domain/address-state.js';
import type { Instant } from '../domain/calendar.js';
import { DAY } from '../domain/calendar.js';
import type { Purpose } from '../domain/delivery.js';
import { isWaiting } from '../domain/delivery.js';
import { lapseCause } from '../domain/lapse.js';
import type { LapseCause } from '../domain/lapse.js';
import { GRACE_ON_STOP, beforeStop, firstMailInstant } from '../domain/mail-hours.js';
import { parsePolicy } from '../domain/policy.js';
import type { Policy, PolicyDocument } from '../domain/policy.js';
import { plannedRetry } from '../domain/retry.js';
import { isOutstanding, planReminders, spreadOffset } from '../domain/schedule.js';
import type { HandledMail, Plan, Step } from '../domain/schedule.js';
import { statusAt } from '../domain/status.js';
import type { Status } from '../domain/status.js';
import type { AccountSnapshot, LedgerRow } from '../store/rows.js';
import { isAddressee, isCheckNeedless, isProbe, nextProbe, withinMailHours } from './address-mail.js';
import { excusedRetry } from './excused-retry.js';
import { isConcerned, pauseOf, restingStops } from './mail-pause.js';
import type { Pause } from './mail-pause.js';

/** R15: a withdrawal can be undone this long. */
export const UNDO_WITHDRAWAL_WITHIN = 30 * DAY;

/** A mail that is waiting or planned; `at` is when something is to be done about it. */
export interface MailTask {
  /** The ledger's dedupe key. */
  key: string;
  at: Instant;
  /** Temporal's priority key: 1 manual, receipts and what people set off, 4 automatic. */
  priority: 1 | 4;
  purpose: Purpose;
  /** The ledger row; null when it is written with the first claim. */
  row: LedgerRow | null;
  /** The slot's step, for automatic reminders that have no row yet. */
  step: Step | null;
  /** It is not to be sent any more; the ledger is told so instead. */
  dismissal: { outcome: 'SKIPPED' | 'SUPERSEDED' | 'FAILED'; reason: string } | null;
}

export interface AccountPlan extends Pause {
  snapshot: AccountSnapshot;
  now: Instant;
  policy: Policy;
  status: Status;
  plan: Plan;
  /** Automatic mail rests until then: 保留, 自動送信の停止, a wish to stop; Infinity without an end; null: it does not. */
  heldUntil: Instant | null;
  /** The address takes no automatic reminders (R37, onUndeliverable). */
  addressClosed: boolean;
  /** R37: instead of them it is asked now and then whether mail arrives again. */
  probing: boolean;
  mails: MailTask[];
  lapseCause: LapseCause | null;
}

/** A list asks for the same few documents again and again; policies are read only. */
const readPolicies = new Map<string, Policy>();
const MOST_READ = 100;

/** The stored document was checked when it was saved; if it cannot be read now, that is a defect, not a user's mistake. */
export function readStoredPolicy(document: PolicyDocument): Policy {
  const text = JSON.stringify(document);
  const known = readPolicies.get(text);
  if (known !== undefined) return known;
  const result = parsePolicy(document);
  if (!result.ok)
    throw new Error(`stored policy is not valid: ${result.faults.map((f) => f.field).join(', ')}`);
  if (readPolicies.size >= MOST_READ) readPolicies.clear();
  readPolicies.set(text, result.policy);
  return result.policy;
}

export function planAccount(snapshot: AccountSnapshot, now: Instant): AccountPlan {
  const { account, cycle, address } = snapshot;
  const policy = readStoredPolicy(snapshot.policy);
  const status = statusAt({ ...cycle, withdrawnAt: account.withdrawnAt }, now);
  const restsUntil = restsUntilOf(snapshot);
  const heldUntil = restsUntil !== null && restsUntil > now ? restsUntil : null;
  const addressClosed = address.state === 'UNDELIVERABLE' && policy.onUndeliverable !== 'continue';
  const cycleMails = snapshot.mails.filter(
    (mail) => mail.purpose === 'REMINDER' && mail.cycle === cycle.number,
  );
  const plan = planReminders({
    policy,
    dates: cycle,
    now,
    slotsAfter: cycle.slotsAfter,
    handled: cycleMails.flatMap(asHandled),
    heldUntil: restsUntil,
    spreadKey: account.id,
    addressClosed,
  });
  const probing = addressClosed && policy.onUndeliverable === 'probe' && cycle.autoStopRecordedAt === null;
  const facts = {
    snapshot,
    now,
    policy,
    status,
    plan,
    heldUntil,
    addressClosed,
    probing,
    ...pauseOf(snapshot, now),
  };
  return {
    ...facts,
    mails: mailTasks(facts),
    lapseCause:
      status === 'LAPSED'
        ? lapseCause({
            presentAddress: address.state,
            mails: cycleMails,
            steps: plan.steps,
            expiresAt: cycle.expiresAt,
            priorCause: cycle.priorCause,
          })
        : null,
  };
}

/** Automatic mail of the cycle is over: recorded, or past the stop. */
export function autoMailEnded({
  policy,
  snapshot,
  now,
}: Pick<AccountPlan, 'policy' | 'snapshot' | 'now'>): boolean {
  return (
    snapshot.cycle.autoStopRecordedAt !== null ||
    !beforeStop(policy, snapshot.cycle, snapshot.cycle.windowOpensAt, now)
  );
}

/** R6: when the end of automatic mail can be recorded: not while a slot on the stop instant has its minute (R12). */
export function autoStopDueAt({
  policy,
  snapshot,
  plan,
}: Pick<AccountPlan, 'policy' | 'snapshot' | 'plan'>): Instant {
  const stop = snapshot.cycle.autoStopsAt;
  const waits =
    policy.basis === 'time' &&
    (plan.steps.some((step) => step.at === stop && isOutstanding(step)) ||
      snapshot.mails.some((mail) => mail.slot !== null && isWaiting(mail) && Date.parse(mail.slot) === stop));
  return waits ? stop + GRACE_ON_STOP + 1 : stop;
}

/** The story of the present address as the store keeps it. */
function storyOf(snapshot: AccountSnapshot): AddressStory {
  const { address } = snapshot;
  return {
    state: address.state,
    failures: address.failures,
    lastProvenAt: address.lastProvenAt,
    lastFailure:
      address.lastFailedAt !== null && address.lastFailedReminderId !== null
        ? { reminderId: address.lastFailedReminderId, at: address.lastFailedAt }
        : null,
  };
}

/** R28, R36: when automatic mail may go again, or could go again last; null: it never rested in this cycle. */
function restsUntilOf(snapshot: AccountSnapshot): Instant | null {
  const { account, stopRequested } = snapshot;
  if (stopRequested) return Infinity;
  const ends = restingStops(snapshot).map((stop) =>
    Math.min(stop.until ?? Infinity, stop.endedAt ?? Infinity),
  );
  if (account.holdUntil !== null) ends.push(account.holdUntil);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** A row means the slot was dealt with; a manual mail counts from its acceptance (R9), unless it failed after all. */
function asHandled(mail: LedgerRow): HandledMail[] {
  if (mail.slot !== null) {
    return [{ slot: mail.slot, kind: mail.kind ?? 'AUTOMATIC', at: mail.acceptedAt ?? mail.createdAt }];
  }
  return mail.kind === 'MANUAL' && mail.acceptedAt !== null && mail.bouncedAt === null
    ? [{ slot: null, kind: 'MANUAL', at: mail.acceptedAt }]
    : [];
}

type Facts = Omit<AccountPlan, 'mails' | 'lapseCause'>;

function mailTasks(facts: Facts): MailTask[] {
  const { snapshot, plan, status } = facts;
  const waiting = snapshot.mails.filter(isWaiting).map((row) => waitingTask(facts, row));
  if (status === 'WITHDRAWN') return waiting;
  const others = [excusedRetryTask(facts) ?? retryTask(facts), probeTask(facts)].filter(
    (task) => task !== null,
  );
  return [...waiting, ...plan.steps.flatMap((step) => slotTask(snapshot, step)), ...others];
}

/** A slot without a row: a mail to send, or, when its moment comes, an entry that none is sent (R9, R37). */
function slotTask({ cycle }: AccountSnapshot, step: Step): MailTask[] {
  const task = {
    key: slotKey(cycle.number, step.slot),
    priority: 4,
    purpose: 'REMINDER',
    row: null,
    step,
  } as const;
  if (step.reason === 'MANUAL_MAIL_WITHIN_24_HOURS') {
    return [{ ...task, at: step.at, dismissal: { outcome: 'SUPERSEDED', reason: step.reason } }];
  }
  if (!isOutstanding(step)) return [];
  const closed = step.reason === 'ADDRESS_UNDELIVERABLE';
  return [
    { ...task, at: step.goesAt, dismissal: closed ? { outcome: 'SKIPPED', reason: step.reason } : null },
  ];
}

export function slotKey(cycle: number, slot: string): string {
  return `auto:${cycle}:${slot}`;
}

function retryTask({ snapshot, policy, plan, now, heldUntil, addressClosed }: Facts): MailTask | null {
  if (addressClosed || heldUntil === Infinity) return null;
  const retry = plannedRetry({
    policy,
    dates: snapshot.cycle,
    story: storyOf(snapshot),
    steps: plan.steps,
    spreadKey: snapshot.account.id,
  });
  if (!retry) return null;
  const key = `retry:${retry.reminderId}`;
  if (snapshot.mails.some((mail) => mail.dedupeKey === key)) return null;
  const spread = spreadOffset(policy, snapshot.account.id, key);
  const at = firstMailInstant(policy, Math.max(retry.at, now, heldUntil ?? -Infinity), spread);
  // R9: delayed beyond a slot, that slot's mail takes its place.
  const failedAt = snapshot.address.lastFailedAt ?? at;
  if (plan.steps.some((step) => step.at > failedAt && step.at <= at && step.state !== 'SKIPPED')) return null;
  if (!beforeStop(policy, snapshot.cycle, retry.at, at)) return null;
  return { key, at, priority: 4, purpose: 'REMINDER', row: null, step: null, dismissal: null };
}

function probeTask({ snapshot, policy, now, heldUntil, probing }: Facts): MailTask | null {
  const probe = probing && heldUntil !== Infinity ? nextProbe(snapshot, policy) : null;
  if (!probe) return null;
  const spread = spreadOffset(policy, snapshot.account.id, probe.key);
  const at = firstMailInstant(policy, Math.max(probe.at, now, heldUntil ?? -Infinity), spread);
  if (at >= snapshot.cycle.autoStopsAt) return null;
  return { key: probe.key, at, priority: 4, purpose: 'CHECK', row: null, step: null, dismissal: null };
}

function excusedRetryTask(facts: Facts): MailTask | null {
  // R39: a window that opened and lies ahead again.
  const retry = facts.now < facts.snapshot.cycle.windowOpensAt ? null : excusedRetry(facts);
  return retry && { ...retry, priority: 4, purpose: 'REMINDER', row: null, step: null, dismissal: null };
}

function waitingTask(facts: Facts, row: LedgerRow): MailTask {
  const { policy, snapshot, now, heldUntil, paused } = facts;
  const automatic = isAutomatic(row);
  const { dedupeKey: key, purpose } = row;
  const task = { key, priority: automatic ? 4 : 1, purpose, row, step: null } as const;
  const ready = readyAt(row);
  const dismissal = dismissalOf(facts, row, automatic);
  // A row in the middle of a send belongs to its sender until the lease ends.
  if (dismissal) return { ...task, at: row.outcome === 'SENDING' ? ready : now, dismissal };
  // R24: it comes back when it is given up, or else once a day.
  const released = paused && isConcerned(facts, row) ? Math.max(ready, row.giveUpAt ?? now + DAY) : ready;
  if (!automatic)
    return { ...task, at: giveUpFirst(row, withinMailHours(policy, row, released, now)), dismissal: null };
  if (heldUntil === Infinity) return { ...task, at: giveUpFirst(row, stopOf(facts, row)), dismissal: null };
  const spread = spreadOffset(policy, snapshot.account.id, row.slot ?? row.dedupeKey);
  const at = firstMailInstant(policy, Math.max(ready, now, heldUntil ?? -Infinity), spread);
  const goes = ready > now || at > now ? at : ready;
  return {
    ...task,
    at: Math.min(giveUpFirst(row, goes), Math.max(now, stopOf(facts, row))),
    dismissal: null,
  };
}

function isAutomatic(row: LedgerRow): boolean {
  return row.kind === 'AUTOMATIC' || row.kind === 'CATCH_UP' || isProbe(row);
}

/** R28, R36: a waiting mail that rests past the end of automatic mail; `at` is then when it is given up, not sent. */
export function restsToTheEnd(facts: Facts, { row, at }: MailTask): boolean {
  if (row === null || row.outcome === 'SENDING' || !isAutomatic(row)) return false;
  return facts.heldUntil === Infinity || at >= stopOf(facts, row);
}

function giveUpFirst(row: LedgerRow, at: Instant): Instant {
  return row.giveUpAt === null || row.outcome === 'SENDING' ? at : Math.min(at, row.giveUpAt);
}

function readyAt(row: LedgerRow): Instant {
  if (row.outcome === 'SENDING') return row.leaseUntil ?? row.dueAt;
  return row.outcome === 'DELAYED' ? (row.nextAttemptAt ?? row.dueAt) : row.dueAt;
}

/** The first instant at which this row may not go any more because automatic mail has ended (R6, R12). */
function stopOf({ policy, snapshot }: Facts, row: LedgerRow): Instant {
  const stop = snapshot.cycle.autoStopsAt;
  const onStop = policy.basis === 'time' && row.slot !== null && Date.parse(row.slot) === stop;
  return onStop ? stop + GRACE_ON_STOP + 1 : stop;
}

/** Why a waiting mail is not to be sent any more; null while it is still due (R9, R15, R22, R20 "still due?"). */
function dismissalOf(facts: Facts, row: LedgerRow, automatic: boolean): MailTask['dismissal'] {
  const { snapshot, plan, status, now, addressClosed, probing } = facts;
  if (status === 'WITHDRAWN') return { outcome: 'SKIPPED', reason: 'WITHDRAWN' };
  if (!isAddressee(snapshot, row, now)) return { outcome: 'SKIPPED', reason: 'ADDRESS_CHANGED' };
  if (isCheckNeedless(snapshot, row, probing)) return { outcome: 'SKIPPED', reason: 'NOT_NEEDED' };
  if (row.purpose === 'REMINDER' || isProbe(row)) {
    if (row.cycle !== snapshot.cycle.number) return { outcome: 'SKIPPED', reason: 'RENEWED' };
    // R39: written before the expiry was corrected; its window lies ahead again.
    if (now < snapshot.cycle.windowOpensAt) return { outcome: 'SKIPPED', reason: 'EXPIRY_CORRECTED' };
    if (automatic && newerSlotIsDue(plan, row, now)) {
      return { outcome: 'SUPERSEDED', reason: 'NEWER_SLOT_DUE' };
    }
    if (automatic && now >= stopOf(facts, row)) {
      return row.attempts > 0
        ? { outcome: 'FAILED', reason: 'GIVEN_UP_AT_STOP' }
        : { outcome: 'SKIPPED', reason: 'AFTER_STOP' };
    }
    if (automatic && addressClosed && !isProbe(row))
      return { outcome: 'SKIPPED', reason: 'ADDRESS_UNDELIVERABLE' };
  }
  if (row.giveUpAt !== null && now >= row.giveUpAt) return { outcome: 'FAILED', reason: 'GIVEN_UP' };
  return null;
}

/**
 * R9: a slot's mail is given up when the next slot is due, sent or not; another automatic mail that waited until then
 * (for the morning, the end of a rest, the mail server) when there is a slot to take its place.
 */
function newerSlotIsDue(plan: Plan, row: LedgerRow, now: Instant): boolean {
  return plan.steps.some(
    (step) =>
      step.slot !== row.slot &&
      step.at > row.dueAt &&
      step.at <= now &&
      (row.slot !== null ? step.reason !== 'BEFORE_CREATION' : isOutstanding(step)),
  );
}
