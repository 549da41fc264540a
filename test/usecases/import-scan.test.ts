/** R10: the scan before the parser sees the same records as the parser does. */
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { scanRecords } from '../../usecases/import-scan.js';

const NONE = { letters: Infinity, columns: Infinity, records: Infinity };

/** Also cut at each letter: what a slice ends with must not be forgotten. */
async function scan(text: string, limits: Partial<typeof NONE>) {
  const whole = await scanRecords([text], ',', { ...NONE, ...limits });
  expect(await scanRecords([...text], ',', { ...NONE, ...limits })).toEqual(whole);
  return whole;
}

/** Null where the parser refuses it. */
function widestOf(text: string): number | null {
  try {
    const rows = parse(text, {
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
    });
    return Math.max(1, ...rows.map((row) => row.length));
  } catch {
    return null;
  }
}

/** All texts of so many letters out of those that mean something. */
function* texts(length: number): Generator<string> {
  if (length === 0) yield '';
  else for (const rest of texts(length - 1)) for (const letter of ',"\r\na') yield letter + rest;
}

describe('R10: the scan', () => {
  it('sees as many columns as the parser, wherever quotes and line ends stand', async () => {
    const differing: string[] = [];
    for (const text of texts(5)) {
      const widest = widestOf(text);
      if (widest === null) continue;
      const within = await scanRecords([text], ',', { ...NONE, columns: widest });
      const beyond = await scanRecords([text], ',', { ...NONE, columns: widest - 1 });
      if (within !== null || (widest > 1 && beyond === null)) differing.push(JSON.stringify(text));
    }
    expect(differing).toEqual([]);
  });

  it('counts letters of a record, and names the line on which it begins', async () => {
    expect(await scan('abc\r\n"d\r\ne"\nabc', { letters: 6 })).toBeNull();
    expect(await scan('abc\r\n"d\r\ne"\nabc', { letters: 5 })).toEqual({ code: 'row-too-long', line: 2 });
    expect(await scan('\n\n"a\nb",c\n1,2,3', { columns: 2 })).toEqual({ code: 'too-many-columns', line: 5 });
  });

  it('counts records, but none without a letter', async () => {
    const text = 'a,b\r\n1,"x\r\ny"\r\n,,\r\n" ",\r\n\u3000\r\n2,y';
    expect(await scan(text, { records: 3 })).toBeNull();
    expect(await scan(text, { records: 2 })).toEqual({ code: 'too-many-rows' });
  });
});
