/**
 * Send the mail that is due (R20, R21). Three parts: claim the ledger row in one transaction, talk to SMTP with no
 * transaction open, record the reply in another. Asked again at any point it sends nothing twice, save R21's one case.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '../domain/calendar.js';
import { MINUTE, SECOND } from '../domain/calendar.js';
import { OTHERS_KEPT } from '../domain/delivery.js';
import { kindAt } from '../domain/schedule.js';
import type { ReminderKind } from '../domain/schedule.js';
import { isAllowed } from '../mail/allow.js';
import { composeMail } from '../mail/compose.js';
import type { MailTransport, OutgoingMail, SendResult } from '../mail/transport.js';
import type { MailAllow } from '../platform/env.js';
import { findKey, linkToken, returnPathCode, tokenHash } from '../platform/keys.js';
import { readAddress } from '../store/addresses.js';
import type { Tx } from '../store/database.js';
import { isUnavailable } from '../store/database.js';
import {
  claimReminder,
  dismissWaiting,
  insertAttempt,
  insertReminder,
  readKeyId,
  settleReminder,
} from '../store/reminders.js';
import { useTrial } from '../store/mail-pauses.js';
import { findRequest } from '../store/requests.js';
import { readSnapshot } from '../store/snapshots.js';
import type { AccountSnapshot } from '../store/rows.js';
import type { Deps } from './context.js';
import { refreshLapseCause } from './evidence.js';
import type { AccountRef } from './life-events.js';
import { lookAt } from './life-events.js';
import type { AccountPlan, MailTask } from './life-plan.js';
import { planAccount } from './life-plan.js';
import type { LifeStep } from './life-step.js';
import { nextLifeStep } from './life-step.js';
import { mailContent } from './mail-content.js';
import { isConcerned } from './mail-pause.js';
import type { Attempt } from './record-reply.js';
import { recordReply } from './record-reply.js';
import { enterUnsentSlots, slotRow } from './slot-ledger.js';
import type { SlotEnd } from './slot-ledger.js';

export interface MailDeps extends Deps {
  transport: MailTransport;
  /** `https://host` before `/r/<token>`. */
  publicBaseUrl: string;
  /** Domain of return paths `b+<code>@…`. */
  bounceDomain: string;
  /** Whom mail may go to; a guard for installations that are not production. */
  allow: MailAllow;
}

/** One SMTP attempt ends within this; the activity's start-to-close lies above, the lease above that. */
export const SEND_WITHIN = 60 * SECOND;
/** Nobody takes a row over before this is past since its claim. */
export const LEASE = 2 * MINUTE;

/** One a second, as long as the activity has time left after its attempt. */
const RECORD_TRIES = 20;

interface ClaimedMail extends Attempt {
  mail: OutgoingMail;
}

/**
 * Does the one mail named by `key` if it is due at `now`; returns what is next, null when there is no such account.
 * `now` may run ahead of the clock (skipped time); the deadline of the send is by the clock.
 */
export async function sendDue(
  deps: MailDeps,
  ref: AccountRef,
  key: string,
  now: Instant,
): Promise<LifeStep | null> {
  const deadline = deps.clock.now() + SEND_WITHIN;
  const claimed = await deps.database.inTenant(ref.fireHqId, (tx) =>
    claimIfDue(deps, tx, ref.accountId, key, now),
  );
  if (claimed) {
    const result = await deps.transport.send(claimed.mail, deadline, (late) =>
      recordLateReply(deps, ref, claimed, late),
    );
    const repliedAt = Math.max(now, deps.clock.now());
    return patiently(() =>
      deps.database.inTenant(ref.fireHqId, async (tx) => {
        const snapshot = await recordReply(tx, ref.accountId, claimed, result, repliedAt);
        return snapshot && nextLifeStep(planAccount(snapshot, repliedAt));
      }),
    );
  }
  return lookAt(deps, ref, now);
}

/** A reply that is not recorded is a mail sent twice (R21): a database that restarts is waited for, within the lease. */
async function patiently<T>(record: () => Promise<T>): Promise<T> {
  for (let triesLeft = RECORD_TRIES; ; triesLeft -= 1) {
    try {
      return await record();
    } catch (error) {
      if (triesLeft <= 1 || !isUnavailable(error)) throw error;
      await sleep(SECOND);
    }
  }
}

