/**
 * An uploaded file as records: UTF-8 with or without a mark, CP932 or UTF-16; commas or tabs; any line end. The bytes are
 * bounded by the caller; what is made of them is made piece by piece, so that other requests are served in between.
 */
import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import type { ScanFault } from './import-scan.js';
import { scanRecords } from './import-scan.js';

export const IMPORT_LIMITS = {
  bytes: 30 * 1024 * 1024,
  rows: 100_000,
  /** Of one row, its separators and quotes too; a quote that is never closed reads the rest of the file as one. */
  lettersOfRow: 20_000,
  columns: 200,
} as const;

export type FileFault =
  | { code: 'empty' }
  | { code: 'no-rows' }
  | { code: 'too-large' }
  | ScanFault
  | { code: 'workbook' }
  | { code: 'not-text' }
  | { code: 'unreadable-letters'; line: number }
  | { code: 'mixed-encodings'; line: number }
  | { code: 'quote'; line: number }
  | { code: 'no-number-column' }
  | { code: 'columns-twice'; names: string[] };

/** The whole file cannot be taken; nothing of it was. */
export class FileRefusedError extends Error {
  constructor(readonly fault: FileFault) {
    super(fault.code);
    this.name = 'FileRefusedError';
  }
}

export interface FileRecord {
  /** The line of the file on which it ends, the first being 1. */
  line: number;
  cells: string[];
}

type Encoding = 'utf-8' | 'shift_jis' | 'utf-16le';

/** Short enough to be parsed in some milliseconds, whatever stands in it. */
const SLICE = 16 * 1024;
const FIRST_LINE = 64 * 1024;
/** The heads, and the two rows of the template that explain. */
const OTHER_RECORDS = 3;
const LINES_AT_ONCE = 1_000;
const LINE_FEED = 0x0a;
const NUL = 0x00;

/** Throws a FileRefusedError. Rows without any letter are left out; the first record is the heads. */
export async function* readRecords(bytes: Buffer): AsyncGenerator<FileRecord> {
  if (bytes.length === 0) refuseFile({ code: 'empty' });
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'))) refuseFile({ code: 'workbook' });
  const encoding = await encodingOf(bytes);
  const delimiter = delimiterOf(bytes, encoding);
  const fault = await scanRecords(textOf(bytes, encoding), delimiter, {
    letters: IMPORT_LIMITS.lettersOfRow,
    columns: IMPORT_LIMITS.columns,
    records: IMPORT_LIMITS.rows + OTHER_RECORDS,
  });
  if (fault !== null) refuseFile(fault);
  const parser = parse({
    bom: true,
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    // Should it ever read quotes otherwise than the scan did.
    max_record_size: IMPORT_LIMITS.lettersOfRow,
    info: true,
  });
  const source = Readable.from(unhurried(textOf(bytes, encoding)));
  source.on('error', (error) => parser.destroy(error));
  try {
    for await (const each of source.pipe(parser)) {
      const { record, info } = each as { record: string[]; info: { lines: number } };
      yield { line: info.lines, cells: record.map(withoutNul) };
    }
  } catch (error) {
    throw error instanceof CsvError ? new FileRefusedError(faultOfCsv(error)) : error;
  } finally {
    source.destroy();
  }
}

function refuseFile(fault: FileFault): never {
  throw new FileRefusedError(fault);
}

function faultOfCsv(error: CsvError): FileFault {
  const lines = typeof error['lines'] === 'number' ? error['lines'] : 1;
  return error.code === 'CSV_MAX_RECORD_SIZE'
    ? { code: 'row-too-long', line: lines }
    : { code: 'quote', line: lines };
}

/** No database takes it; what is hostile must stay to be seen as such. */
function withoutNul(cell: string): string {
  return cell.replaceAll('\u0000', '\ufffd');
}

async function encodingOf(bytes: Buffer): Promise<Encoding> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes.subarray(0, 1024).filter((byte) => byte === NUL).length > 64) refuseFile({ code: 'not-text' });
  if (isUtf8(bytes)) return 'utf-8';
  const odd = await oddLineOf(bytes);
  if (odd !== null) refuseFile(odd);
  return 'shift_jis';
}

const JAPANESE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * Of a file that is not UTF-8: the first line that is neither CP932, or whose Japanese is UTF-8 while that of other lines
 * is not. (A line of CP932 is hardly ever also good UTF-8 with Japanese in it.)
 */
async function oddLineOf(bytes: Buffer): Promise<FileFault | null> {
  const cp932 = new TextDecoder('shift_jis', { fatal: true });
  let utf8Line: number | null = null;
  let cp932Line: number | null = null;
  let line = 0;
  for (let start = 0; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed;
    const text = bytes.subarray(start, end);
    start = end + 1;
    if (line % LINES_AT_ONCE === 0) await breathe();
    if (isUtf8(text)) {
      if (utf8Line === null && JAPANESE.test(text.toString('utf8'))) utf8Line = line + 1;
    } else {
      try {
        cp932.decode(text);
      } catch {
        return { code: utf8Line === null ? 'unreadable-letters' : 'mixed-encodings', line: line + 1 };
      }
      cp932Line ??= line + 1;
    }
    if (utf8Line !== null && cp932Line !== null)
      return { code: 'mixed-encodings', line: Math.max(utf8Line, cp932Line) };
  }
  return null;
}

/** In slices, so that a file is never twice in memory. */
function* textOf(bytes: Buffer, encoding: Encoding): Generator<string> {
  const decoder = new TextDecoder(encoding);
  for (let start = 0; start < bytes.length; start += SLICE) {
    yield decoder.decode(bytes.subarray(start, start + SLICE), { stream: true });
  }
}

/** A stream goes from one piece to the next without letting anybody else in, where nothing comes of them. */
async function* unhurried(slices: Iterable<string>): AsyncGenerator<string> {
  for (const slice of slices) {
    yield slice;
    await breathe();
  }
}

/** What stands oftener in the first line. */
function delimiterOf(bytes: Buffer, encoding: Encoding): string {
  const [first = ''] = new TextDecoder(encoding).decode(bytes.subarray(0, FIRST_LINE)).split(/[\r\n]/, 1);
  const count = (mark: string) => first.split(mark).length - 1;
  return [',', '\t', ';'].reduce((best, mark) => (count(mark) > count(best) ? mark : best), ',');
}
