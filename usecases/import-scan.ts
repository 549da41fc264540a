/**
 * Walks an import file once before it is parsed (R10), because a parser builds a record before it can be judged: millions
 * of empty cells in one line, or a million rows, are refused while nothing of them is kept but four numbers.
 */
import { setImmediate as breathe } from 'node:timers/promises';

export interface ScanLimits {
  /** Of one record as it stands in the file, quotes and separators included, in UTF-16 units. */
  letters: number;
  columns: number;
  /** Of the file, the heads among them; those without any letter are not counted. */
  records: number;
}

/** `line`: on which the record begins, the first being 1. */
export type ScanFault =
  | { code: 'row-too-long'; line: number }
  | { code: 'too-many-columns'; line: number }
  | { code: 'too-many-rows' };

/** Where a field stands: nothing of it yet, unquoted, in quotes, or after a quote that ends it or doubles. */
type Field = 'START' | 'PLAIN' | 'QUOTED' | 'CLOSING';

const FEED = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
const IDEOGRAPHIC_SPACE = 0x3000;

/** Null: all of it is within the limits. `slices` should be small: other requests are served between them. */
export async function scanRecords(
  slices: Iterable<string>,
  separator: string,
  limits: ScanLimits,
): Promise<ScanFault | null> {
  const walk = walker(separator.charCodeAt(0), limits);
  for (const slice of slices) {
    const fault = walk(slice);
    if (fault !== null) return fault;
    await breathe();
  }
  return null;
}

/** Quotes are read as the parser reads them: only one at the start of a field opens it, one in the middle is a letter. */
function walker(separator: number, limits: ScanLimits): (slice: string) => ScanFault | null {
  let field: Field = 'START';
  let line = 1;
  let firstLine = 1;
  let letters = 0;
  let columns = 1;
  let records = 0;
  let isBlank = true;
  let before = 0;
  return (slice) => {
    for (let i = 0; i < slice.length; i += 1) {
      const code = slice.charCodeAt(i);
      const isSecondHalf = code === FEED && before === RETURN;
      const endsLine = code === RETURN || (code === FEED && !isSecondHalf);
      before = code;
      if (endsLine) line += 1;
      if (field === 'CLOSING') field = code === QUOTE ? 'QUOTED' : 'PLAIN';
      else if (field === 'QUOTED' && code === QUOTE) field = 'CLOSING';
      else if (field === 'START' && code === QUOTE) field = 'QUOTED';
      else if (field === 'START' && code !== separator) field = 'PLAIN';
      if (field === 'PLAIN' && (endsLine || isSecondHalf)) {
        field = 'START';
        firstLine = line;
        letters = 0;
        columns = 1;
        isBlank = true;
        continue;
      }
      letters += 1;
      if (letters > limits.letters) return { code: 'row-too-long', line: firstLine };
      if (code === separator && (field === 'PLAIN' || field === 'START')) {
        field = 'START';
        columns += 1;
        if (columns > limits.columns) return { code: 'too-many-columns', line: firstLine };
      } else if (isBlank && code > 0x20 && code !== QUOTE && code !== IDEOGRAPHIC_SPACE) {
        isBlank = false;
        records += 1;
        if (records > limits.records) return { code: 'too-many-rows' };
      }
    }
    return null;
  };
}
