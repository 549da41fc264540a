/** 職員を招待する, by a manager or, for the first one, by the operator. */
import { randomUUID } from 'node:crypto';
import type { Role } from '../domain/roles.js';
import { appendAudit } from '../store/audit.js';
import { isUniqueViolation } from '../store/database.js';
import { clearOneTimeCode } from '../store/staff-secrets.js';
import { insertStaff, setLocked } from '../store/staff.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import type { FieldFault } from './errors.js';
import { refuse } from './errors.js';
import type { OneTimeCode } from './one-time-code.js';
import { makeOneTimeCode } from './one-time-code.js';
import { changeOther, checkDisplayName } from './change-staff.js';

export interface NewStaff {
  signInName: string;
  displayName: string;
  role: Role;
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
  const faults = checkStaffNames(person);
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

/** The same names for staff and for 運用担当. */
export function checkStaffNames({
  signInName,
  displayName,
}: Pick<NewStaff, 'signInName' | 'displayName'>): FieldFault[] {
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
