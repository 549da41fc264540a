/** 運用担当: all headquarters in counts, the state of the machine, 未照合; and into a headquarters that lets them look. */
import { z } from 'zod';
import type { Deps } from '../../../usecases/context.js';
import { beginVendorLook } from '../../../usecases/vendor-access.js';
import { noteVendorSignOut } from '../../../usecases/vendor-sign-in.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, page } from '../shell/route.js';
import { endSession, tell } from '../shell/session.js';
import { lookAt, vendorOf } from '../shell/vendor-session.js';
import { showHeadquarters } from './headquarters.js';
import { showHealth } from './health.js';
import { showQuarantine } from './quarantine.js';

const CODE = /^[a-z0-9-]{1,40}$/;
const cursor = z.string().regex(/^[\w-]{1,200}$/);

export function vendorRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.vendor),
      who: 'VENDOR',
      query: { after: z.string().regex(CODE) },
      handle: ({ query, req, res }) => showHeadquarters(deps, query.after ?? '', req, res),
    }),
    page({
      path: below(PLACES.vendorHealth),
      who: 'VENDOR',
      handle: ({ req, res }) => showHealth(deps, req, res),
    }),
    page({
      path: below(PLACES.vendorQuarantine),
      who: 'VENDOR',
      query: { cursor },
      handle: ({ query, req, res }) => showQuarantine(deps, query.cursor, req, res),
    }),
    form({
      path: below(PLACES.vendorLook),
      who: 'VENDOR',
      fields: { code: line },
      async handle({ fields: { code }, req, res }) {
        const { vendorId } = vendorOf(res);
        const look = await beginVendorLook(deps, { vendorId, code, now: arrivalOf(res).receivedAt });
        if (look === null) tell(req, 'この消防本部のページは、今は見られません。', 'bad');
        await lookAt(req, look ?? undefined);
        res.redirect(303, look === null ? PLACES.vendor : PLACES.today);
      },
    }),
    form({
      path: below(PLACES.vendorLeave),
      who: 'VENDOR',
      fields: {},
      async handle({ req, res }) {
        await lookAt(req, undefined);
        res.redirect(303, PLACES.vendor);
      },
    }),
    form({
      path: below(PLACES.vendorSignOut),
      who: 'VENDOR',
      fields: {},
      async handle({ req, res }) {
        await endSession(req);
        await noteVendorSignOut(deps, vendorOf(res).vendorId);
        res.redirect(303, PLACES.vendorSignIn);
      },
    }),
  ];
}
