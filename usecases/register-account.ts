/** Register an account: the person, the address with its check mail, the first cycle (R2, R10, R12, R19). */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { addPeriod, dayInJapan, isCivilDate } from '../domain/calendar.js';
import type { Expiry } from '../domain/cycle.js';
import { cycleDates, expiryOn, firstExpiry } from '../domain/cycle.js';
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

/** Expiry further ahead than this is taken for a slip of the keyboard. */
const MAX_YEARS_AHEAD = 10;

/**
 * Refuses with `validation` (every fault at once) or `registration-number-taken`. An expiry in the past is accepted:
 * the account starts as 失効中. Slots are judged by the moment of creation (R10).
 */
export async function registerAccount(deps: Deps, command: Command, input: NewAccount): Promise<AccountView> {
  const now = command.receivedAt;
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
  return runCommand(deps, command, async (tx) => {
    await lockFireHq(tx, 'SHARE');
    const version = await readPolicyVersion(tx);
    const policy = readStoredPolicy(version.document);
    const expiry = checkExpiry(policy, input, now, faults);
    if (faults.length > 0 || expiry === null || address.address === null)
      refuse({ code: 'validation', fields: faults });
    const id = randomUUID();
    await insertOrRefuse(tx, {
      ...resident.data,
      id,
      registrationNumber: input.registrationNumber.trim(),
      registeredAt: input.registeredAt ?? now,
      createdAt: now,
    });
    await insertPresentAddress(tx, {
      id: randomUUID(),
      accountId: id,
      address: address.address,
      addressKey: addressKey(address.address),
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
        ...resident.data,
        registrationNumber: input.registrationNumber,
        mailAddress: address.address,
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

/** R1, R2, R12: which of expiresOn and expiresAt the policy's basis takes, and that it is not absurd. */
function checkExpiry(policy: Policy, input: NewAccount, now: Instant, faults: FieldFault[]): Expiry | null {
  const wrong = policy.basis === 'date' ? 'expiresAt' : 'expiresOn';
  if (input[wrong] !== undefined) {
    const right = policy.basis === 'date' ? 'expiresOn (a day in Japan)' : 'expiresAt (an instant)';
    faults.push({ field: wrong, code: 'wrong-basis', message: `This headquarters' policy takes ${right}.` });
    return null;
  }
  const lastDay = addPeriod(dayInJapan(now), { years: MAX_YEARS_AHEAD, months: 0, days: 0 });
  const tooFar = (field: string) =>
    faults.push({
      field,
      code: 'too-far',
      message: `${field} must be at most ${MAX_YEARS_AHEAD} years ahead.`,
    });
  if (input.expiresOn !== undefined) {
    if (!isCivilDate(input.expiresOn)) {
      faults.push({
        field: 'expiresOn',
        code: 'malformed',
        message: 'expiresOn must be a real date, YYYY-MM-DD.',
      });
      return null;
    }
    if (input.expiresOn > lastDay) tooFar('expiresOn');
    return expiryOn(input.expiresOn);
  }
  if (input.expiresAt !== undefined) {
    if (dayInJapan(input.expiresAt) > lastDay) tooFar('expiresAt');
    return { expiresOn: null, expiresAt: input.expiresAt };
  }
  return firstExpiry(policy, input.registeredAt ?? now);
}
