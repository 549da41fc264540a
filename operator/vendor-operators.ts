/** 運用担当 who sign in to the staff site: made, helped and locked here alone, with the login that owns the tables. */
import type { OneTimeCode } from '../usecases/one-time-code.js';
import {
  createVendorOperator,
  lockVendorOperator,
  readVendorEvents,
  readVendorOperators,
  recoverVendorOperator,
} from '../usecases/vendor-operators.js';
import type { OperatorCommand } from './command.js';
import { textOf, withDeps, withOwner } from './command.js';

const text = { type: 'string' } as const;
const one = {
  usage: '--sign-in-name vendor.sato',
  options: { 'sign-in-name': text },
  required: ['sign-in-name'],
} as const;
const MOST = 500;

export const vendorOperatorCommands: readonly OperatorCommand[] = [
  {
    name: 'vendor-operator create',
    usage: `${one.usage} --name "佐藤 運用"`,
    help: 'Somebody of the vendor who may sign in at /admin/vendor. The one-time code is shown once; a second factor is always set up (needs DATABASE_OWNER_URL).',
    options: { ...one.options, name: text },
    required: [...one.required, 'name'],
    run: (values) =>
      withOwner(async (owner, deps) => {
        const signInName = textOf(values, 'sign-in-name');
        show(await createVendorOperator(deps, owner, { signInName, displayName: textOf(values, 'name') }));
      }),
  },
  {
    name: 'vendor-operator recover',
    ...one,
    help: 'A one-time code instead of the password, and the second factor to be set up anew; unlocks. Make sure who asks (needs DATABASE_OWNER_URL).',
    run: (values) =>
      withOwner(async (owner, deps) =>
        show(await recoverVendorOperator(deps, owner, textOf(values, 'sign-in-name'))),
      ),
  },
  {
    name: 'vendor-operator lock',
    ...one,
    help: 'May not sign in any more; open sessions end with their next request (needs DATABASE_OWNER_URL).',
    run: (values) =>
      withOwner(async (owner, deps) => {
        await lockVendorOperator(deps, owner, textOf(values, 'sign-in-name'));
        console.log('locked');
      }),
  },
  {
    name: 'vendor-operator list',
    usage: '',
    help: 'Sign-in names, second factors, last sign-ins and whether they are locked.',
    options: {},
    required: [],
    run: () =>
      withDeps(async (deps) => {
        for (const person of await readVendorOperators(deps)) {
          const last = person.lastSignedInAt === null ? 'never' : iso(person.lastSignedInAt);
          const factor = person.sealed === null ? 'no second factor' : 'second factor';
          const locked = person.lockedAt === null ? [] : ['LOCKED'];
          console.log([person.signInName, `last sign-in ${last}`, factor, ...locked].join('\t'));
        }
      }),
  },
  {
    name: 'vendor-operator log',
    usage: '',
    help: `The newest ${MOST} entries of their trail: made, signed in, refused (needs DATABASE_OWNER_URL). What they looked at is in each headquarters' own trail.`,
    options: {},
    required: [],
    run: () =>
      withOwner(async (owner) => {
        for (const { at, signInName, action } of await readVendorEvents(owner, MOST))
          console.log([iso(at), signInName, action].join('\t'));
      }),
  },
];

function show({ code, until }: OneTimeCode): void {
  console.log(code);
  console.error(`Good once, until ${iso(until)}: to be typed as the password at /admin/vendor/sign-in.`);
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
