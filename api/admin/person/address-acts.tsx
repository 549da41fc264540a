/** R19: the check mail of the present address, and what is done with one that waits for its own to be answered. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { requestCheckMail } from '../../../usecases/check-mail.js';
import type { Deps } from '../../../usecases/context.js';
import { RefusedError } from '../../../usecases/errors.js';
import { switchToPending, takeBackPending } from '../../../usecases/pending-address.js';
import { checkReason } from '../../../usecases/reason.js';
import type { AccountView } from '../../../usecases/views.js';
import { momentText } from '../shell/dates.js';
import { faultText } from '../shell/fault-words.js';
import { Once, TextField } from '../shell/fields.js';
import { Form } from '../shell/layout.js';
import { Facts } from '../shell/parts.js';
import { personDeed, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, once, uuid } from '../shell/route.js';
import { tell } from '../shell/session.js';
import { OUTCOME_WORDS } from '../shell/words.js';
import { commandOfForm } from './once.js';
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
        const command = commandOfForm(res, 'check-mail', key, id);
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
        const command = commandOfForm(res, 'pending-switch', key, [id, addressId, reason]);
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
        const command = commandOfForm(res, 'pending-take-back', key, [id, addressId]);
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

export function AddressActs({ person, mayEdit }: { person: AccountView; mayEdit: boolean }): VNode {
  const { id, pendingAddress } = person;
  if (pendingAddress !== null) return <Pending person={person} pending={pendingAddress} mayEdit={mayEdit} />;
  if (!mayEdit || person.status === 'WITHDRAWN') return <></>;
  return (
    <Form to={personDeed(id, 'check-mails')}>
      <Once />
      <p class="hint">
        メールが届くかを、本人に答えてもらえます。氏名もNET119という言葉も書かないメールです。
      </p>
      <button class="quiet" type="submit">
        確認のメールを送る
      </button>
    </Form>
  );
}

function Pending({
  person: { id, status },
  pending,
  mayEdit,
}: {
  person: AccountView;
  pending: NonNullable<AccountView['pendingAddress']>;
  mayEdit: boolean;
}): VNode {
  const addressId = <input type="hidden" name="addressId" value={pending.id} />;
  const outcome = pending.checkMail?.outcome;
  return (
    <div class="notice warn">
      <h4>新しいメールアドレス（本人の確認を待っています）</h4>
      <Facts
        rows={[
          ['新しいアドレス', pending.maskedAddress],
          ['入れた日時', momentText(pending.since)],
          ['確認のメール', outcome === undefined ? '送っていません' : OUTCOME_WORDS[outcome]],
          ['確認がなければ', `${momentText(pending.until)}に、変更をやめます（今のアドレスのままです）`],
        ]}
      />
      {mayEdit && (
        <>
          {status !== 'WITHDRAWN' && (
            <Form to={personDeed(id, 'check-mails')}>
              <Once />
              <button class="quiet" type="submit">
                確認のメールをもう一度送る
              </button>
            </Form>
          )}
          <Form to={personDeed(id, 'pending-take-back')}>
            <Once />
            {addressId}
            <button class="quiet" type="submit">
              この変更をやめる
            </button>
          </Form>
          <Form to={personDeed(id, 'pending-switch')}>
            <Once />
            {addressId}
            <p class="hint">
              本人の確認を待たずに切り替えることもできます。ちがう人のアドレスだと、その人にお願いのメールが届きます。
            </p>
            <TextField name="reason" label="すぐに切り替える理由" value="" required />
            <button class="quiet" type="submit">
              すぐに切り替える
            </button>
          </Form>
        </>
      )}
    </div>
  );
}
