/** 庁内の認証でサインイン: OpenID Connect of one headquarters, put here alone. */
import { readFile } from 'node:fs/promises';
import { findHeadquarters } from '../usecases/headquarters.js';
import type { OidcWanted } from '../usecases/oidc.js';
import { putOidc } from '../usecases/oidc.js';
import type { OperatorCommand, Values } from './command.js';
import { UsageError, textOf, withDeps } from './command.js';

const text = { type: 'string' } as const;
const DEFAULT_CLAIM = 'preferred_username';

export const oidcCommands: readonly OperatorCommand[] = [
  {
    name: 'hq oidc',
    usage: `--hq mihon --issuer https://idp.example.jp --client-id net119 --secret-file secret.txt [--claim ${DEFAULT_CLAIM}] [--trust-mfa] | --hq mihon --off`,
    help: 'Staff may also sign in with the authentication of their headquarters; --claim holds their sign-in name. --trust-mfa: our second factor is not asked when the ID token says amr mfa. Redirect URI to register there: <PUBLIC_BASE_URL>/admin/sign-in/office/back (needs LINK_KEYS; --secret-file - is standard input).',
    options: {
      hq: text,
      issuer: text,
      'client-id': text,
      'secret-file': text,
      claim: text,
      'trust-mfa': { type: 'boolean' },
      off: { type: 'boolean' },
    },
    required: ['hq'],
    run: (values) =>
      withDeps(async (deps) => {
        const wanted = values['off'] === true ? null : await wantedOf(values);
        if (wanted !== null && deps.keys.length === 0) throw new UsageError('LINK_KEYS must be set.');
        const fireHqId = await findHeadquarters(deps, textOf(values, 'hq'));
        await putOidc(deps, { fireHqId, actor: 'operator', receivedAt: deps.clock.now() }, wanted);
        console.log(wanted === null ? 'off' : 'on');
      }),
  },
];

async function wantedOf(values: Values): Promise<OidcWanted> {
  for (const name of ['issuer', 'client-id', 'secret-file'])
    if (values[name] === undefined) throw new UsageError(`Missing: --${name}, or --off.`);
  const path = textOf(values, 'secret-file');
  const secret = await readFile(path === '-' ? '/dev/stdin' : path, 'utf8').catch(() => {
    throw new UsageError('The file with the secret cannot be read.');
  });
  return {
    issuer: textOf(values, 'issuer'),
    clientId: textOf(values, 'client-id'),
    clientSecret: secret.trim(),
    claim: values['claim'] === undefined ? DEFAULT_CLAIM : textOf(values, 'claim'),
    trustsMfa: values['trust-mfa'] === true,
  };
}
