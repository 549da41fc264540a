/** The last middleware of the page: whatever was thrown, the person reads a friendly page in Japanese. */
import type { ErrorRequestHandler, Request } from 'express';
import type { Logger } from '../../platform/log.js';
import { isUnavailable } from '../../store/database.js';
import { arrivalOf } from '../middleware/arrival.js';
import { FormRefusedError } from '../middleware/refused-form.js';
import { sendPage } from './layout.js';
import type { Page } from './layout.js';
import { notReadPage, tooLongPage, troublePage, unknownPage } from './trouble-pages.js';
import { rubyOf } from './visit.js';

const RETRY_AFTER_SECONDS = '30';

export function answerTrouble(log: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const page = pageOf(error, req);
    const { requestId } = arrivalOf(res);
    const line = { requestId, method: req.method, route: '/r/*', err: error };
    if (page.status === 500) log.error({ event: 'request-failed', ...line });
    if (page.status === 503) {
      log.warn({ event: 'database-unavailable', ...line });
      res.set('Retry-After', RETRY_AFTER_SECONDS);
    }
    sendPage(res, { token: '', ruby: rubyOf(req) }, page);
  };
}

function pageOf(error: unknown, req: Request): Page {
  if (error instanceof FormRefusedError) return notReadPage(error.status);
  if (isUnavailable(error)) return troublePage(503);
  // body-parser and the router throw http-errors.
  const { status } = (error ?? {}) as { status?: unknown };
  if (status === 413) return tooLongPage;
  if (status === 415) return notReadPage(415);
  if (typeof status === 'number' && status >= 400 && status < 500) {
    // A path that cannot be decoded is a link that was torn.
    return req.method === 'POST' ? notReadPage(400) : unknownPage;
  }
  return troublePage(500);
}
