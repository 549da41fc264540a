/** The guard of every page of a headquarters. Asked anew at each request: a lock counts at once. */
import type { RequestHandler } from 'express';
import type { Deps } from '../../../usecases/context.js';
import { readVisitor } from '../../../usecases/sign-in.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { bannersOf } from './banners.js';
import { PLACES, isOwnPlace } from './places.js';
import type { SignedInStaff } from './session.js';
import { SESSION_AT_MOST, endSession } from './session.js';
import { letVendorLook } from './vendor-session.js';

/** Goes on only for somebody who is signed in; `staffOf` answers from then on. Also for 運用担当 where it is open to them. */
export function requireStaff(deps: Deps): RequestHandler {
  return async (req, res, next) => {
    if (req.session.vendor !== undefined) {
      if (await letVendorLook(deps, req, res)) next();
      return;
    }
    const signedIn = req.session.staff;
    const now = arrivalOf(res).receivedAt;
    const fresh = signedIn !== undefined && now - signedIn.since < SESSION_AT_MOST;
    const visitor = fresh ? await readVisitor(deps, signedIn, now) : null;
    if (signedIn === undefined || visitor === null) {
      if (signedIn !== undefined) await endSession(req);
      const from = req.originalUrl.split('?')[0] ?? '';
      // What was to be done is told not to be; where a colleague's link led is gone on to.
      const query = req.method === 'POST' ? '?again=1' : isOwnPlace(from) ? `?to=${from}` : '';
      res.redirect(303, `${PLACES.signIn}${query}`);
      return;
    }
    const { person, mailStops, vendorUntil } = visitor;
    const arrival = arrivalOf(res);
    arrival.fireHqId = signedIn.fireHqId;
    res.locals['staff'] = {
      fireHqId: signedIn.fireHqId,
      staffId: signedIn.staffId,
      isVendor: false,
      actor: `staff:${signedIn.staffId}`,
      name: person.displayName,
      role: person.role,
      hqName: person.hqName,
      banners: bannersOf(mailStops, vendorUntil),
    } satisfies SignedInStaff;
    next();
  };
}