/**
 * The server answered after its attempt had ended: what it said counts all the same (R23), and spares the mail that
 * would go a second time (R21). Should this fail, the next attempt finds out.
 */
function recordLateReply(deps: MailDeps, ref: AccountRef, claimed: ClaimedMail, result: SendResult): void {
  // The attempt itself stands in the history as it ended; this is told beside it.
  const late = { ...claimed, claimToken: randomUUID() };
  const repliedAt = deps.clock.now();
  void patiently(() =>
    deps.database.inTenant(ref.fireHqId, (tx) => recordReply(tx, ref.accountId, late, result, repliedAt)),
  ).catch(() => {});
}

/** "Still due?" is asked here, under the account's lock, and nowhere later than this (R20). */
async function claimIfDue(
  deps: MailDeps,
  tx: Tx,
  accountId: string,
  key: string,
  now: Instant,
): Promise<ClaimedMail | null> {
  const snapshot = await readSnapshot(tx, accountId, { lock: true });
  if (!snapshot) return null;
  const plan = planAccount(snapshot, now);
  const task = plan.mails.find((mail) => mail.key === key);
  if (!task || task.at > now) return null;
  if (task.step) await settleOlderSlots(tx, plan, task.step.at, now);
  const reminderId = task.row?.id ?? randomUUID();
  const recipient = await recipientOf(tx, snapshot, task);
  const dismissal = task.dismissal ?? notAllowed(deps, recipient);
  if (dismissal) {
    await dismiss(tx, plan, task, reminderId, dismissal, now);
    await refreshLapseCause(tx, (await readSnapshot(tx, accountId)) ?? snapshot, now);
    return null;
  }
  if (!task.row && !(await insertPlanned(tx, plan, task, reminderId, now, QUEUED))) return null;
  return claim(deps, tx, plan, task, { reminderId, recipient }, now);
}

/** R19: a row goes to the address it was written for, which need not be the present one. */
async function recipientOf(tx: Tx, { address }: AccountSnapshot, { row }: MailTask): Promise<string> {
  if (row === null || row.addressId === address.id) return address.address;
  const recipient = await readAddress(tx, row.addressId);
  // Never to another address than the one it was written for.
  if (recipient === null) throw new Error('a mail without its address');
  return recipient;
}

async function claim(
  deps: MailDeps,
  tx: Tx,
  plan: AccountPlan,
  task: MailTask,
  { reminderId, recipient }: { reminderId: string; recipient: string },
  now: Instant,
): Promise<ClaimedMail | null> {
  const { snapshot } = plan;
  const secrets = await secretsOf(deps, tx, reminderId, task.row !== null);
  const link = task.purpose === 'REMINDER' || task.purpose === 'CHECK' ? secrets.link : null;
  const claimToken = randomUUID();
  const messageId = `<${reminderId}@${deps.bounceDomain}>`;
  const taken = await claimReminder(
    tx,
    reminderId,
    {
      claimToken,
      leaseUntil: now + LEASE,
      keyId: secrets.keyId,
      linkHash: link === null ? null : tokenHash(link),
      returnPathHash: tokenHash(secrets.returnPath),
      messageId,
      kind: kindOf(plan, task),
    },
    now,
  );
  if (!taken) return null;
  if (plan.onTrial && isConcerned(plan, task.row)) await useTrial(tx, snapshot.account.id, reminderId);
  if (task.row?.outcome === 'SENDING') await noteInterrupted(tx, reminderId, now);
  const content = mailContent(plan, task, {
    link: link === null ? null : `${deps.publicBaseUrl}/r/${link}`,
    request: task.purpose === 'REQUEST_RECEIPT' ? await requestKind(tx, task.key) : null,
  });
  return {
    reminderId,
    claimToken,
    mail: {
      ...composeMail(content),
      to: recipient,
      envelopeFrom: `b+${secrets.returnPath}@${deps.bounceDomain}`,
      fromName: snapshot.fireHq.displayName,
      replyTo: snapshot.fireHq.replyTo,
      messageId,
    },
  };
}

