/** What a person can do at their mail company so that our mail arrives. General on purpose: their menus change. */

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /(^|\.)docomo\.ne\.jp$/,
    'ドコモ：「My docomo」のメール設定で、指定受信リストに本部のメールの＠より後ろを入れてもらう。',
  ],
  [
    /(^|\.)(ezweb\.ne\.jp|au\.com)$/,
    'au：「迷惑メールフィルター」の受信リストに、本部のメールの＠より後ろを入れてもらう。',
  ],
  [
    /(^|\.)uqmobile\.jp$/,
    'UQモバイル：「迷惑メールフィルター」の受信リストに、本部のメールの＠より後ろを入れてもらう。',
  ],
  [
    /(^|\.)(softbank\.ne\.jp|vodafone\.ne\.jp|disney\.ne\.jp)$/,
    'ソフトバンク：「My SoftBank」の迷惑メール対策で、受信許可リストに本部のメールの＠より後ろを入れてもらう。',
  ],
  [
    /(^|\.)(ymobile\.ne\.jp|willcom\.com|pdx\.ne\.jp|yahoo\.ne\.jp)$/,
    'ワイモバイル：「My Y!mobile」の迷惑メール対策で、受信許可リストに本部のメールの＠より後ろを入れてもらう。',
  ],
  [/(^|\.)rakuten\.jp$/, '楽天モバイル：「Rakuten Link」や楽メールの設定で、受信を許可してもらう。'],
  [
    /(^|\.)(gmail\.com|googlemail\.com)$/,
    'Gmail：「迷惑メール」を見てもらい、あれば「迷惑メールではない」を押してもらう。',
  ],
  [
    /(^|\.)(icloud\.com|me\.com|mac\.com)$/,
    'iCloud：「迷惑メール」を見てもらい、本部のメールを連絡先に入れてもらう。',
  ],
  [
    /(^|\.)(outlook\.(com|jp)|hotmail\.(com|co\.jp)|live\.jp|msn\.com)$/,
    'Outlook：「迷惑メール」を見てもらい、差出人を信頼できる一覧に入れてもらう。',
  ],
  [
    /(^|\.)yahoo\.co\.jp$/,
    'Yahoo!メール：「迷惑メール」を見てもらい、受信したい差出人に本部のメールを入れてもらう。',
  ],
];
const ANY = '迷惑メールのフォルダーを見てもらい、本部のメールを受け取る設定にしてもらう。';

export function carrierAdvice(mailDomain: string): string {
  return ADVICE.find(([of]) => of.test(mailDomain))?.[1] ?? ANY;
}
