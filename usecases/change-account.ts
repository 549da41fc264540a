/** Change what staff know of a person, the mail address among it (R19). */
import { updateResident } from '../store/accounts.js';
import { appendAudit } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import type { AccountSnapshot, ResidentData } from '../store/rows.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import { enterAddress } from './new-address.js';
import type { ResidentInput } from './resident-data.js';
import { checkMailAddress, checkResident } from './resident-data.js';
import type { AccountView } from './views.js';
import { accountView } from './views.js';

export interface AccountChanges extends ResidentInput {
  mailAddress?: string | undefined;
}

/** What is left out stays; null clears an optional field. Refuses with `version-conflict` or `validation`. */
export async function changeAccount(
  deps: Deps,
  command: Command,
  accountId: string,
  expectedVersion: number,
  changes: AccountChanges,
): Promise<AccountView> {
  return runCommand(deps, command, async (tx) => {
    const after = await changeWithin(tx, command, accountId, expectedVersion, changes);
    await enqueueLook(tx, [accountId], command.receivedAt);
    return accountView(after, command.receivedAt);
  });
}

/** The same within a transaction that does more; the caller wakes the workflow. A refusal has written nothing. */
export async function changeWithin(
  tx: Tx,
  command: Command,
  accountId: string,
  expectedVersion: number,
  changes: AccountChanges,
): Promise<AccountSnapshot> {
  const before = await lockedSnapshot(tx, accountId);
  const { account } = before;
  if (account.version !== expectedVersion)
    refuse({ code: 'version-conflict', currentVersion: account.version });
  const present = residentOf(before);
  const { mailAddress, ...given } = changes;
  const resident = checkResident({ ...present, ...withoutUndefined(given) });
  const address = mailAddress === undefined ? null : checkMailAddress('mailAddress', mailAddress);
  const faults = [...resident.faults, ...(address?.faults ?? [])];
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });

  await updateResident(tx, accountId, resident.data);
  if (address?.address) await enterAddress(tx, before, address.address, command);
  const after = await lockedSnapshot(tx, accountId);
  await appendAudit(tx, {
    at: command.receivedAt,
    actor: command.actor,
    action: 'account.changed',
    accountId,
    ...difference(
      { ...present, mailAddress: before.address.address },
      { ...residentOf(after), mailAddress: after.address.address },
    ),
  });
  return after;
}

function residentOf({ account }: AccountSnapshot): ResidentData {
  const { name, kana, mobileNumber, fax, postalAddress, municipality, emergencyContacts } = account;
  return { name, kana, mobileNumber, fax, postalAddress, municipality, emergencyContacts };
}

function withoutUndefined<T extends object>(input: T): Partial<T> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Only the fields that changed, before and after (R34). */
function difference(
  before: Record<string, unknown> | object,
  after: object,
): { before: object; after: object } {
  const changed = Object.entries(after).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify((before as Record<string, unknown>)[field]),
  );
  return {
    before: Object.fromEntries(changed.map(([field]) => [field, (before as Record<string, unknown>)[field]])),
    after: Object.fromEntries(changed),
  };
}
