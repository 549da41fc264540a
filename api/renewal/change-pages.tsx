/** ②, and 「変わったことを知らせる」: what changed, and how to be reached (R28). Staff get all of it. */
import type { VNode } from 'preact';
import type { ChangeItem, ReachBy } from '../../store/requests.js';
import type { LinkView } from '../../usecases/open-link.js';
import { expiryText } from './dates.js';
import { Ja } from './furigana.js';
import { Heading, Say } from './layout.js';
import type { Page } from './layout.js';
import { Button, Choice, ErrorList, FieldError, Form, Go, HelpSection, errorId } from './parts.js';
import type { FormError } from './parts.js';

const ITEMS: Readonly<Record<ChangeItem, string>> = {
  MAIL: 'メールアドレス',
  CARRIER: '電話会社',
  ADDRESS: '住所',
  FAX: 'FAX番号',
  EMERGENCY_CONTACT: '緊急連絡先',
  NAME: '名前',
  OTHER: 'そのほか',
};
const REACH: Readonly<Record<ReachBy, string>> = { MAIL: 'メール', FAX: 'FAX', POST: '手紙' };

export const CHANGE_FIELDS = {
  items: `item-${Object.keys(ITEMS)[0]}`,
  newMailAddress: 'new-mail-address',
  message: 'message',
} as const;
export const MOST_IN_MESSAGE = 1_000;

/** What the person has filled in so far. */
export interface ChangeForm {
  /** Tells a second press from a second request; '' when the form came from elsewhere. */
  formId: string;
  items: ChangeItem[];
  newMailAddress: string;
  reachBy: ReachBy | null;
  message: string;
}

export function changesPage(view: LinkView, form: ChangeForm, errors: readonly FormError[]): Page {
  const errorOf = (field: string) => errors.find((error) => error.field === field);
  return {
    status: errors.length > 0 ? 422 : 200,
    title: errors.length > 0 ? 'もう一度、見てください' : '何が変わりましたか',
    hqName: view.hq.displayName,
    body: (
      <>
        <ErrorList errors={errors} />
        {view.state === 'DONE' && (
          <Say class="note" text={`更新は、もう終わっています。次の期限は、${expiryText(view)}です。`} />
        )}
        <Heading text="何が変わりましたか" />
        <Say text="消防本部に知らせます。" />
        <Say text="わかるところだけ書いてください。" />
        <Form to="/changes">
          <input type="hidden" name="formId" value={form.formId} />
          <Items chosen={form.items} error={errorOf(CHANGE_FIELDS.items)} />
          <NewMailAddress value={form.newMailAddress} error={errorOf(CHANGE_FIELDS.newMailAddress)} />
          <ReachedBy chosen={form.reachBy} />
          <Message value={form.message} error={errorOf(CHANGE_FIELDS.message)} />
          <Button text="消防本部に送る" />
        </Form>
        <Go to="" text="送らないで、前のページを見る" />
        <HelpSection view={view} />
      </>
    ),
  };
}

/** Where the form leads: it was written down and staff will see it. `checkMail`: the new address is asked first (R19). */
export function changesSentPage(view: LinkView, { checkMail }: { checkMail: boolean }): Page {
  const title = '消防本部に伝えました';
  return {
    status: 200,
    title,
    hqName: view.hq.displayName,
    body: (
      <>
        <Heading text={title} good />
        {checkMail && (
          <>
            <Say class="large" text="新しいメールアドレスに、確認のメールを送ります。" />
            <Say text="そのメールが届いたら、青い文字を押してください。押すまでは、前のアドレスにメールを送ります。" />
          </>
        )}
        {view.state === 'OPEN' ? (
          <Go to="" text="次に、更新の答えを送ってください" />
        ) : (
          !checkMail && <Say class="large" text="今は、何もしなくてだいじょうぶです。" />
        )}
        <Say text="消防本部が、確認してから直します。連絡することもあります。" />
        <Say text="受けつけたことを、メールでも知らせます。" />
        <Say text="このページは、閉じてだいじょうぶです。" />
        {view.state === 'DONE' && (
          <Say class="note" text={`更新も、終わっています。次の期限は、${expiryText(view)}です。`} />
        )}
        <HelpSection view={view} />
      </>
    ),
  };
}

interface FieldProps<T> {
  value: T;
  error: FormError | undefined;
}

function Items({ chosen, error }: { chosen: readonly ChangeItem[]; error: FormError | undefined }): VNode {
  return (
    <fieldset aria-describedby={error && errorId(error.field)}>
      <legend>
        <Ja text="変わったもの（いくつでも）" />
      </legend>
      <FieldError error={error} />
      {Object.entries(ITEMS).map(([item, text]) => (
        <Choice
          type="checkbox"
          name="items"
          value={item}
          id={`item-${item}`}
          checked={chosen.includes(item as ChangeItem)}
          text={text}
        />
      ))}
    </fieldset>
  );
}

/** Not type="email": browsers refuse old carrier addresses (`a..b@docomo.ne.jp`), in words of their own. */
function NewMailAddress({ value, error }: FieldProps<string>): VNode {
  const id = CHANGE_FIELDS.newMailAddress;
  return (
    <div class="field">
      <label for={id}>
        <Ja text="新しいメールアドレス" />
      </label>
      <p class="hint" id={`${id}-hint`}>
        <Ja text="メールアドレスが変わった人だけ、書いてください。" />
      </p>
      <FieldError error={error} />
      <input
        type="text"
        id={id}
        name="newMailAddress"
        value={value}
        inputMode="email"
        autocomplete="email"
        autocapitalize="none"
        spellcheck={false}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={error ? `${errorId(id)} ${id}-hint` : `${id}-hint`}
      />
    </div>
  );
}

function ReachedBy({ chosen }: { chosen: ReachBy | null }): VNode {
  return (
    <fieldset>
      <legend>
        <Ja text="消防本部からの連絡は、何で受け取りたいですか（1つ）" />
      </legend>
      {Object.entries(REACH).map(([way, text]) => (
        <Choice
          type="radio"
          name="reachBy"
          value={way}
          id={`reach-${way}`}
          checked={chosen === way}
          text={text}
        />
      ))}
    </fieldset>
  );
}

function Message({ value, error }: FieldProps<string>): VNode {
  const id = CHANGE_FIELDS.message;
  return (
    <div class="field">
      <label for={id}>
        <Ja text="伝えたいこと" />
      </label>
      <p class="hint" id={`${id}-hint`}>
        <Ja text="新しい住所、FAX番号など。書かなくてもだいじょうぶです。" />
      </p>
      <FieldError error={error} />
      <textarea
        id={id}
        name="message"
        rows={5}
        maxLength={MOST_IN_MESSAGE}
        value={value}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={error ? `${errorId(id)} ${id}-hint` : `${id}-hint`}
      />
    </div>
  );
}
