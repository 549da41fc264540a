/** Faults of fields in Japanese: what is wrong and how to mend it. The use cases' own messages are for machines. */
import type { FieldFault } from '../../../usecases/errors.js';

const FIELD_WORDS: Readonly<Record<string, string>> = {
  signInName: 'サインイン名',
  displayName: '表示名',
  role: '役割',
  password: '新しいパスワード',
  passwordAgain: '新しいパスワード（もう一度）',
  oldPassword: '今のパスワード',
  code: '確認コード',
  registrationNumber: '登録番号',
  name: '氏名',
  kana: 'かな',
  mailAddress: 'メールアドレス',
  mailAddressAgain: 'メールアドレス（もう一度）',
  mobileNumber: '携帯電話番号',
  fax: 'FAX',
  postalAddress: '住所',
  municipality: '市町村',
  expiresOn: '有効期限日時',
  expiresAt: '有効期限日時',
  to: '正しい有効期限日時',
  registeredAt: '登録した日',
  until: 'いつまで',
  at: '日時',
  reason: '理由',
  note: 'メモ',
  evidence: '確認したもの',
  validityNumber: '有効期間',
  remindBefore: '受付期間の始まり',
  before: '何日前に送るか',
  after: '何日後に送るか',
  every: '何日ごとに送るか',
  sendAt: '送る時刻',
  spread: '何分に分けて送るか',
  autoStopAfter: '自動の送信の終わり',
  autoStopFrom: '自動の送信の終わりの数え方',
  failures: '不達にするまでの通数',
  retry: 'もう一度送るまでの日数',
  onUndeliverable: '不達の人への自動のメール',
  longNumber: '長期間未利用',
  mailDomain: 'メールの会社',
  days: '日数',
  hours: '何時間',
  label: '名前',
  scopes: 'できること',
  kind: 'したこと、あったこと',
  said: '本人（家族）の答え',
  channel: '答えを受け取った方法',
  staffNote: 'メモ',
  checked: '本人の希望の確かめ方',
  wish: 'どうするか',
  state: '結果',
  lookAgainOn: '次に確認する日',
};

export function fieldWord(field: string): string {
  const contact = /^emergencyContacts\[(\d+)\]\.(\w+)$/.exec(field);
  if (contact !== null) {
    const part = { name: '名前', relation: '続柄', phone: '電話', mail: 'メール', fax: 'FAX' }[
      contact[2] ?? ''
    ];
    return `緊急連絡先${Number(contact[1]) + 1}の${part ?? ''}`;
  }
  return FIELD_WORDS[field] ?? '入力したところ';
}

/** By the fault's code; some depend on the field. */
const FAULT_WORDS: Readonly<Record<string, string>> = {
  required: '入れてください。',
  'too-long': '長すぎます。短くしてください。',
  'too-many': '多すぎます。',
  'control-character': '使えない文字（目に見えない文字）が入っています。打ち直してください。',
  malformed: '書き方がちがいます。見直してください。',
  'in-future': 'これから先の日時は入れられません。',
  'too-far': '遠すぎる日です。見直してください。',
  'wrong-basis': 'この消防本部の設定では使えない書き方です。',
  unchanged: '今と同じです。',
  taken: 'ほかで使われています。',
  'in-past': 'もう過ぎています。これから先の日を入れてください。',
  'not-a-number': '数字で入れてください。',
  'not-numbers': '日数を「、」で区切って、数字で入れてください（例：60、30、14）。',
  'not-positive': '1以上の数を入れてください。',
  'out-of-range': '1から10までの数を入れてください。',
  'first-slot': '1通目は、受付期間の始まりの日です。それより前の日は入れられません。',
  'after-stop':
    '自動の送信が終わったあとの日があります。その日を消すか、自動の送信の終わりを遅くしてください。',
  'too-close': '同じ日が2回あります。1つにしてください。',
  'outside-mail-hours': 'メールは、8時から21時より前に送り終わるようにしてください。',
  'not-before-validity': '受付期間は、有効期間より短くしてください。',
  'unknown-value': '1つ選んでください。',
  none: '1つ以上入れてください。',
  wrong: 'ちがいます。もう一度、入れてください。',
  same: '今と同じです。ちがうものにしてください。',
  'too-short': '短すぎます。もっと長くしてください。',
  'too-simple': '当てられやすい言葉です。ほかの文にしてください。',
  'already-open': 'もう見せています。先に閉じてください。',
  different: '2つが同じではありません。もう一度、両方を入れてください。',
  'mail-address-empty': '入れてください。',
  'mail-address-control-character': '目に見えない文字が入っています。打ち直してください。',
  'mail-address-several-addresses': 'メールアドレスは1つだけ入れてください。',
  'mail-address-full-width-character': '全角の文字が入っています。半角で入れてください。',
  'mail-address-space': '空白が入っています。空白を消してください。',
  'mail-address-no-at-sign': '「@」がありません。',
  'mail-address-too-long': '長すぎます。見直してください。',
  'mail-address-bad-local-part': '「@」の前に、使えない文字があります。',
  'mail-address-ip-address': '「@」の後ろは、docomo.ne.jp のような名前にしてください。',
  'mail-address-domain-without-dot': '「@」の後ろに「.」がありません。',
  'mail-address-bad-domain': '「@」の後ろに、使えない文字があります。',
};

const PHONE_FIELDS = ['mobileNumber', 'fax'];

export function faultText({ field, code }: Pick<FieldFault, 'field' | 'code'>): string {
  if (code === 'malformed' && PHONE_FIELDS.includes(field))
    return '数字と「-」で入れてください（例：090-0000-0000）。';
  if (code === 'malformed' && field === 'signInName')
    return '半角の英小文字と数字、「.」「_」「-」で、3文字から40文字にしてください。';
  if (code === 'malformed' && field === 'displayName') return '1文字から40文字で入れてください。';
  return FAULT_WORDS[code] ?? '見直してください。';
}
