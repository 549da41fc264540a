/** The Express application: REST under /v1, the resident's page under /r, the staff site under /admin, documentation, health. */
import express from 'express';
import type { Express, RequestHandler, Router } from 'express';
import helmet from 'helmet';
import type { Registry } from 'prom-client';
import type { Logger } from '../platform/log.js';
import { ROOT as ADMIN } from './admin/shell/places.js';
import { named, stampArrival } from './middleware/arrival.js';
import { answerProblems } from './middleware/problem-answer.js';
import { logRequests } from './middleware/request-log.js';
import { watchReports } from './report-watch.js';
import { createDocsRouter } from './rest/docs.js';
import { createRestRouter, refuseMethod } from './rest/mount.js';
import { PREFIX } from './rest/paths.js';
import { ProblemError } from './rest/problems.js';
import type { ApiDeps } from './rest/route.js';
import { ROUTES } from './rest/routes.js';
import { createWebhookRouter } from './webhooks/router.js';
import type { WebhookSettings } from './webhooks/router.js';

export interface AppOptions {
  deps: ApiDeps;
  log: Logger;
  registry: Registry;
  /** Proxies in front of us whose X-Forwarded-* are believed. */
  trustProxy: number;
  /** True while requests can be served: the database answers, and nobody is stopping us. */
  ready: () => Promise<boolean>;
  webhooks: WebhookSettings;
  /** The resident's page. It sets its own security headers over ours. */
  renewalRouter: Router;
  /** 管理サイト, with security headers of its own; null: this installation has none. */
  adminRouter: Router | null;
}

export function createApp(options: AppOptions): Express {
  const { deps, log, registry, trustProxy, ready, webhooks, renewalRouter, adminRouter } = options;
  const app = express();
  app.set('trust proxy', trustProxy);
  // ETags are versions here, made by the routes; Express would add its own.
  app.set('etag', false);
  app.use(stampArrival(deps.clock));
  app.use(logRequests({ clock: deps.clock, log, registry }));
  app.use(securityHeaders());
  app.use('/r', named('/r/*'), renewalRouter);
  if (adminRouter !== null) app.use(ADMIN, named(`${ADMIN}/*`), adminRouter);
  const tellReport = watchReports(registry, log);
  app.use(`${PREFIX}/webhooks`, createWebhookRouter(webhooks, { deps, log, registry, tellReport }));
  app.use(PREFIX, createRestRouter(deps, ROUTES, tellReport));
  app
    .route('/livez')
    .all(named('/livez'))
    .get((_req, res) => res.type('text').send('ok\n'))
    .all(refuseMethod(['GET']));
  app
    .route('/readyz')
    .all(named('/readyz'))
    .get(async (_req, res) => {
      const isReady = await ready();
      res
        .status(isReady ? 200 : 503)
        .type('text')
        .send(isReady ? 'ok\n' : 'not ready\n');
    })
    .all(refuseMethod(['GET']));
  app.use(createDocsRouter());
  app.use(() => {
    throw new ProblemError('unknown-path');
  });
  app.use(answerProblems(log));
  return app;
}

/** For everything that is not a page: nothing may be loaded, framed or sniffed. Pages write their own policy. */
function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
}
