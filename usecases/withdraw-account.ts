/** 廃止 and its undo (R15): a human act with a reason; stops mail at once; can be undone for 30 days. */
import type { Instant } from '../domain/calendar.js';
import { isWaiting } from '../domain/delivery.js';
import { setWithdrawal } from '../store/accounts.js';
import { appendAudit } from '../store/audit.js';
import { setSlotsAfter } from '../store/cycles.js';
import type { Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import { dismissWaiting } from '../store/reminders.js';
import type { AccountSnapshot } from '../store/rows.js';
import { readSnapshot } from '../store/snapshots.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import { refreshLapseCause } from './evidence.js';
import { UNDO_WITHDRAWAL_WITHIN, planAccount } from './life-plan.js';
import { closeStopAsDone } from './resident-request.js';
import { enterUnsentSlots } from './slot-ledger.js';
import type { AccountView } from './views.js';
import { accountView } from './views.js';

/** Withdrawing twice changes nothing the second time. */
export async function withdrawAccount(
  deps: Deps,
  command: Command,
  accountId: string,
  { reason }: { reason: string },
): Promise<AccountView> {
  return runCommand(deps, command, async (tx) => {
    await withdraw(tx, await lockedSnapshot(tx, accountId), command, reason);
    await enqueueLook(tx, [accountId], command.receivedAt);
    return accountView(await lockedSnapshot(tx, accountId), command.receivedAt);
  });
}

/** The `withdraw` signal sent by hand: reason `signal`. */
export async function withdrawBySignal(deps: Deps, command: Command, accountId: string): Promise<void> {
  await runCommand(deps, command, async (tx) => {
    const snapshot = await readSnapshot(tx, accountId, { lock: true });
    if (snapshot) await withdraw(tx, snapshot, command, 'signal');
  });
}

/** The same cycle and dates; what was skipped meanwhile is not revived. Refuses after 30 days. */
export async function undoWithdrawal(deps: Deps, command: Command, accountId: string): Promise<AccountView> {
  return runCommand(deps, command, async (tx) => {
    const snapshot = await lockedSnapshot(tx, accountId);
    const { account, cycle } = snapshot;
    if (account.withdrawnAt === null) refuse({ code: 'account-not-withdrawn' });
    const undoableUntil = account.withdrawnAt + UNDO_WITHDRAWAL_WITHIN;
    if (command.receivedAt >= undoableUntil) refuse({ code: 'withdrawal-undo-too-late', undoableUntil });
    await skipSlotsUntilNow(tx, snapshot, command.receivedAt);
    await setWithdrawal(tx, accountId, null, null);
    await setSlotsAfter(tx, accountId, cycle.number, command.receivedAt);
    await refreshLapseCause(tx, await lockedSnapshot(tx, accountId), command.receivedAt);
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'account.withdrawal-undone',
      accountId,
      before: { withdrawnAt: account.withdrawnAt, reason: account.withdrawalReason },
    });
    await enqueueLook(tx, [accountId], command.receivedAt);
    return accountView(await lockedSnapshot(tx, accountId), command.receivedAt);
  });
}

/** R15: what falls due between 廃止 and its undo, and what was due and not sent before, is entered as not sent. */
async function skipSlotsUntilNow(tx: Tx, snapshot: AccountSnapshot, now: Instant): Promise<void> {
  await enterUnsentSlots(tx, planAccount(snapshot, now), {
    until: now,
    rest: { outcome: 'SKIPPED', reason: 'WITHDRAWN' },
    now,
  });
}

/** In the caller's transaction; `stopNote` is what an open ③ is closed with (R28). The caller lets the workflow look. */
export async function withdraw(
  tx: Tx,
  snapshot: AccountSnapshot,
  command: Command,
  reason: string,
  stopNote?: string,
): Promise<void> {
  const { account, mails } = snapshot;
  if (account.withdrawnAt !== null) return;
  await setWithdrawal(tx, account.id, command.receivedAt, reason);
  const waiting = mails.filter(isWaiting);
  await dismissWaiting(
    tx,
    waiting.map((mail) => mail.id),
    'SKIPPED',
    'WITHDRAWN',
  );
  await skipSlotsUntilNow(tx, snapshot, command.receivedAt);
  await appendAudit(tx, {
    at: command.receivedAt,
    actor: command.actor,
    action: 'account.withdrawn',
    accountId: account.id,
    after: { reason },
  });
  // R28: what the person asked for is done; the undo of a mistake does not ask it again.
  await closeStopAsDone(tx, command, account.id, stopNote);
}
