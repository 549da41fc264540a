/** What a token may do, for somebody who connects another system. */
import type { Scope } from '../../../domain/scopes.js';

export const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  'accounts:read': '利用者を読む',
  'accounts:write': '利用者を登録する・直す',
  'capabilities:read': '呼び返しができるかを聞く',
  'reminders:read': 'リマインダー履歴を読む',
  'reminders:send': 'リマインダーメールを送信する',
  'renewals:write': '代理で更新する',
  'expiry:write': '有効期限日時を訂正する',
  'withdrawals:write': '廃止する・取り消す',
  'holds:write': '保留にする・終える',
  'activities:write': '緊急通報・練習通報を知らせる',
  'contacts:write': '連絡の記録を書く',
  'requests:read': '本人からの連絡を読む',
  'requests:write': '本人からの連絡を終わりにする',
  'policy:read': '設定を読む',
  'policy:write': '設定を変える',
  'mail-stops:read': '自動送信の停止を読む',
  'mail-stops:write': '自動送信を止める・終える',
  'audit:read': '操作履歴を読む',
  'mail-health:read': 'メールの届き具合を読む',
  'figures:read': '更新の数字と、もれの確認を読む',
};
