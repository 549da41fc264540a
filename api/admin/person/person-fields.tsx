/** The fields of a person, for 登録を直す and 新しい利用者の登録: kept as typed until they are saved. */
import type { Request } from 'express';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { FieldFault } from '../../../usecases/errors.js';
import type { ResidentInput } from '../../../usecases/resident-data.js';
import { checkMailAddress, checkResident } from '../../../usecases/resident-data.js';
import type { AccountView } from '../../../usecases/views.js';
import type { Faults } from '../shell/fields.js';
import { TextField } from '../shell/fields.js';
import { line } from '../shell/route.js';

type Contact = AccountView['emergencyContacts'][number];

export const CONTACT_PARTS = ['name', 'relation', 'phone', 'mail', 'fax'] as const;
export type ContactDraft = Record<(typeof CONTACT_PARTS)[number], string> & { remove: boolean };

/** As it stands in the form. */
export interface PersonDraft {
  name: string;
  kana: string;
  /** 登録を直す: a new one, else empty. */
  mailAddress: string;
  mailAddressAgain: string;
  mobileNumber: string;
  fax: string;
  postalAddress: string;
  municipality: string;
  contacts: ContactDraft[];
}

/** The shape of the form, save the contacts, which have rows. */
export const personShape = {
  name: line,
  kana: line,
  mailAddress: line,
  mailAddressAgain: line,
  mobileNumber: line,
  fax: line,
  postalAddress: line,
  municipality: line,
};

const CONTACTS_AT_MOST = 10;
const EMPTY_ROWS = 2;
const FEWEST_ROWS = 3;

export const NOBODY: PersonDraft = {
  name: '',
  kana: '',
  mailAddress: '',
  mailAddressAgain: '',
  mobileNumber: '',
  fax: '',
  postalAddress: '',
  municipality: '',
  contacts: [],
};

export function draftOf(person: AccountView): PersonDraft {
  const { name, kana, mobileNumber, fax, postalAddress, municipality, emergencyContacts } = person;
  return {
    name,
    kana,
    mailAddress: '',
    mailAddressAgain: '',
    mobileNumber: mobileNumber ?? '',
    fax: fax ?? '',
    postalAddress: postalAddress ?? '',
    municipality: municipality ?? '',
    contacts: emergencyContacts.map(contactDraft),
  };
}

export function contactDraft({ name, relation, phone = '', mail = '', fax = '' }: Contact): ContactDraft {
  return { name, relation, phone, mail, fax, remove: false };
}

const contactField = (row: number, part: string) => `emergencyContacts[${row}].${part}`;

/** The rows of the form, up to the last that says anything. */
export function typedContacts(req: Request): ContactDraft[] {
  const body = (req.body ?? {}) as Record<string, unknown>;
  const textOf = (name: string) => z.safeParse(line, body[name]).data ?? '';
  const rows = Array.from({ length: CONTACTS_AT_MOST }, (_, row): ContactDraft => {
    const part = (name: string) => textOf(contactField(row, name));
    return {
      name: part('name'),
      relation: part('relation'),
      phone: part('phone'),
      mail: part('mail'),
      fax: part('fax'),
      remove: part('remove') === 'yes',
    };
  });
  return rows.slice(0, rows.findLastIndex((row) => !isBlank(row)) + 1);
}

function isBlank(contact: ContactDraft): boolean {
  return CONTACT_PARTS.every((part) => contact[part] === '');
}

function isKept(contact: ContactDraft): boolean {
  return !isBlank(contact) && !contact.remove;
}

/** For the use cases: empty rows and those to be removed left out. */
export function residentInput({ contacts, ...draft }: PersonDraft): Required<ResidentInput> {
  const { name, kana, mobileNumber, fax, postalAddress, municipality } = draft;
  return {
    name,
    kana,
    mobileNumber,
    fax,
    postalAddress,
    municipality,
    emergencyContacts: contacts.filter(isKept).map(contactOf),
  };
}

export function contactOf({ name, relation, ...ways }: ContactDraft): Contact {
  const given = (['phone', 'mail', 'fax'] as const).filter((way) => ways[way] !== '');
  return { name, relation, ...Object.fromEntries(given.map((way) => [way, ways[way]])) };
}

/** Every fault of a person's data at once, by the rows as they stand in the form. */
export function faultsOfDraft(draft: PersonDraft): FieldFault[] {
  const { mailAddress, mailAddressAgain } = draft;
  const address =
    mailAddress === '' && mailAddressAgain === '' ? [] : checkMailAddress('mailAddress', mailAddress).faults;
  return [...byRow(draft, [...checkResident(residentInput(draft)).faults, ...address]), ...differing(draft)];
}

