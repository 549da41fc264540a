/** What the audit trail calls a field, and what stands in it, in words. A field without words here is not shown. */
import { isCivilDate } from '../../../domain/calendar.js';
import { dayInWords } from '../../../mail/compose-dates.js';
import { momentText } from '../shell/dates.js';
import { partOf } from '../shell/nav.js';
import {
  ADDRESS_WORDS,
  CAUSE_WORDS,
  KIND_WORDS,
  OUTCOME_WORDS,
  PURPOSE_WORDS,
  ROLE_WORDS,
  STATUS_WORDS,
  reasonWords,
} from '../shell/words.js';

/** In the order in which they are told: the person, the date, the mail, the rest; what somebody wrote comes last. */
const FIELD_WORDS: Readonly<Record<string, string>> = {
  name: '氏名',
  kana: 'かな',
  displayName: '表示する名前',
  shortName: '短い名前',
  code: '本部の記号',
  signInName: 'サインイン名',
  role: '役割',
  label: '名前',
  scopes: 'できること',
  registrationNumber: '登録番号',
  expiresOn: '有効期限',
  expiresAt: '有効期限日時',
  channel: '更新の方法',
  mailAddress: 'メールアドレス',
  mobileNumber: '携帯電話番号',
  fax: 'FAX',
  postalAddress: '住所',
  municipality: '市町村',
  emergencyContacts: '緊急連絡先',
  replyTo: '返信先',
  counter: '窓口',
  mailDomain: '対象のメールアドレス（＠より後ろ）',
  kind: '種類',
  said: '本人のようす',
  items: '変わったもの',
  reachBy: '連絡の方法',
  state: '状態',
  status: '利用状況',
  cause: '失効の原因',
  lapseCause: '失効の原因',
  lapsedAt: '失効した日時',
  purpose: 'メールの種類',
  outcome: 'メールの結果',
  bounceClass: '届かなかったわけ',
  source: '知らせが来た道',
  addressState: 'メールアドレスの状態',
  how: '変え方',
  at: '日時',
  dueAt: '送る日時',
  fromAt: 'いつから',
  until: 'いつまで',
  untilAt: 'いつまで',
  holdUntil: '保留の終わり',
  windowOpensAt: '更新の受付の始まり',
  autoStopsAt: '自動送信の終わり',
  stoppedAt: '終わった日時',
  withdrawnAt: '廃止した日時',
  policyVersion: '設定の版',
  version: '版',
  accounts: '人数',
  people: '人数',
  queued: '送る人数',
  leftOut: '送らなかった人数',
  ADD: '追加',
  CHANGE: '変更',
  SAME: '同じ',
  FAULT: 'まちがいのある行',
  DONE: '取り込んだ行',
  CONFLICT: '取り込まなかった行',
  NOT_TAKEN: '取り込む前にやめた行',
  page: 'ページ',
  evidence: '確認したもの',
  reason: '理由',
  note: 'メモ',
  staffNote: '職員のメモ',
};
const ORDER = Object.keys(FIELD_WORDS);

const BOUNCE_WORDS: Readonly<Record<string, string>> = {
  UNKNOWN_ADDRESS: 'そのアドレスがない',
  REFUSED: '本人の受信設定で断られた',
  UNKNOWN_OR_REFUSED: 'アドレスがないか、受信拒否',
  MAILBOX_FULL: 'メールボックスがいっぱい',
  EXPIRED: '相手のメール会社につながらなかった',
  DOMAIN_NOT_FOUND: '＠より後ろの名前が見つからない',
  SENDER_BLOCKED: '送る側の都合で断られた',
  OTHER: '分からない',
};
const REPORT = '戻ってきたメール';

