/** Files of 利用者の取り込み to take away: UTF-8 with a mark and CRLF, which Excel opens; no cell is a formula. */
import type { Response } from 'express';
import { stringify } from 'csv-stringify/sync';
import { REASON_HEAD } from '../../../usecases/import-columns.js';
import type { ImportRow, ImportRunRow } from '../../../usecases/read-import.js';
import { isWritten } from '../shell/csv-stream.js';
import { COLUMN_TEXTS, rowReasons } from './words.js';

const MARK = '\ufeff';

function lines(rows: readonly (readonly string[])[]): string {
  return stringify(rows as string[][], { record_delimiter: 'windows', escape_formulas: true });
}

export function setCsvHeaders(res: Response, name: string): void {
  res
    .status(200)
    .type('text/csv; charset=utf-8')
    .set(
      'Content-Disposition',
      `attachment; filename="import.csv"; filename*=UTF-8''${encodeURIComponent(name)}`,
    );
}

/** Its second and third rows are left out when it is read. */
export function templateCsv(): string {
  const remark = (word: string, texts: string[]) =>
    texts.map((text, i) => (i === 0 ? `（${word}）${text}` : text));
  return (
    MARK +
    lines([
      COLUMN_TEXTS.map(({ head }) => head),
      remark(
        '説明',
        COLUMN_TEXTS.map(({ how, needed }) => [needed ? '必須' : '', how].filter(Boolean).join('。')),
      ),
      remark(
        '例',
        COLUMN_TEXTS.map(({ example }) => example),
      ),
    ])
  );
}

/** The rows that were not taken as they stood in the file, the reason in front; read again, the reason says nothing. */
export async function writeUntakenRows(
  res: Response,
  { headers }: ImportRunRow,
  batches: AsyncIterable<ImportRow[]>,
): Promise<void> {
  const reasonAt = headers.findIndex((head) => head.trim() === REASON_HEAD);
  const without = (cells: readonly string[]) => cells.filter((_, i) => i !== reasonAt);
  if (!(await isWritten(res, MARK + lines([[REASON_HEAD, ...without(headers)]])))) return;
  for await (const rows of batches) {
    const text = lines(rows.map((row) => [rowReasons(row).join(' '), ...without(row.cells)]));
    if (!(await isWritten(res, text))) return;
  }
  res.end();
}
