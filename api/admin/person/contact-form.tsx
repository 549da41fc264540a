/** The forms of 連絡の記録 (R32): a new record, and the cancellation of a mistaken one. */
import type { VNode } from 'preact';
import type { ContactRow } from '../../../store/contacts.js';
import type { Refusal } from '../../../usecases/errors.js';
import type { Option } from '../shell/fields.js';
import { Choices, Once, TextArea, TextField } from '../shell/fields.js';
import { Form } from '../shell/layout.js';
import { CONTACT_WORDS, SAID_WORDS } from './words.js';

export interface Typed {
  kind: string;
  said: string;
  at: string;
  note: string;
}

/** Why nothing was written; `typed` null: it was a cancellation. */
export interface Trouble {
  refusal: Refusal;
  typed: Typed | null;
}

const options = (words: Readonly<Record<string, string>>): Option[] => Object.entries(words);

export function ContactForm({
  to,
  trouble,
  today,
}: {
  to: string;
  trouble: Trouble | null;
  today: string;
}): VNode {
  const typed = trouble?.typed ?? { kind: '', said: '', at: today, note: '' };
  const faults = trouble?.typed && trouble.refusal.code === 'validation' ? trouble.refusal.fields : [];
  return (
    <>
      <h2>連絡を記録する</h2>
      <Form to={to}>
        <Once />
        <Choices
          name="kind"
          label="したこと、あったこと"
          required
          value={typed.kind}
          options={options(CONTACT_WORDS)}
          faults={faults}
          hint="「メールの返信があった」は、本人の登録アドレスから返信が来たときだけ選びます（メールが届く証明になります）。"
        />
        <Choices
          name="said"
          label="本人（家族）の答え"
          value={typed.said}
          options={[['', '答えはまだない'], ...options(SAID_WORDS)]}
          faults={faults}
        />
        <TextField name="at" label="いつ" type="date" value={typed.at} faults={faults} required />
        <TextArea
          name="note"
          label="メモ"
          hint="1000文字まで。だれと、どんな話をしたか。"
          value={typed.note}
          faults={faults}
          maxlength={1000}
        />
        <button type="submit">記録する</button>
      </Form>
    </>
  );
}

export function CancelForm({ to, contact }: { to: string; contact: ContactRow }): VNode | null {
  if (contact.cancelled !== null) return null;
  return (
    <details>
      <summary>取り消す</summary>
      <Form to={to}>
        <Once />
        <input type="hidden" name="contactId" value={contact.id} />
        <label>
          まちがいの理由 <input type="text" name="reason" maxlength={200} autocomplete="off" />
        </label>
        <button class="quiet" type="submit">
          この記録を取り消す
        </button>
      </Form>
    </details>
  );
}
