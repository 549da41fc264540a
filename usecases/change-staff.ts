/**
 * What a manager, or the operator, changes about 職員. Nobody is deleted: the audit trail names them. Nobody changes oneself,
 * so whoever is left is a manager.
 */
import type { Role } from '../domain/roles.js';
import { appendAudit } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import { findStaff, lockActiveManagers, setDisplayName, setLocked, setRole } from '../store/staff.js';
import type { StaffRow } from '../store/staff.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import type { FieldFault } from './errors.js';
import { refuse } from './errors.js';

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
 * May not sign in any more; open sessions end with their next request. Refuses with `not-found` and `staff-refused`:
 * `own-account`, `last-manager`. `evenLast`: the operator's, for a sign-in that was stolen.
 */
export async function lockStaff(
  deps: Deps,
  command: Command,
  staffId: string,
  { evenLast = false } = {},
): Promise<void> {
  await changeOther(deps, command, staffId, async (tx, person, managers) => {
    if (person.lockedAt !== null) return null;
    if (!evenLast) refuseLastManager(person, managers);
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

/** `mark`: is returned, on a repeat of the same command that of the first. */
type Change = { action: string; before?: object; after?: object; mark?: string } | null;

/** Of somebody else: what one could do to oneself by mistake cannot be undone by oneself. */
export async function changeOther(
  deps: Deps,
  command: Command,
  staffId: string,
  work: (tx: Tx, person: StaffRow, managers: readonly string[]) => Promise<Change>,
): Promise<string | null> {
  if (command.actor === `staff:${staffId}`) refuse({ code: 'staff-refused', why: 'own-account' });
  return change(deps, command, staffId, work);
}

/** What `work` tells is in the audit trail; null: nothing changed. Managers are locked first, always in one order. */
export async function change(
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

export function checkDisplayName(displayName: string): FieldFault[] {
  const length = [...displayName.trim()].length;
  if (length > 0 && length <= 40 && !/\p{Cc}/u.test(displayName)) return [];
  return [{ field: 'displayName', code: 'malformed', message: 'displayName must be 1 to 40 characters.' }];
}
