/** API tokens: shown once, stored as a hash. */
import { SCOPES, VENDOR_SCOPES } from '../domain/scopes.js';
import {
  createApiToken,
  createVendorToken,
  findHeadquarters,
  listTokens,
  revokeToken,
} from '../usecases/headquarters.js';
import type { OperatorCommand, Values } from './command.js';
import { UsageError, futureOf, textOf, withDeps, withOwner } from './command.js';

const text = { type: 'string' } as const;

export const tokenCommands: readonly OperatorCommand[] = [
  {
    name: 'token create',
    usage:
      '--hq mihon --label "console of the call centre" --scopes capabilities:read,activities:write|all [--expires 2027-03-31T00:00:00Z]',
    help: `A token for the REST API, shown once. Scopes: ${SCOPES.join(', ')}.`,
    options: { hq: text, label: text, scopes: text, expires: text },
    required: ['hq', 'label', 'scopes'],
    run: (values) =>
      withDeps(async (deps) => {
        const { id, token } = await createApiToken(deps, await findHeadquarters(deps, textOf(values, 'hq')), {
          label: textOf(values, 'label'),
          scopes: scopesOf(textOf(values, 'scopes'), SCOPES),
          expiresAt: expiryOf(values, deps.clock.now()),
        });
        show(id, token);
      }),
  },
  {
    name: 'token create-vendor',
    usage: '--label "console of the call centre" [--scopes capabilities:any-hq] [--expires …]',
    help: `A token of the vendor, which belongs to no headquarters (needs DATABASE_OWNER_URL). Scopes: ${VENDOR_SCOPES.join(', ')}.`,
    options: { label: text, scopes: text, expires: text },
    required: ['label'],
    run: (values) =>
      withOwner(async (owner, deps) => {
        const { id, token } = await createVendorToken(
          { database: owner, clock: deps.clock },
          {
            label: textOf(values, 'label'),
            scopes: scopesOf(
              values['scopes'] === undefined ? 'all' : textOf(values, 'scopes'),
              VENDOR_SCOPES,
            ),
            expiresAt: expiryOf(values, deps.clock.now()),
          },
        );
        show(id, token);
      }),
  },
  {
    name: 'token list',
    usage: '--hq mihon',
    help: 'Id, label, scopes and dates; never the token.',
    options: { hq: text },
    required: ['hq'],
    run: (values) =>
      withDeps(async (deps) => {
        for (const row of await listTokens(deps, await findHeadquarters(deps, textOf(values, 'hq')))) {
          const state =
            row.revokedAt !== null ? `revoked ${iso(row.revokedAt)}` : `until ${iso(row.expiresAt)}`;
          console.log(
            [row.id, row.label, row.scopes.join(','), `made ${iso(row.createdAt)}`, state].join('  '),
          );
        }
      }),
  },
  {
    name: 'token revoke',
    usage: '--hq mihon --id <token id>',
    help: 'Ends the token at once.',
    options: { hq: text, id: text },
    required: ['hq', 'id'],
    run: (values) =>
      withDeps(async (deps) => {
        const id = textOf(values, 'id');
        if (!/^[0-9a-f-]{36}$/i.test(id))
          throw new UsageError('--id must be the id that `token list` shows.');
        await revokeToken(deps, await findHeadquarters(deps, textOf(values, 'hq')), id);
        console.log('revoked');
      }),
  },
];

function show(id: string, token: string): void {
  console.log(`${id}\n${token}`);
  console.error('Keep the token now: it is not shown again.');
}

function scopesOf<Known extends string>(list: string, known: readonly Known[]): Known[] {
  if (list === 'all') return [...known];
  return list.split(',').map((given) => {
    const scope = known.find((each) => each === given.trim());
    if (scope === undefined) {
      throw new UsageError(`There is no scope "${given.trim()}" for this token. Known: ${known.join(', ')}.`);
    }
    return scope;
  });
}

function expiryOf(values: Values, now: number): number | null {
  return values['expires'] === undefined ? null : futureOf('expires', textOf(values, 'expires'), now);
}

function iso(at: number | null): string {
  return at === null ? 'no end' : new Date(at).toISOString();
}
