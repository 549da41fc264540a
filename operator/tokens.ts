/** API tokens: shown once, stored as a hash. */
import { SCOPES } from '../domain/scopes.js';
import type { Scope } from '../domain/scopes.js';
import { createApiToken, findHeadquarters, listTokens, revokeToken } from '../usecases/headquarters.js';
import type { OperatorCommand } from './command.js';
import { UsageError, textOf, withDeps } from './command.js';

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
          scopes: scopesOf(textOf(values, 'scopes')),
          expiresAt:
            values['expires'] === undefined ? null : instantOf(textOf(values, 'expires'), deps.clock.now()),
        });
        console.log(`${id}\n${token}`);
        console.error('Keep the token now: it is not shown again.');
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

function scopesOf(list: string): Scope[] {
  if (list === 'all') return [...SCOPES];
  return list.split(',').map((given) => {
    const scope = SCOPES.find((each) => each === given.trim());
    if (scope === undefined)
      throw new UsageError(`There is no scope "${given.trim()}". Known: ${SCOPES.join(', ')}.`);
    return scope;
  });
}

function instantOf(given: string, now: number): number {
  const at = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(given) ? Date.parse(given) : NaN;
  if (Number.isNaN(at) || at <= now) {
    throw new UsageError(
      '--expires must be an instant in the future with its zone, like 2027-03-31T00:00:00+09:00.',
    );
  }
  return at;
}

function iso(at: number | null): string {
  return at === null ? 'no end' : new Date(at).toISOString();
}
