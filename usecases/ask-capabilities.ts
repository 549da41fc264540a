/**
 * R17 for consoles: one named person a call, by registration number or by the whole mobile number. What a token of the
 * vendor asks stands in the audit trail of that person's headquarters, each time.
 */
import { telephoneDigits } from '../domain/sought.js';
import { findByRegistrationNumber } from '../store/accounts.js';
import { appendAudit } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import { findByMobileNumber, lookupMobileNumber } from '../store/look.js';
import type { AccountSnapshot } from '../store/rows.js';
import { readSnapshot } from '../store/snapshots.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import type { CapabilitiesView } from './read-capabilities.js';
import { capabilitiesOf } from './read-capabilities.js';

export type Named = { registrationNumber: string } | { mobileNumber: string };

/** In the command's headquarters. Refuses with not-found, also when several people have that mobile number. */
export async function askCapabilities(
  deps: Deps,
  command: Command,
  named: Named,
  { byVendor }: { byVendor: boolean },
): Promise<CapabilitiesView> {
  return deps.database.inTenant(command.fireHqId, async (tx) => {
    const accountId =
      'mobileNumber' in named
        ? await findByMobileNumber(tx, telephoneDigits(named.mobileNumber))
        : await findByRegistrationNumber(tx, named.registrationNumber);
    const snapshot = await namedSnapshot(tx, command, accountId, byVendor);
    return capabilitiesOf(snapshot, command.receivedAt);
  });
}

/** A caller on a trip: over all headquarters, for the vendor. Told with it: the code of the headquarters. */
export async function askCapabilitiesAnywhere(
  deps: Deps,
  command: Omit<Command, 'fireHqId'>,
  mobileNumber: string,
): Promise<{ fireHq: string; capabilities: CapabilitiesView }> {
  const digits = telephoneDigits(mobileNumber);
  const found = digits.length === 0 ? [] : await lookupMobileNumber(deps.database.lookups, digits);
  const living = found.filter(({ withdrawn }) => !withdrawn);
  const [only, another] = living.length > 0 ? living : found;
  if (only === undefined || another !== undefined) return refuse({ code: 'not-found' });
  const { fireHqId, accountId } = only;
  return deps.database.inTenant(fireHqId, async (tx) => {
    const snapshot = await namedSnapshot(tx, { ...command, fireHqId }, accountId, true);
    return {
      fireHq: snapshot.fireHq.code,
      capabilities: capabilitiesOf(snapshot, command.receivedAt),
    };
  });
}

async function namedSnapshot(
  tx: Tx,
  command: Command,
  accountId: string | null,
  byVendor: boolean,
): Promise<AccountSnapshot> {
  const snapshot = accountId === null ? null : await readSnapshot(tx, accountId);
  if (snapshot === null) return refuse({ code: 'not-found' });
  if (byVendor) {
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'capabilities.asked',
      accountId: snapshot.account.id,
    });
  }
  return snapshot;
}
