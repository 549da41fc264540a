/**
 * The words of the mails. For people whose first language is sign and Japanese the second, up to a great age: short
 * sentences, everyday words, who does what, nothing that frightens. Each line fits a narrow phone.
 */
import type { Period } from '../domain/calendar.js';
import { dayInJapan } from '../domain/calendar.js';
import type {
  MailContent,
  PersonalContent,
  ReceiptContent,
  RequestContent,
  RequestReceiptContent,
} from './compose-content.js';
import { dayInWords, expiryInWords, fullExpiryInWords, momentInWords } from './compose-dates.js';
import { wrap } from './compose-lines.js';

export function requestText(content: RequestContent): string[] {
  const over = content.form !== 'BEFORE';
  return paragraphs(
    greeting(content, over ? [] : ['NET119の定期更新手続きの', 'お願いです。']),
    over
      ? [
          `期限（${expiryInWords(content.expiry)}）が`,
          'すぎました。',
          '119番の通報は、今もできます。',
          '更新も、今からできます。',
        ]
      : [],
    over ? ['NET119の定期更新手続きの', 'お願いです。'] : [],
    ['NET119は、スマートフォンで', '救急車や消防車を呼ぶ', 'しくみです。'],
    [`${howOften(content.validity)}消防からのメールが`, 'あなたに届くかを確かめています。'],
    content.lastAutomatic
      ? ['自動で送るメールは、', '今回が最後です。', 'このあとも、下の青い文字で', '更新できます。']
      : [],
    ['下の青い文字を押して、', '3つの答えから1つ選んでください。'],
    [content.link],
    expiryLines(content, '期限：'),
    [
      ...(over ? [] : ['・期限がすぎても、NET119で', '　119番に通報できます。']),
      '・メールが届かないと、消防から',
      '　あなたに連絡できないことが',
      '　あります。',
      '・お金はかかりません。',
      '・パスワードや暗証番号は',
      '　聞きません。',
    ],
    ['開けないとき、心配なときは、', '下のどれかで聞いてください。', ...waysToAsk(content)],
  );
}

export function receiptText(content: ReceiptContent): string[] {
  const { on, at } = content.nextMail;
  const next = content.expiry.expiresOn === null ? momentInWords(at) : dayInWords(on ?? dayInJapan(at));
  return paragraphs(
    greeting(content, ['更新できました。', 'NET119の定期更新手続きは、', 'これで終わりです。']),
    expiryLines(content, '次の期限：'),
    ['次のお願いのメールは、', `${next}ごろ送ります。`],
    ['今は、何もしなくて', 'だいじょうぶです。'],
    contact(content),
  );
}

export function requestReceiptText(content: RequestReceiptContent): string[] {
  return content.request === 'CHANGE'
    ? paragraphs(
        greeting(content, ['変わったことの連絡を、', '受け取りました。']),
        ['消防が確かめて、登録を直します。', 'わからないことがあれば、', '消防からあなたに聞きます。'],
        ['NET119で、今までどおり', '119番に通報できます。'],
        ['今は、何もしなくて', 'だいじょうぶです。'],
        contact(content),
      )
    : paragraphs(
        greeting(content, ['「NET119をやめたい」という', '連絡を受け取りました。']),
        ['まだ、やめていません。', '消防が確かめてから、', '手続きします。'],
        ['手続きが終わるまでは、', 'NET119で119番に通報できます。'],
        [
          'やっぱり使うときは、',
          '前に届いたメールの',
          '青い文字を押して、',
          '「やっぱり使います」を',
          '選んでください。',
        ],
        ['自分で連絡していないときも、', '「やっぱり使います」を', '選んでください。'],
        contact(content),
      );
}

function greeting({ residentName, hq }: PersonalContent, sentences: string[]): string[] {
  return [...wrap(`${residentName} さま`), '', ...wrap(`${hq.displayName}です。`), ...sentences];
}

/** 1年に1回、 – under a time-based policy nothing: minutes would frighten. */
function howOften(validity: Period | null): string {
  if (validity === null) return '';
  const parts = [
    [validity.years, '年'],
    [validity.months, 'か月'],
    [validity.days, '日'],
  ] as const;
  const length = parts.map(([count, unit]) => (count > 0 ? `${count}${unit}` : '')).join('');
  return `${length}に1回、`;
}

function expiryLines({ expiry }: PersonalContent, label: string): string[] {
  const [first = '', ...rest] = fullExpiryInWords(expiry);
  return [`${label}${first}`, ...rest];
}

function contact(content: MailContent): string[] {
  return ['心配なときは、', '下のどれかで聞いてください。', ...waysToAsk(content)];
}

/** No way by telephone: these people cannot phone (R28). */
function waysToAsk(content: Pick<MailContent, 'hq'>): string[] {
  return ['・このメールに返信する', ...waysWithoutMail(content)];
}

export function waysWithoutMail({ hq }: Pick<MailContent, 'hq'>): string[] {
  return [...wrap(`FAX ${hq.fax}`, '・'), ...wrap(`窓口 ${hq.counter}`, '・')];
}

/** An empty line between paragraphs; those with nothing to say are left out. */
export function paragraphs(...all: string[][]): string[] {
  return all.filter((lines) => lines.length > 0).flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}
