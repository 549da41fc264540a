/** A new mail address (R19): PENDING while the present one is known to be good, else PRESENT at once. */
import { randomUUID } from 'node:crypto';
import { PENDING_FOR, isPendingAt } from '../domain/check-mail.js';
import { isWaiting } from '../domain/delivery.js';
import { addressKey } from '../mail/addresses.js';
import {
  endPending,
  insertPendingAddress,
  insertPresentAddress,
  promotePending,
  respellPresentAddress,
  retirePresentAddress,
} from '../store/addresses.js';
import { appendAudit } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import { dismissWaiting } from '../store/reminders.js';
import type { AccountSnapshot } from '../store/rows.js';
import { askWhetherMailArrives, mailAbout } from './check-mail.js';
import { lockedSnapshot } from './command.js';
import type { Command } from './context.js';
import { refreshLapseCause } from './evidence.js';
import { autoMailEnded, planAccount } from './life-plan.js';
import { mailKey, queueAddressNotice, queueCurrentRequest } from './mail-queue.js';

/** How an address came to be the present one, for the audit trail. */
type How = 'entered' | 'check-mail-answered' | 'switched-by-staff';

/**
 * What somebody enters as the person's address; returns the id of the row that stands for it. The present one entered
 * again takes back what is pending, another one takes its place, and the pending one entered again stays as it is. The
 * caller counts the account's version up.
 */
export async function enterAddress(
  tx: Tx,
  before: AccountSnapshot,
  address: string,
  command: Command,
): Promise<string> {
  const { account, address: present, pending } = before;
  const now = command.receivedAt;
  if (addressKey(address) === present.addressKey) {
    if (address !== present.address) await respellPresentAddress(tx, account.id, address);
    await cancelPending(tx, before, command);
    return present.id;
  }
  const standing = pending?.address === address && isPendingAt(pending, now) ? pending : null;
  if (present.state !== 'OK') {
    if (!standing) await cancelPending(tx, before, command);
    return makePresent(tx, before, standing ? null : address, { command, how: 'entered' });
  }
  if (standing) return standing.id;
  await cancelPending(tx, before, command);
  return makePending(tx, before, address, command);
}

/** Ends what is pending, if anything is: its check mail can no longer be answered. */
export async function cancelPending(tx: Tx, snapshot: AccountSnapshot, command: Command): Promise<void> {
  const { account, pending } = snapshot;
  if (pending === null) return;
  await endPending(tx, account.id, command.receivedAt);
  await dismissMailTo(tx, snapshot, pending.id);
  await appendAudit(tx, {
    at: command.receivedAt,
    actor: command.actor,
    action: 'address.pending-ended',
    accountId: account.id,
    before: { addressId: pending.id, mailAddress: pending.address },
  });
}

async function makePending(
  tx: Tx,
  snapshot: AccountSnapshot,
  address: string,
  command: Command,
): Promise<string> {
  const { account } = snapshot;
  const now = command.receivedAt;
  const id = randomUUID();
  await insertPendingAddress(tx, {
    id,
    accountId: account.id,
    address,
    addressKey: addressKey(address),
    createdAt: now,
    pendingUntil: now + PENDING_FOR,
  });
  await appendAudit(tx, {
    at: now,
    actor: command.actor,
    action: 'address.pending',
    accountId: account.id,
    after: { addressId: id, mailAddress: address, until: now + PENDING_FOR },
  });
  if (account.withdrawnAt === null) await askWhetherMailArrives(tx, snapshot, id, command);
  return id;
}

/**
 * The pending address, or with `address` a new one, becomes PRESENT. Links mailed to the old one die with its role and
 * what waits for it is not sent; in the window the next mail is the current request, at once. Elsewhere, and after the
 * stop day, a check mail asks what the request would have shown, where nothing has shown it yet.
 */
export async function makePresent(
  tx: Tx,
  before: AccountSnapshot,
  address: string | null,
  { command, how, reason }: { command: Command; how: How; reason?: string },
): Promise<string> {
  const { account, address: old } = before;
  const now = command.receivedAt;
  await dismissMailTo(tx, before, old.id);
  await retirePresentAddress(tx, account.id, now);
  if (address === null) {
    await promotePending(tx, account.id, now);
  } else {
    await insertPresentAddress(tx, {
      id: randomUUID(),
      accountId: account.id,
      address,
      addressKey: addressKey(address),
      replacedAnother: true,
      createdAt: now,
    });
  }
  const after = await lockedSnapshot(tx, account.id);
  await appendAudit(tx, {
    at: now,
    actor: command.actor,
    action: 'address.changed',
    accountId: account.id,
    before: { addressId: old.id, mailAddress: old.address },
    after: { addressId: after.address.id, mailAddress: after.address.address, how, reason: reason ?? null },
  });
  await writeToNewAddress(tx, after, { command, how });
  await noticeToOld(tx, before, { command, how });
  await refreshLapseCause(tx, after, now);
  return after.address.id;
}

async function writeToNewAddress(
  tx: Tx,
  after: AccountSnapshot,
  { command, how }: { command: Command; how: How },
): Promise<void> {
  const now = command.receivedAt;
  const plan = planAccount(after, now);
  if (plan.status === 'WITHDRAWN') return;
  const { account, address, cycle } = after;
  if (plan.status !== 'ACTIVE' && !autoMailEnded(plan)) {
    const key = mailKey.currentRequest(address.id);
    const mail = { accountId: account.id, cycle: cycle.number, addressId: address.id, key };
    await queueCurrentRequest(tx, { ...mail, now, by: command.actor });
  } else if (how !== 'check-mail-answered') {
    // Of a pending address it has gone already; then this writes nothing.
    await askWhetherMailArrives(tx, after, address.id, command);
  }
}

/** Not where the old address was no longer known to be good: then nobody is told, or a stranger. */
async function noticeToOld(
  tx: Tx,
  before: AccountSnapshot,
  { command, how }: { command: Command; how: How },
): Promise<void> {
  if (how === 'entered' || before.address.state === 'UNDELIVERABLE') return;
  await queueAddressNotice(tx, {
    ...mailAbout(before, before.address.id, command),
    key: mailKey.addressNotice(before.address.id),
  });
}

async function dismissMailTo(tx: Tx, { mails }: AccountSnapshot, addressId: string): Promise<void> {
  const waiting = mails.filter((mail) => mail.addressId === addressId && isWaiting(mail));
  const ids = waiting.map((mail) => mail.id);
  await dismissWaiting(tx, ids, 'SKIPPED', 'ADDRESS_CHANGED');
}
