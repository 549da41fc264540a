/** One person's pages and what is done there. Fixed addresses first: the tabs take what is left. */
import type { Deps } from '../../../usecases/context.js';
import type { StaffRoute } from '../shell/route.js';
import { page } from '../shell/route.js';
import { addressRoutes } from './address-routes.js';
import { contactRoutes } from './contacts.js';
import { editRoutes } from './edit.js';
import { expiryRoutes } from './expiry.js';
import { holdRoutes } from './hold.js';
import { newPersonRoutes } from './new-person.js';
import { showPerson } from './person.js';
import { olderMailsRoute } from './older-mails.js';
import { renewalRoutes } from './renewal.js';
import { resendRoute } from './resend.js';
import { withdrawRoutes } from './withdraw.js';

export function personRoutes(deps: Deps): StaffRoute[] {
  return [
    ...newPersonRoutes(deps),
    resendRoute(deps),
    olderMailsRoute(deps),
    ...contactRoutes(deps),
    ...renewalRoutes(deps),
    ...editRoutes(deps),
    ...addressRoutes(deps),
    ...holdRoutes(deps),
    ...withdrawRoutes(deps),
    ...expiryRoutes(deps),
    page({
      path: '/people/:accountId/:tab',
      who: 'people.read',
      handle: ({ req, res }) => showPerson(deps, req, res),
    }),
  ];
}
