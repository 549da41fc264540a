/** リマインダーメールを送信する (R22): staff ask for the mail by hand; also after automatic mail has ended. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { MANUAL_KEPT, isWaiting } from '../domain/delivery.js';
import { nextMorning } from '../domain/mail-hours.js';
import { APART, resendObstacle } from '../domain/resend.js';
import type { ComposedMail } from '../mail/compose.js';
import { composeMail } from '../mail/compose.js';
import { appendAudit } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import { findReminder } from '../store/reminder-history.js';
import { lastManualAt } from '../store/reminders.js';
import type { AccountSnapshot } from '../store/rows.js';
import { readSnapshot } from '../store/snapshots.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import type { Refusal } from './errors.js';
import { RefusedError, refuse } from './errors.js';
import type { AccountPlan } from './life-plan.js';
import { planAccount } from './life-plan.js';
import { requestContent } from './mail-content.js';
import { mailKey, queueManual } from './mail-queue.js';
import type { ReminderView } from './views.js';
import { reminderView } from './views.js';

export interface ResendRequest {
  /** The clerk knows of the mail within the last 24 h and means it. */
  confirm?: boolean | undefined;
  /** Between 21:00 and 08:00 in Japan: 今すぐ送る or 朝8時に送る (the default). */
  when?: 'now' | 'morning' | undefined;
}

/** Refuses with `resend-not-in-this-status`, `-already-waiting`, `-too-soon` or `-needs-confirm`, in this order. */
export async function requestResend(
  deps: Deps,
  command: Command,
  accountId: string,
  request: ResendRequest,
): Promise<ReminderView> {
  return runCommand(deps, command, async (tx) => {
    const snapshot = await lockedSnapshot(tx, accountId);
    const reminderId = await queueResend(tx, snapshot, command, randomUUID(), request);
    await enqueueLook(tx, [accountId], command.receivedAt);
    const row = await findReminder(tx, accountId, reminderId);
    return reminderView(row ?? refuse({ code: 'not-found' }));
  });
}

export interface ResendOptions {
  /** Why the mail cannot be asked for at this moment; `resend-needs-confirm` is a question, not an obstacle. */
  refusal: Refusal | null;
  /** At night: when 「朝8時に送る」 is; null by day. */
  morning: Instant | null;
  limits: {
    /** Milliseconds between two. */
    apart: number;
    /** By the calendar: a second within a day is asked about, and the night is left to choose. */
    byCalendar: boolean;
    /** Milliseconds until one that cannot be sent is given up. */
    keptFor: number;
  };
  /** The one by hand that waits; null: none does. */
  waiting: { requestedBy: string; requestedAt: Instant; goesAt: Instant } | null;
  /** R24: what is asked for now waits until the pause is over. */
  paused: boolean;
  /** The mail as it would be sent now; null where none may be sent. */
  preview: MailPreview | null;
}

export interface MailPreview extends ComposedMail {
  fromName: string;
  replyTo: string;
}

/** Where the link will stand. A token is made for a mail that goes, and never seen by anybody but the person. */
export const PLACE_OF_LINK = '（ここに、本人だけのリンクが入ります）';

/** What the button can do now, asked before it is shown. */
export async function resendOptionsOf(tx: Tx, plan: AccountPlan): Promise<ResendOptions> {
  const { snapshot, now, policy } = plan;
  return {
    refusal: await refusalOf(tx, snapshot, now, false),
    morning: nextMorning(policy, now),
    limits: { apart: APART[policy.basis], byCalendar: policy.basis === 'date', keptFor: MANUAL_KEPT },
    waiting: waitingOf(plan),
    paused: plan.paused,
    preview: previewOf(plan),
  };
}

function waitingOf({ mails, now }: AccountPlan): ResendOptions['waiting'] {
  const task = mails.find(({ row }) => row?.kind === 'MANUAL' && isWaiting(row));
  if (!task?.row) return null;
  const { requestedBy, createdAt } = task.row;
  return { requestedBy, requestedAt: createdAt, goesAt: Math.max(task.at, now) };
}

/** Composed by what will compose the mail itself. Before the window and after 廃止 there is none. */
function previewOf(plan: AccountPlan): MailPreview | null {
  if (plan.status !== 'RENEWAL_PENDING' && plan.status !== 'LAPSED') return null;
  const { displayName, replyTo } = plan.snapshot.fireHq;
  const content = requestContent(plan, { link: PLACE_OF_LINK, lastAutomatic: false });
  return { ...composeMail(content), fromName: displayName, replyTo };
}

/** The `resendReminder` signal sent by hand: confirmed, at once; a refusal is left in the audit trail. */
export async function resendBySignal(
  deps: Deps,
  command: Command,
  accountId: string,
  requestId: string,
): Promise<void> {
  await runCommand(deps, command, async (tx) => {
    const snapshot = await readSnapshot(tx, accountId, { lock: true });
    if (!snapshot || snapshot.mails.some((mail) => mail.dedupeKey === mailKey.manual(requestId))) return;
    try {
      await queueResend(tx, snapshot, command, requestId, { confirm: true, when: 'now' });
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      await appendAudit(tx, {
        at: command.receivedAt,
        actor: command.actor,
        action: 'resend.refused',
        accountId,
        after: { reason: error.refusal.code },
      });
    }
  });
}

/** Writes the mail into the ledger and the trail; the caller wakes the workflow. Throws the refusals of requestResend. */
export async function queueResend(
  tx: Tx,
  snapshot: AccountSnapshot,
  command: Command,
  requestId: string,
  request: ResendRequest,
): Promise<string> {
  const now = command.receivedAt;
  const { account, cycle, address } = snapshot;
  const { policy } = planAccount(snapshot, now);
  const refusal = await refusalOf(tx, snapshot, now, request.confirm === true);
  if (refusal !== null) refuse(refusal);
  const morning = request.when === 'now' ? null : nextMorning(policy, now);
  const reminderId = await queueManual(tx, {
    accountId: account.id,
    cycle: cycle.number,
    addressId: address.id,
    key: mailKey.manual(requestId),
    dueAt: morning ?? now,
    now,
    by: command.actor,
  });
  if (reminderId === null) refuse({ code: 'resend-already-waiting' });
  await appendAudit(tx, {
    at: now,
    actor: command.actor,
    action: 'reminder.resend-requested',
    accountId: account.id,
    after: { reminderId, dueAt: morning ?? now },
  });
  return reminderId;
}

/** Null: it may go. */
async function refusalOf(
  tx: Tx,
  snapshot: AccountSnapshot,
  now: Instant,
  confirmed: boolean,
): Promise<Refusal | null> {
  const { policy, status } = planAccount(snapshot, now);
  const facts = {
    status,
    windowOpensAt: snapshot.cycle.windowOpensAt,
    basis: policy.basis,
    waiting: snapshot.mails.some((mail) => mail.kind === 'MANUAL' && isWaiting(mail)),
    lastAskedAt: await lastManualAt(tx, snapshot.account.id),
  };
  return resendObstacle(facts, now, confirmed);
}
