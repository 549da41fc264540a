/**
 * 職員: invited, changed, locked and helped by a manager, or by the operator. Nobody is deleted: the audit trail names them.
 * A one-time code stands in for the password until the person has chosen one.
 */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { DAY } from '../domain/calendar.js';
import type { Role } from '../domain/roles.js';
import { tokenHash } from '../platform/keys.js';
import { bareCode, makeCode } from '../platform/passwords.js';
import { appendAudit } from '../store/audit.js';
import { isUniqueViolation } from '../store/database.js';
import type { Tx } from '../store/database.js';
import { clearOneTimeCode, clearSecondFactor, setOneTimeCode } from '../store/staff-secrets.js';
import {
  endSessions,
  findStaff,
  insertStaff,
  listStaff,
  lockActiveManagers,
  lookupStaff,
  setDisplayName,
  setLocked,
  setRole,
} from '../store/staff.js';
import type { StaffRow } from '../store/staff.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import type { FieldFault } from './errors.js';
import { refuse } from './errors.js';
import type { SignedIn } from './sign-in.js';
import { lockPending } from './sign-in.js';

export interface NewStaff {
  signInName: string;
  displayName: string;
  role: Role;
}

/** A one-time code is good for so long. */
const CODE_LASTS = 7 * DAY;
/** 97 bits. */
const CODE_GROUPS = 4;

/** To be handed over; returned once and stored nowhere. */
export interface OneTimeCode {
  code: string;
  until: Instant;
}

/**
 * A colleague who may sign in with the code. A repeat of the same command returns the id without a code, which is shown
 * once only. Refuses with `validation`.
 */
export async function inviteStaff(
  deps: Deps,
  command: Command,
  person: NewStaff,
): Promise<{ id: string; code: OneTimeCode | null }> {
  const faults = checkStaff(person);
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  const { signInName, role } = person;
  const displayName = person.displayName.trim();
  const { receivedAt: at, actor } = command;
  const made = makeOneTimeCode(at);
  const wanted = randomUUID();
  try {
    const { id } = await runCommand(deps, command, async (tx) => {
      await insertStaff(tx, {
        id: wanted,
        signInName,
        displayName,
        role,
        createdAt: at,
        createdBy: actor,
        oneTimeHash: made.hash,
        oneTimeUntil: made.until,
      });
      const after = { staffId: wanted, signInName, displayName, role };
      await appendAudit(tx, { at, actor, action: 'staff.created', after });
      return { id: wanted };
    });
    return { id, code: id === wanted ? { code: made.code, until: made.until } : null };
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    refuse({
      code: 'validation',
      fields: [{ field: 'signInName', code: 'taken', message: 'Somebody has this sign-in name.' }],
    });
  }
}

/** By sign-in name: dozens, not thousands. */
export async function readAllStaff(deps: Deps, fireHqId: string): Promise<StaffRow[]> {
  return deps.database.inTenant(fireHqId, listStaff);
}

/** Refuses with `not-found`. */
export async function readStaff(deps: Deps, fireHqId: string, staffId: string): Promise<StaffRow> {
  return (
    (await deps.database.inTenant(fireHqId, (tx) => findStaff(tx, staffId))) ?? refuse({ code: 'not-found' })
  );
}

/** Refuses with `not-found`, also for a name of another headquarters. */
export async function findStaffId(deps: Deps, fireHqId: string, signInName: string): Promise<string> {
  const found = await lookupStaff(deps.database.lookups, signInName);
  return found?.fireHqId === fireHqId ? found.staffId : refuse({ code: 'not-found' });
}

/** The name that colleagues see. Refuses with `not-found`, `validation`. */
export async function renameStaff(
  deps: Deps,
  command: Command,
  staffId: string,
  displayName: string,
): Promise<void> {
  const faults = checkDisplayName(displayName);
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  const wanted = displayName.trim();
  await change(deps, command, staffId, async (tx, person) => {
    if (person.displayName === wanted) return null;
    await setDisplayName(tx, staffId, wanted);
    return {
      action: 'staff.renamed',
      before: { displayName: person.displayName },
      after: { displayName: wanted },
    };
  });
}

/**
 * From `was`, as the form showed it, to `role`; open sessions end. Refuses with `not-found`, `staff-refused`:
 * `own-account`, `last-manager`, `staff-changed` when somebody else gave another role meanwhile.
 */
export async function changeRole(
  deps: Deps,
  command: Command,
  staffId: string,
  { was, role }: { was: Role; role: Role },
): Promise<void> {
  await changeOther(deps, command, staffId, async (tx, person, managers) => {
    if (person.role !== was) refuse({ code: 'staff-refused', why: 'staff-changed' });
    if (role === was) return null;
    refuseLastManager(person, managers);
    await setRole(tx, staffId, role);
    return { action: 'staff.role-changed', before: { role: was }, after: { role } };
  });
}

/**
 * May not sign in any more; open sessions end with their next request. Refuses with `not-found`, `own-account`,
 * `last-manager`; the operator may lock the last manager too, whose sign-in may have been stolen.
 */
export async function lockStaff(deps: Deps, command: Command, staffId: string): Promise<void> {
  await changeOther(deps, command, staffId, async (tx, person, managers) => {
    if (person.lockedAt !== null) return null;
    if (command.actor !== 'operator') refuseLastManager(person, managers);
    await setLocked(tx, staffId, command.receivedAt);
    return { action: 'staff.locked' };
  });
}

/** Refuses with `not-found`, `own-account`. */
export async function unlockStaff(deps: Deps, command: Command, staffId: string): Promise<void> {
  await changeOther(deps, command, staffId, async (tx, person) => {
    if (person.lockedAt === null) return null;
    await setLocked(tx, staffId, null);
    return { action: 'staff.unlocked' };
  });
}

