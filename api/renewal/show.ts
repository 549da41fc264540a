/** GET: what each page of a link shows. A page that does not fit the link's state leads to the one that does. */
import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { LinkView } from '../../usecases/open-link.js';
import { arrivalOf } from '../middleware/arrival.js';
import { answerPage } from './answer-page.js';
import { changesPage, changesSentPage } from './change-pages.js';
import { checkOverPage, confirmPage, receivedPage } from './check-pages.js';
import { sendPage } from './layout.js';
import type { Page } from './layout.js';
import { seeOther, viewOf, visitOf } from './link.js';
import { donePage, newMailPage, oldPage, renewedPage, tooEarlyPage, withdrawnPage } from './state-pages.js';
import { stopPage, stopToldPage } from './stop-pages.js';

/** May still say something: of the present address, and not of an older cycle (R19, R27). */
function isLiving({ state }: LinkView): boolean {
  return state === 'OPEN' || state === 'DONE' || state === 'TOO_EARLY';
}

export const showLink: RequestHandler = (req, res) => {
  sendPage(res, visitOf(res), pageOf(req, res));
};

function pageOf(req: Request, res: Response): Page {
  const view = viewOf(res);
  const kept = req.query['kept'] === '1';
  const received = req.query['received'] === '1';
  if (view.stopRequested && isLiving(view)) return stopToldPage(view);
  switch (view.state) {
    case 'OPEN':
      return answerPage(view, { now: arrivalOf(res).receivedAt, chosenNone: false, kept, received });
    case 'DONE':
      return donePage(view, { kept });
    case 'TOO_EARLY':
      return tooEarlyPage(view, { kept });
    case 'OLD':
      return oldPage(view);
    case 'WITHDRAWN':
      return withdrawnPage(view);
    case 'CONFIRM':
      return confirmPage(view);
    case 'CHECK_OVER':
      return checkOverPage(view);
  }
}

export const showRenewed = showWhen((view) => view.state === 'DONE' && !view.stopRequested, renewedPage);

export const showReceived = showWhen(
  (view) => view.state === 'DONE' || view.state === 'TOO_EARLY',
  receivedPage,
);

/** With a question still open, the answer comes first. */
export const showChangeForm = showWhen(
  (view) => isLiving(view) && view.state !== 'OPEN',
  (view) =>
    changesPage(
      view,
      { formId: randomUUID(), items: [], newMailAddress: '', reachBy: null, message: '' },
      [],
    ),
);

export const showChangesSent = showWhen(isLiving, (view, req) =>
  changesSentPage(view, { checkMail: req.query['check'] === '1' }),
);

export const showStopQuestion = showWhen(
  (view) => isLiving(view) && !view.stopRequested,
  (view) => stopPage(view, { chosenNone: false }),
);

export const showNewMailSent = showWhen((view) => view.state === 'OLD', newMailPage);

function showWhen(
  fits: (view: LinkView) => boolean,
  page: (view: LinkView, req: Request) => Page,
): RequestHandler {
  return (req, res) => {
    const view = viewOf(res);
    if (fits(view)) sendPage(res, visitOf(res), page(view, req));
    else seeOther(res, '');
  };
}
