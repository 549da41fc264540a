/** Routes → Express: the way of every request, from the token to the answer. */
import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { RefusedError } from '../../usecases/errors.js';
import { arrivalOf, named } from '../middleware/arrival.js';
import { requireScope } from '../middleware/authenticate.js';
import { readJson } from '../middleware/json-body.js';
import { readRaw } from '../middleware/raw-body.js';
import { expectedVersion, idempotency } from '../middleware/preconditions.js';
import type { TellReport } from '../report-watch.js';
import { boundWords, faultsOf, unstorableFault } from './faults.js';
import { PREFIX } from './paths.js';
import type { ProblemCode } from './problem-kinds.js';
import { ProblemError, problemOfRefusal } from './problems.js';
import type { ApiDeps, Route } from './route.js';
import type { z } from './zod.js';

/** A router for the paths below PREFIX. Fixed paths go before those with an id in the same place. */
export function createRestRouter(deps: ApiDeps, routes: readonly Route[], tellReport: TellReport): Router {
  const router = Router();
  router.use(neverCached);
  for (const path of [...new Set(routes.map((route) => route.path))].sort(fixedFirst)) {
    const here = routes.filter((route) => route.path === path);
    const slot = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    slot.all(named(`${PREFIX}${path}`));
    for (const route of here) {
      slot[route.method](requireScope(deps, route), ...bodyReaderOf(route), run(deps, route, tellReport));
    }
    slot.all(refuseMethod(here.map((route) => route.method.toUpperCase())));
  }
  return router;
}

function bodyReaderOf(route: Route): RequestHandler[] {
  if (route.rawBody) return [readRaw(route.rawBody)];
  return route.body ? [readJson(['application/json', ...route.bodyTypes])] : [];
}

function fixedFirst(a: string, b: string): number {
  return Number(a.includes('{')) - Number(b.includes('{'));
}

/** Answers hold personal data; and a version says nothing of status and dates, so a 304 would be wrong. */
const neverCached: RequestHandler = (req, res, next) => {
  delete req.headers['if-none-match'];
  res.set('Cache-Control', 'no-store');
  next();
};

function run(deps: ApiDeps, route: Route, tellReport: TellReport): RequestHandler {
  return async (req, res) => {
    const params = parsed(route.params, req.params, 'not-found');
    const query = parsed(route.query, req.query, 'malformed-request');
    const body = route.body ? parsed(route.body, req.body, 'validation') : {};
    const headers = parsed(route.headers, headersOf(route, req), 'malformed-request');
    const { receivedAt, tokenId, fireHqId, byVendor } = arrivalOf(res) as {
      receivedAt: number;
      byVendor: boolean;
      tokenId: string;
      fireHqId: string | null;
    };
    const known = route.idempotencyKey ? idempotency(req, route.path) : undefined;
    const exchange = {
      deps,
      tellReport,
      fireHqId: fireHqId ?? '',
      byVendor,
      params,
      query,
      body,
      headers,
      raw: route.rawBody ? (req.body as Buffer) : Buffer.alloc(0),
      command: {
        fireHqId: fireHqId ?? '',
        actor: `token:${tokenId}` as const,
        receivedAt,
        ...(known ? { idempotency: known } : {}),
      },
      expectedVersion: route.ifMatch ? expectedVersion(req) : Number.NaN,
    };
    const answer = await route.handler(exchange).catch((error: unknown) => {
      throw error instanceof RefusedError
        ? problemOfRefusal(error.refusal, route.body ? 'body' : 'query')
        : error;
    });
    res.status(answer.status).set(answer.headers ?? {});
    if (answer.body === undefined) res.end();
    else res.json(answer.body);
  };
}

function headersOf(route: Route, req: Request): Record<string, unknown> {
  const wanted = Object.keys(route.headers.shape);
  return Object.fromEntries(wanted.map((name) => [name, req.headers[name]]));
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  code: ProblemCode,
): z.output<Schema> {
  const unstorable = unstorableFault(value);
  const result = schema.safeParse(value, { reportInput: true, error: boundWords });
  if (!unstorable && result.success) return result.data;
  const errors = unstorable ? [unstorable] : faultsOf(result.error as z.ZodError);
  throw new ProblemError(code, code === 'not-found' ? {} : { errors });
}

/** What a known path answers to every other method. */
export function refuseMethod(methods: readonly string[]): RequestHandler {
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (req: Request, res: Response) => {
    if (req.method === 'OPTIONS') res.status(204).set('Allow', allow).end();
    else throw new ProblemError('method-not-allowed', { headers: { Allow: allow } });
  };
}