/**
 * A one-time code instead of the password, which is worth nothing from now on; open sessions end, an earlier code is worth
 * nothing. Null on a repeat of the same command. Refuses with `not-found`, `own-account`.
 */
export async function resetPassword(
  deps: Deps,
  command: Command,
  staffId: string,
): Promise<OneTimeCode | null> {
  const made = makeOneTimeCode(command.receivedAt);
  const mark = randomUUID();
  const first = await changeOther(deps, command, staffId, async (tx) => {
    await setOneTimeCode(tx, staffId, made.hash, made.until);
    return { action: 'staff.password-reset', mark };
  });
  return first === mark ? { code: made.code, until: made.until } : null;
}

/** The code that was handed over is worth nothing any more, and the person is locked. As `lockStaff`. */
export async function withdrawInvitation(deps: Deps, command: Command, staffId: string): Promise<void> {
  await changeOther(deps, command, staffId, async (tx, person) => {
    if (person.oneTimeUntil === null || person.lastSignedInAt !== null)
      refuse({ code: 'staff-refused', why: 'staff-changed' });
    await clearOneTimeCode(tx, staffId);
    await setLocked(tx, staffId, command.receivedAt);
    return { action: 'staff.invitation-withdrawn' };
  });
}

/** For somebody who lost the authenticator; open sessions end. Refuses with `not-found`, `own-account`. */
export async function resetSecondFactor(deps: Deps, command: Command, staffId: string): Promise<void> {
  await changeOther(deps, command, staffId, async (tx, person) => {
    if (!person.hasSecondFactor) return null;
    await clearSecondFactor(tx, staffId);
    return { action: 'staff.second-factor-reset' };
  });
}

/**
 * The vendor's help for a headquarters whose managers cannot get in: unlocked, no second factor, a one-time code. Refuses
 * with `not-found`, and `not-a-manager` for anybody else, whom a manager can help.
 */
export async function recoverManager(
  deps: Deps,
  command: Command,
  staffId: string,
  reason: string,
): Promise<OneTimeCode> {
  const made = makeOneTimeCode(command.receivedAt);
  await change(deps, command, staffId, async (tx, person) => {
    if (person.role !== 'MANAGER') refuse({ code: 'staff-refused', why: 'not-a-manager' });
    await clearSecondFactor(tx, staffId);
    await setOneTimeCode(tx, staffId, made.hash, made.until);
    await setLocked(tx, staffId, null);
    return { action: 'staff.recovered', after: { reason } };
  });
  return { code: made.code, until: made.until };
}

/** ほかの画面をすべてサインアウトする: by oneself. The epoch of the session that goes on. */
export async function endOwnSessions(deps: Deps, command: Command, signedIn: SignedIn): Promise<number> {
  const { staffId } = signedIn;
  return runCommand(deps, command, async (tx) => {
    await lockPending(tx, signedIn);
    const epoch = await endSessions(tx, staffId);
    const { receivedAt: at, actor } = command;
    await appendAudit(tx, { at, actor, action: 'staff.sessions-ended', after: { staffId } });
    return epoch;
  });
}

/** `mark`: is returned, on a repeat of the same command that of the first. */
type Change = { action: string; before?: object; after?: object; mark?: string } | null;

/** Of somebody else: what one could do to oneself by mistake cannot be undone by oneself. */
async function changeOther(
  deps: Deps,
  command: Command,
  staffId: string,
  work: (tx: Tx, person: StaffRow, managers: readonly string[]) => Promise<Change>,
): Promise<string | null> {
  if (command.actor === `staff:${staffId}`) refuse({ code: 'staff-refused', why: 'own-account' });
  return change(deps, command, staffId, work);
}

/** What `work` tells is in the audit trail; null: nothing changed. Managers are locked first, always in one order. */
async function change(
  deps: Deps,
  command: Command,
  staffId: string,
  work: (tx: Tx, person: StaffRow, managers: readonly string[]) => Promise<Change>,
): Promise<string | null> {
  return runCommand(deps, command, async (tx) => {
    const managers = await lockActiveManagers(tx);
    refuseFormerManager(command, managers);
    const person = (await findStaff(tx, staffId, { lock: true })) ?? refuse({ code: 'not-found' });
    const done = await work(tx, person, managers);
    if (done === null) return null;
    const { action, before, after, mark = null } = done;
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action,
      ...(before && { before }),
      after: { staffId, signInName: person.signInName, ...after },
    });
    return mark;
  });
}

/** Two managers who lock each other at once: the second is no manager any more when the turn comes. */
function refuseFormerManager({ actor }: Command, managers: readonly string[]): void {
  if (actor.startsWith('staff:') && !managers.includes(actor.slice('staff:'.length))) {
    refuse({ code: 'staff-refused', why: 'not-allowed' });
  }
}

function refuseLastManager({ id }: StaffRow, managers: readonly string[]): void {
  if (managers.includes(id) && managers.length === 1) refuse({ code: 'staff-refused', why: 'last-manager' });
}

function makeOneTimeCode(now: Instant): OneTimeCode & { hash: Buffer } {
  const code = makeCode(CODE_GROUPS);
  return { code, until: now + CODE_LASTS, hash: tokenHash(bareCode(code)) };
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
  return [...faults, ...checkDisplayName(displayName)];
}

function checkDisplayName(displayName: string): FieldFault[] {
  const length = [...displayName.trim()].length;
  if (length > 0 && length <= 40 && !/\p{Cc}/u.test(displayName)) return [];
  return [{ field: 'displayName', code: 'malformed', message: 'displayName must be 1 to 40 characters.' }];
}
