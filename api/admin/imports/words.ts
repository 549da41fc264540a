/** The words of 利用者の取り込み: what a column means, what is wrong with a file or a row, how a run stands. */
import { COLUMNS, contactKey } from '../../../usecases/import-columns.js';
import type { FileFault } from '../../../usecases/import-file.js';
import { IMPORT_LIMITS } from '../../../usecases/import-file.js';
import type { ImportRow, ImportRunRow, RowFilter } from '../../../usecases/read-import.js';
import { faultText, fieldWord } from '../shell/fault-words.js';

/** Of each column: how it is written, and an example. */
const COLUMN_WORDS: Readonly<Record<string, readonly [how: string, example: string]>> = {
  registrationNumber: ['この番号で、登録済みの人を見分けます', 'N-0001'],
  name: ['100字まで', '見本 太郎'],
  kana: ['100字まで', 'みほん たろう'],
  mailAddress: ['半角で、1つだけ', 'taro@example.jp'],
  mobileNumber: ['数字と「-」', '090-0000-0000'],
  fax: ['数字と「-」', '03-0000-0000'],
  postalAddress: ['300字まで', '見本市見本町1-1'],
  municipality: ['100字まで', '見本市'],
  expiresOn: [
    '西暦か和暦。空のときは、登録した日から数えます。登録済みの人の期限は変わりません',
    '令和9年3月31日',
  ],
  registeredAt: ['前のシステムに登録した日', '2020/4/1'],
  priorMail: ['前のシステムで最後に送ったメール：送れた・答えた・届かなかった', '送れた'],
  priorMailOn: ['そのメールを送った日', '2026/12/1'],
  priorCause: ['前のシステムで失効中の人だけ：不達・未応答・未送信・不明', ''],
  [contactKey(0, 'name')]: ['緊急連絡先は3人まで', '見本 花子'],
  [contactKey(0, 'relation')]: ['', '妻'],
  [contactKey(0, 'phone')]: ['', '090-0000-0001'],
};

export const COLUMN_TEXTS = COLUMNS.map(({ key, head, needed }) => {
  const [how = '', example = ''] = COLUMN_WORDS[key] ?? [];
  return { head, needed, how, example };
});

export const STATE_WORDS: Readonly<Record<ImportRunRow['state'], string>> = {
  READING: '読んでいます',
  REFUSED: '読めませんでした',
  READY: 'ためしに読みました（まだ何も変わっていません）',
  RUNNING: '取り込んでいます',
  DONE: '終わりました',
  ENDED: 'やめました',
};

export const SHOW_WORDS: Readonly<Record<RowFilter, string>> = {
  FAULT: 'まちがい',
  CHANGE: '変更',
  ADD: '追加',
  SAME: '同じ',
  NOT_DONE: '取り込まなかった行',
};

const FIELDS: Readonly<Record<string, string>> = {
  row: '行全体',
  emergencyContacts: '緊急連絡先',
  expiresOn: '有効期限日',
  registeredAt: '最初の登録日',
  priorMail: '最後のメールの結果',
  priorMailOn: '最後のメールの日',
  priorCause: '失効の原因',
};

export function fieldName(field: string): string {
  return FIELDS[field] ?? fieldWord(field);
}

const ROW_FAULTS: Readonly<Record<string, string>> = {
  'no-date': '日付として読めません（例：2027/3/31、令和9年3月31日）。',
  ragged: '列の数が見出しとちがいます。',
  'twice-in-file': 'ファイルの中に、同じ登録番号が2つ以上あります。1つだけ残してください。',
  withdrawn: 'この登録番号の人は廃止されています。取り込みでは変わりません。',
  'unknown-word': '使えない言葉です。説明にある言葉で入れてください。',
  'contradicts-mail':
    '最後のメールは「送れた」か「答えた」なのに、原因が「不達」です。どちらかを直してください。',
  'needs-date': '日を入れてください。',
  'needs-result': '最後のメールの日だけがあります。結果も入れてください。',
  'not-lapsed': '有効期限がまだ来ていない人に、失効の原因は入れられません。',
};

/** What is wrong with a row, a sentence each. */
export function rowReasons({ faults, result, kind }: ImportRow): string[] {
  if (result === 'CONFLICT') {
    return [
      kind === 'ADD'
        ? '確認のあとで、この登録番号の人が登録されたか、定期更新の設定が変わりました。もう一度、ためしに読んでください。'
        : '確認のあとで、ほかの人がこの利用者の登録を変えました。もう一度、ためしに読んでください。',
    ];
  }
  if (result === 'FAILED')
    return ['システムの都合で取り込めませんでした。運用担当に、行の番号を伝えてください。'];
  return faults.map(({ field, code, hint }) => {
    const text = ROW_FAULTS[code] ?? faultText({ field, code });
    return `${fieldName(field)}：${text}${hintText(code, hint)}`;
  });
}

function hintText(code: string, hint: string | undefined): string {
  if (hint === undefined) return '';
  if (code === 'ragged') return `（${hint}）`;
  if (code === 'twice-in-file') return `（${hint}行目）`;
  return `「${hint}」のことですか。`;
}

export function noteText({ field, code, hint = '' }: ImportRow['notes'][number]): string {
  return code === 'leading-zero'
    ? `${fieldName(field)}：はじめの「0」が消えていたので、足しました。`
    : `有効期限日がファイル（${hint}）とちがいます。取り込みでは変わりません。`;
}

export function refusalText(refusal: unknown): string {
  const fault = refusal as FileFault;
  switch (fault.code) {
    case 'empty':
      return 'ファイルに何も入っていません。';
    case 'no-rows':
      return '見出しだけで、利用者の行がありません。';
    case 'too-large':
      return `ファイルが大きすぎます（${IMPORT_LIMITS.bytes / 1024 / 1024}MBまで）。いくつかに分けてください。`;
    case 'too-many-rows':
      return `行が多すぎます（${IMPORT_LIMITS.rows.toLocaleString('ja-JP')}行まで）。いくつかに分けてください。`;
    case 'too-many-columns': {
      // Was told of the heads alone once, and without a line.
      const { line = 1 } = fault;
      return `${line}行目の列が多すぎます（${IMPORT_LIMITS.columns}列まで）。ひな形の列だけにしてください。`;
    }
    case 'workbook':
      return 'これはExcelのブックです。Excelの「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」を選んで、保存しなおしてください。';
    case 'not-text':
      return 'CSVのファイルではないようです。ファイルを選びなおしてください。';
    case 'unreadable-letters':
      return `${fault.line}行目に、読めない文字があります。「CSV UTF-8」で保存しなおしてください。`;
    case 'mixed-encodings':
      return `${fault.line}行目の文字コードが、ほかの行とちがいます。2つのファイルをつなげたときは、どちらも「CSV UTF-8」で保存しなおしてから、つなげてください。`;
    case 'row-too-long':
      return `${fault.line}行目が長すぎます（${IMPORT_LIMITS.lettersOfRow.toLocaleString('ja-JP')}文字まで）。「"」が閉じていないか、行の終わりがありません。`;
    case 'quote':
      return `「"」が閉じていないところがあります（${fault.line}行目まで読みました）。`;
    case 'no-number-column':
      return '1行目に「登録番号」の列が見つかりません。1行目は見出しにしてください。';
    case 'columns-twice':
      return `同じ意味の列が2つあります：${fault.names.join('、')}。1つだけ残してください。`;
  }
}
