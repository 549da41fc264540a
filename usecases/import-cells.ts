/** What one row of an import file says (R10): cells in, fields out, with what was mended and what cannot be meant. */
import type { PriorOutcome } from '../domain/address-state.js';
import type { CivilDate } from '../domain/calendar.js';
import { instantInJapan } from '../domain/calendar.js';
import { parseJapaneseDate } from '../domain/japanese-date.js';
import type { PriorCause } from '../domain/lapse.js';
import { parseMailAddress } from '../mail/addresses.js';
import type { EmergencyContact, ResidentData } from '../store/rows.js';
import type { ColumnKey } from './import-columns.js';
import { CONTACTS_IN_FILE, CONTACT_PARTS, contactKey } from './import-columns.js';
import type { PriorStatus } from './new-account.js';

/** What is wrong in a row; `hint` is shown beside it: what was probably meant, or another line. */
export interface RowFault {
  field: string;
  code: string;
  hint?: string;
}

/** What was mended, or is not taken over. */
export interface RowNote {
  field: string;
  code: 'leading-zero' | 'expiry-differs';
  hint?: string;
}

/** Fields of the row; an empty cell is left out, and so changes nothing. */
export interface RowInput extends Partial<Omit<ResidentData, 'emergencyContacts'>> {
  registrationNumber: string;
  mailAddress?: string;
  expiresOn?: CivilDate;
  registeredAt?: number;
  /** By position; what a cell does not say stays. */
  contacts?: (Partial<EmergencyContact> | null)[];
  prior?: PriorStatus;
}

export interface ReadRow {
  input: RowInput;
  /** The number as written, where it is not the plain one: somebody may have been registered by it. */
  numberAsWritten: string;
  faults: RowFault[];
  notes: RowNote[];
}

const PRIOR_MAIL: Readonly<Record<string, PriorOutcome>> = {
  送れた: 'ACCEPTED',
  届いた: 'ACCEPTED',
  成功: 'ACCEPTED',
  送信済み: 'ACCEPTED',
  正常: 'ACCEPTED',
  答えた: 'PROVEN',
  答えがあった: 'PROVEN',
  本人が答えた: 'PROVEN',
  更新した: 'PROVEN',
  届かなかった: 'FAILED',
  不達: 'FAILED',
  エラー: 'FAILED',
  失敗: 'FAILED',
};
const PRIOR_CAUSE: Readonly<Record<string, PriorCause | 'UNDELIVERABLE' | null>> = {
  不達: 'UNDELIVERABLE',
  未応答: 'NO_RESPONSE',
  未送信: 'NOT_SENT',
  '未送信(システム都合)': 'NOT_SENT',
  不明: null,
};

/** Excel shows a number without the zeros in front: 90… 80… 70… of ten digits was a mobile one. */
const MOBILE_WITHOUT_ZERO = /^[789]0[1-9]\d{7}$/;
const FIXED_WITHOUT_ZERO = /^[1-9]\d{8}$/;
const EITHER_WITHOUT_ZERO = new RegExp(`${MOBILE_WITHOUT_ZERO.source}|${FIXED_WITHOUT_ZERO.source}`);
/** A formula that was disarmed when the list was written. */
const DISARMED = /^'(?=[=+\-@\t\r＝＋－＠'])/;
const AS_FORMULA_TEXT = /^="(.*)"$/s;

export function readCells(keys: readonly (ColumnKey | null)[], cells: readonly string[]): ReadRow {
  const faults: RowFault[] = [];
  const notes: RowNote[] = [];
  const said = new Map<ColumnKey, string>();
  keys.forEach((key, i) => {
    const text = cellText(cells[i] ?? '');
    if (key !== null && text !== '') said.set(key, text);
  });
  const text = (key: ColumnKey) => said.get(key);
  const date = (key: ColumnKey): CivilDate | undefined => {
    const written = text(key);
    const day = written === undefined ? undefined : parseJapaneseDate(written);
    if (day === null) faults.push({ field: key, code: 'no-date' });
    return day ?? undefined;
  };
  const phone = (key: ColumnKey, withoutZero: RegExp) => {
    const plain = text(key)
      ?.normalize('NFKC')
      .replace(/[‐‑‒–—−ー]/g, '-');
    if (plain === undefined || !withoutZero.test(plain)) return plain;
    notes.push({ field: key, code: 'leading-zero' });
    return `0${plain}`;
  };
  const numberAsWritten = text('registrationNumber') ?? '';
  if (cells.length !== keys.length) {
    faults.push({ field: 'row', code: 'ragged', hint: `見出し${keys.length}、この行${cells.length}` });
  }
  const mailAddress = text('mailAddress');
  if (mailAddress !== undefined) faults.push(...mailFaults('mailAddress', mailAddress));
  const registeredOn = date('registeredAt');
  const input: RowInput = {
    registrationNumber: numberAsWritten.normalize('NFKC'),
    ...defined({
      name: text('name'),
      kana: text('kana')?.normalize('NFKC'),
      mailAddress,
      mobileNumber: phone('mobileNumber', MOBILE_WITHOUT_ZERO),
      fax: phone('fax', FIXED_WITHOUT_ZERO),
      postalAddress: text('postalAddress'),
      municipality: text('municipality'),
      expiresOn: date('expiresOn'),
      registeredAt: registeredOn === undefined ? undefined : instantInJapan(registeredOn),
      contacts: contactsOf(text, phone, faults),
      prior: priorOf(text('priorMail'), date('priorMailOn'), text('priorCause'), faults),
    }),
  };
  return { input, numberAsWritten, faults, notes };
}

