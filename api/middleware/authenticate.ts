/**
 * Bearer tokens and scopes. Each request looks its token up, one indexed read: so a revoked token ends at once, in
 * every API process.
 */
import type { RequestHandler } from 'express';
import type { Scope } from '../../domain/scopes.js';
import { authenticateToken } from '../../usecases/authenticate.js';
import type { Deps } from '../../usecases/context.js';
import { ProblemError } from '../rest/problems.js';
import { arrivalOf } from './arrival.js';

/** Lets through a live token of a headquarters that holds `scope`; its ids are in the arrival from then on. */
export function requireScope(deps: Deps, scope: Scope): RequestHandler {
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
    if (token.fireHqId === null) {
      throw new ProblemError('forbidden', {
        detail: "This is a vendor's token; this call needs a token of a headquarters.",
      });
    }
    if (!token.scopes.includes(scope)) {
      throw new ProblemError('forbidden', {
        detail: `This call needs the scope ${scope}.`,
        headers: {
          'WWW-Authenticate': `Bearer realm="net119", error="insufficient_scope", scope="${scope}"`,
        },
      });
    }
    next();
  };
}
