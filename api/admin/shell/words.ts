/** The words of the staff site for what the product's own words stand for (docs/glossary.md). Nothing English is shown. */
import type { AddressState } from '../../../domain/address-state.js';
import type { Outcome, Purpose } from '../../../domain/delivery.js';
import type { LapseCause } from '../../../domain/lapse.js';
import type { Role } from '../../../domain/roles.js';
import type { ReminderKind } from '../../../domain/schedule.js';
import type { Status } from '../../../domain/status.js';
import type { AutoMail } from '../../../usecases/views.js';

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  VIEWER: '閲覧',
  CLERK: '担当者',
  MANAGER: '管理者',
};

/** Word and sign: colour is never the only difference. */
export const STATUS_WORDS: Readonly<Record<Status, { word: string; sign: string }>> = {
  ACTIVE: { word: '有効', sign: '●' },
  RENEWAL_PENDING: { word: '更新待ち', sign: '◐' },
  LAPSED: { word: '失効中', sign: '▲' },
  WITHDRAWN: { word: '廃止', sign: '■' },
};

export const CAUSE_WORDS: Readonly<Record<LapseCause, { word: string; meaning: string }>> = {
  UNDELIVERABLE: {
    word: '不達',
    meaning: 'メールが届きません。呼び返しとメール管理は使えません。本人の緊急通報・練習通報は今もできます。',
  },
  NO_RESPONSE: {
    word: '未応答',
    meaning: 'メールは送れていますが、更新がありません（届いたかは不明）。呼び返しとメール管理は使えます。',
  },
  NOT_SENT: {
    word: '未送信（システム都合）',
    meaning: 'システムの都合で、お願いのメールを送れませんでした。本人のせいではありません。',
  },
  UNKNOWN: { word: '不明', meaning: 'この手続きのあいだに、送る予定のメールがありませんでした。' },
};

export const NEXT_STEPS: Readonly<Record<LapseCause, readonly string[]>> = {
  UNDELIVERABLE: [
    'FAXか郵送で、メールアドレスと受信設定を確認する',
    '変わっていたら、登録を直す',
    '［リマインダーメールを送信する］を押す（メール管理が使えないときも送れます）',
  ],
  NO_RESPONSE: ['FAXか郵送で、更新の手続きをお願いする', '［リマインダーメールを送信する］を押す'],
  NOT_SENT: ['［リマインダーメールを送信する］を押す', '続けて送れないときは、システムの運用担当に知らせる'],
  UNKNOWN: ['［リマインダーメールを送信する］を押す', 'FAXか郵送で、更新の手続きをお願いする'],
};

export const ADDRESS_WORDS: Readonly<Record<AddressState, string>> = {
  UNVERIFIED: 'まだ確認できていない（本人が答えたメールがない）',
  OK: '届いている（本人が答えた）',
  SUSPECT: '届いていないおそれがある',
  UNDELIVERABLE: '届かない',
};

export const AUTO_MAIL_WORDS: Readonly<Record<AutoMail, string>> = {
  RUNNING: '動いています',
  PROBING: '届くかを、ときどき確かめています',
  HELD: '止めています（保留・自動送信の停止・本人からの連絡）',
  STOPPED: '終わりました（このあと自動では送りません）',
};

export const KIND_WORDS: Readonly<Record<ReminderKind, string>> = {
  AUTOMATIC: '自動',
  MANUAL: '手動',
  CATCH_UP: '自動（遅れて送信）',
};

export const PURPOSE_WORDS: Readonly<Record<Purpose, string>> = {
  REMINDER: '定期更新手続きのお願い',
  RECEIPT: '更新できたお知らせ',
  REQUEST_RECEIPT: '連絡を受け取ったお知らせ',
  CHECK: 'メールアドレスの確認',
  ADDRESS_NOTICE: 'アドレスが変わったお知らせ',
};

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  QUEUED: '送信待ち',
  SENDING: '送信中',
  ACCEPTED: '受付済み（届いたかは不明）',
  CONFIRMED: '届いた（本人が開いて答えた）',
  DELAYED: '一時エラー（再送中）',
  BOUNCED: '不達',
  FAILED: '送信失敗（システムの都合）',
  SKIPPED: '送信せず',
  SUPERSEDED: '送信せず（次のメールにまとめた）',
};