/** The text of a cell without what programs put around it. Names are left as they are written (髙, 﨑, 𠮷). */
function cellText(raw: string): string {
  return raw.trim().replace(AS_FORMULA_TEXT, '$1').replace(DISARMED, '').trim();
}

/** Full width is told with what was probably meant: an address is never changed unasked. */
function mailFaults(field: string, written: string): RowFault[] {
  const parsed = parseMailAddress(written);
  if (parsed.ok) return [];
  const code = `mail-address-${parsed.reason.toLowerCase().replaceAll('_', '-')}`;
  const meant = parseMailAddress(written.normalize('NFKC').replace(/\s/g, ''));
  return [{ field, code, ...(meant.ok && { hint: meant.address }) }];
}

function contactsOf(
  text: (key: ColumnKey) => string | undefined,
  phone: (key: ColumnKey, withoutZero: RegExp) => string | undefined,
  faults: RowFault[],
): (Partial<EmergencyContact> | null)[] | undefined {
  const contacts = Array.from({ length: CONTACTS_IN_FILE }, (_, i) => {
    const parts = CONTACT_PARTS.map((part) => {
      const key = contactKey(i, part);
      if (part === 'phone') return [part, phone(key, EITHER_WITHOUT_ZERO)] as const;
      if (part === 'fax') return [part, phone(key, FIXED_WITHOUT_ZERO)] as const;
      return [part, text(key)] as const;
    }).filter(([, value]) => value !== undefined);
    const contact = parts.length === 0 ? null : (Object.fromEntries(parts) as Partial<EmergencyContact>);
    if (contact?.mail !== undefined) faults.push(...mailFaults(contactKey(i, 'mail'), contact.mail));
    return contact;
  });
  while (contacts.at(-1) === null) contacts.pop();
  return contacts.length === 0 ? undefined : contacts;
}

/** R10: what the older system knew. Its 不達 says that it had given the address up, by the last mail's day. */
function priorOf(
  mail: string | undefined,
  on: CivilDate | undefined,
  cause: string | undefined,
  faults: RowFault[],
): PriorStatus | undefined {
  const count = faults.length;
  const outcome = mail === undefined ? null : (PRIOR_MAIL[plainWord(mail)] ?? 'UNKNOWN');
  const because = cause === undefined ? null : PRIOR_CAUSE[plainWord(cause)];
  if (outcome === 'UNKNOWN') faults.push({ field: 'priorMail', code: 'unknown-word' });
  if (because === undefined) faults.push({ field: 'priorCause', code: 'unknown-word' });
  const givenUp = because === 'UNDELIVERABLE';
  if (givenUp && (outcome === 'ACCEPTED' || outcome === 'PROVEN'))
    faults.push({ field: 'priorCause', code: 'contradicts-mail' });
  const needsDay = givenUp || outcome !== null;
  if (needsDay && on === undefined && !faults.some(({ field }) => field === 'priorMailOn'))
    faults.push({ field: 'priorMailOn', code: 'needs-date' });
  if (!needsDay && on !== undefined) faults.push({ field: 'priorMail', code: 'needs-result' });
  if (faults.length > count || (mail === undefined && cause === undefined)) return undefined;
  const known = givenUp ? 'UNDELIVERABLE' : outcome;
  return {
    lastMail:
      on === undefined || known === null || known === 'UNKNOWN'
        ? null
        : { outcome: known, at: instantInJapan(on) },
    cause: because === 'UNDELIVERABLE' ? null : (because ?? null),
  };
}

function plainWord(word: string): string {
  return word.normalize('NFKC').replace(/\s/g, '');
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
