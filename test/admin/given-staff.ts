/** People who have joined: invited, with a password of their own, and with a second factor where it is wanted. */
import { makeCode } from '../../platform/passwords.js';
import { totpCode } from '../../platform/totp.js';
import type { Command, Deps } from '../../usecases/context.js';
import {
  beginSecondFactor,
  confirmSecondFactor,
  readSecondFactorSetup,
} from '../../usecases/second-factor.js';
import type { Pending } from '../../usecases/sign-in.js';
import { beginSignIn } from '../../usecases/sign-in.js';
import { choosePassword } from '../../usecases/staff-password.js';
import type { NewStaff } from '../../usecases/invite-staff.js';
import { inviteStaff } from '../../usecases/invite-staff.js';

export interface Joined {
  id: string;
  password: string;
}

export const operatorOf = (deps: Deps, fireHqId: string): Command => ({
  fireHqId,
  actor: 'operator',
  receivedAt: deps.clock.now(),
});

export async function joinStaff(deps: Deps, fireHqId: string, person: NewStaff): Promise<Joined> {
  const { id, code } = await inviteStaff(deps, operatorOf(deps, fireHqId), person);
  const password = makeCode(4);
  await choosePassword(deps, await pendingOf(deps, person.signInName, code?.code ?? ''), {
    password,
    passwordAgain: password,
  });
  return { id, password };
}

/** After the first step of signing in. */
export async function pendingOf(deps: Deps, signInName: string, password: string): Promise<Pending> {
  const { pending } = await beginSignIn(deps, { signInName, password });
  if (pending === null) throw new Error('the password is refused');
  return pending;
}

/** Confirmed with the code before the present one, which is still to be used. */
export async function setUpSecondFactor(
  deps: Deps,
  pending: Pending,
): Promise<{ secret: string; recoveryCodes: string[] }> {
  await beginSecondFactor(deps, pending);
  const secret = (await readSecondFactorSetup(deps, pending)) ?? '';
  const codes = await confirmSecondFactor(deps, pending, totpCode(secret, deps.clock.now() - 30_000));
  if (codes === null) throw new Error('the code is refused');
  return { secret, recoveryCodes: codes };
}
