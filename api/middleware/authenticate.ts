/**
 * Bearer tokens and scopes. Each request looks its token up, one indexed read: so a revoked token ends at once, in
 * every API process.
 */
import type { Request, RequestHandler } from 'express';
import type { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Scope, VendorScope } from '../../domain/scopes.js';
import { authenticateToken } from '../../usecases/authenticate.js';
import type { Deps } from '../../usecases/context.js';
import { findHeadquarters } from '../../usecases/headquarters.js';
import { ProblemError } from '../rest/problems.js';
import { arrivalOf } from './arrival.js';
import { consume } from './limit.js';

/**
 * Lets through a live token of a headquarters that holds `scope`, or one of the vendor that holds `vendorScope`; its ids
 * are in the arrival from then on. A call without `scope` is the vendor's alone and about no headquarters. Throws
 * `too-many-requests` once a token of the vendor has used up `vendorLimit`.
 */
export function requireScope(
  deps: Deps,
  {
    scope,
    vendorScope,
    vendorLimit,
  }: { scope: Scope | null; vendorScope: VendorScope | null; vendorLimit: RateLimiterMemory | null },
): RequestHandler {
  return async (req, res, next) => {
    const bearer = /^Bearer +([A-Za-z0-9._~+/-]{1,512}=*) *$/i.exec(req.headers.authorization ?? '')?.[1];
    const token = bearer === undefined ? null : await authenticateToken(deps, bearer);
    if (!token) {
      const fault = req.headers.authorization === undefined ? '' : ', error="invalid_token"';
      throw new ProblemError('unauthenticated', {
        headers: { 'WWW-Authenticate': `Bearer realm="net119"${fault}` },
      });
    }
    const arrival = arrivalOf(res);
    arrival.tokenId = token.tokenId;
    arrival.fireHqId = token.fireHqId;
    arrival.byVendor = token.fireHqId === null;
    const needed = token.fireHqId === null ? vendorScope : scope;
    if (needed === null) {
      throw new ProblemError('forbidden', {
        detail:
          token.fireHqId === null
            ? "This is a vendor's token; this call needs a token of a headquarters."
            : "This is a headquarters' token; this call needs a token of the vendor.",
      });
    }
    if (!token.scopes.includes(needed)) {
      throw new ProblemError('forbidden', {
        detail: `This call needs the scope ${needed}.`,
        headers: {
          'WWW-Authenticate': `Bearer realm="net119", error="insufficient_scope", scope="${needed}"`,
        },
      });
    }
    // Before anything is looked up: a guess that misses counts too.
    if (token.fireHqId === null && vendorLimit !== null) {
      const wait = await consume(vendorLimit, token.tokenId);
      if (wait !== null)
        throw new ProblemError('too-many-requests', { headers: { 'Retry-After': String(wait) } });
    }
    if (vendorScope !== null && scope !== null)
      arrival.fireHqId = await namedHeadquarters(deps, req, token.fireHqId);
    next();
  };
}

/** The headquarters that the query's `fireHq` names by its code; a headquarters itself may name none but itself. */
async function namedHeadquarters(deps: Deps, req: Request, own: string | null): Promise<string> {
  const code = req.query['fireHq'];
  if (code === undefined && own !== null) return own;
  if (typeof code !== 'string' || code === '') {
    throw new ProblemError('malformed-request', {
      errors: [
        { field: 'fireHq', code: 'required', message: "A vendor's token names the headquarters by fireHq." },
      ],
    });
  }
  const named = await findHeadquarters(deps, code);
  if (own !== null && named !== own) throw new ProblemError('not-found');
  return named;
}
