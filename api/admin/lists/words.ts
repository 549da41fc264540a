/** Words of the lists and of mails to many at once. */
import type { Outcome } from '../../../domain/delivery.js';
import type { AddressFilter, PeopleFilter } from '../../../usecases/people-filter.js';
import { COUNTED_UP_TO } from '../../../usecases/people-lists.js';
import type { ListedPerson } from '../../../usecases/people-lists.js';
import type { LeftOutReason } from '../../../usecases/read-bulk-send.js';
import { dayText, momentText } from '../shell/dates.js';
import { ADDRESS_WORDS, CAUSE_WORDS, NEXT_STEPS, OUTCOME_WORDS } from '../shell/words.js';

export type ListName = PeopleFilter['list'];

interface ListWords {
  word: string;
  /** Who is in it, and in what order. */
  about: string;
  /** What is counted in days. */
  days: string;
  sinceHead: string;
}

export const LIST_WORDS: Readonly<Record<ListName, ListWords>> = {
  pending: {
    word: '更新待ち',
    about: '更新の受付期間に入って、まだ更新していない人です。有効期限の近い順です。',
    days: '有効期限までの日数',
    sinceHead: '有効期限日時',
  },
  lapsed: {
    word: '失効中',
    about:
      '有効期限までに更新しなかった人です。新しく失効した順です。本人の緊急通報・練習通報は、今もできます。',
    days: '失効してからの日数',
    sinceHead: '失効した日',
  },
  unconfirmed: {
    word: '更新済み・メール未確認',
    about:
      '窓口・FAX・郵送などで更新して、メールが届くことをまだ確かめられていない人です。更新してから長い順です。',
    days: '更新してからの日数',
    sinceHead: '更新した日',
  },
  unused: {
    word: '長期間未利用',
    about:
      '通報の記録が長いあいだない人です。失効中とは別です。使っていない期間の長い順です。日数は設定の「長期間未利用」で決まります。',
    days: '最後の通報（なければ登録）からの日数',
    sinceHead: '最後の通報（なければ登録）',
  },
};

export const ADDRESS_FILTER_WORDS: Readonly<Record<AddressFilter, string>> = {
  ...ADDRESS_WORDS,
  UNDELIVERABLE: '届かない（不達）',
  SUSPECT: '届いていないおそれがある（不達の疑い）',
  IN_DOUBT: '不達と、不達の疑い',
};

/** Counted up to a bound. */
export function peopleText(people: number): string {
  return people > COUNTED_UP_TO
    ? `${COUNTED_UP_TO.toLocaleString('ja-JP')}人より多い`
    : `${people.toLocaleString('ja-JP')}人`;
}

export function countText(people: number): string {
  return `${people.toLocaleString('ja-JP')}人`;
}

/** 「失効中・不達・30日以上」: what a list was filtered by. */
export function filterText(filter: PeopleFilter): string {
  const { list, cause, daysFrom, daysTo, mailDomain, address, municipality } = filter;
  const { word, days } = LIST_WORDS[list];
  return [
    word,
    cause === undefined ? null : CAUSE_WORDS[cause].word,
    daysFrom === undefined ? null : `${days}${daysFrom}日以上`,
    daysTo === undefined ? null : `${days}${daysTo}日以下`,
    mailDomain === undefined ? null : `＠${mailDomain}`,
    address === undefined ? null : ADDRESS_FILTER_WORDS[address],
    municipality ?? null,
  ]
    .filter((part) => part !== null)
    .join('・');
}

/** The one thing to begin with; the person's page has the rest. */
export function nextStep(list: ListName, person: ListedPerson): string {
  if (person.stopRequested) return '本人の「もう使わない」という連絡に答える（職員の答えを待っています）';
  if (list === 'unused') return 'まだ使うかどうかを、FAXか郵送でたずねて、連絡の記録に書く';
  if (person.lapseCause !== null) return NEXT_STEPS[person.lapseCause][0] ?? '';
  if (person.addressState === 'UNDELIVERABLE' || person.addressState === 'SUSPECT')
    return 'FAXか郵送で、メールアドレスと受信設定を確認する';
  if (list === 'unconfirmed') return '確認のメールへの答えを待つ。来なければ、FAXか郵送で確認する';
  return '答えを待つ（お願いのメールは自動で送ります）';
}

/** Why no mail goes to this person. */
export function leftOutText(reason: LeftOutReason): string {
  switch (reason.code) {
    case 'resend-not-in-this-status':
      return reason.status === 'WITHDRAWN'
        ? '廃止された利用者です'
        : `更新の受付期間の前です（${dayText(reason.windowOpensAt)}から送れます）`;
    case 'resend-already-waiting':
      return '前に頼んだメールが、まだ送信待ちです';
    case 'resend-too-soon':
      return `前のメールを頼んだばかりです（${momentText(reason.nextAllowedAt)}から送れます）`;
    case 'resend-needs-confirm':
      return `24時間以内（${momentText(reason.lastRequestedAt)}）に、手動で送っています`;
    case 'stop-asked':
      return '本人が「もう使わない」と答えています。先に、その連絡に答えてください';
    case 'failed':
      return 'システムの都合で、頼めませんでした。この人のページから送ってください';
  }
}

export const LEFT_OUT_WORDS: Readonly<Record<LeftOutReason['code'], string>> = {
  'resend-not-in-this-status': '更新の受付期間の前か、廃止された',
  'resend-already-waiting': '前に頼んだメールが、まだ送信待ち',
  'resend-too-soon': '前のメールを頼んだばかり（10分以内）',
  'resend-needs-confirm': '24時間以内に、手動で送っている',
  'stop-asked': '本人が「もう使わない」と答えている',
  failed: 'システムの都合で、頼めなかった',
};

/** In the order of a mail's life. */
export const OUTCOME_ORDER = Object.keys(OUTCOME_WORDS) as Outcome[];
