/** A list as CSV: for spreadsheets in Japanese offices, and for the import of this product, which has the same heads. */
import type { Response } from 'express';
import { stringify } from 'csv-stringify/sync';
import { dayInJapan } from '../../../domain/calendar.js';
import type { Instant } from '../../../domain/calendar.js';
import type { ListedPerson } from '../../../usecases/people-lists.js';
import { isWritten } from '../shell/csv-stream.js';
import { momentText } from '../shell/dates.js';
import { ADDRESS_WORDS, CAUSE_WORDS, OUTCOME_WORDS, STATUS_WORDS } from '../shell/words.js';

interface Column {
  head: string;
  /** Goes only to those who may take addresses away. */
  address?: true;
  text: (person: ListedPerson) => string | null;
}

const day = (at: Instant | null) => (at === null ? null : dayInJapan(at));

const COLUMNS: readonly Column[] = [
  { head: '登録番号', text: ({ registrationNumber }) => registrationNumber },
  { head: '氏名', text: ({ name }) => name },
  { head: 'かな', text: ({ kana }) => kana },
  { head: 'メールアドレス', address: true, text: ({ mailAddress }) => mailAddress },
  { head: '携帯電話番号', text: ({ mobileNumber }) => mobileNumber },
  { head: 'FAX', text: ({ fax }) => fax },
  { head: '住所', address: true, text: ({ postalAddress }) => postalAddress },
  { head: '市町村', text: ({ municipality }) => municipality },
  { head: '登録日', text: ({ registeredAt }) => day(registeredAt) },
  { head: '有効期限日', text: ({ expiresOn, expiresAt }) => expiresOn ?? momentText(expiresAt) },
  { head: '利用状況', text: ({ status }) => STATUS_WORDS[status].word },
  {
    head: '失効の原因',
    text: ({ lapseCause }) => (lapseCause === null ? null : CAUSE_WORDS[lapseCause].word),
  },
  { head: 'メールの状態', text: ({ addressState }) => ADDRESS_WORDS[addressState] },
  { head: '最後のメールの日', text: ({ lastMail }) => day(lastMail?.at ?? null) },
  {
    head: '最後のメールの結果',
    text: ({ lastMail }) => (lastMail === null ? null : OUTCOME_WORDS[lastMail.outcome]),
  },
  { head: '次のお願いのメール', text: ({ nextReminderAt }) => day(nextReminderAt) },
  { head: '最後の通報の日', text: ({ lastActivityAt }) => day(lastActivityAt) },
];

/** Excel takes a file without it for CP932. */
const BYTE_ORDER_MARK = '\ufeff';

/** Rows in CSV with CRLF. What a spreadsheet would take for a formula begins with ', which an import takes away again. */
function rows(cells: readonly (readonly (string | null)[])[]): string {
  return stringify(
    cells.map((row) => [...row]),
    { record_delimiter: '\r\n', escape_formulas: true },
  );
}

/** Writes as fast as the reader reads, and ends when the reader goes away. */
export async function sendCsv(
  res: Response,
  pages: AsyncIterable<readonly ListedPerson[]>,
  { fileName, withAddresses }: { fileName: string; withAddresses: boolean },
): Promise<void> {
  const columns = COLUMNS.filter(({ address }) => address !== true || withAddresses);
  // Nothing is written before the first page is there: until then trouble is still a page that says so.
  let before = BYTE_ORDER_MARK + rows([columns.map(({ head }) => head)]);
  const begin = () => res.type('text/csv; charset=utf-8').attachment(fileName);
  for await (const people of pages) {
    if (res.destroyed) return;
    if (before !== '') begin();
    const text = before + rows(people.map((person) => columns.map(({ text }) => text(person))));
    before = '';
    if (!(await isWritten(res, text))) return;
  }
  if (before !== '') begin();
  res.end(before);
}