const REASON_WORDS: Readonly<Record<string, string>> = {
  OUR_FAILURE: '送る側の都合で断られました',
  MASS_FAILURE: '同じときに、たくさんのメールが届きませんでした。本人のせいではありません',
  MAIL_PAUSED: 'システムがメールを止めています',
  NOT_NEEDED: 'もう確かめなくてよいため',
  GIVEN_UP: '期限までに送れませんでした',
  GIVEN_UP_AT_STOP: '自動送信の終わりまでに送れませんでした',
  WITHDRAWN: '廃止されたため',
  RENEWED: '更新が済んだため',
  ADDRESS_CHANGED: 'メールアドレスが変わったため',
  EXPIRY_CORRECTED: '有効期限日時を訂正したため',
  ADDRESS_UNDELIVERABLE: 'メールが届かないアドレスのため',
  AFTER_STOP: '自動送信が終わったため',
  NOT_ON_ALLOW_LIST: '試験の設定で、この宛先には送らないため',
  NEWER_SLOT_DUE: '次のお願いの時期が来たため',
  OLDER_THAN_HANDLED: 'もっと新しいお願いを送ったため',
  MANUAL_MAIL_WITHIN_24_HOURS: '24時間以内に手動で送ったため',
  MAIL_SERVER_BUSY: '相手のサーバが混んでいます',
  MAIL_SERVER_DOWN: 'メールサーバにつながりません',
  CONNECTION_LOST: '送っている途中で切れました',
  TIMED_OUT: '相手の返事がありませんでした',
  DEADLINE_PASSED: '決めた時間のうちに送れませんでした',
  REPORTED_DELAY: '相手のサーバが届けようとしています',
  RECIPIENT_REFUSED: '宛先に断られました',
  DOMAIN_NOT_FOUND: '＠より後ろの名前が見つかりません',
  MAILBOX_FULL: 'メールボックスがいっぱいです',
  EXPIRED: '相手のメール会社につながりませんでした',
  BEFORE_CREATION: '登録や訂正より前の予定のため',
  HELD: '自動送信を止めているため',
  OTHER: '理由は分かりません',
};

/** Null where the outcome says it all; a reason without words of its own is not shown as a code. */
export function reasonWords(reason: string | null): string | null {
  return reason === null ? null : (REASON_WORDS[reason] ?? null);
}

