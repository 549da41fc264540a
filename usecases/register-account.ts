/** Register an account: the person, the address with its check mail, the first cycle (R2, R10, R12, R19). */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { cycleDates, firstExpiry } from '../domain/cycle.js';
import type { Policy } from '../domain/policy.js';
import { addressKey } from '../mail/addresses.js';
import { insertAccount } from '../store/accounts.js';
import { insertPresentAddress } from '../store/addresses.js';
import { appendAudit } from '../store/audit.js';
import { insertCycle } from '../store/cycles.js';
import { isUniqueViolation } from '../store/database.js';
import type { Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import { lockFireHq, readPolicyVersion } from '../store/policies.js';
import { askWhetherMailArrives } from './check-mail.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import type { FieldFault } from './errors.js';
import { refuse } from './errors.js';
import { checkExpiry } from './expiry-input.js';
import { readStoredPolicy } from './life-plan.js';
import type { ResidentInput } from './resident-data.js';
import { checkMailAddress, checkResident } from './resident-data.js';
import type { AccountView } from './views.js';
import { accountView } from './views.js';
import { lockedSnapshot } from './command.js';

export interface NewAccount extends ResidentInput {
  registrationNumber: string;
  name: string;
  kana: string;
  mailAddress: string;
  /** Date-based headquarters: D. Left out: the day of registration plus the validity. */
  expiresOn?: string | undefined;
  /** Time-based headquarters: E. */
  expiresAt?: Instant | undefined;
  registeredAt?: Instant | undefined;
  /** False: no check mail goes to the address, for people taken over from an older system. */
  checkMail?: boolean | undefined;
}

/** Everything that is wrong with it, before anybody registers it; a number that is taken is found by registering. */
export async function faultsOfNewAccount(
  deps: Deps,
  { fireHqId, receivedAt }: Command,
  input: NewAccount,
): Promise<FieldFault[]> {
  const { document } = await deps.database.inTenant(fireHqId, (tx) => readPolicyVersion(tx));
  return check(input, readStoredPolicy(document), receivedAt).faults;
}

function check(input: NewAccount, policy: Policy, now: Instant) {
  const resident = checkResident(input);
  const address = checkMailAddress('mailAddress', input.mailAddress);
  const faults = [...resident.faults, ...address.faults, ...checkNumber(input.registrationNumber)];
  if (input.registeredAt !== undefined && input.registeredAt > now) {
    faults.push({
      field: 'registeredAt',
      code: 'in-future',
      message: 'registeredAt must not lie in the future.',
    });
  }
  const given = input.expiresOn !== undefined || input.expiresAt !== undefined;
  const expiry = given
    ? checkExpiry(policy, input, now, faults)
    : firstExpiry(policy, input.registeredAt ?? now);
  return { resident: resident.data, address: address.address, expiry, faults };
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
    const policy = readStoredPolicy(version.document);
    const { resident, address, expiry, faults } = check(input, policy, now);
    if (faults.length > 0 || expiry === null || address === null)
      refuse({ code: 'validation', fields: faults });
    const id = randomUUID();
    await insertOrRefuse(tx, {
      ...resident,
      id,
      registrationNumber: input.registrationNumber.trim(),
      registeredAt: input.registeredAt ?? now,
      createdAt: now,
    });
    await insertPresentAddress(tx, {
      id: randomUUID(),
      accountId: id,
      address,
      addressKey: addressKey(address),
      replacedAnother: false,
      createdAt: now,
    });
    await insertCycle(tx, {
      accountId: id,
      number: 1,
      policyVersion: version.version,
      ...cycleDates(policy, expiry),
      slotsAfter: now,
      openedAt: now,
    });
    await appendAudit(tx, {
      at: now,
      actor: command.actor,
      action: 'account.registered',
      accountId: id,
      after: {
        ...resident,
        registrationNumber: input.registrationNumber,
        mailAddress: address,
        ...expiry,
      },
    });
    const registered = await lockedSnapshot(tx, id);
    if (input.checkMail !== false)
      await askWhetherMailArrives(tx, registered, registered.address.id, command);
    await enqueueLook(tx, [id], now);
    return accountView(await lockedSnapshot(tx, id), now);
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

function checkNumber(registrationNumber: string): FieldFault[] {
  const fits = /^[\p{L}\p{N}][\p{L}\p{N}_./-]{0,39}$/u.test(registrationNumber.trim());
  return fits
    ? []
    : [
        {
          field: 'registrationNumber',
          code: 'malformed',
          message:
            'registrationNumber must be 1 to 40 letters, digits, "-", "_", "." or "/", beginning with a letter or digit.',
        },
      ];
}
