/**
 * Demonstration sign-ins of the staff site: one of each role in every headquarters. All invented. Managers have a second
 * factor; in mihon, where it is required as by default, the clerk has one too. In reiji and kara nobody must.
 */
import type { Role } from '../../domain/roles.js';
import { MINUTE, dayInJapan, instantInJapan } from '../../domain/calendar.js';
import { makeCode } from '../../platform/passwords.js';
import { unseal } from '../../platform/sealed.js';
import { totpCode } from '../../platform/totp.js';
import { lockSecondFactor } from '../../store/staff-secrets.js';
import type { Command, Deps } from '../../usecases/context.js';
import {
  beginSecondFactor,
  confirmSecondFactor,
  putSecondFactorRule,
  readSecondFactorSetup,
} from '../../usecases/second-factor.js';
import type { Pending } from '../../usecases/sign-in.js';
import { beginSignIn, completeSignIn } from '../../usecases/sign-in.js';
import { choosePassword } from '../../usecases/staff-password.js';
import { resetPassword, resetSecondFactor } from '../../usecases/help-staff.js';
import { inviteStaff } from '../../usecases/invite-staff.js';
import { findStaffId, readAllStaff } from '../../usecases/staff.js';
import { changeOfStaff, hqSince } from './headquarters.js';

export interface DemoSignIn {
  fireHq: string;
  role: Role;
  signInName: string;
  password: string;
  /** Base32. The second step of signing in asks for a code of it; left out: it asks for none. */
  totpSecret?: string;
}

/** What an earlier run kept, by sign-in name. */
export type KeptSignIns = Readonly<Record<string, { password: string; totpSecret?: string }>>;

export function keptSignIns(signIns: readonly DemoSignIn[]): KeptSignIns {
  return Object.fromEntries(
    signIns.map(({ signInName, password, totpSecret }) => [
      signInName,
      totpSecret === undefined ? { password } : { password, totpSecret },
    ]),
  );
}

interface Person {
  role: Role;
  signInName: string;
  displayName: string;
}

const PEOPLE: readonly { role: Role; name: string; displayName: string }[] = [
  { role: 'MANAGER', name: 'kanri', displayName: '見本 管理子' },
  { role: 'CLERK', name: 'tanto', displayName: '見本 担当男' },
  { role: 'VIEWER', name: 'etsuran', displayName: '見本 閲覧子' },
];
/** Where nobody must have a second factor, as in a closed network. */
const WITHOUT_RULE = ['reiji', 'kara'];

/** Passwords and second factors of an earlier run go on working; what was lost is replaced. */
export async function ensureStaff(
  deps: Deps,
  hq: { code: string; id: string },
  kept: KeptSignIns,
): Promise<DemoSignIn[]> {
  const command: Command = { fireHqId: hq.id, actor: 'operator', receivedAt: deps.clock.now() };
  const withoutRule = WITHOUT_RULE.includes(hq.code);
  if (withoutRule) await putSecondFactorRule(deps, command, 'NOBODY');
  const known = new Set((await readAllStaff(deps, hq.id)).map(({ signInName }) => signInName));
  const made: DemoSignIn[] = [];
  const today = dayInJapan(command.receivedAt);
  for (const { role, name, displayName } of PEOPLE) {
    const person = { role, signInName: `${hq.code}.${name}`, displayName };
    const { signInName } = person;
    // The clerk came with the last change of staff; the others have always been there.
    const since = instantInJapan(role === 'CLERK' ? changeOfStaff(today) : hqSince(today), 9 * 60);
    if (!known.has(signInName)) await inviteStaff(deps, { ...command, receivedAt: since }, person);
    const withCode = role === 'MANAGER' || (role === 'CLERK' && !withoutRule);
    const secrets = (await stillGood(deps, person, kept[signInName], withCode))
      ? kept[signInName]
      : await renew(deps, command, person, withCode);
    if (secrets !== undefined) made.push({ fireHq: hq.code, role, signInName, ...secrets });
  }
  return made;
}

/** Whether what was kept is what the database knows. Uses up no code. */
async function stillGood(
  deps: Deps,
  { signInName }: Person,
  kept: KeptSignIns[string] | undefined,
  withCode: boolean,
): Promise<boolean> {
  if (kept === undefined || (kept.totpSecret !== undefined) !== withCode) return false;
  const { pending } = await beginSignIn(deps, { signInName, password: kept.password });
  if (pending?.proof !== 'PASSWORD') return false;
  const { fireHqId, staffId } = pending;
  const factor = await deps.database.inTenant(fireHqId, (tx) => lockSecondFactor(tx, staffId));
  const sealed = factor?.sealed ?? null;
  return (sealed === null ? undefined : unseal(deps.keys, sealed, staffId)) === kept.totpSecret;
}

async function renew(
  deps: Deps,
  command: Command,
  { signInName }: Person,
  withCode: boolean,
): Promise<{ password: string; totpSecret?: string }> {
  const staffId = await findStaffId(deps, command.fireHqId, signInName);
  await resetSecondFactor(deps, command, staffId);
  const oneTime = await resetPassword(deps, command, staffId);
  const begun = await beginSignIn(deps, { signInName, password: oneTime?.code ?? '' });
  if (begun.pending === null) throw new Error(`the one-time code of ${signInName} does not work`);
  const password = makeCode(4);
  const pending = await choosePassword(deps, begun.pending, { password, passwordAgain: password });
  const totpSecret = withCode ? await setUpSecondFactor(deps, pending) : undefined;
  // Only a manager who has been in counts as one.
  await completeSignIn(deps, { ...pending, codeGiven: withCode });
  return totpSecret === undefined ? { password } : { password, totpSecret };
}

async function setUpSecondFactor(deps: Deps, pending: Pending): Promise<string> {
  await beginSecondFactor(deps, pending);
  const secret = await readSecondFactorSetup(deps, pending);
  if (secret === null) throw new Error('no second factor is being set up');
  // The code before the present one, so that whoever signs in at once does not meet a code that was used.
  await confirmSecondFactor(deps, pending, totpCode(secret, deps.clock.now() - MINUTE / 2));
  return secret;
}
