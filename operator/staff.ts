/** 職員 who sign in to the staff site: the operator makes the first ones and helps those who are locked out. */
import { ROLES } from '../domain/roles.js';
import type { Role } from '../domain/roles.js';
import type { Deps } from '../usecases/context.js';
import { findHeadquarters } from '../usecases/headquarters.js';
import { createStaff, lockStaff, readAllStaff, resetPassword, unlockStaff } from '../usecases/staff.js';
import type { OperatorCommand, Values } from './command.js';
import { UsageError, textOf, withDeps } from './command.js';

const text = { type: 'string' } as const;
const one = {
  usage: '--hq mihon --sign-in-name mihon.kanri',
  options: { hq: text, 'sign-in-name': text },
  required: ['hq', 'sign-in-name'],
} as const;

export const staffCommands: readonly OperatorCommand[] = [
  {
    name: 'staff create',
    usage: '--hq mihon --sign-in-name mihon.kanri --name "管理 花子" --role viewer|clerk|manager',
    help: 'Somebody who may sign in to the staff site; the password is shown once.',
    options: { hq: text, 'sign-in-name': text, name: text, role: text },
    required: ['hq', 'sign-in-name', 'name', 'role'],
    run: (values) =>
      withHq(values, async (deps, fireHqId) => {
        const { password } = await createStaff(deps, fireHqId, {
          signInName: textOf(values, 'sign-in-name'),
          displayName: textOf(values, 'name'),
          role: roleOf(textOf(values, 'role')),
        });
        console.log(password);
      }),
  },
  {
    name: 'staff list',
    usage: '--hq mihon',
    help: 'Sign-in names, roles and whether they are locked.',
    options: { hq: text },
    required: ['hq'],
    run: (values) =>
      withHq(values, async (deps, fireHqId) => {
        for (const { signInName, role, lockedAt, lastSignedInAt } of await readAllStaff(deps, fireHqId)) {
          const last = lastSignedInAt === null ? 'never' : new Date(lastSignedInAt).toISOString();
          console.log(`${signInName}\t${role}\tlast sign-in ${last}${lockedAt === null ? '' : '\tLOCKED'}`);
        }
      }),
  },
  {
    name: 'staff password',
    ...one,
    help: 'A new password, shown once; the old one is worth nothing from now on.',
    run: (values) =>
      withHq(values, async (deps, fireHqId) => {
        console.log(await resetPassword(deps, fireHqId, textOf(values, 'sign-in-name')));
      }),
  },
  {
    name: 'staff lock',
    ...one,
    help: 'May not sign in any more; open sessions end with their next request.',
    run: (values) =>
      withHq(values, async (deps, fireHqId) => {
        await lockStaff(deps, fireHqId, textOf(values, 'sign-in-name'));
        console.log('locked');
      }),
  },
  {
    name: 'staff unlock',
    ...one,
    help: 'May sign in again.',
    run: (values) =>
      withHq(values, async (deps, fireHqId) => {
        await unlockStaff(deps, fireHqId, textOf(values, 'sign-in-name'));
        console.log('unlocked');
      }),
  },
];

function withHq(values: Values, work: (deps: Deps, fireHqId: string) => Promise<void>): Promise<void> {
  return withDeps(async (deps) => work(deps, await findHeadquarters(deps, textOf(values, 'hq'))));
}

function roleOf(given: string): Role {
  const role = ROLES.find((each) => each === given.toUpperCase());
  if (role === undefined) throw new UsageError('--role must be viewer, clerk or manager.');
  return role;
}
