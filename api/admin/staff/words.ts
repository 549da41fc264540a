/** Words of the pages about 職員: what each role may do, and why something was refused. */
import type { Action } from '../../../domain/roles.js';
import type { SecondFactorRule } from '../../../domain/second-factor.js';
import type { StaffRefusal } from '../../../usecases/errors.js';

/** What each action is called; the same table stands in docs/roles.md. */
export const DEED_WORDS: Readonly<Record<Action, string>> = {
  'people.read': '利用者を見る・さがす、呼び返しを確認する',
  'people.edit': '利用者を登録する・直す',
  'people.export': '一覧をファイルにする（住所とメールアドレスなし）',
  'people.export-addresses': '一覧をファイルにする（住所とメールアドレスあり）',
  'worklist.note': '「対応が必要な人」にメモと次に見る日を書く',
  'reminders.send': 'リマインダーメールを送信する（一度に20人まで）',
  'reminders.send-many': 'リマインダーメールを送信する（一度に21人以上）',
  'contacts.write': '連絡の記録を書く',
  'renewals.proxy': '代理更新をする',
  'holds.write': '保留にする・やめる',
  'withdrawals.write': '廃止する・取り消す',
  'expiry.correct': '有効期限日時を訂正する',
  'requests.read': '本人からの連絡を見る',
  'requests.answer': '本人からの連絡に答える',
  'letters.print': '案内書を印刷する',
  'letters.blank': '名前のない案内書を印刷する',
  'imports.try': '利用者の取り込みを試す',
  'imports.run': '利用者を取り込む',
  'audit.read': '操作履歴を見る',
  'figures.read': '数字、もれの確認、メールの届き具合を見る',
  'policy.read': '定期更新の設定を見る',
  'policy.change': '定期更新の設定を変える',
  'mail-stops.read': '自動送信の停止を見る',
  'mail-stops.write': '自動送信を止める・また始める',
  'staff.manage': '職員を招待する・変える・止める',
  'tokens.manage': '連携システムの鍵を作る・止める',
  'vendor-access.manage': 'この消防本部のページを、運用担当に見せる・閉じる',
};

export const RULE_WORDS: Readonly<Record<SecondFactorRule, string>> = {
  EVERYBODY: '全員（閲覧の人も）',
  WRITERS: '担当者と管理者（閲覧の人は、したい人だけ）',
  NOBODY: 'したい人だけ',
};

const REFUSAL_WORDS: Readonly<Record<StaffRefusal, string>> = {
  'own-account': '自分には、この操作はできません。ほかの管理者に頼んでください。',
  'last-manager': '管理者が1人もいなくなるので、できません。先に、ほかの人を管理者にしてください。',
  'staff-changed': 'ほかの人が、先にこの職員を変えました。今の内容をたしかめて、もう一度してください。',
  'not-a-manager': '管理者ではありません。',
  'not-allowed': 'あなたの役割では、この操作はできません。管理者に相談してください。',
};

export function staffRefusalText(why: StaffRefusal): string {
  return REFUSAL_WORDS[why];
}
