/** Words of 「対応が必要な人」 (R30): each says why, with its date, and what to do next. */
import { BOUNCE_WORDS } from '../../../domain/bounce-words.js';
import type { Instant } from '../../../domain/calendar.js';
import type { WorklistReason } from '../../../domain/worklist.js';
import { RANKS } from '../../../domain/worklist.js';
import type { WorklistPerson } from '../../../usecases/worklist.js';
import { dayText } from '../shell/dates.js';
import { PLACES, personPlace } from '../shell/places.js';
import { CAUSE_WORDS, PURPOSE_WORDS } from '../shell/words.js';

export const REASON_WORDS: Readonly<Record<WorklistReason, string>> = {
  UNREACHABLE: '不達・不達の疑い',
  REQUEST: '本人からの連絡',
  NOT_SENT: '未送信',
  NEWLY_LAPSED: '新しく失効中',
  MAIL_UNCONFIRMED: '更新済み・メール未確認',
  LOOK_AGAIN: '確認日が来た',
  AUTO_MAIL_ENDED: '自動配信終了',
};

type Standing = WorklistPerson['standing'][number];

export function whyText(person: WorklistPerson, { reason, rank, at }: Standing): string {
  switch (reason) {
    case 'UNREACHABLE':
      return `${unreachableText(person, at)}${
        rank === RANKS.LAPSED_UNREACHABLE ? '失効中なので、呼び返しとメール管理は使えません。' : ''
      }`;
    case 'REQUEST':
      return requestText(person);
    case 'NOT_SENT':
      return person.unsent === null
        ? `${dayText(at)}に失効中になるまで、お願いのメールを送れませんでした（システムの都合）。`
        : `${dayText(at)}に、「${PURPOSE_WORDS[person.unsent.purpose]}」のメールを送れませんでした（システムの都合）。`;
    case 'NEWLY_LAPSED':
      return `${dayText(at)}に失効中になりました${
        person.lapseCause === null ? '' : `（${CAUSE_WORDS[person.lapseCause].word}）`
      }。`;
    case 'MAIL_UNCONFIRMED':
      return `${dayText(at)}に更新しましたが、メールが届くことは、まだ確認できていません。`;
    case 'LOOK_AGAIN':
      return `確認日（${dayText(at)}）が来ました。`;
    case 'AUTO_MAIL_ENDED':
      return `${dayText(at)}に、自動のメールが終わりました。このあとは、自動では送りません。`;
  }
}

/** 「2026年9月3日のメールが届きませんでした（…）」 */
export function bouncedText({ failure, acceptedSince }: WorklistPerson, at: Instant): string {
  const why =
    failure === null || failure.bounceClass === null ? '' : `（${BOUNCE_WORDS[failure.bounceClass].label}）`;
  const since = acceptedSince ? 'そのあとのメールは受け付けられましたが、届いたかは分かりません。' : '';
  return `${dayText(failure?.at ?? at)}のメールが届きませんでした${why}。${since}`;
}

const unreachableText = bouncedText;

function requestText({ requests }: WorklistPerson): string {
  const told = requests
    .map(({ kind, at }) => `${dayText(at)}「${kind === 'STOP' ? 'もう使わない' : '変わったことがある'}」`)
    .join('、');
  return `本人から連絡がありました：${told}。`;
}

/** What to do, and where. */
export function nextStep(
  person: WorklistPerson,
  reason: WorklistReason,
): { text: string; word: string; to: string } {
  const usage = personPlace(person.id, 'usage');
  switch (reason) {
    case 'UNREACHABLE':
    case 'MAIL_UNCONFIRMED':
      return {
        text: 'FAXか郵送で、メールアドレスと受信設定を確認する。変わっていたら直して、メールを送る。',
        word: '利用状況を開く',
        to: usage,
      };
    case 'REQUEST':
      return { text: '連絡の中身を読んで、答える。', word: '本人からの連絡を開く', to: PLACES.requests };
    case 'NOT_SENT':
      return {
        text: '［リマインダーメールを送信する］を押す。続けて送れないときは、システムの運用担当に知らせる。',
        word: '利用状況を開く',
        to: usage,
      };
    case 'NEWLY_LAPSED':
      return {
        text: '案内書を送る。または［リマインダーメールを送信する］を押す。',
        word: '利用状況を開く',
        to: usage,
      };
    case 'LOOK_AGAIN':
      return { text: '前の記録を見て、もう一度、本人に確認する。', word: '利用状況を開く', to: usage };
    case 'AUTO_MAIL_ENDED':
      return { text: '案内書を送る。または、手動でメールを送る。', word: '利用状況を開く', to: usage };
  }
}
