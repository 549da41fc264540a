/** 運用担当 who may sign in: made, helped and locked at the command line, with the login that owns the tables. */
import { randomUUID } from 'node:crypto';
import type { Database, Tx } from '../store/database.js';
import { isUniqueViolation } from '../store/database.js';
import type { VendorEventRow, VendorOperatorRow } from '../store/vendor-operators.js';
import {
  appendVendorEvent,
  changeVendorOperator,
  findVendorOperatorByName,
  insertVendorOperator,
  listVendorEvents,
  listVendorOperators,
} from '../store/vendor-operators.js';
import type { Deps } from './context.js';
import { refuse } from './errors.js';
import { checkStaffNames } from './invite-staff.js';
import type { OneTimeCode } from './one-time-code.js';
import { makeOneTimeCode } from './one-time-code.js';

/** May sign in with the code. Refuses with `validation`. */
export async function createVendorOperator(
  deps: Deps,
  owner: Database,
  person: { signInName: string; displayName: string },
): Promise<OneTimeCode> {
  const faults = checkStaffNames(person);
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  const now = deps.clock.now();
  const { code, until, hash } = makeOneTimeCode(now);
  const id = randomUUID();
  try {
    await owner.withoutTenant(async (tx) => {
      await insertVendorOperator(tx, {
        id,
        signInName: person.signInName,
        displayName: person.displayName.trim(),
        createdAt: now,
        oneTimeHash: hash,
        oneTimeUntil: until,
      });
      await appendVendorEvent(tx, id, 'created', now);
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const message = 'Somebody has this sign-in name.';
    refuse({ code: 'validation', fields: [{ field: 'signInName', code: 'taken', message }] });
  }
  return { code, until };
}

/** A one-time code instead of the password, and no second factor: to be set up anew. Open sessions end. Also unlocks. */
export async function recoverVendorOperator(
  deps: Deps,
  owner: Database,
  signInName: string,
): Promise<OneTimeCode> {
  const now = deps.clock.now();
  const { code, until, hash } = makeOneTimeCode(now);
  await changeByName(owner, signInName, async (tx, { id, epoch }) => {
    await changeVendorOperator(tx, id, {
      lockedAt: null,
      epoch: epoch + 1,
      passwordHash: null,
      oneTimeHash: hash,
      oneTimeUntil: until,
      sealed: null,
      nextSealed: null,
      step: null,
      recoveryHashes: [],
      wrongCodes: 0,
    });
    await appendVendorEvent(tx, id, 'recovered', now);
  });
  return { code, until };
}

/** May not sign in any more; open sessions end with their next request. */
export async function lockVendorOperator(deps: Deps, owner: Database, signInName: string): Promise<void> {
  const now = deps.clock.now();
  await changeByName(owner, signInName, async (tx, { id, epoch }) => {
    await changeVendorOperator(tx, id, {
      lockedAt: now,
      epoch: epoch + 1,
      oneTimeHash: null,
      oneTimeUntil: null,
    });
    await appendVendorEvent(tx, id, 'locked', now);
  });
}

export async function readVendorOperators(deps: Deps): Promise<VendorOperatorRow[]> {
  return deps.database.withoutTenant(listVendorOperators);
}

/** Their trail, newest first. */
export async function readVendorEvents(owner: Database, limit: number): Promise<VendorEventRow[]> {
  return owner.withoutTenant((tx) => listVendorEvents(tx, limit));
}

async function changeByName(
  owner: Database,
  signInName: string,
  change: (tx: Tx, person: VendorOperatorRow) => Promise<void>,
): Promise<void> {
  await owner.withoutTenant(async (tx) => {
    await change(tx, (await findVendorOperatorByName(tx, signInName)) ?? refuse({ code: 'not-found' }));
  });
}