/** R23: the attempt whose sender never came back stands in the history too; what the server made of it is not known. */
async function noteInterrupted(tx: Tx, reminderId: string, now: Instant): Promise<void> {
  await insertAttempt(tx, {
    reminderId,
    // A name of its own: should that sender wake up, its reply has a row as well.
    claimToken: randomUUID(),
    at: now,
    verdict: 'INTERRUPTED',
    code: null,
    enhanced: null,
    reply: null,
  });
}

async function requestKind(tx: Tx, key: string): Promise<'CHANGE' | 'STOP' | null> {
  return (await findRequest(tx, key.slice(key.indexOf(':') + 1)))?.kind ?? null;
}

/** Link and return path follow from the row's id and the key that first made them, so a retry repeats them (R21, R25). */
async function secretsOf(
  deps: MailDeps,
  tx: Tx,
  reminderId: string,
  existed: boolean,
): Promise<{ keyId: string; link: string; returnPath: string }> {
  const keyId = existed ? await readKeyId(tx, reminderId) : null;
  const key = (keyId === null ? undefined : findKey(deps.keys, keyId)) ?? deps.keys[0];
  if (!key) throw new Error('the ring of link keys is empty');
  return { keyId: key.id, link: linkToken(key, reminderId), returnPath: returnPathCode(key, reminderId) };
}

/** 自動（遅れて送信）is decided at each moment of sending (R9); a row keeps 手動 and what has no kind. */
function kindOf({ policy, now }: AccountPlan, { row, step, purpose }: MailTask): ReminderKind | null {
  if (purpose !== 'REMINDER') return null;
  const slot = row?.slot ?? step?.slot ?? null;
  if (slot === null) return row === null ? 'AUTOMATIC' : row.kind;
  return kindAt(policy, { name: slot, at: row?.dueAt ?? step?.at ?? now }, now);
}

const QUEUED: SlotEnd = { outcome: 'QUEUED', reason: null };

/** The row of a mail that the plan asks for: a slot's, the one automatic retry, or a probe (R37). */
async function insertPlanned(
  tx: Tx,
  { snapshot }: AccountPlan,
  task: MailTask,
  id: string,
  now: Instant,
  end: SlotEnd,
): Promise<boolean> {
  if (task.step) return insertReminder(tx, slotRow(snapshot, task.step, end, { id, now }));
  return insertReminder(tx, {
    id,
    accountId: snapshot.account.id,
    cycle: snapshot.cycle.number,
    addressId: snapshot.address.id,
    purpose: task.purpose,
    kind: task.purpose === 'REMINDER' ? 'AUTOMATIC' : null,
    slot: null,
    dedupeKey: task.key,
    createdAt: now,
    requestedBy: 'system',
    dueAt: task.at,
    giveUpAt: task.at + OTHERS_KEPT,
    ...end,
  });
}

async function dismiss(
  tx: Tx,
  plan: AccountPlan,
  task: MailTask,
  reminderId: string,
  dismissal: { outcome: 'SKIPPED' | 'SUPERSEDED' | 'FAILED'; reason: string },
  now: Instant,
): Promise<void> {
  if (!task.row) {
    await insertPlanned(tx, plan, task, reminderId, now, dismissal);
  } else {
    await settleReminder(tx, reminderId, { ...dismissal, nextAttemptAt: null });
  }
}

/** R9: what an older slot still owed is merged into this mail: 送信せず（次のメールにまとめた）. */
async function settleOlderSlots(tx: Tx, plan: AccountPlan, before: Instant, now: Instant): Promise<void> {
  const { snapshot } = plan;
  await enterUnsentSlots(tx, plan, {
    until: before - 1,
    rest: { outcome: 'SUPERSEDED', reason: 'NEWER_SLOT_DUE' },
    now,
  });
  const waiting = snapshot.mails.filter((mail) => mail.slot !== null && mail.cycle === snapshot.cycle.number);
  await dismissWaiting(
    tx,
    waiting.map((mail) => mail.id),
    'SUPERSEDED',
    'NEWER_SLOT_DUE',
  );
}

function notAllowed(deps: MailDeps, recipient: string): { outcome: 'SKIPPED'; reason: string } | null {
  return isAllowed(recipient, deps.allow) ? null : { outcome: 'SKIPPED', reason: 'NOT_ON_ALLOW_LIST' };
}
