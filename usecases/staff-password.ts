/** Passwords that staff choose themselves; nobody else ever knows one. */
import type { PasswordFault } from '../domain/password.js';
import { passwordFault } from '../domain/password.js';
import { hashPassword, isPassword } from '../platform/passwords.js';
import { appendAudit } from '../store/audit.js';
import { readPassword, setPasswordHash } from '../store/staff-secrets.js';
import { findStaff } from '../store/staff.js';
import type { Deps } from './context.js';
import type { FieldFault } from './errors.js';
import { refuse } from './errors.js';
import type { Pending, SignedIn } from './sign-in.js';
import { lockPending } from './sign-in.js';

/** As `typedPassword` gives them. */
export interface NewPassword {
  password: string;
  passwordAgain: string;
}

const MESSAGES: Record<PasswordFault | 'different', string> = {
  'too-short': 'password must have 12 characters or more.',
  'too-long': 'password must have 200 characters at most.',
  'too-simple': 'password must not be made of words that everybody tries first.',
  different: 'both must be the same.',
};

/**
 * After the one-time code, which is used up by it. The person goes on from the step that is next. Refuses with
 * `validation`, and with `not-found` when the code was replaced or withdrawn meanwhile.
 */
export async function choosePassword(deps: Deps, pending: Pending, chosen: NewPassword): Promise<Pending> {
  const { fireHqId, staffId, proof } = pending;
  const person = await deps.database.inTenant(fireHqId, (tx) => findStaff(tx, staffId));
  if (person === null || proof !== 'ONE_TIME_CODE') refuse({ code: 'not-found' });
  if (person.hasSecondFactor && !pending.codeGiven) refuse({ code: 'not-found' });
  refuseBadPassword(chosen, person.signInName);
  const epoch = await replace(deps, pending, chosen.password, 'staff.password-chosen');
  return { ...pending, epoch, proof: 'PASSWORD' };
}

/**
 * By oneself, with the old one; all other sessions end. The session's new epoch. Refuses with `validation` (field
 * `oldPassword`, code `wrong`, among them).
 */
export async function changePassword(
  deps: Deps,
  signedIn: SignedIn,
  { oldPassword, ...chosen }: NewPassword & { oldPassword: string },
): Promise<number> {
  const { fireHqId, staffId } = signedIn;
  const person = await deps.database.inTenant(fireHqId, (tx) => findStaff(tx, staffId));
  if (person === null) refuse({ code: 'not-found' });
  const faults = faultsOf(chosen, person.signInName);
  if (!(await isOwnPassword(deps, signedIn, oldPassword))) {
    faults.unshift({ field: 'oldPassword', code: 'wrong', message: 'This is not the present password.' });
  } else if (oldPassword === chosen.password) {
    faults.push({ field: 'password', code: 'same', message: 'password must differ from the present one.' });
  }
  refuseFaults(faults);
  return replace(deps, signedIn, chosen.password, 'staff.password-changed');
}

/** Asked again before something that a session left open must not do. */
export async function isOwnPassword(
  deps: Deps,
  { fireHqId, staffId }: SignedIn,
  password: string,
): Promise<boolean> {
  const row = await deps.database.inTenant(fireHqId, (tx) => readPassword(tx, staffId));
  return isPassword(row?.passwordHash ?? null, password);
}

async function replace(deps: Deps, signedIn: SignedIn, password: string, action: string): Promise<number> {
  const { fireHqId, staffId } = signedIn;
  const passwordHash = await hashPassword(password);
  const now = deps.clock.now();
  return deps.database.inTenant(fireHqId, async (tx) => {
    await lockPending(tx, signedIn);
    const epoch = await setPasswordHash(tx, staffId, passwordHash);
    await appendAudit(tx, { at: now, actor: `staff:${staffId}`, action, after: { staffId } });
    return epoch;
  });
}

/** Refuses with `validation`. */
export function refuseBadPassword(chosen: NewPassword, signInName: string): void {
  refuseFaults(faultsOf(chosen, signInName));
}

function faultsOf({ password, passwordAgain }: NewPassword, signInName: string): FieldFault[] {
  const faults: FieldFault[] = [];
  const simple = passwordFault(password, signInName);
  if (simple !== null) faults.push({ field: 'password', code: simple, message: MESSAGES[simple] });
  if (password !== passwordAgain) {
    faults.push({ field: 'passwordAgain', code: 'different', message: MESSAGES.different });
  }
  return faults;
}

function refuseFaults(fields: FieldFault[]): void {
  if (fields.length > 0) refuse({ code: 'validation', fields });
}
