/** 呼び返しの確認: a dispatcher's one field and one answer. What was typed never stands in an address. */
import { PLACES, below } from '../shell/places.js';
import type { Deps } from '../../../usecases/context.js';
import { lookAtPerson, lookForPerson } from '../../../usecases/look.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, page, uuid } from '../shell/route.js';
import { commandOf } from '../shell/session.js';
import { sendLook } from './look.js';

export function lookRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.look),
      who: 'people.read',
      handle: ({ req, res }) => sendLook(req, res, { typed: '', found: null }),
    }),
    form({
      path: below(PLACES.look),
      who: 'people.read',
      fields: { q: line, person: uuid.optional() },
      async handle({ fields: { q, person }, req, res }) {
        const command = commandOf(res);
        const found =
          person === undefined
            ? await lookForPerson(deps, command, q)
            : await lookAtPerson(deps, command, person);
        sendLook(req, res, { typed: q, found: q === '' && person === undefined ? null : found });
      },
    }),
  ];
}
