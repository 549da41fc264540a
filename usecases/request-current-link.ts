/** R27: somebody with an old link asks for the current one; it goes to the registered address and nowhere else. */
import { isWaiting } from '../domain/delivery.js';
import { dayInJapan } from '../domain/calendar.js';
import { appendAudit } from '../store/audit.js';
import { enqueueLook } from '../store/outbox.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { planAccount } from './life-plan.js';
import { mailKey, queueManual } from './mail-queue.js';
import type { Link } from './open-link.js';

/** At most one a day and account; whether one is sent is not told, so the answer is the same for everybody. */
export async function requestCurrentLink(deps: Deps, command: Command, link: Link): Promise<void> {
  await runCommand(deps, command, async (tx) => {
    const snapshot = await lockedSnapshot(tx, link.accountId);
    const { account, cycle, address, mails } = snapshot;
    const { status } = planAccount(snapshot, command.receivedAt);
    if (status !== 'RENEWAL_PENDING' && status !== 'LAPSED') return;
    if (mails.some((mail) => mail.kind === 'MANUAL' && isWaiting(mail))) return;
    const queued = await queueManual(tx, {
      accountId: account.id,
      cycle: cycle.number,
      addressId: address.id,
      key: mailKey.currentLink(cycle.number, dayInJapan(command.receivedAt)),
      dueAt: command.receivedAt,
      now: command.receivedAt,
      by: command.actor,
    });
    if (queued === null) return;
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'reminder.current-link-asked',
      accountId: account.id,
      after: { reminderId: queued },
    });
    await enqueueLook(tx, [account.id], command.receivedAt);
  });
}
