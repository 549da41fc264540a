/**
 * The words of the letter: those of the mail (mail/compose-texts.ts), for the same people. {漢字|かな} gives the reading that
 * ふりがな shows.
 */
import type { Period } from '../domain/calendar.js';
import type { Text } from './flow.js';

const RENEWAL = '{定期更新手続|ていきこうしんてつづ}き';

export const TITLE: Text[] = [`NET119 ${RENEWAL}のお{願|ねが}い`];

export const WHAT_IT_IS: Text[] = [
  'NET119は、スマートフォンで{救急車|きゅうきゅうしゃ}や{消防車|しょうぼうしゃ}を{呼|よ}ぶしくみです。',
];

export function howOften(validity: Period | null): Text[] {
  const parts = [
    [validity?.years ?? 0, '{年|ねん}'],
    [validity?.months ?? 0, 'か{月|げつ}'],
    [validity?.days ?? 0, '{日|にち}'],
  ] as const;
  const length = parts.map(([count, unit]) => (count > 0 ? `${count}${unit}` : '')).join('');
  return [
    `${length === '' ? '' : `${length}に1{回|かい}、`}{消防|しょうぼう}からのメールが、あなたに{届|とど}くかを` +
      '{確|たし}かめています。',
  ];
}

export const OVER: Text[] = [
  '{期限|きげん}がすぎました。119{番|ばん}の{通報|つうほう}は、{今|いま}もできます。{更新|こうしん}も、{今|いま}からできます。',
];

export const HOW_TITLE: Text[] = ['{答|こた}えかた（どれか1つ）'];
export const BY_PHONE: Text[] = ['スマートフォン'];
export const BY_PHONE_HOW: Text[] = [
  'カメラで{右|みぎ}の{四角|しかく}を{読|よ}んで、3つの{答|こた}えから1つ{選|えら}んでください。',
];
export const THREE_ANSWERS: Text[] = [
  '①{同|おな}じです\n②{変|か}わったものがあります\n③NET119を もう{使|つか}いません',
];
export const TYPE_IT: Text[] = [
  '{読|よ}めないときは、{下|した}の{文字|もじ}を、すきまを{入|い}れないで{打|う}ってください。',
];
export const BY_MAIL: Text[] = ['メール'];
export const BY_MAIL_HOW: Text[] = [
  '{消防|しょうぼう}から{届|とど}いたメールの{青|あお}い{文字|もじ}を{押|お}して、3つの{答|こた}えから1つ{選|えら}んでください。',
];
export const BY_FAX: Text[] = ['FAX'];
export const BY_FAX_HOW = (fax: string): Text[] => [
  '「FAXで{返事|へんじ}をする{紙|かみ}」に{書|か}いて、',
  { free: fax },
  ' に{送|おく}ってください。',
];
export const AT_COUNTER: Text[] = ['{窓口|まどぐち}'];

export const GOOD_TO_KNOW = (over: boolean): Text[][] => [
  ...(over ? [] : [['{期限|きげん}がすぎても、NET119で119{番|ばん}に{通報|つうほう}できます。']]),
  ['メールが{届|とど}かないと、{消防|しょうぼう}からあなたに{連絡|れんらく}できないことがあります。'],
  ['お{金|かね}はかかりません。パスワードや{暗証番号|あんしょうばんごう}は{聞|き}きません。'],
];

export const SETTINGS_TITLE: Text[] = ['{消防|しょうぼう}からのメールが{届|とど}くように'];
export const SETTINGS_HOW = (mailFrom: string): Text[] => [
  '{次|つぎ}のアドレスからのメールを、{受|う}け{取|と}る{設定|せってい}にしてください。\n',
  { free: mailFrom },
  `　（ドメイン：${mailFrom.slice(mailFrom.lastIndexOf('@') + 1)}）`,
];
/** As each company calls it; they change their pages now and then, so only the way is told. */
export const CARRIERS: readonly (readonly [string, Text[]])[] = [
  ['docomo', ['「My docomo」→「メール{設定|せってい}」→「{指定受信|していじゅしん}」に{入|い}れる']],
  [
    'au・UQ mobile',
    ['「メール{設定|せってい}」→「{迷惑|めいわく}メールフィルター」→「{受信|じゅしん}リスト」に{入|い}れる'],
  ],
  [
    'SoftBank・Y!mobile',
    [
      '「メール{設定|せってい}」→「{迷惑|めいわく}メール{対策|たいさく}」→「{受信許可|じゅしんきょか}リスト」に{入|い}れる',
    ],
  ],
  [
    '楽天モバイル',
    ['「{楽|らく}メール」の{設定|せってい}→{受信|じゅしん}を{許可|きょか}する{一覧|いちらん}に{入|い}れる'],
  ],
  [
    'Gmail・iCloud',
    ['「{連絡先|れんらくさき}」に{入|い}れる。「{迷惑|めいわく}メール」の{中|なか}も{見|み}る'],
  ],
];
export const SETTINGS_HELP: Text[] = [
  'わからないときは、{携帯電話|けいたいでんわ}の{店|みせ}で、この{紙|かみ}を{見|み}せてください。',
];

export const FORM = {
  title: ['FAXで{返事|へんじ}をする{紙|かみ}'] as Text[],
  to: ['{送|おく}り{先|さき}FAX'] as Text[],
  thisPage: ['この{紙|かみ}だけ、{送|おく}ってください。{黒|くろ}いペンで{書|か}いてください。'] as Text[],
  question: [
    '{登録|とうろく}した{内容|ないよう}は、{前|まえ}と{同|おな}じですか。1つに{印|しるし}をつけてください。',
  ] as Text[],
  answers: [
    ['① {同|おな}じです（{変|か}わっていません）'],
    ['② {変|か}わったものがあります（{下|した}に、{変|か}わったものだけ{書|か}いてください）'],
    ['③ NET119を もう{使|つか}いません（{消防|しょうぼう}から、もう{一度|いちど}{聞|き}きます）'],
  ] as Text[][],
  number: ['{登録番号|とうろくばんごう}'] as Text[],
  name: ['{名前|なまえ}'] as Text[],
  mail: ['{新|あたら}しいメールアドレス（1つの{四角|しかく}に1{文字|もじ}）'] as Text[],
  mobile: ['{新|あたら}しい{携帯電話|けいたいでんわ}の{番号|ばんごう}'] as Text[],
  fax: ['{新|あたら}しいFAXの{番号|ばんごう}'] as Text[],
  newName: ['{新|あたら}しい{名前|なまえ}'] as Text[],
  address: ['{新|あたら}しい{住所|じゅうしょ}・{緊急連絡先|きんきゅうれんらくさき}・そのほか'] as Text[],
  written: ['{書|か}いた{日|ひ}　　　　{年|ねん}　　　{月|がつ}　　　{日|にち}'] as Text[],
  writer: ['{本人|ほんにん}でない{人|ひと}が{書|か}いたとき：{名前|なまえ}'] as Text[],
} as const;
