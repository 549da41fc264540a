/** API tokens: shown once, stored as a hash. */
import { SCOPES } from '../domain/scopes.js';
import { createApiToken, findHeadquarters, listTokens, revokeToken } from '../usecases/headquarters.js';
import type { OperatorCommand } from './command.js';
import { textOf, withDeps } from './command.js';
import { expiryOf, listOne, scopesOf, show, tokenIdOf } from './token-options.js';

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
    name: 'token list',
    usage: '--hq mihon',
    help: 'Id, label, scopes and dates; never the token.',
    options: { hq: text },
    required: ['hq'],
    run: (values) =>
      withDeps(async (deps) => {
        (await listTokens(deps, await findHeadquarters(deps, textOf(values, 'hq')))).forEach(listOne);
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
        const fireHqId = await findHeadquarters(deps, textOf(values, 'hq'));
        const command = { fireHqId, actor: 'operator' as const, receivedAt: deps.clock.now() };
        await revokeToken(deps, command, tokenIdOf(values));
        console.log('revoked');
      }),
  },
];