/** 操作履歴: what was done, as the end of 「（だれ）が…」. */
export const ACTION_WORDS: Readonly<Record<string, string>> = {
  'audit.exported': '操作履歴をファイルに出しました',
  'address.changed': 'メールアドレスを変えました',
  'address.check-mail-requested': '確認のメールの送信を頼みました',
  'address.confirmed': 'メールが届くことを確認しました',
  'address.pending': '新しいメールアドレスを入れました（本人の確認を待っています）',
  'address.pending-ended': '新しいメールアドレスへの変更をやめました',
  'api-token.created': '連携システムの鍵を作りました',
  'api-token.revoked': '連携システムの鍵を止めました',
  'bulk-send.ended': '一括送信が終わりました',
  'bulk-send.started': 'リマインダーメールの一括送信を始めました',
  'bulk-send.stopped': '一括送信の残りをやめました',
  'headquarters.oidc-put': '庁内の認証でサインインできるようにしました',
  'headquarters.oidc-ended': '庁内の認証でのサインインをやめました',
  'headquarters.created': '消防本部を登録しました',
  'import.done': '利用者の取り込みが終わりました',
  'import.ended': '利用者の取り込みをやめました',
  'import.mistakes-exported': '取り込まなかった行のファイルを取り出しました',
  'import.started': '利用者の取り込みを始めました',
  'import.tried': '利用者のファイルを、ためしに読みました',
  'mail-stop.ended': '自動送信の停止を終えました',
  'mail-stop.set': '自動送信を止めました',
  'mail.complaint-recorded': 'メールが迷惑メールとして報告されました',
  'mail.failure-excused':
    '届かなかったメールを、数えないことにしました（同じときにたくさん届かなかったため）',
  'people.exported': '利用者の一覧をCSVファイルにしました',
  'policy.applied': '新しい設定を、今の手続きに使いました',
  'policy.put': '設定を変えました',
  'quarantine.read': '未照合のメールの中身を読みました',
  'staff.code-refused': '2段階の確認で、コードがちがいました',
  'staff.created': '職員を招待しました',
  'staff.invitation-withdrawn': '職員の招待を取りやめました',
  'staff.locked': '職員のサインインを止めました',
  'staff.oidc-proven': '庁内の認証で、本人だと確かめられました',
  'staff.oidc-refused': '庁内の認証はできたものの、職員として使えない人がいました',
  'staff.password-changed': '自分のパスワードを変えました',
  'staff.password-chosen': '受け取った番号で、パスワードを決めました',
  'staff.password-reset': '職員に新しい番号を出しました（前のパスワードは使えません）',
  'staff.recovered': '入れなくなった管理者を、また入れるようにしました',
  'staff.recovery-code-used': '2段階の確認に、回復用の番号を使いました',
  'staff.recovery-codes-made': '回復用の番号を新しくしました',
  'staff.renamed': '職員の表示名を変えました',
  'staff.role-changed': '職員の役割を変えました',
  'staff.second-factor-reset': '職員の2段階の確認を、やり直せるようにしました',
  'staff.second-factor-rule-set': '2段階の確認をする人の決まりを変えました',
  'staff.second-factor-set': '2段階の確認を始めました',
  'staff.sessions-ended': '自分のほかの画面を、すべてサインアウトしました',
  'staff.sign-in-failed': '職員の名前でサインインしようとして、できなかった人がいます',
  'staff.signed-in': 'サインインしました',
  'staff.signed-out': 'サインアウトしました',
  'staff.unlocked': '職員のサインインを、またできるようにしました',
  'account.registered': '登録しました',
  'account.changed': '登録の内容を変えました',
  'account.lapsed': '有効期限が過ぎ、失効中になりました',
  'account.auto-mail-ended': '自動の送信が終わりました',
  'account.viewed': '情報を見ました',
  'account.renewed': '更新しました',
  'account.expiry-corrected': '有効期限日時を訂正しました',
  'account.withdrawn': '廃止しました',
  'account.withdrawal-undone': '廃止を取り消しました',
  'account.held': '自動送信を保留にしました',
  'account.hold-released': '保留を終えました',
  'activity.reported': '通報の記録を受け取りました',
  'contact.recorded': '連絡の記録を書きました',
  'contact.cancelled': '連絡の記録を取り消しました',
  'cycle.policy-applied': '新しい設定を、今回の手続きにも使うことにしました',
  'letter.printed': '案内書を印刷しました',
  'letter.voided': '案内書を、印刷しなかったことにしました',
  'letters.fetched': '案内書のPDFをダウンロードしました',
  'lapse.cancelled': '失効の記録を取り消しました（期限の前に届いていた更新）',
  'lapse.cause-changed': '失効の原因が変わりました',
  'mail.report-recorded': 'メールが届かなかった知らせを受け取りました',
  'reminder.current-link-asked': '今のお願いのメールを頼みました',
  'reminder.resend-requested': 'リマインダーメールの送信を頼みました',
  'resend.refused': 'リマインダーメールの送信は、できませんでした',
  'renewal.refused': '更新は、できませんでした',
  'request.change-announced': '変わったことがある、と連絡しました',
  'request.change-told': '変わったことを連絡しました',
  'request.stop-asked': 'もう使わない、と連絡しました',
  'request.closed': '本人からの連絡を終わりにしました',
  'capabilities.asked': '呼び返しできるかを問い合わせました（全国の通報用）',
  'vendor.access-opened': 'この消防本部のページを、運用担当が見られるようにしました',
  'vendor.access-closed': '運用担当に見せるのを終えました',
  'vendor.look-begun': 'この消防本部のページを見はじめました',
  'vendor.page-viewed': 'ページを見ました',
  'worklist.noted': '対応の記録を書きました',
  'worklist.note-undone': '対応の記録を取り消しました',
  'worklist.taken': '「わたしが対応する」を押しました',
  'worklist.released': '「わたしが対応する」をやめました',
  'report.read': '戻ってきたメールの中身を読みました',
};

export function actionWords(action: string): string {
  return ACTION_WORDS[action] ?? 'そのほかの操作をしました';
}

/** `names`: staff by id. */
export function actorWords(actor: string, names: ReadonlyMap<string, string>): string {
  const [kind, id = ''] = actor.split(':');
  switch (kind) {
    case 'staff':
      return names.get(id) ?? '職員';
    case 'token':
      return '連携システム';
    case 'resident':
      return '本人';
    case 'operator':
    case 'vendor':
      return '運用担当';
    case 'signal':
      return '運用担当（手動の合図）';
    default:
      return 'システム';
  }
}
