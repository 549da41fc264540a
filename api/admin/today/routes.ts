/** 対応が必要な人 (R30): the page a day begins with, and who is on whom. */
import { z } from 'zod';
import { WORKLIST_REASONS } from '../../../domain/worklist.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { createTodayMails } from '../../../usecases/today-mail.js';
import { createWorklist } from '../../../usecases/worklist.js';
import { releasePerson, takePerson } from '../../../usecases/worklist-note.js';
import { noteRoutes } from '../person/note-routes.js';
import { personOf } from '../person/person.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, page } from '../shell/route.js';
import { commandOf, staffOf, tell } from '../shell/session.js';
import { showToday } from './today.js';

export function todayRoutes(deps: Deps): StaffRoute[] {
  const worklist = createWorklist(deps);
  const mails = createTodayMails(deps);
  return [
    page({
      path: below(PLACES.today),
      who: 'people.read',
      query: { reason: z.enum(WORKLIST_REASONS), only: z.enum(['recent']), cursor: z.string() },
      handle: ({ query, req, res }) => showToday({ deps, worklist, mails }, query, req, res),
    }),
    form({
      path: '/people/:accountId/take',
      who: 'worklist.note',
      fields: {},
      async handle({ req, res }) {
        const { id } = await personOf(deps, req, res);
        try {
          if (await takePerson(deps, commandOf(res), id, staffOf(res).staffId))
            tell(req, '「わたしが対応する」にしました。ほかの職員にも、あなたの名前が出ます。');
          else tell(req, 'ほかの職員が、先に「わたしが対応する」を押していました。', 'bad');
        } catch (error) {
          if (!isRefused(error, 'account-withdrawn')) throw error;
          tell(req, '廃止された利用者なので、もう対応はいりません。', 'bad');
        }
        res.redirect(303, PLACES.today);
      },
    }),
    form({
      path: '/people/:accountId/release',
      who: 'worklist.note',
      fields: {},
      async handle({ req, res }) {
        const { id } = await personOf(deps, req, res);
        await releasePerson(deps, commandOf(res), id, staffOf(res).staffId);
        res.redirect(303, PLACES.today);
      },
    }),
    ...noteRoutes(deps, (fireHqId) => worklist.changed(fireHqId)),
  ];
}
