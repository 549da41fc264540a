/** The columns of an import file (R10), by their Japanese heads; small differences in writing are forgiven. */

export const CONTACT_PARTS = ['name', 'relation', 'phone', 'mail', 'fax'] as const;
export type ContactPart = (typeof CONTACT_PARTS)[number];

/** How many emergency contacts a file has columns for. */
export const CONTACTS_IN_FILE = 3;

/** As the fields of a person are called elsewhere, so that faults have the same words. */
export type ColumnKey = string;

export interface Column {
  key: ColumnKey;
  head: string;
  /** A new person needs it. */
  needed: boolean;
}

const CONTACT_HEADS: Readonly<Record<ContactPart, string>> = {
  name: '名前',
  relation: '続柄',
  phone: '電話',
  mail: 'メール',
  fax: 'FAX',
};

export const contactKey = (i: number, part: ContactPart): ColumnKey => `emergencyContacts[${i}].${part}`;

const column = (key: ColumnKey, head: string, needed = false): Column => ({ key, head, needed });

export const COLUMNS: readonly Column[] = [
  column('registrationNumber', '登録番号', true),
  column('name', '氏名', true),
  column('kana', 'かな', true),
  column('mailAddress', 'メールアドレス', true),
  column('mobileNumber', '携帯電話番号'),
  column('fax', 'FAX番号'),
  column('postalAddress', '住所'),
  column('municipality', '市町村'),
  column('expiresOn', '有効期限日'),
  ...Array.from({ length: CONTACTS_IN_FILE }, (_, i) =>
    CONTACT_PARTS.map((part) => column(contactKey(i, part), `緊急連絡先${i + 1}の${CONTACT_HEADS[part]}`)),
  ).flat(),
  column('registeredAt', '最初の登録日'),
  column('priorMail', '最後のメールの結果'),
  column('priorMailOn', '最後のメールの日'),
  column('priorCause', '失効の原因'),
];

/** What the list of mistakes adds in front; read again, it says nothing. */
export const REASON_HEAD = '理由';

const OTHER_HEADS: Readonly<Record<string, ColumnKey>> = {
  番号: 'registrationNumber',
  利用者番号: 'registrationNumber',
  名前: 'name',
  お名前: 'name',
  利用者氏名: 'name',
  カナ: 'kana',
  ふりがな: 'kana',
  フリガナ: 'kana',
  氏名かな: 'kana',
  氏名カナ: 'kana',
  メール: 'mailAddress',
  mail: 'mailAddress',
  email: 'mailAddress',
  'e-mail': 'mailAddress',
  携帯電話: 'mobileNumber',
  携帯番号: 'mobileNumber',
  携帯: 'mobileNumber',
  電話番号: 'mobileNumber',
  fax: 'fax',
  ファックス: 'fax',
  ファクス番号: 'fax',
  市区町村: 'municipality',
  市町村名: 'municipality',
  有効期限: 'expiresOn',
  有効期限日時: 'expiresOn',
  登録日: 'registeredAt',
  登録年月日: 'registeredAt',
  初回登録日: 'registeredAt',
  失効原因: 'priorCause',
};

const PLAIN = new Map<string, ColumnKey>([
  ...Object.entries(OTHER_HEADS).map(([head, key]): [string, ColumnKey] => [plain(head), key]),
  ...COLUMNS.map(({ key, head }): [string, ColumnKey] => [plain(head), key]),
]);
const CONTACT = /^緊急連絡先([1-9])の?(名前|氏名|続柄|関係|電話|電話番号|メール|メールアドレス|fax|fax番号)$/;
const CONTACT_PART: Readonly<Record<string, ContactPart>> = {
  氏名: 'name',
  名前: 'name',
  続柄: 'relation',
  関係: 'relation',
  電話: 'phone',
  電話番号: 'phone',
  メール: 'mail',
  メールアドレス: 'mail',
  fax: 'fax',
  fax番号: 'fax',
};

export interface MatchedHeads {
  /** Per cell; null: not read. */
  keys: (ColumnKey | null)[];
  /** Heads that say nothing to us, as written. */
  unknown: string[];
  /** Heads that mean the same as one before. */
  twice: string[];
}

export function matchHeads(heads: readonly string[]): MatchedHeads {
  const matched: MatchedHeads = { keys: [], unknown: [], twice: [] };
  for (const head of heads) {
    const key = keyOf(head);
    if (key !== null && matched.keys.includes(key)) matched.twice.push(head);
    if (key === null && plain(head) !== '' && plain(head) !== plain(REASON_HEAD)) matched.unknown.push(head);
    matched.keys.push(key);
  }
  return matched;
}

function keyOf(head: string): ColumnKey | null {
  const text = plain(head);
  const known = PLAIN.get(text);
  if (known !== undefined) return known;
  const contact = CONTACT.exec(text);
  if (contact === null || Number(contact[1]) > CONTACTS_IN_FILE) return null;
  return contactKey(Number(contact[1]) - 1, CONTACT_PART[contact[2] ?? ''] ?? 'name');
}

/** Width, spaces, remarks in brackets, marks for 必須. */
function plain(head: string): string {
  return head
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\(.*?\)|【.*?】|\[.*?\]/g, '')
    .replace(/[\s*※:"'・]/g, '');
}
