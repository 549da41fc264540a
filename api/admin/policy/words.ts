/** Settings as sentences with their effect, so that nobody must know what a setting is called (R2–R6, R9, R11, R37). */
import type { PolicyDocument } from '../../../domain/policy.js';

const UNITS: readonly [string, string][] = [
  ['Y', '年'],
  ['M', 'か月'],
  ['W', '週間'],
  ['D', '日'],
];
const TIME_UNITS: readonly [string, string][] = [
  ['H', '時間'],
  ['M', '分'],
  ['S', '秒'],
];

/** 1年, 90日, 30分: of an ISO 8601 duration; its sign is left out. */
export function durationWords(duration: string): string {
  const [days = '', time = ''] = duration.replace(/^-?P/, '').split('T');
  const words = (text: string, units: readonly [string, string][]) =>
    units.map(([unit, word]) => {
      const number = new RegExp(`(\\d+(?:\\.\\d+)?)${unit}`).exec(text)?.[1];
      return number === undefined || Number(number) === 0 ? '' : `${Number(number)}${word}`;
    });
  return [...words(days, UNITS), ...words(time, TIME_UNITS)].join('') || '0分';
}

/** 期限の90日前, 期限の1日後. */
function offsetWords(offset: string): string {
  return `${durationWords(offset)}${offset.startsWith('-') ? '前' : '後'}`;
}

export interface Sentence {
  name: string;
  says: string;
  effect: string;
}

export function policySentences(policy: PolicyDocument): Sentence[] {
  const { reminders } = policy;
  return [
    {
      name: '有効期間',
      says: `更新すると、次の有効期限日時は${durationWords(policy.validity)}後になります。`,
      effect:
        '期限の前に更新した人は、今の期限から数えます。期限のあとに更新した人は、更新した日から数えます。',
    },
    {
      name: '更新の受付期間',
      says: `有効期限の${durationWords(policy.remindBefore)}前から、更新できます。その日に1通目のお願いのメールを送ります。`,
      effect: '長くすると、早くから気づいてもらえます。',
    },
    {
      name: 'お願いのメールを送る日',
      says:
        'every' in reminders
          ? `1通目から、${durationWords(reminders.every)}ごとに送ります。`
          : `期限の ${reminders.offsets.map(offsetWords).join('、')} に送ります。`,
      effect: '更新した人には、そのあと送りません。',
    },
    ...(policy.sendAt === undefined
      ? []
      : [
          {
            name: '送る時刻',
            says: `${policy.sendAt} から、${durationWords(policy.spreadOver ?? 'PT0S')}のあいだに分けて送ります。`,
            effect: '一度にたくさん送ると、携帯電話会社に迷惑メールとまちがえられることがあります。',
          },
        ]),
    {
      name: '自動の送信の終わり',
      says: `${policy.autoStopFrom === 'expiry' ? '有効期限' : '1通目の日'}から${durationWords(policy.autoStopAfter)}で、自動の送信が終わります。`,
      effect: 'そのあとは、職員が［リマインダーメールを送信する］で送ります。',
    },
    {
      name: '不達と決めるまで',
      says: `続けて${policy.failuresToUndeliverable}通届かなかったら、「不達」にします。1通目が届かなかったときは、${durationWords(policy.retryAfterFailure)}後にもう一度送ります。`,
      effect: '不達のまま失効すると、呼び返しとメール管理が使えなくなります。',
    },
    {
      name: '不達の人への自動のメール',
      says: UNDELIVERABLE_WORDS[policy.onUndeliverable],
      effect: '届かないアドレスに送り続けると、ほかの人へのメールも届きにくくなることがあります。',
    },
    {
      name: '長期間未利用',
      says: `${durationWords(policy.longUnusedAfter)}のあいだ通報のない人を、「長期間未利用」の一覧に出します。`,
      effect: '一覧に出るだけです。何も止まりません。',
    },
  ];
}

export const UNDELIVERABLE_WORDS: Readonly<Record<PolicyDocument['onUndeliverable'], string>> = {
  probe: 'お願いのメールは止めて、30日ごとに、届くかを確かめるメールだけを送ります。',
  stop: '自動のメールを止めます。',
  continue: '届かなくても、予定の日に送り続けます。',
};
