/** 廃止 and its undo (R15): a page of its own that says what it does. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import type { Deps } from '../../../usecases/context.js';
import { RefusedError } from '../../../usecases/errors.js';
import { checkReason } from '../../../usecases/reason.js';
import type { AccountView } from '../../../usecases/views.js';
import { undoWithdrawal, withdrawAccount } from '../../../usecases/withdraw-account.js';
import { expiryText, momentText } from '../shell/dates.js';
import type { Faults } from '../shell/fields.js';
import { FaultList, Once, TextField } from '../shell/fields.js';
import { Form, Notice, sendPage } from '../shell/layout.js';
import { Facts } from '../shell/parts.js';
import { personDeed, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, once, page } from '../shell/route.js';
import { tell, commandOnce } from '../shell/session.js';
import { personOf } from './person.js';
import { refusalWords } from './words.js';

export function withdrawRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: '/people/:accountId/withdraw',
      who: 'withdrawals.write',
      async handle({ req, res }) {
        send(req, res, await personOf(deps, req, res), { reason: '' });
      },
    }),
    form({
      path: '/people/:accountId/withdraw',
      who: 'withdrawals.write',
      fields: { key: once, reason: line },
      async handle({ fields: { key, reason }, req, res }) {
        const person = await personOf(deps, req, res);
        const faults = checkReason('reason', reason);
        if (faults.length > 0) {
          send(req, res, person, { reason, faults, status: 422 });
          return;
        }
        const command = commandOnce(res, 'withdraw', key, [person.id, reason]);
        const { withdrawal } = await withdrawAccount(deps, command, person.id, { reason });
        const until =
          withdrawal === null ? '' : `${momentText(withdrawal.undoableUntil)}まで、取り消せます。`;
        tell(req, `廃止しました。メールは、もう送りません。${until}`);
        res.redirect(303, personPlace(person.id, 'usage'));
      },
    }),
    form({
      path: '/people/:accountId/withdraw-undo',
      who: 'withdrawals.write',
      fields: { key: once },
      async handle({ fields: { key }, req, res }) {
        const person = await personOf(deps, req, res);
        try {
          await undoWithdrawal(deps, commandOnce(res, 'withdraw-undo', key, person.id), person.id);
        } catch (error) {
          const trouble = error instanceof RefusedError ? refusalWords(error.refusal) : null;
          if (trouble === null) throw error;
          send(req, res, person, { reason: '', trouble, status: 409 });
          return;
        }
        tell(req, '廃止を取り消しました。有効期限日時は、廃止の前と同じです。');
        res.redirect(303, personPlace(person.id, 'usage'));
      },
    }),
  ];
}

function send(
  req: Request,
  res: Response,
  person: AccountView,
  shown: { reason: string; faults?: Faults; trouble?: string; status?: number },
): void {
  const { reason, faults = [], trouble, status = 200 } = shown;
  const { withdrawal } = person;
  sendPage(req, res, {
    status,
    title: withdrawal === null ? `${person.name}さんを廃止する` : `${person.name}さんの廃止を取り消す`,
    body: (
      <>
        <FaultList faults={faults} />
        {trouble !== undefined && (
          <Notice kind="bad">
            <p>{trouble}</p>
          </Notice>
        )}
        {withdrawal === null ? (
          <Withdraw person={person} reason={reason} faults={faults} />
        ) : (
          <Undo person={person} withdrawal={withdrawal} />
        )}
      </>
    ),
  });
}

function Withdraw({
  person,
  reason,
  faults,
}: {
  person: AccountView;
  reason: string;
  faults: Faults;
}): VNode {
  return (
    <>
      <p>
        廃止は、本人がやめたとき、転出したとき、亡くなったときの手続きです。更新がないだけの人は、廃止しません。
      </p>
      <h2>廃止すると</h2>
      <ul>
        <li>この人へのメールを、すぐに全部止めます。待っているメールも送りません。</li>
        <li>メールのリンクでは、更新できなくなります。</li>
        <li>登録とこれまでの記録は、消えません。</li>
        <li>
          30日のあいだは、取り消せます。取り消すと、有効期限日時（{expiryText(person)}）も元のままです。
        </li>
        <li>
          このしくみは、NET119の通報を止めません。スマートフォンの通報を止めるのは、NET119の側の手続きです。
        </li>
      </ul>
      <Form to={personDeed(person.id, 'withdraw')}>
        <Once />
        <TextField
          name="reason"
          label="理由（例：本人の申し出、転出）"
          value={reason}
          faults={faults}
          required
        />
        <div class="actions">
          <button type="submit">廃止する</button>
          <a href={personPlace(person.id, 'usage')}>やめる（何も変えません）</a>
        </div>
      </Form>
    </>
  );
}

function Undo({
  person,
  withdrawal: { at, reason, undoableUntil },
}: {
  person: AccountView;
  withdrawal: NonNullable<AccountView['withdrawal']>;
}): VNode {
  return (
    <>
      <Facts
        rows={[
          ['廃止した日時', momentText(at)],
          ['理由', reason],
          ['取り消せるのは', `${momentText(undoableUntil)}まで`],
        ]}
      />
      <h2>取り消すと</h2>
      <ul>
        <li>
          有効期限日時は、廃止の前と同じ（{expiryText(person)}）です。もう過ぎていれば、失効中になります。
        </li>
        <li>
          自動のメールは、次に送る日から、また送ります。廃止のあいだに送らなかったメールは、送りません。
        </li>
      </ul>
      <Form to={personDeed(person.id, 'withdraw-undo')}>
        <Once />
        <div class="actions">
          <button type="submit">廃止を取り消す</button>
          <a href={personPlace(person.id, 'usage')}>やめる（廃止のままにします）</a>
        </div>
      </Form>
    </>
  );
}
