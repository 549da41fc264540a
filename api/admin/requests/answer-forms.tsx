/** What staff can do about one 本人からの連絡, in the order in which it is done. */
import type { VNode } from 'preact';
import type { Refusal } from '../../../usecases/errors.js';
import type { RequestView } from '../../../usecases/resident-request.js';
import type { AccountView } from '../../../usecases/views.js';
import { requestPlace } from '../person/requests-of-person.js';
import { CONTACT_WORDS } from '../person/words.js';
import { Choices, Once, TextArea, TextField } from '../shell/fields.js';
import type { Faults } from '../shell/fields.js';
import { Form } from '../shell/layout.js';
import { personDeed } from '../shell/places.js';

/** Why what was just asked for was not done. */
export interface Trouble {
  refusal: Refusal;
  /** As it was typed. */
  typed: Readonly<Record<string, string>>;
}

interface Props {
  request: RequestView;
  person: AccountView;
  trouble: Trouble | null;
}

/** By which a clerk answers; what the person answers is written on the page of contacts. */
export const REPLIES = ['MAIL_SENT', 'FAX_SENT', 'POST_SENT'] as const;

interface FormProps extends Pick<Props, 'request'> {
  faults: Faults;
  typed: (name: string) => string;
}

export function AnswerForms({ request, person, trouble }: Props): VNode | null {
  if (request.state !== 'OPEN') return null;
  const faults = trouble?.refusal.code === 'validation' ? trouble.refusal.fields : [];
  const typed = (name: string) => trouble?.typed[name] ?? '';
  const form = { request, faults, typed };
  const stop = request.kind === 'STOP';
  return (
    <>
      {!stop && <Edit person={person} />}
      {!stop && <NewAddress {...form} person={person} />}
      <Reply {...form} />
      {stop ? <Stop {...form} /> : <Close {...form} />}
    </>
  );
}

function Edit({ person }: { person: AccountView }): VNode {
  return (
    <>
      <h2>登録を直す</h2>
      <p>
        確かめたことを、登録に入れます。直したら、このページにもどって、終わりにします。
        <br />
        <a class="button" href={personDeed(person.id, 'edit')}>
          登録を直す
        </a>
      </p>
    </>
  );
}

/** R19: the address that this request has entered still waits for its check mail to be answered. */
function NewAddress({ request, person, faults, typed }: FormProps & { person: AccountView }): VNode | null {
  const { pendingAddress } = person;
  if (request.newAddress?.state !== 'PENDING' || pendingAddress === null) return null;
  return (
    <>
      <h2>新しいメールアドレスを、どうするか</h2>
      <p>
        本人が確認のメールに答えれば、自動で変わります。待たないで切り替えると、前のアドレスに送ったリンクは使えなくなり、本人が答えるまで「まだ確認できていない」になります。
      </p>
      <Form to={`${requestPlace(request.id)}/address/switch`}>
        <Once />
        <input type="hidden" name="addressId" value={pendingAddress.id} />
        <TextField
          name="reason"
          label="待たないで切り替える理由"
          hint="例：FAXで本人に確かめた"
          value={typed('reason')}
          faults={faults}
          maxlength={200}
          required
        />
        <button type="submit">新しいアドレスに切り替える</button>
      </Form>
      <Form to={`${requestPlace(request.id)}/address/take-back`}>
        <Once />
        <input type="hidden" name="addressId" value={pendingAddress.id} />
        <p>まちがったアドレスのとき：</p>
        <button class="quiet" type="submit">
          新しいアドレスを取り消す
        </button>
      </Form>
    </>
  );
}

function Reply({ request, faults, typed }: FormProps): VNode {
  return (
    <>
      <h2>返事をしたら、記録する</h2>
      <Form to={`${requestPlace(request.id)}/replies`}>
        <Once />
        <Choices
          name="kind"
          label="返事の方法"
          value={typed('kind')}
          options={REPLIES.map((kind) => [kind, CONTACT_WORDS[kind]] as const)}
          faults={faults}
          required
        />
        <TextArea name="note" label="返事の内容" value={typed('note')} maxlength={1000} faults={faults} />
        <button class="quiet" type="submit">
          返事を記録する
        </button>
      </Form>
      <p>
        本人や家族の答えは、<a href={personDeed(request.accountId, 'contacts')}>連絡の記録</a>に書きます。
      </p>
    </>
  );
}

function Close({ request, faults, typed }: FormProps): VNode {
  return (
    <>
      <h2>終わりにする</h2>
      <Form to={`${requestPlace(request.id)}/close`}>
        <Once />
        <input type="hidden" name="version" value={String(request.version)} />
        <Choices
          name="state"
          label="結果"
          value={typed('state')}
          options={[
            ['DONE', '対応した（登録を直した、または直すものがなかった）'],
            ['DECLINED', '対応しない（理由をメモに書く）'],
          ]}
          faults={faults}
          required
        />
        <TextArea name="staffNote" label="メモ" value={typed('staffNote')} maxlength={1000} faults={faults} />
        <button type="submit">この連絡を終わりにする</button>
      </Form>
    </>
  );
}

function Stop({ request, faults, typed }: FormProps): VNode {
  return (
    <>
      <h2>本人の希望を確かめて、決める</h2>
      <p>
        だれかがまちがえて押したかもしれません。FAX・郵送・メール・窓口で、本人に確かめてから決めます。決めるまで、自動のメールは止まっています（有効期限は、そのまま進みます）。
      </p>
      <Form to={`${requestPlace(request.id)}/stop`}>
        <Once />
        <input type="hidden" name="version" value={String(request.version)} />
        <TextArea
          name="checked"
          label="どうやって、本人の希望を確かめたか"
          hint="例：12月1日にFAXを送り、本人から「やめたい」と返信があった"
          value={typed('checked')}
          maxlength={1000}
          faults={faults}
          required
        />
        <Choices
          name="wish"
          label="本人の希望"
          value={typed('wish')}
          options={[
            ['WITHDRAW', '使わない → 廃止する（メールはすぐに止まります。30日以内なら、取り消せます）'],
            ['KEEP', '使い続ける → この連絡を終わりにする（自動のメールが、また始まります）'],
          ]}
          faults={faults}
          required
        />
        <button type="submit">この内容で決める</button>
      </Form>
    </>
  );
}
