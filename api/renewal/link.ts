/** From the token in the path to the person's link: the first thing that happens to every request. */
import type { Request, RequestHandler, Response } from 'express';
import type { Command, Deps } from '../../usecases/context.js';
import { findLink, openLink, sourceOf } from '../../usecases/open-link.js';
import type { Link, LinkView } from '../../usecases/open-link.js';
import { arrivalOf } from '../middleware/arrival.js';
import { sendPage } from './layout.js';
import type { Limits } from './limits.js';
import { unknownPage, waitPage } from './trouble-pages.js';
import type { Place, Visit } from './visit.js';
import { rubyOf, urlOf } from './visit.js';

/** What a token of ours looks like; anything else need not be looked up. */
const TOKEN = /^[A-Za-z0-9_-]{22,64}$/;

/** Goes on only with a link of ours; `visitOf` and `linkOf` answer from then on. */
export function knowLink(deps: Deps, limits: Limits): RequestHandler {
  return async (req, res, next) => {
    const token = String(req.params['token']);
    const link = TOKEN.test(token) ? await findLink(deps, token) : null;
    const visit: Visit = { token: link === null ? '' : token, ruby: rubyOf(req) };
    if (link === null) {
      const wait = await limits.unknown(clientOf(req));
      if (wait === null) sendPage(res, visit, unknownPage);
      else askToWait(res, visit, wait);
      return;
    }
    arrivalOf(res).fireHqId = link.fireHqId;
    res.locals['visit'] = visit;
    res.locals['link'] = link;
    next();
  };
}

/** `viewOf` answers from then on. Most answers do without: what they need is asked again under the account's lock. */
export function viewLink(deps: Deps): RequestHandler {
  return async (_req, res, next) => {
    res.locals['view'] = await openLink(deps, linkOf(res));
    next();
  };
}

export function limitAnswers(limits: Limits): RequestHandler {
  return async (_req, res, next) => {
    const wait = await limits.answer(sourceOf(linkOf(res)));
    if (wait === null) next();
    else askToWait(res, visitOf(res), wait);
  };
}

export function visitOf(res: Response): Visit {
  return res.locals['visit'] as Visit;
}

export function linkOf(res: Response): Link {
  return res.locals['link'] as Link;
}

export function viewOf(res: Response): LinkView {
  return res.locals['view'] as LinkView;
}

/** R7: dated by the arrival. */
export function commandOf(res: Response): Command {
  return {
    fireHqId: linkOf(res).fireHqId,
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
