/** R19: buttons for the check mail of the present address, and for one that waits for its own to be answered. */
import type { VNode } from 'preact';
import type { AccountView } from '../../../usecases/views.js';
import { momentText } from '../shell/dates.js';
import { Once, TextField } from '../shell/fields.js';
import { Form } from '../shell/layout.js';
import { Facts } from '../shell/parts.js';
import { personDeed } from '../shell/places.js';
import { OUTCOME_WORDS } from '../shell/words.js';

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
