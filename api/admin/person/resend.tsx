/** [リマインダーメールを送信する] (R22, R29). */
import type { Deps } from '../../../usecases/context.js';
import type { Refusal } from '../../../usecases/errors.js';
import { RefusedError } from '../../../usecases/errors.js';
import { requestResend } from '../../../usecases/request-resend.js';
import { personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { choice, form, once, ticked } from '../shell/route.js';
import { commandOnce, tell } from '../shell/session.js';
import { personOf, sendPerson } from './person.js';
import { refusalText } from './words.js';

export function resendRoute(deps: Deps): StaffRoute {
  return form({
    path: '/people/:accountId/reminders',
    who: 'reminders.send',
    fields: { key: once, confirm: ticked, when: choice(['now', 'morning']) },
    async handle({ fields: { key, confirm, when = 'morning' }, req, res }) {
      const { id } = await personOf(deps, req, res);
      try {
        const command = commandOnce(res, 'resend', key, [id, confirm, when]);
        await requestResend(deps, command, id, { confirm, when });
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        const notice = { kind: 'bad', status: 409, text: trouble(error.refusal) } as const;
        await sendPerson(deps, req, res, { tab: 'usage', notice });
        return;
      }
      tell(req, SENT);
      res.redirect(303, personPlace(id, 'usage'));
    },
  });
}

const SENT =
  'リマインダーメールの送信を受け付けました。いつ送るかと結果は、下のリマインダー履歴に出ます（このページを開きなおしてください）。';

function trouble(refusal: Refusal): string {
  if (refusal.code === 'resend-needs-confirm') {
    return '24時間以内に1回送っています。もう1回送るときは、下の四角に印をつけてから押してください。';
  }
  return refusalText(refusal);
}
