/** R19: a check mail by hand, and what is done with an address that waits for its own to be answered. */
import type { Request, Response } from 'express';
import { requestCheckMail } from '../../../usecases/check-mail.js';
import type { Deps } from '../../../usecases/context.js';
import { RefusedError } from '../../../usecases/errors.js';
import { switchToPending, takeBackPending } from '../../../usecases/pending-address.js';
import { checkReason } from '../../../usecases/reason.js';
import { faultText } from '../shell/fault-words.js';
import { personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, once, uuid } from '../shell/route.js';
import { tell, commandOnce } from '../shell/session.js';
import { personOf, sendPerson } from './person.js';
import { refusalWords } from './words.js';

export function addressRoutes(deps: Deps): StaffRoute[] {
  return [
    form({
      path: '/people/:accountId/check-mails',
      who: 'people.edit',
      fields: { key: once },
      async handle({ fields: { key }, req, res }) {
        const { id } = await personOf(deps, req, res);
        const command = commandOnce(res, 'check-mail', key, id);
        await doOrTell(deps, req, res, id, CHECK_ASKED, () => requestCheckMail(deps, command, id));
      },
    }),
    form({
      path: '/people/:accountId/pending-switch',
      who: 'people.edit',
      fields: { key: once, addressId: uuid, reason: line },
      async handle({ fields: { key, addressId, reason }, req, res }) {
        const { id } = await personOf(deps, req, res);
        const [fault] = checkReason('reason', reason);
        if (fault !== undefined) {
          const notice = {
            kind: 'bad',
            status: 422,
            text: `まだ切り替えていません。理由：${faultText(fault)}`,
          } as const;
          await sendPerson(deps, req, res, { tab: 'basics', notice });
          return;
        }
        const command = commandOnce(res, 'pending-switch', key, [id, addressId, reason]);
        await doOrTell(deps, req, res, id, SWITCHED, () =>
          switchToPending(deps, command, id, { addressId, reason }),
        );
      },
    }),
    form({
      path: '/people/:accountId/pending-take-back',
      who: 'people.edit',
      fields: { key: once, addressId: uuid },
      async handle({ fields: { key, addressId }, req, res }) {
        const { id } = await personOf(deps, req, res);
        const command = commandOnce(res, 'pending-take-back', key, [id, addressId]);
        await doOrTell(deps, req, res, id, TAKEN_BACK, () => takeBackPending(deps, command, id, addressId));
      },
    }),
  ];
}

const CHECK_ASKED =
  '確認のメールの送信を受け付けました（夜は朝8時に送ります）。結果は、利用状況のリマインダー履歴に出ます。';
const SWITCHED =
  '新しいメールアドレスに切り替えました。届くことは、まだ確認できていません。前のアドレスには、変わったことを知らせます。';
const TAKEN_BACK = '新しいメールアドレスへの変更をやめました。今のアドレスのままです。';

async function doOrTell(
  deps: Deps,
  req: Request,
  res: Response,
  accountId: string,
  done: string,
  act: () => Promise<unknown>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const text = error instanceof RefusedError ? refusalWords(error.refusal) : null;
    if (text === null) throw error;
    await sendPerson(deps, req, res, { tab: 'basics', notice: { kind: 'bad', status: 409, text } });
    return;
  }
  tell(req, done);
  res.redirect(303, personPlace(accountId, 'basics'));
}
