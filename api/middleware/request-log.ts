/** One log line and one measurement a request: patterns and ids, never a path, a query or a body. */
import type { Request, RequestHandler, Response } from 'express';
import { Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Clock } from '../../platform/clock.js';
import type { Logger } from '../../platform/log.js';
import { arrivalOf } from './arrival.js';

/** Asked every few seconds by machines: told at debug only. */
const PROBES = ['/livez', '/readyz'];

export function logRequests({
  clock,
  log,
  registry,
}: {
  clock: Clock;
  log: Logger;
  registry: Registry;
}): RequestHandler {
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from arrival to the end of the answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return (req, res, next) => {
    res.once('close', () => {
      const { receivedAt, requestId, tokenId, fireHqId } = arrivalOf(res);
      const route = patternOf(req, res);
      const ms = clock.now() - receivedAt;
      seconds.observe({ method: req.method, route, status: String(res.statusCode) }, ms / 1_000);
      const line = {
        event: 'request',
        method: req.method,
        route,
        status: res.statusCode,
        ms,
        requestId,
        tokenId,
        fireHqId,
      };
      if (!res.writableFinished) log.info({ ...line, aborted: true });
      else if (PROBES.includes(route)) log.debug(line);
      else log.info(line);
    });
    next();
  };
}

/** Routers that name no pattern of ours (the resident's page) are told by their own route below their mount. */
function patternOf(req: Request, res: Response): string {
  const { route } = arrivalOf(res);
  if (route === null) return 'unmatched';
  if (!route.endsWith('*')) return route;
  const inner = (req.route as { path?: unknown } | undefined)?.path;
  return typeof inner === 'string' ? route.slice(0, -2) + inner : route;
}
