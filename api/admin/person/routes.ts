/** One person's pages and what is done there. */
import type { Deps } from '../../../usecases/context.js';
import type { StaffRoute } from '../shell/route.js';
import { page } from '../shell/route.js';
import { contactRoutes } from './contacts.js';
import { showPerson } from './person.js';
import { olderMailsRoute } from './older-mails.js';
import { renewalRoutes } from './renewal.js';
import { resendRoute } from './resend.js';

export function personRoutes(deps: Deps): StaffRoute[] {
  return [
    resendRoute(deps),
    olderMailsRoute(deps),
    ...contactRoutes(deps),
    ...renewalRoutes(deps),
    page({
      path: '/people/:accountId/:tab',
      who: 'people.read',
      handle: ({ req, res }) => showPerson(deps, req, res),
    }),
  ];
}
