/** Whose bearer token this is; null when it is unknown, expired or revoked. */
import { tokenHash } from '../platform/keys.js';
import type { TokenRow } from '../store/tokens.js';
import { lookupApiToken } from '../store/tokens.js';
import type { Deps } from './context.js';

export async function authenticateToken(deps: Deps, bearer: string): Promise<TokenRow | null> {
  return lookupApiToken(deps.database.lookups, tokenHash(bearer), deps.clock.now());
}
