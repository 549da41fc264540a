/** What each number of もれの確認 (R38) is called, what it means, and how it stands in an address. */
import type { MailFate, PersonFate } from '../../../domain/completeness.js';
import { MAIL_FATES, PERSON_FATES } from '../../../domain/completeness.js';
import type { Counted } from '../../../usecases/completeness.js';
import { OUTCOME_WORDS, reasonWords } from '../shell/words.js';

interface Words {
  word: string;
  meaning: string;
}

export const PERSON_WORDS: Readonly<Record<PersonFate, Words>> = {
  RENEWED_IN_TIME: {
    word: '期限までに更新した',
    meaning: '有効期限の日の終わりまでに、更新の答えが届きました。',
  },
  RENEWED_LATER: { word: '期限のあとに更新した', meaning: 'いちど失効中になり、そのあと更新しました。' },
  LAPSED_UNDELIVERABLE: { word: '失効中（不達）', meaning: '更新がなく、メールが届きません。' },
  LAPSED_NO_RESPONSE: {
    word: '失効中（未応答）',
    meaning: 'メールは送れましたが、更新がありません（届いたかは不明）。',
  },
  LAPSED_NOT_SENT: {
    word: '失効中（未送信）',
    meaning: 'システムの都合で、お願いのメールを送れませんでした。',
  },
  LAPSED_UNKNOWN: {
    word: '失効中（不明）',
    meaning: '手続きのあいだに、送る予定のメールがありませんでした。',
  },
  LAPSING: { word: '期限が来たばかり', meaning: '失効の原因を記録しているところです（1時間以内）。' },
  WITHDRAWN: { word: '廃止', meaning: '更新の前に、職員が廃止しました。' },
  NOT_YET_EXPIRED: { word: 'まだ期限が来ていない', meaning: '有効期限はこれからで、まだ更新していません。' },
};

export const MAIL_WORDS: Readonly<Record<MailFate, Words>> = {
  CONFIRMED: { word: OUTCOME_WORDS.CONFIRMED, meaning: 'そのメールの青い文字を、本人が使いました。' },
  ACCEPTED: {
    word: OUTCOME_WORDS.ACCEPTED,
    meaning: '相手のメールサーバが受け取りました。本人が読んだかは分かりません。',
  },
  DELAYED: {
    word: '受付のあとで遅れている',
    meaning: '相手のメールサーバが受け取り、まだ届けようとしています。',
  },
  BOUNCED: { word: OUTCOME_WORDS.BOUNCED, meaning: '宛先に届きませんでした。' },
  FAILED: {
    word: OUTCOME_WORDS.FAILED,
    meaning: '送る側の都合で送れませんでした。本人のせいではありません。',
  },
  NOT_SENT: {
    word: OUTCOME_WORDS.SKIPPED,
    meaning: '送らないわけがありました。わけごとの数は、下にあります。',
  },
  WAITING: {
    word: '順番を待っている',
    meaning: '送る時刻、保留や停止の終わり、または次の送り直しを待っています。',
  },
  PLANNED: { word: 'これから送る予定', meaning: '予定の日時が、まだ来ていません。' },
};

/** Why a planned mail was not sent. */
export function notSentWords(reason: string): string {
  if (reason === 'SUPERSEDED') return '次のメールにまとめたため';
  return reasonWords(reason) ?? 'そのほかの理由';
}

const HOLE = 'missing';
const WITHOUT_CYCLE = 'without-cycle';

/** `person.renewed-in-time`, `mail.not-sent.renewed`, `mail.missing`, `without-cycle`: no name of anybody. */
export function wordOfCounted(counted: Counted): string {
  if (counted.of === 'WITHOUT_CYCLE') return WITHOUT_CYCLE;
  const kind = counted.of === 'PEOPLE' ? 'person' : 'mail';
  const parts = [
    kind,
    counted.fate ?? HOLE,
    ...(counted.of === 'MAILS' && counted.reason !== undefined ? [counted.reason] : []),
  ];
  return parts.join('.').toLowerCase().replaceAll('_', '-');
}

export function countedOf(word: string): Counted | null {
  if (word === WITHOUT_CYCLE) return { of: 'WITHOUT_CYCLE' };
  const [kind = '', fate = '', reason] = word
    .split('.')
    .map((part) => part.toUpperCase().replaceAll('-', '_'));
  const isHole = fate === HOLE.toUpperCase();
  if (kind === 'PERSON') {
    const found = PERSON_FATES.find((each) => each === fate) ?? null;
    return found === null && !isHole ? null : { of: 'PEOPLE', fate: found };
  }
  if (kind !== 'MAIL') return null;
  const found = MAIL_FATES.find((each) => each === fate) ?? null;
  return found === null && !isHole ? null : { of: 'MAILS', fate: found, reason };
}

/** As the head of the list of names. */
export function countedWords(counted: Counted): string {
  if (counted.of === 'WITHOUT_CYCLE') return '有効期限の記録がない人';
  if (counted.of === 'PEOPLE')
    return counted.fate === null ? 'どうなったかの記録がない人' : `${PERSON_WORDS[counted.fate].word}人`;
  if (counted.fate === null) return '記録がないメール';
  const why = counted.reason === undefined ? '' : `（${notSentWords(counted.reason)}）`;
  return `メール：${MAIL_WORDS[counted.fate].word}${why}`;
}
