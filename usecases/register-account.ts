/** Register an account: the person, the address with its check mail, the first cycle (R2, R10, R12, R19). */
import { insertAccount } from '../store/accounts.js';
import { insertPresentAddress } from '../store/addresses.js';
import { appendAudit } from '../store/audit.js';
import { insertCycle } from '../store/cycles.js';
import { isUniqueViolation } from '../store/database.js';
import type { Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import { lockFireHq, readPolicyVersion } from '../store/policies.js';
import { askWhetherMailArrives } from './check-mail.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import type { FieldFault } from './errors.js';
import { refuse } from './errors.js';
import { readStoredPolicy } from './life-plan.js';
import type { NewAccount } from './new-account.js';
import { checkNewAccount } from './new-account.js';
import type { AccountView } from './views.js';
import { accountView } from './views.js';

export type { NewAccount } from './new-account.js';

/** Everything that is wrong with it, before anybody registers it; a number that is taken is found by registering. */
export async function faultsOfNewAccount(
  deps: Deps,
  { fireHqId, receivedAt }: Command,
  input: NewAccount,
): Promise<FieldFault[]> {
  const { document } = await deps.database.inTenant(fireHqId, (tx) => readPolicyVersion(tx));
  return checkNewAccount(readStoredPolicy(document), input, receivedAt).faults ?? [];
}

/**
 * Refuses with `validation` (every fault at once) or `registration-number-taken`. An expiry in the past is accepted:
 * the account starts as 失効中. Slots are judged by the moment of creation (R10).
 */
export async function registerAccount(deps: Deps, command: Command, input: NewAccount): Promise<AccountView> {
  const now = command.receivedAt;
  return runCommand(deps, command, async (tx) => {
    await lockFireHq(tx, 'SHARE');
    const version = await readPolicyVersion(tx);
    const checked = checkNewAccount(readStoredPolicy(version.document), input, now);
    if (checked.faults !== null) refuse({ code: 'validation', fields: checked.faults });
    const { account, address, cycle, audit } = checked.rowsFor(version.version, command);
    await insertOrRefuse(tx, account);
    await insertPresentAddress(tx, address);
    await insertCycle(tx, cycle);
    await appendAudit(tx, audit);
    const registered = await lockedSnapshot(tx, account.id);
    if (input.checkMail !== false)
      await askWhetherMailArrives(tx, registered, registered.address.id, command);
    await enqueueLook(tx, [account.id], now);
    return accountView(await lockedSnapshot(tx, account.id), now);
  });
}

async function insertOrRefuse(tx: Tx, row: Parameters<typeof insertAccount>[1]): Promise<void> {
  try {
    await insertAccount(tx, row);
  } catch (error) {
    if (isUniqueViolation(error)) refuse({ code: 'registration-number-taken' });
    throw error;
  }
}
