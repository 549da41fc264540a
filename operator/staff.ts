/** 職員 who sign in to the staff site: the operator invites the first manager and helps where no manager can. */
import { ROLES } from '../domain/roles.js';
import type { Role } from '../domain/roles.js';
import { SECOND_FACTOR_RULES } from '../domain/second-factor.js';
import { totpCode } from '../platform/totp.js';
import { systemClock } from '../platform/clock.js';
import type { Command, Deps } from '../usecases/context.js';
import { findHeadquarters } from '../usecases/headquarters.js';
import { putSecondFactorRule } from '../usecases/second-factor.js';
import { lockStaff, unlockStaff } from '../usecases/change-staff.js';
import { recoverManager, resetPassword } from '../usecases/help-staff.js';
import { inviteStaff } from '../usecases/invite-staff.js';
import type { OneTimeCode } from '../usecases/one-time-code.js';
import { findStaffId, readAllStaff } from '../usecases/staff.js';
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
    help: 'Invites somebody to the staff site. The one-time code is shown once; with it the person signs in and sets a password.',
    options: { hq: text, 'sign-in-name': text, name: text, role: text },
    required: ['hq', 'sign-in-name', 'name', 'role'],
    run: (values) =>
      withHq(values, async (deps, command) => {
        const { code } = await inviteStaff(deps, command, {
          signInName: textOf(values, 'sign-in-name'),
          displayName: textOf(values, 'name'),
          role: roleOf(textOf(values, 'role')),
        });
        show(code);
      }),
  },
  {
    name: 'staff list',
    usage: '--hq mihon',
    help: 'Sign-in names, roles, second factors and whether they are locked.',
    options: { hq: text },
    required: ['hq'],
    run: (values) =>
      withHq(values, async (deps, { fireHqId }) => {
        for (const person of await readAllStaff(deps, fireHqId)) {
          const last = person.lastSignedInAt === null ? 'never' : iso(person.lastSignedInAt);
          const parts = [
            person.signInName,
            person.role,
            `last sign-in ${last}`,
            person.hasSecondFactor ? 'second factor' : 'no second factor',
            ...(person.oneTimeUntil === null ? [] : [`code until ${iso(person.oneTimeUntil)}`]),
            ...(person.lockedAt === null ? [] : ['LOCKED']),
          ];
          console.log(parts.join('\t'));
        }
      }),
  },
  {
    name: 'staff password',
    ...one,
    help: 'A one-time code instead of the password, shown once; the password and open sessions are worth nothing from now on.',
    run: (values) =>
      withOne(values, async (deps, command, staffId) => show(await resetPassword(deps, command, staffId))),
  },
  {
    name: 'staff recover',
    usage: '--hq mihon --sign-in-name mihon.kanri --reason "…"',
    help: 'For a manager who cannot get in and whom no colleague can help: unlocks, takes the second factor away, shows a one-time code. Make sure who asks.',
    options: { ...one.options, reason: text },
    required: [...one.required, 'reason'],
    run: (values) =>
      withOne(values, async (deps, command, staffId) =>
        show(await recoverManager(deps, command, staffId, textOf(values, 'reason'))),
      ),
  },
  {
    name: 'staff lock',
    ...one,
    usage: `${one.usage} [--even-last-manager]`,
    options: { ...one.options, 'even-last-manager': { type: 'boolean' } },
    help: 'May not sign in any more; open sessions end with their next request.',
    run: (values) =>
      withOne(values, async (deps, command, staffId) => {
        await lockStaff(deps, command, staffId, { evenLast: values['even-last-manager'] === true });
        console.log('locked');
      }),
  },
  {
    name: 'staff unlock',
    ...one,
    help: 'May sign in again.',
    run: (values) =>
      withOne(values, async (deps, command, staffId) => {
        await unlockStaff(deps, command, staffId);
        console.log('unlocked');
      }),
  },
  {
    name: 'staff second-factor',
    usage: '--hq mihon --required-of everybody|writers|nobody',
    help: 'Who must have a second factor. writers (the default): clerks and managers. nobody: in a closed network only.',
    options: { hq: text, 'required-of': text },
    required: ['hq', 'required-of'],
    run: (values) => {
      const rule = SECOND_FACTOR_RULES.find((each) => each === textOf(values, 'required-of').toUpperCase());
      if (rule === undefined) throw new UsageError('--required-of must be everybody, writers or nobody.');
      return withHq(values, async (deps, command) => {
        await putSecondFactorRule(deps, command, rule);
        console.log(`required of ${rule.toLowerCase()}`);
      });
    },
  },
  {
    name: 'staff code',
    usage: '--totp-secret <base32>',
    help: 'The present six digits of a second factor, as an authenticator shows them: for demonstrations and programs. Asks no database.',
    options: { 'totp-secret': text },
    required: ['totp-secret'],
    run: async (values) => {
      const secret = textOf(values, 'totp-secret');
      if (!/^[A-Z2-7]{32,}$/.test(secret))
        throw new UsageError('--totp-secret must be base32, 32 letters or more.');
      console.log(totpCode(secret, systemClock.now()));
      return Promise.resolve();
    },
  },
];

function show(oneTime: OneTimeCode | null): void {
  if (oneTime === null) return;
  console.log(oneTime.code);
  console.error(`Good once, until ${iso(oneTime.until)}: to be typed as the password at the sign-in page.`);
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}

function withHq(values: Values, work: (deps: Deps, command: Command) => Promise<void>): Promise<void> {
  return withDeps(async (deps) => {
    const fireHqId = await findHeadquarters(deps, textOf(values, 'hq'));
    await work(deps, { fireHqId, actor: 'operator', receivedAt: deps.clock.now() });
  });
}

function withOne(
  values: Values,
  work: (deps: Deps, command: Command, staffId: string) => Promise<void>,
): Promise<void> {
  return withHq(values, async (deps, command) =>
    work(deps, command, await findStaffId(deps, command.fireHqId, textOf(values, 'sign-in-name'))),
  );
}

function roleOf(given: string): Role {
  const role = ROLES.find((each) => each === given.toUpperCase());
  if (role === undefined) throw new UsageError('--role must be viewer, clerk or manager.');
  return role;
}
