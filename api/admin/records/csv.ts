/** Files for a spreadsheet: UTF-8 with a mark, CRLF, and no cell that a spreadsheet would run. */
import type { Response } from 'express';
import { stringify } from 'csv-stringify/sync';
import { isWritten } from '../shell/csv-stream.js';

const MARK = '\uFEFF';

type Cell = string | number;

/** `pieces` are written as they come, so a long file is never held as a whole. `fileName` in ASCII. */
export async function sendCsv(
  res: Response,
  fileName: string,
  pieces: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>,
): Promise<void> {
  res.status(200).set({
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="${fileName}"`,
  });
  res.write(MARK);
  for await (const rows of pieces) {
    const text = stringify(
      rows.map((row) => row.map((cell) => String(cell))),
      { record_delimiter: '\r\n', escape_formulas: true },
    );
    if (!(await isWritten(res, text))) return;
  }
  res.end();
}
