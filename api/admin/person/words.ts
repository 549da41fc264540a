/** Words of 利用状況 and what is done there. */
import type { RenewalChannel } from '../../../store/cycles.js';
import type { ContactKind, ContactSaid } from '../../../store/contacts.js';
import type { ChangeItem, ReachBy, RequestState } from '../../../store/requests.js';
import type { Refusal } from '../../../usecases/errors.js';
import type { NewAddressFate } from '../../../usecases/resident-request.js';
import type { StaffRenewal } from '../../../usecases/renew-account.js';
import { dayText, expiryText, momentText } from '../shell/dates.js';

/** In the order in which a clerk does them. MAIL_REPLY proves an address, so it must not be taken for a mail of ours. */
export const CONTACT_WORDS: Readonly<Record<ContactKind, string>> = {
  FAX_SENT: 'FAXを送った',
  POST_SENT: '郵送した',
  MAIL_SENT: 'メールを送った（職員から）',
  ANSWERED: '返信があった（FAX・郵便）',
  MAIL_REPLY: 'メールの返信があった（本人のアドレスから）',
  COUNTER_PERSON: '窓口で確認した（本人）',
  COUNTER_FAMILY: '窓口で確認した（家族）',
  POST_RETURNED: '手紙が戻った（宛所不明）',
  NO_ANSWER: '返事なし',
};

export const SAID_WORDS: Readonly<Record<ContactSaid, string>> = {
  SAME: '同じ（変わっていない）',
  CHANGED: '変わった',
  NOT_USED: 'もう使わない',
  DECEASED: '亡くなった',
};

export const STAFF_CHANNEL_WORDS: Readonly<Record<StaffRenewal['channel'], string>> = {
  counter: '窓口',
  fax: 'FAX',
  post: '郵送',
  proxy: '代理（家族など）',
  mailReply: 'メールの返信（本人の登録アドレスから）',
};

export const CHANNEL_WORDS: Readonly<Record<RenewalChannel, string>> = {
  ...STAFF_CHANNEL_WORDS,
  link: '本人がメールのリンクで',
  paper: '本人が案内書の2次元コードで',
  signal: '運用担当（手動の合図）',
};

export const ITEM_WORDS: Readonly<Record<ChangeItem, string>> = {
  MAIL: 'メールアドレス',
  CARRIER: '電話会社',
  ADDRESS: '住所',
  FAX: 'FAX',
  EMERGENCY_CONTACT: '緊急連絡先',
  NAME: '氏名',
  OTHER: 'そのほか',
};

export const REACH_WORDS: Readonly<Record<ReachBy, string>> = { MAIL: 'メール', FAX: 'FAX', POST: '手紙' };

export const KIND_OF_REQUEST_WORDS = { CHANGE: '変わったことがある', STOP: 'もう使わない' } as const;

export const REQUEST_STATE_WORDS: Readonly<Record<RequestState, string>> = {
  OPEN: '未対応',
  TAKEN_BACK: '本人が取り消した',
  DONE: '対応済み',
  DECLINED: '対応しない（今までどおり）',
};

/** A 手続き is named by its date: 「2027年3月31日期限」. */
export function dueText(expiry: { expiresOn: string | null; expiresAt: number }): string {
  return `${expiry.expiresOn === null ? expiryText(expiry) : dayText(expiry.expiresAt - 1)}期限`;
}

/** What became of the new address that was told. */
export function fateText({ state, until }: NewAddressFate): string {
  switch (state) {
    case 'PENDING':
      return `本人の確認を待っています（${until === null ? '' : momentText(until)}まで）。それまでは、今のアドレスに送ります。`;
    case 'NOT_ENTERED':
      return 'まだ登録していません（1日に何度も変えられたため）。本人に確かめてから、登録を直してください。';
    case 'NOT_ANSWERED':
      return '確認のメールに、期限までに答えがありませんでした。登録は変わっていません。';
    case 'REPLACED':
      return 'このあと、ほかのアドレスが入れられたか、取り消されました。登録は変わっていません。';
    case 'PRESENT':
      return '登録に入りました。今のアドレスです。';
    case 'FORMER':
      return '一度登録に入り、そのあと、ほかのアドレスに変わりました。';
  }
}

/** Why an act upon a person was not done, and what to do next. */
export function refusalText(refusal: Refusal): string {
  return refusalWords(refusal) ?? 'できませんでした。何も変わっていません。';
}

/** Null: not one that these pages know; it goes on as the trouble it is. */
export function refusalWords(refusal: Refusal): string | null {
  switch (refusal.code) {
    case 'resend-not-in-this-status':
      return refusal.status === 'WITHDRAWN'
        ? '廃止された利用者なので送れません。'
        : `更新の受付期間の前なので送れません（${dayText(refusal.windowOpensAt)}から送れます）。`;
    case 'resend-already-waiting':
      return '前に頼んだメールが、まだ送信待ちです。リマインダー履歴を見てください。';
    case 'resend-too-soon':
      return `前のメールを頼んだばかりです。${momentText(refusal.nextAllowedAt)}から送れます。`;
    case 'resend-needs-confirm':
      return `24時間以内（${momentText(refusal.lastRequestedAt)}）に1回送っています。それでも、もう1回送る`;
    case 'account-withdrawn':
      return '廃止された人なので、できません。続けて使う人なら、先に廃止を取り消してください。';
    case 'renewal-too-early':
      return `更新の受付期間の前です（${dayText(refusal.windowOpensAt)}から）。早めに更新するときは、四角に印をつけてください。`;
    case 'renewal-nothing-gained':
      return '今更新しても、有効期限日時は変わりません。何も変えていません。';
    case 'request-already-closed':
      return 'この連絡は、ほかの職員か本人が、先に終わりにしました。今の状態は、下のとおりです。あなたの操作では、何も変わっていません。';
    case 'version-conflict':
      return 'ページを開いているあいだに、内容が変わりました。今の内容を読んでから、もう一度してください。あなたの操作では、何も変わっていません。';
    case 'pending-address-ended':
      return '新しいメールアドレスは、もう確認を待っていません（切り替わったか、期限が過ぎたか、やめました）。今のメールアドレスを見てください。';
    case 'idempotency-key-reused':
      return 'このページからは、もう1回送られています。今の状態を見て、必要なら、もう一度入れてください。';
    case 'validation':
      return 'まだ保存していません。下の「直すところ」を見てください。';
    case 'account-not-withdrawn':
      return '廃止は、もう取り消されています。何も変わっていません。';
    case 'withdrawal-undo-too-late':
      return `廃止を取り消せるのは${momentText(refusal.undoableUntil)}まででした。続けて使う人は、新しく登録してください。`;
    case 'expiry-changed':
      return 'この画面を開いたあとで、更新か訂正がありました。まだ何も変えていません。今の有効期限日時を見て、もう一度してください。';
    case 'hold-changed':
      return 'この画面を開いたあとで、ほかの人が保留を変えました。まだ何も変えていません。下の「今の保留」を見て、よければ、もう一度押してください。';
    case 'check-mail-too-soon':
      return `確認のメールを、少し前に頼んでいます。${momentText(refusal.nextAllowedAt)}から、また送れます。`;
    case 'check-mail-already-waiting':
      return '確認のメールが、送信を待っています。送られるまで待ってください。';
    default:
      return null;
  }
}