const VALUE_WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  addressState: ADDRESS_WORDS,
  bounceClass: BOUNCE_WORDS,
  cause: { ...wordsOf(CAUSE_WORDS), MASS_FAILURE: '同じときにたくさんのメールが届かなかった' },
  channel: {
    link: 'メールの青い文字',
    counter: '窓口',
    fax: 'FAX',
    post: '郵送',
    proxy: '代理更新',
    mailReply: 'メールの返信',
    letter: '案内書のQR',
    signal: '運用担当の手動の合図',
  },
  how: {
    entered: '新しく登録（すぐに切り替え）',
    'check-mail-answered': '本人が確認のメールに答えた',
    'switched-by-staff': '職員が切り替え',
  },
  items: {
    MAIL: 'メールアドレス',
    CARRIER: '電話会社',
    ADDRESS: '住所',
    FAX: 'FAX',
    EMERGENCY_CONTACT: '緊急連絡先',
    NAME: '名前',
    OTHER: 'そのほか',
  },
  kind: {
    ...KIND_WORDS,
    FAX_SENT: 'FAXを送った',
    ANSWERED: '返信があった',
    POST_SENT: '郵送した',
    POST_RETURNED: '手紙が戻った（宛所不明）',
    COUNTER_PERSON: '窓口で確認（本人）',
    COUNTER_FAMILY: '窓口で確認（家族）',
    NO_ANSWER: '返事なし',
    MAIL_REPLY: 'メールの返信',
    EMERGENCY: '緊急通報',
    PRACTICE: '練習通報',
    CHANGE: '変わったことの連絡',
    STOP: 'もう使わない',
  },
  lapseCause: wordsOf(CAUSE_WORDS),
  outcome: OUTCOME_WORDS,
  purpose: PURPOSE_WORDS,
  reachBy: { MAIL: 'メール', FAX: 'FAX', POST: '郵送' },
  reason: {
    'not-found': '見つからない',
    'resend-too-soon': '前に送ってから時間がたっていない',
    'resend-needs-confirm': '24時間以内に送っているので、もう一度の確認が必要',
    'resend-already-waiting': '前に頼んだメールが、まだ送信待ち',
    'resend-not-in-this-status': 'この利用状況では送れない',
    'account-withdrawn': '廃止されている',
    TOO_EARLY: '受付期間の前',
    STOP_ASKED: 'もう使わない、という連絡がある',
    WITHDRAWN: '廃止されている',
    ALREADY_RENEWED: 'もう更新が済んでいる',
    OTHER_CYCLE: 'ほかの期限の手続き',
  },
  role: ROLE_WORDS,
  said: { SAME: '同じ', CHANGED: '変わった', NOT_USED: '使わない', DECEASED: '亡くなった' },
  scopes: {},
  source: {
    SMTP: '送ったときの返事',
    REPORT_SMTP: REPORT,
    REPORT_IMAP: REPORT,
    REPORT_HTTP: REPORT,
    SES: 'メール配信サービス',
    SENDGRID: 'メール配信サービス',
  },
  state: { OPEN: 'まだ', TAKEN_BACK: '本人が取り消した', DONE: '済み', DECLINED: '見送り' },
  status: wordsOf(STATUS_WORDS),
};

/** A reason may be what somebody typed, like FAX; two words joined are a program's. */
const CODE_FOR_REASON = /^(?:[A-Z]+(?:_[A-Z0-9]+)+|[a-z]+(?:-[a-z]+)+)$/;
const CODE = /^[A-Za-z][\w.:-]*$/;
const INSTANT = /(?:^at|At|^until)$/;
const ISO_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const NONE = 'なし';
/** Something that a program reads, and no sentence tells. */
const NO_PART = 'そのほかのページ';
const UNTOLD = '（記録があります）';

/** For sorting: the place of a field among the others. */
export function fieldPlace(field: string): number {
  const place = ORDER.indexOf(field);
  return place === -1 ? ORDER.length : place;
}

export function fieldName(field: string): string | null {
  return FIELD_WORDS[field] ?? null;
}

/** Never a code, never JSON. */
export function valueWords(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return NONE;
  if (typeof value === 'boolean') return value ? 'はい' : 'いいえ';
  if (typeof value === 'number') return numberWords(field, value);
  if (typeof value === 'string')
    return field === 'page' ? (partOf(value) ?? NO_PART) : textWords(field, value);
  if (!Array.isArray(value)) return UNTOLD;
  if (value.length === 0) return NONE;
  if (field === 'scopes') return `${value.length}種類`;
  return value.map((each) => (isContact(each) ? contactWords(each) : valueWords(field, each))).join('、');
}

function numberWords(field: string, value: number): string {
  const isInstant = INSTANT.test(field) && Math.abs(value) < 8e15;
  if (isInstant) return momentText(value);
  return field === 'accounts' ? `${value}人` : String(value);
}

function textWords(field: string, value: string): string {
  const known = VALUE_WORDS[field]?.[value];
  if (known !== undefined) return known;
  if (isCivilDate(value)) return dayInWords(value);
  if (ISO_INSTANT.test(value) && !Number.isNaN(Date.parse(value))) return momentText(Date.parse(value));
  const code = field === 'reason' ? CODE_FOR_REASON : CODE;
  return field in VALUE_WORDS && code.test(value) ? (reasonWords(value) ?? UNTOLD) : value;
}

interface Contact {
  name: string;
  relation: string;
  phone?: string;
  mail?: string;
  fax?: string;
}

function isContact(value: unknown): value is Contact {
  return typeof value === 'object' && value !== null && 'name' in value && 'relation' in value;
}

function contactWords({ name, relation, phone, mail, fax }: Contact): string {
  return [`${name}（${relation}）`, phone, mail, fax].filter(Boolean).join(' ');
}

function wordsOf(table: Readonly<Record<string, { word: string }>>): Record<string, string> {
  return Object.fromEntries(Object.entries(table).map(([code, { word }]) => [code, word]));
}
