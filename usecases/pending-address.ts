/** What staff do with an address that waits for its check mail to be answered (R19). */
import { isPendingAt } from '../domain/check-mail.js';
import { bumpVersion } from '../store/accounts.js';
import { readRole } from '../store/addresses.js';
import { enqueueLook } from '../store/outbox.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import { cancelPending, makePresent } from './new-address.js';
import type { AccountView } from './views.js';
import { accountView } from './views.js';

/**
 * PRESENT at once, unproven: R17 warns until a mail is answered. Again, or after the person was quicker, it changes
 * nothing. Refuses with `not-found`, or `pending-address-ended` when it was replaced, taken back or not answered in time.
 */
export async function switchToPending(
  deps: Deps,
  command: Command,
  accountId: string,
  { addressId, reason }: { addressId: string; reason: string },
): Promise<AccountView> {
  return runCommand(deps, command, async (tx) => {
    const snapshot = await lockedSnapshot(tx, accountId);
    const { address, pending } = snapshot;
    if (addressId !== address.id) {
      if ((await readRole(tx, accountId, addressId)) === null) refuse({ code: 'not-found' });
      const standing = pending?.id === addressId && isPendingAt(pending, command.receivedAt);
      if (!standing) refuse({ code: 'pending-address-ended' });
      await bumpVersion(tx, accountId);
      await makePresent(tx, snapshot, null, { command, how: 'switched-by-staff', reason });
      await enqueueLook(tx, [accountId], command.receivedAt);
    }
    return accountView(await lockedSnapshot(tx, accountId), command.receivedAt);
  });
}

/**
 * Its check mail can no longer be answered. Taken back already, it changes nothing. Refuses with `not-found`, or
 * `pending-address-ended` when it has become the present one.
 */
export async function takeBackPending(
  deps: Deps,
  command: Command,
  accountId: string,
  addressId: string,
): Promise<AccountView> {
  return runCommand(deps, command, async (tx) => {
    const snapshot = await lockedSnapshot(tx, accountId);
    if (snapshot.pending?.id === addressId) {
      await bumpVersion(tx, accountId);
      await cancelPending(tx, snapshot, command);
      await enqueueLook(tx, [accountId], command.receivedAt);
    } else {
      const role = (await readRole(tx, accountId, addressId)) ?? refuse({ code: 'not-found' });
      if (role === 'PRESENT') refuse({ code: 'pending-address-ended' });
    }
    return accountView(await lockedSnapshot(tx, accountId), command.receivedAt);
  });
}
