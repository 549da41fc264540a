/** From the token in the path to the person's link: the first thing that happens to every request. */
import type { Request, RequestHandler, Response } from 'express';
import type { Command, Deps } from '../../usecases/context.js';
import { openLink } from '../../usecases/open-link.js';
import type { KnownLink } from '../../usecases/open-link.js';
import { arrivalOf } from '../middleware/arrival.js';
import { sendPage } from './layout.js';
import type { Limits } from './limits.js';
import { unknownPage, waitPage } from './trouble-pages.js';
import type { Place, Visit } from './visit.js';
import { rubyOf, urlOf } from './visit.js';

/** What a token of ours looks like; anything else need not be looked up. */
const TOKEN = /^[A-Za-z0-9_-]{22,64}$/;

/** Goes on only with a link of ours; `visitOf` and `viewOf` answer from then on. */
export function findLink(deps: Deps, limits: Limits): RequestHandler {
  return async (req, res, next) => {
    const token = String(req.params['token']);
    const view = TOKEN.test(token) ? await openLink(deps, token) : ({ state: 'UNKNOWN' } as const);
    const visit: Visit = { token: view.state === 'UNKNOWN' ? '' : token, ruby: rubyOf(req) };
    if (view.state === 'UNKNOWN') {
      const wait = await limits.unknown(clientOf(req));
      if (wait === null) sendPage(res, visit, unknownPage);
      else askToWait(res, visit, wait);
      return;
    }
    arrivalOf(res).fireHqId = view.link.fireHqId;
    res.locals['visit'] = visit;
    res.locals['view'] = view;
    next();
  };
}

export function limitAnswers(limits: Limits): RequestHandler {
  return async (_req, res, next) => {
    const wait = await limits.answer(viewOf(res).link.reminderId);
    if (wait === null) next();
    else askToWait(res, visitOf(res), wait);
  };
}

export function visitOf(res: Response): Visit {
  return res.locals['visit'] as Visit;
}

export function viewOf(res: Response): KnownLink {
  return res.locals['view'] as KnownLink;
}

/** R7: dated by the arrival. */
export function commandOf(res: Response): Command {
  return {
    fireHqId: viewOf(res).link.fireHqId,
    actor: 'resident',
    receivedAt: arrivalOf(res).receivedAt,
  };
}

/** Every POST ends here: reload and Back then repeat nothing. */
export function seeOther(res: Response, place: Place, more?: Record<string, string>): void {
  res
    .status(303)
    .set('Location', urlOf(visitOf(res), place, more))
    .end();
}

function askToWait(res: Response, visit: Visit, seconds: number): void {
  res.set('Retry-After', String(seconds));
  sendPage(res, visit, waitPage);
}

function clientOf(req: Request): string {
  return req.ip ?? 'unknown';
}
