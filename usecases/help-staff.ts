/** Ways back in for 職員 who lost a password or an authenticator. */
import { randomUUID } from 'node:crypto';
import { clearSecondFactor, setOneTimeCode } from '../store/staff-secrets.js';
import { setLocked } from '../store/staff.js';
import { change, changeOther } from './change-staff.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import type { OneTimeCode } from './one-time-code.js';
import { makeOneTimeCode } from './one-time-code.js';

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
