/** Tokens of the vendor, which belong to no headquarters: only the login that owns the tables may touch them. */
import { VENDOR_SCOPES } from '../domain/scopes.js';
import { createVendorToken, listVendorTokens, revokeVendorToken } from '../usecases/headquarters.js';
import type { OperatorCommand } from './command.js';
import { textOf, withOwner } from './command.js';
import { expiryOf, listOne, scopesOf, show, tokenIdOf } from './token-options.js';

const text = { type: 'string' } as const;
/** A console must not be able to say that a mail failed, so more has to be asked for. */
const USUAL = 'capabilities:any-hq';

export const vendorTokenCommands: readonly OperatorCommand[] = [
  {
    name: 'vendor-token create',
    usage: `--label "console of the call centre" [--scopes ${USUAL}] [--expires …]`,
    help: `A token for the vendor's own systems, shown once (needs DATABASE_OWNER_URL). Scopes: ${VENDOR_SCOPES.join(', ')}; without --scopes ${USUAL} only.`,
    options: { label: text, scopes: text, expires: text },
    required: ['label'],
    run: (values) =>
      withOwner(async (owner, { clock }) => {
        const { id, token } = await createVendorToken(
          { database: owner, clock },
          {
            label: textOf(values, 'label'),
            scopes: scopesOf(
              values['scopes'] === undefined ? USUAL : textOf(values, 'scopes'),
              VENDOR_SCOPES,
            ),
            expiresAt: expiryOf(values, clock.now()),
          },
        );
        show(id, token);
      }),
  },
  {
    name: 'vendor-token list',
    usage: '',
    help: 'Id, label, scopes and dates; never the token.',
    options: {},
    required: [],
    run: () =>
      withOwner(async (owner) => {
        (await listVendorTokens(owner)).forEach(listOne);
      }),
  },
  {
    name: 'vendor-token revoke',
    usage: '--id <token id>',
    help: 'Ends the token at once.',
    options: { id: text },
    required: ['id'],
    run: (values) =>
      withOwner(async (owner, { clock }) => {
        await revokeVendorToken({ database: owner, clock }, tokenIdOf(values));
        console.log('revoked');
      }),
  },
];
