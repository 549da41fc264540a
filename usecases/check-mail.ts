/** Check mails (R18, R19): a nameless mail that asks whether mail arrives at an address. */
import { randomUUID } from 'node:crypto';
import { CHECKS_APART, checkMailAt, isPendingAt } from '../domain/check-mail.js';
import { isWaiting } from '../domain/delivery.js';
import { appendAudit } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import { findReminder } from '../store/reminder-history.js';
import { lastCheckAt } from '../store/reminders.js';
import type { AccountSnapshot } from '../store/rows.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import { planAccount } from './life-plan.js';
import { mailKey, queueCheck } from './mail-queue.js';
import type { ReminderView } from './views.js';
import { reminderView } from './views.js';

/**
 * Queues one to that address, once only per `again` (R18: the cycle that a renewal opened; by hand: the request). It
 * goes at once when the person set it off, else within mail hours. Returns the row's id, null when it was there already.
 */
export async function askWhetherMailArrives(
  tx: Tx,
  snapshot: AccountSnapshot,
  addressId: string,
  command: Command,
  again?: string | number,
): Promise<string | null> {
  return queueCheck(tx, { ...mailAbout(snapshot, addressId, command), key: mailKey.check(addressId, again) });
}

/** What rows about an address have in common (R19). */
export function mailAbout(snapshot: AccountSnapshot, addressId: string, command: Command) {
  const now = command.receivedAt;
  return {
    accountId: snapshot.account.id,
    cycle: snapshot.cycle.number,
    addressId,
    dueAt: checkMailAt(planAccount(snapshot, now).policy, now, command.actor === 'resident'),
    now,
    by: command.actor,
  };
}

/**
 * By hand, to the pending address or, where there is none, to the present one. Refuses with `account-withdrawn`,
 * `check-mail-already-waiting` or `check-mail-too-soon`, in this order.
 */
export async function requestCheckMail(
  deps: Deps,
  command: Command,
  accountId: string,
): Promise<ReminderView> {
  return runCommand(deps, command, async (tx) => {
    const now = command.receivedAt;
    const snapshot = await lockedSnapshot(tx, accountId);
    const { account, address, pending, mails } = snapshot;
    if (account.withdrawnAt !== null) refuse({ code: 'account-withdrawn' });
    const addressId = pending !== null && isPendingAt(pending, now) ? pending.id : address.id;
    const toIt = mails.filter((mail) => mail.purpose === 'CHECK' && mail.addressId === addressId);
    if (toIt.some(isWaiting)) refuse({ code: 'check-mail-already-waiting' });
    const last = await lastCheckAt(tx, addressId);
    const nextAllowedAt = (last ?? -Infinity) + CHECKS_APART[planAccount(snapshot, now).policy.basis];
    if (now < nextAllowedAt) refuse({ code: 'check-mail-too-soon', nextAllowedAt });
    const reminderId = await askWhetherMailArrives(tx, snapshot, addressId, command, randomUUID());
    if (reminderId === null) refuse({ code: 'check-mail-already-waiting' });
    await appendAudit(tx, {
      at: now,
      actor: command.actor,
      action: 'address.check-mail-requested',
      accountId,
      after: { reminderId, addressId },
    });
    await enqueueLook(tx, [accountId], now);
    const row = await findReminder(tx, accountId, reminderId);
    return reminderView(row ?? refuse({ code: 'not-found' }));
  });
}
