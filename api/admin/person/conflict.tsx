/** Two clerks on one person: what the colleague changed meanwhile, and a form in which nothing of either is lost. */
import type { VNode } from 'preact';
import type { ChangeSince } from '../../../usecases/changes-since.js';
import type { AccountView } from '../../../usecases/views.js';
import { momentText } from '../shell/dates.js';
import { fieldWord } from '../shell/fault-words.js';
import { Notice } from '../shell/layout.js';
import { Table } from '../shell/parts.js';
import { actorWords } from '../shell/words.js';
import type { ContactDraft, PersonDraft } from './person-fields.js';
import { contactDraft, contactOf, draftOf } from './person-fields.js';

export interface ConflictLine extends ChangeSince {
  /** What the second clerk typed; null: there is no such field in the form, or it was left as it was. */
  yours: string | null;
}

export interface Conflict {
  /** For the form: yours where you changed something, else what stands now. */
  draft: PersonDraft;
  lines: ConflictLine[];
}

type Field = Exclude<keyof PersonDraft, 'mailAddressAgain'>;

/** `typed` was begun before `changes`, and `person` is what stands now. */
export function mergeDraft(
  typed: PersonDraft,
  person: AccountView,
  changes: readonly ChangeSince[],
): Conflict {
  const draft = { ...typed };
  const present = draftOf(person);
  const lines = changes.map((change): ConflictLine => {
    const field = formFieldOf(change.field);
    if (field === null) return { ...change, yours: null };
    // The form holds an address only when it is to be changed.
    const before = field === 'mailAddress' ? '' : textOf(field, change.before);
    const yours = field === 'contacts' ? contactsText(typed.contacts) : typed[field];
    if (yours !== before) return { ...change, yours };
    if (field === 'contacts') draft.contacts = present.contacts;
    else draft[field] = present[field];
    return { ...change, yours: null };
  });
  return { draft, lines };
}

function formFieldOf(field: string): Field | null {
  if (field === 'emergencyContacts') return 'contacts';
  return field in EDITABLE ? (field as Field) : null;
}

const EDITABLE: Readonly<Record<Exclude<Field, 'contacts'>, true>> = {
  name: true,
  kana: true,
  mailAddress: true,
  mobileNumber: true,
  fax: true,
  postalAddress: true,
  municipality: true,
};

function textOf(field: string, value: unknown): string {
  if (field === 'contacts' || field === 'emergencyContacts') {
    const contacts = Array.isArray(value) ? (value as AccountView['emergencyContacts']) : [];
    return contactsText(contacts.map(contactDraft));
  }
  return typeof value === 'string' ? value : '';
}

/** One line of text a contact, those to be removed left out. */
function contactsText(contacts: readonly ContactDraft[]): string {
  return contacts
    .filter(({ remove }) => !remove)
    .map(contactOf)
    .map(contactText)
    .filter((text) => text !== '')
    .join('\n');
}

export function contactText({
  name,
  relation,
  phone,
  mail,
  fax,
}: AccountView['emergencyContacts'][number]): string {
  const who = relation === '' ? name : `${name}（${relation}）`;
  const ways = [phone, mail, fax === undefined ? undefined : `FAX ${fax}`];
  return [who, ...ways].filter((part) => part !== undefined && part !== '').join('　');
}

export function ConflictNotice({
  lines,
  names,
}: {
  lines: readonly ConflictLine[];
  /** Staff by id. */
  names: ReadonlyMap<string, string>;
}): VNode {
  const both = lines.some(({ yours }) => yours !== null);
  return (
    <>
      <Notice kind="bad">
        <p>
          <strong>まだ保存していません。あなたが直しているあいだに、ほかの人がこの登録を変えました。</strong>
        </p>
        <p>
          {both
            ? '同じところを2人が変えています。下の欄には、あなたの入力が残っています。どちらが正しいかを確かめてください。'
            : 'あなたが変えていないところには、ほかの人の入れた内容を入れました。'}
          よければ、もう一度［保存する］を押してください。
        </p>
      </Notice>
      {lines.length > 0 && (
        <Table
          caption="ほかの人が変えたところ"
          head={['項目', '前', '今（ほかの人が入れた内容）', 'あなたの入力', 'だれが・いつ']}
          rows={lines.map(({ field, before, after, yours, actor, at }) => [
            lineWord(field),
            shown(textOf(field, before)),
            <strong>{shown(textOf(field, after))}</strong>,
            yours === null ? '変えていません' : shown(yours),
            `${actorWords(actor, names)}　${momentText(at)}`,
          ])}
        />
      )}
    </>
  );
}

function lineWord(field: string): string {
  if (field === 'pendingAddress') return '新しいメールアドレス（本人の確認待ち）';
  return field === 'emergencyContacts' ? '緊急連絡先' : fieldWord(field);
}

function shown(text: string): VNode {
  if (text === '') return <>なし</>;
  return (
    <>
      {text.split('\n').map((part) => (
        <div>{part}</div>
      ))}
    </>
  );
}