/** Faults of contacts name those that are kept; the form has a row for each that was typed. */
export function byRow({ contacts }: PersonDraft, faults: readonly FieldFault[]): FieldFault[] {
  const kept = contacts.flatMap((contact, row) => (isKept(contact) ? [row] : []));
  const inRow = (_all: string, i: string) => `emergencyContacts[${kept[Number(i)]}]`;
  return faults.map((fault) => ({
    ...fault,
    field: fault.field.replace(/^emergencyContacts\[(\d+)\]/, inRow),
  }));
}

/** Both are to be typed anew, so it is said once; of an address that is none, that is said alone. */
export function differing({ mailAddress, mailAddressAgain }: PersonDraft): FieldFault[] {
  if (mailAddress === mailAddressAgain || checkMailAddress('mailAddress', mailAddress).address === null)
    return [];
  return [{ field: 'mailAddressAgain', code: 'different', message: 'the two differ' }];
}

export function PersonFields({
  draft,
  faults,
  address,
}: {
  draft: PersonDraft;
  faults: Faults;
  /** The two fields of the mail address, with what is to be said of them. */
  address: VNode;
}): VNode {
  const rows = Math.min(CONTACTS_AT_MOST, Math.max(FEWEST_ROWS, draft.contacts.length + EMPTY_ROWS));
  return (
    <>
      <h2>本人</h2>
      <TextField name="name" label="氏名" value={draft.name} faults={faults} required />
      <TextField name="kana" label="かな" value={draft.kana} faults={faults} required />
      <h2>メールアドレス</h2>
      {address}
      <h2>ほかの連絡先</h2>
      <TextField
        name="mobileNumber"
        label="携帯電話番号"
        type="tel"
        value={draft.mobileNumber}
        faults={faults}
      />
      <TextField name="fax" label="FAX" type="tel" value={draft.fax} faults={faults} />
      <TextField name="postalAddress" label="住所" value={draft.postalAddress} faults={faults} />
      <TextField name="municipality" label="市町村" value={draft.municipality} faults={faults} />
      <h2>緊急連絡先（{CONTACTS_AT_MOST}人まで）</h2>
      <p class="hint">
        使わない行は、空のままにしてください。
        {rows < CONTACTS_AT_MOST && '行が足りないときは、保存すると増えます。'}
      </p>
      {Array.from({ length: rows }, (_, row) => (
        <ContactRow row={row} contact={draft.contacts[row]} faults={faults} />
      ))}
    </>
  );
}

const PART_WORDS = {
  name: '名前',
  relation: '続柄（妻・兄・手話通訳など）',
  phone: '電話',
  mail: 'メール',
  fax: 'FAX',
} as const;
const PART_TYPES = { name: 'text', relation: 'text', phone: 'tel', mail: 'text', fax: 'tel' } as const;

function ContactRow({
  row,
  contact,
  faults,
}: {
  row: number;
  contact: ContactDraft | undefined;
  faults: Faults;
}): VNode {
  const remove = contactField(row, 'remove');
  return (
    <fieldset class="contact-row">
      <legend>緊急連絡先{row + 1}</legend>
      {CONTACT_PARTS.map((part) => (
        <TextField
          name={contactField(row, part)}
          label={PART_WORDS[part]}
          type={PART_TYPES[part]}
          value={contact?.[part] ?? ''}
          faults={faults}
        />
      ))}
      {contact !== undefined && !isBlank(contact) && (
        <p class="field">
          <label>
            <input type="checkbox" name={remove} value="yes" checked={contact.remove} /> この連絡先を消す
          </label>
        </p>
      )}
    </fieldset>
  );
}

/** The address twice: a slip in one of them shows. */
export function AddressFields({
  draft,
  faults,
  isNew,
}: {
  draft: PersonDraft;
  faults: Faults;
  isNew: boolean;
}): VNode {
  const word = isNew ? 'メールアドレス' : '新しいメールアドレス';
  return (
    <>
      <TextField
        name="mailAddress"
        label={isNew ? word : `${word}（変えるときだけ）`}
        type="text"
        inputmode="email"
        value={draft.mailAddress}
        faults={faults}
        required={isNew}
      />
      <TextField
        name="mailAddressAgain"
        label={`${word}（もう一度）`}
        type="text"
        inputmode="email"
        value={draft.mailAddressAgain}
        faults={faults}
        required={isNew}
      />
    </>
  );
}
