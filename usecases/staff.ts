/** 職員: made and helped by the operator; they sign in to the staff site. */
import { randomUUID } from 'node:crypto';
import type { Role } from '../domain/roles.js';
import { hashPassword, isPassword, makePassword } from '../platform/passwords.js';
import { appendAudit } from '../store/audit.js';
import { isUniqueViolation } from '../store/database.js';
import type { Tx } from '../store/database.js';
import { readFireHqName } from '../store/fire-hq.js';
import {
  findStaff,
  insertStaff,
  listStaff,
  lookupStaff,
  readPasswordHash,
  setLocked,
  setPasswordHash,
  setSignedIn,
} from '../store/staff.js';
import type { StaffRow } from '../store/staff.js';
import type { Deps } from './context.js';
import type { FieldFault } from './errors.js';
import { refuse } from './errors.js';

export interface NewStaff {
  signInName: string;
  displayName: string;
  role: Role;
}

/** The password is returned once and stored nowhere. Refuses with `validation`. */
export async function createStaff(
  deps: Deps,
  fireHqId: string,
  person: NewStaff,
): Promise<{ id: string; password: string }> {
  const faults = checkStaff(person);
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  const password = makePassword();
  const passwordHash = await hashPassword(password);
  const id = randomUUID();
  const now = deps.clock.now();
  const { signInName, role } = person;
  const displayName = person.displayName.trim();
  try {
    await deps.database.inTenant(fireHqId, async (tx) => {
      await insertStaff(tx, {
        id,
        signInName,
        displayName,
        role,
        passwordHash,
        createdAt: now,
        createdBy: 'operator',
      });
      await audit(tx, now, 'staff.created', { staffId: id, signInName, displayName, role });
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    refuse({
      code: 'validation',
      fields: [{ field: 'signInName', code: 'taken', message: 'Somebody has this sign-in name.' }],
    });
  }
  return { id, password };
}

export async function readAllStaff(deps: Deps, fireHqId: string): Promise<StaffRow[]> {
  return deps.database.inTenant(fireHqId, listStaff);
}

/** A new password, returned once; sessions that are open go on. Refuses with `not-found`. */
export async function resetPassword(deps: Deps, fireHqId: string, signInName: string): Promise<string> {
  const password = makePassword();
  const passwordHash = await hashPassword(password);
  await change(deps, fireHqId, signInName, 'staff.password-reset', async (tx, { id }) => {
    await setPasswordHash(tx, id, passwordHash);
  });
  return password;
}

/** Effective at the next request. Refuses with `not-found`. */
export async function lockStaff(deps: Deps, fireHqId: string, signInName: string): Promise<void> {
  await change(deps, fireHqId, signInName, 'staff.locked', async (tx, { id }) =>
    setLocked(tx, id, deps.clock.now()),
  );
}

/** Refuses with `not-found`. */
export async function unlockStaff(deps: Deps, fireHqId: string, signInName: string): Promise<void> {
  await change(deps, fireHqId, signInName, 'staff.unlocked', async (tx, { id }) => setLocked(tx, id, null));
}

export interface SignedIn {
  fireHqId: string;
  staffId: string;
}

/** Whose name and password these are; null after the same work for an unknown name and a wrong password. Writes nothing. */
export async function knowStaff(
  deps: Deps,
  { signInName, password }: { signInName: string; password: string },
): Promise<SignedIn | null> {
  const found = await lookupStaff(deps.database.lookups, signInName);
  const passwordHash =
    found === null
      ? null
      : await deps.database.inTenant(found.fireHqId, (tx) => readPasswordHash(tx, found.staffId));
  return (await isPassword(passwordHash, password)) ? found : null;
}

/** Null for an unknown name, a wrong password and a locked person alike. */
export async function signIn(
  deps: Deps,
  given: { signInName: string; password: string },
): Promise<SignedIn | null> {
  const known = await knowStaff(deps, given);
  if (known === null) return null;
  const { fireHqId, staffId } = known;
  const now = deps.clock.now();
  return deps.database.inTenant(fireHqId, async (tx) => {
    const person = await findStaff(tx, staffId);
    if (person === null || person.lockedAt !== null) return null;
    await setSignedIn(tx, staffId, now);
    await audit(tx, now, 'staff.signed-in', { staffId }, `staff:${staffId}`);
    return { fireHqId, staffId };
  });
}

/** Asked at every request: a lock or another role counts from the next one on. Null: to be signed out. */
export async function readSignedIn(
  deps: Deps,
  { fireHqId, staffId }: SignedIn,
): Promise<(StaffRow & { hqName: string }) | null> {
  return deps.database.inTenant(fireHqId, async (tx) => {
    const person = await findStaff(tx, staffId);
    return person === null || person.lockedAt !== null
      ? null
      : { ...person, hqName: await readFireHqName(tx) };
  });
}

async function change(
  deps: Deps,
  fireHqId: string,
  signInName: string,
  action: string,
  work: (tx: Tx, person: { id: string }) => Promise<void>,
): Promise<void> {
  const found = await lookupStaff(deps.database.lookups, signInName);
  if (found?.fireHqId !== fireHqId) refuse({ code: 'not-found' });
  await deps.database.inTenant(fireHqId, async (tx) => {
    await work(tx, { id: found.staffId });
    await audit(tx, deps.clock.now(), action, { staffId: found.staffId, signInName });
  });
}

async function audit(tx: Tx, at: number, action: string, after: object, actor = 'operator'): Promise<void> {
  await appendAudit(tx, { at, actor, action, after });
}

function checkStaff({ signInName, displayName }: NewStaff): FieldFault[] {
  const faults: FieldFault[] = [];
  if (!/^[a-z0-9][a-z0-9._-]{2,39}$/.test(signInName)) {
    faults.push({
      field: 'signInName',
      code: 'malformed',
      message: 'signInName must be 3 to 40 of a–z, 0–9, ".", "_" and "-", beginning with a letter or digit.',
    });
  }
  const length = [...displayName.trim()].length;
  if (length === 0 || length > 40 || /\p{Cc}/u.test(displayName)) {
    faults.push({
      field: 'displayName',
      code: 'malformed',
      message: 'displayName must be 1 to 40 characters.',
    });
  }
  return faults;
}
