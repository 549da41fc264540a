/**
 * The resident's page `/r/<token>` (R25–R28). GET only reads; every answer is POST → 303 → GET; no sign-in, no cookie,
 * no script. Paths stay out of the log: each route is told by its pattern.
 */
import { Router } from 'express';
import type { RequestHandler } from 'express';
import type { Logger } from '../../platform/log.js';
import type { Deps } from '../../usecases/context.js';
import { answerQuestion, askForNewMail, confirmReceived, decideStop, tellChanges } from './answers.js';
import { answerTrouble } from './answer-trouble.js';
import { ownFormsOnly, pageHeaders, readForm } from './guards.js';
import { sendPage } from './layout.js';
import { createLimits } from './limits.js';
import { knowLink, limitAnswers, viewLink } from './link.js';
import {
  showChangeForm,
  showChangesSent,
  showLink,
  showNewMailSent,
  showReceived,
  showRenewed,
  showStopQuestion,
} from './show.js';
import { notReadPage, unknownPage } from './trouble-pages.js';
import { rubyOf } from './visit.js';

export function createRenewalRouter({ deps, log }: { deps: Deps; log: Logger }): Router {
  const limits = createLimits();
  const known = knowLink(deps, limits);
  const view = viewLink(deps);
  const read = [known, view];
  // The body comes last: strangers cannot make us read one.
  const write = [ownFormsOnly, known, limitAnswers(limits), readForm];
  const router = Router();
  router.use(pageHeaders);
  router.route('/:token').get(read, showLink).post(write, answerQuestion(deps)).all(refuseMethod('POST'));
  router.route('/:token/renewed').get(read, showRenewed).all(refuseMethod());
  router
    .route('/:token/received')
    .get(read, showReceived)
    .post(write, confirmReceived(deps))
    .all(refuseMethod('POST'));
  router
    .route('/:token/changes')
    .get(read, showChangeForm)
    .post(write, view, tellChanges(deps))
    .all(refuseMethod('POST'));
  router.route('/:token/changes/sent').get(read, showChangesSent).all(refuseMethod());
  router
    .route('/:token/stop')
    .get(read, showStopQuestion)
    .post(write, view, decideStop(deps))
    .all(refuseMethod('POST'));
  router
    .route('/:token/new-mail')
    .get(read, showLink)
    .post(write, view, askForNewMail(deps))
    .all(refuseMethod('POST'));
  router.route('/:token/new-mail/sent').get(read, showNewMailSent).all(refuseMethod());
  router.use((req, res) => sendPage(res, { token: '', ruby: rubyOf(req) }, unknownPage));
  router.use(answerTrouble(log));
  return router;
}

function refuseMethod(...more: 'POST'[]): RequestHandler {
  const allow = ['GET', 'HEAD', ...more, 'OPTIONS'].join(', ');
  return (req, res) => {
    res.set('Allow', allow);
    if (req.method === 'OPTIONS') res.status(204).end();
    else sendPage(res, { token: '', ruby: rubyOf(req) }, notReadPage(405));
  };
}
