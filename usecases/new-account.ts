/** What a new account is made of, one person or ten thousand: the checks and the rows (R1, R2, R10, R12, R37). */
import { randomUUID } from 'node:crypto';
import type { PriorOutcome } from '../domain/address-state.js';
import { foldAddress, priorEvidence } from '../domain/address-state.js';
import type { Instant } from '../domain/calendar.js';
import type { Expiry } from '../domain/cycle.js';
import { cycleDates, firstExpiry } from '../domain/cycle.js';
import type { PriorCause } from '../domain/lapse.js';
import type { Policy } from '../domain/policy.js';
import { addressKey } from '../mail/addresses.js';
import type { NewAccountRow } from '../store/accounts.js';
import type { NewAddressRow } from '../store/addresses.js';
import type { NewAuditEvent } from '../store/audit.js';
import type { NewCycleRow } from '../store/cycles.js';
import type { Command } from './context.js';
import type { FieldFault } from './errors.js';
import { checkExpiry } from './expiry-input.js';
import type { ResidentInput } from './resident-data.js';
import { checkMailAddress, checkResident } from './resident-data.js';

/** R10: what an older system knew of the person. */
export interface PriorStatus {
  lastMail: { outcome: PriorOutcome; at: Instant } | null;
  /** Why it had the person as lapsed; its 不達 is `lastMail.outcome` UNDELIVERABLE. */
  cause: PriorCause | null;
}

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
  prior?: PriorStatus | undefined;
}

/** The rows that stand for a new account. */
export interface NewAccountRows {
  account: NewAccountRow;
  address: NewAddressRow;
  cycle: NewCycleRow;
  audit: NewAuditEvent;
}

export type CheckedAccount =
  | { faults: FieldFault[]; rowsFor: null }
  | { faults: null; expiry: Expiry; rowsFor: (policyVersion: number, command: Command) => NewAccountRows };

/** Every fault at once, or the rows to be written. Pure but for the ids. */
export function checkNewAccount(policy: Policy, input: NewAccount, now: Instant): CheckedAccount {
  const resident = checkResident(input);
  const { address, faults: addressFaults } = checkMailAddress('mailAddress', input.mailAddress);
  const faults = [...resident.faults, ...addressFaults, ...checkNumber(input.registrationNumber)];
  const registeredAt = input.registeredAt ?? now;
  if (registeredAt > now) faults.push(inFuture('registeredAt'));
  const lastMail = input.prior?.lastMail ?? null;
  if (lastMail !== null && lastMail.at > now) faults.push(inFuture('priorMailOn'));
  const given = input.expiresOn !== undefined || input.expiresAt !== undefined;
  const expiry = given ? checkExpiry(policy, input, now, faults) : firstExpiry(policy, registeredAt);
  if (faults.length > 0 || expiry === null || address === null) return { faults, rowsFor: null };
  const rowsFor = (policyVersion: number, { actor }: Command): NewAccountRows => {
    const id = randomUUID();
    const registrationNumber = input.registrationNumber.trim();
    return {
      account: { ...resident.data, id, registrationNumber, registeredAt, createdAt: now },
      address: {
        id: randomUUID(),
        accountId: id,
        address,
        addressKey: addressKey(address),
        replacedAnother: false,
        createdAt: now,
        prior: lastMail && { ...lastMail, story: storyOf(policy, lastMail) },
      },
      cycle: {
        accountId: id,
        number: 1,
        policyVersion,
        ...cycleDates(policy, expiry),
        slotsAfter: now,
        openedAt: now,
        priorCause: input.prior?.cause ?? null,
      },
      audit: {
        at: now,
        actor,
        action: 'account.registered',
        accountId: id,
        after: {
          ...resident.data,
          registrationNumber: input.registrationNumber,
          mailAddress: address,
          ...expiry,
          ...(input.prior && { prior: input.prior }),
        },
      },
    };
  };
  return { faults: null, expiry, rowsFor };
}

/** R37: the state in which an address begins of which an older system knew something. */
export function storyOf(policy: Policy, lastMail: NonNullable<PriorStatus['lastMail']>) {
  return foldAddress(priorEvidence(lastMail, policy.failuresToUndeliverable), policy.failuresToUndeliverable);
}

function inFuture(field: string): FieldFault {
  return { field, code: 'in-future', message: `${field} must not lie in the future.` };
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
