/** 「このメールを受け取りました」 on the page of a check mail's link: the address is proven (R18, R19, R37). */
import { isPendingAt } from '../domain/check-mail.js';
import { bumpVersion, setMailUnconfirmed } from '../store/accounts.js';
import { appendAudit } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import { readLinkMail, setProven } from '../store/reminders.js';
import type { AccountSnapshot } from '../store/rows.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refoldAddress } from './evidence.js';
import { makePresent } from './new-address.js';
import type { Link, MailLink } from './open-link.js';
import { proveMail } from './renew-account.js';

/**
 * A pending address becomes the present one; a present one is proven. OVER: the link can do nothing any more (its
 * address was replaced or taken back, its time is over, 廃止), or is none of a check mail. Twice is once.
 */
export async function confirmByLink(deps: Deps, command: Command, link: Link): Promise<'CONFIRMED' | 'OVER'> {
  return runCommand(deps, command, async (tx) => {
    const snapshot = await lockedSnapshot(tx, link.accountId);
    const { account, address, pending } = snapshot;
    if (link.by !== 'MAIL') return 'OVER';
    const mail = await readLinkMail(tx, link.reminderId);
    if (account.withdrawnAt !== null || mail?.purpose !== 'CHECK') return 'OVER';
    if (link.addressId === pending?.id && isPendingAt(pending, command.receivedAt)) {
      await prove(tx, snapshot, link, command);
      await bumpVersion(tx, account.id);
      await makePresent(tx, snapshot, null, { command, how: 'check-mail-answered' });
    } else if (link.addressId !== address.id) {
      return 'OVER';
    } else if (mail.provenAt === null) {
      await proveMail(tx, snapshot, link.reminderId, command.receivedAt);
      await appendAudit(tx, {
        at: command.receivedAt,
        actor: command.actor,
        action: 'address.confirmed',
        accountId: account.id,
        before: { addressState: address.state },
        after: { addressId: address.id, reminderId: link.reminderId },
      });
    }
    await enqueueLook(tx, [account.id], command.receivedAt);
    return 'CONFIRMED';
  });
}

/** Before the switch, so that what follows from it is judged by a proven address. */
async function prove(tx: Tx, snapshot: AccountSnapshot, link: MailLink, command: Command): Promise<void> {
  await setProven(tx, link.reminderId, command.receivedAt);
  await refoldAddress(tx, snapshot, link.addressId);
  if (snapshot.account.mailUnconfirmedSince !== null) await setMailUnconfirmed(tx, snapshot.account.id, null);
}
