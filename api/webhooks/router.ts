/** /v1/webhooks: events of mail services. A service that is not set up has no path here. */
import type { KeyObject } from 'node:crypto';
import express, { Router } from 'express';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Logger } from '../../platform/log.js';
import { recordSesEvent } from '../../usecases/record-event.js';
import type { ReportDeps } from '../../usecases/record-report.js';
import { arrivalOf, named } from '../middleware/arrival.js';
import type { TellReport } from '../report-watch.js';
import { refuseMethod } from '../rest/mount.js';
import { PREFIX } from '../rest/paths.js';
import { ProblemError } from '../rest/problems.js';
import { LARGEST_BATCH, LARGEST_SNS, SENDGRID_HEADERS } from './documents.js';
import type { HttpGet } from './http-get.js';
import { RefusedCall, problemOf } from './refused.js';
import { recordBatch } from './sendgrid.js';
import { proveSendgrid } from './sendgrid-signature.js';
import { createSns } from './sns.js';

export interface WebhookSettings {
  /** SNS topics that SES tells its events to; none: Amazon SES is not set up. */
  sesTopics: readonly string[];
  /** null: SendGrid is not set up. */
  sendgridKey: KeyObject | null;
  /** For certificates and confirmations of SNS. */
  get: HttpGet;
}

interface Tools {
  deps: ReportDeps;
  log: Logger;
  registry: Registry;
  tellReport: TellReport;
}

export function createWebhookRouter({ sesTopics, sendgridKey, get }: WebhookSettings, tools: Tools): Router {
  const router = Router();
  const add = (path: 'ses' | 'sendgrid', largest: number, handler: RequestHandler) =>
    router
      .route(`/${path}`)
      .all(named(`${PREFIX}/webhooks/${path}`))
      .post(neverCached, express.raw({ limit: largest, type: () => true }), handler)
      .all(refuseMethod(['POST']));
  if (sesTopics.length > 0) add('ses', LARGEST_SNS, takeSes(sesTopics, get, tools));
  if (sendgridKey) add('sendgrid', LARGEST_BATCH, takeSendgrid(sendgridKey, tools));
  router.use(tellRefusals(tools));
  return router;
}

const neverCached: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};

function takeSes(topics: readonly string[], get: HttpGet, { deps, log, tellReport }: Tools): RequestHandler {
  const sns = createSns(topics, get);
  return async (req, res) => {
    const { receivedAt } = arrivalOf(res);
    const message = await sns.prove(bodyOf(req.body), receivedAt);
    switch (message.Type) {
      case 'Notification':
        tellReport('SES', await recordSesEvent(deps, message.Message, receivedAt));
        break;
      case 'SubscriptionConfirmation':
        await sns.confirm(message);
        log.info({ event: 'webhook-subscribed', source: 'SES' });
        break;
      case 'UnsubscribeConfirmation':
        // Whoever ended it had a reason; but from now on nothing comes.
        log.warn({ event: 'webhook-unsubscribed', source: 'SES' });
    }
    res.json({ taken: 1 });
  };
}

function takeSendgrid(key: KeyObject, { deps, log, tellReport }: Tools): RequestHandler {
  return async (req, res) => {
    const { receivedAt } = arrivalOf(res);
    const raw = bodyOf(req.body);
    const signature = req.get(SENDGRID_HEADERS.signature);
    const timestamp = req.get(SENDGRID_HEADERS.timestamp);
    proveSendgrid(key, { raw, signature, timestamp }, receivedAt);
    res.json({ taken: await recordBatch(raw, { deps, log, tellReport, receivedAt }) });
  };
}

function bodyOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

function tellRefusals({ log, registry }: Tools): ErrorRequestHandler {
  const refusals = new Counter({
    name: 'net119_webhooks_refused_total',
    help: 'Calls of mail services not taken; SERVICE_AWAY is answered 503 and comes again, the others 403.',
    labelNames: ['why'],
    registers: [registry],
  });
  return (error: unknown, _req, res, next) => {
    if (!(error instanceof RefusedCall)) return next(error);
    const { why } = error;
    refusals.inc({ why });
    log.info({ event: 'webhook-refused', why, route: arrivalOf(res).route });
    next(
      new ProblemError(problemOf(error), why === 'SERVICE_AWAY' ? { headers: { 'Retry-After': '60' } } : {}),
    );
  };
}
