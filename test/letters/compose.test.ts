import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compose } from '../../letters/compose.js';
import type { Letter, LetterPrint, Print } from '../../letters/content.js';
import { letterStream } from '../../letters/letter-stream.js';
import { grouped } from '../../letters/letter.js';
import { jst } from '../domain/given.js';

const LETTER: Letter = {
  name: '山田 太郎',
  kana: 'やまだ たろう',
  registrationNumber: 'R-1001',
  postalAddress: '〒100-0001 見本県見本市1-2-3',
  fax: '03-0000-0001',
  expiry: { expiresOn: '2027-03-31', expiresAt: jst('2027-04-01 00:00') },
  link: 'https://net119.example.jp/r/abcdefghijklmnopqrstuvwx23',
};
const COMMON = {
  hq: { displayName: '見本市消防本部', fax: '000-000-0000', counter: '見本市消防本部 指令課' },
  validity: { years: 1, months: 0, days: 0 },
  mailFrom: 'net119@mail.example.jp',
  printedOn: '2027-01-05',
  large: false,
  ruby: false,
} as const;
const print = (more: Partial<LetterPrint> = {}): LetterPrint => ({
  what: 'LETTERS',
  ...COMMON,
  kind: 'POST',
  printedAt: jst('2027-01-05 10:00'),
  letters: [LETTER],
  missing: [],
  ...more,
});

async function pdfOf(what: Print): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of compose(what)) pieces.push(piece);
  return Buffer.concat(pieces).toString('latin1');
}

const pagesIn = (pdf: string) => Number(/\/Type \/Pages\s*\/Count (\d+)/.exec(pdf)?.[1]);

/** What is drawn, uncompressed. */
function drawnIn(pdf: string): string {
  return [...pdf.matchAll(/\/FlateDecode\s*>>\s*stream\r?\n([^]*?)\r?\nendstream/g)]
    .map(([, data = '']) => inflateSync(Buffer.from(data, 'latin1')).toString('latin1'))
    .filter((text) => /\bBT\b/.test(text))
    .join('\n');
}

describe('R31: the file', () => {
  it('one person: two pages, one sheet of paper; no sheet for staff', async () => {
    const pdf = await pdfOf(print());
    expect(pagesIn(pdf)).toBe(2);
    expect(pdf).toContain('/Lang (ja)');
  });

  it.each([
    ['large', { large: true }],
    ['with readings', { ruby: true }],
    ['both', { large: true, ruby: true }],
    [
      'a name of a hundred letters',
      { letters: [{ ...LETTER, name: '𠮷髙'.repeat(50), postalAddress: '見本市1' }] },
    ],
    ['over', { printedAt: jst('2027-05-01 10:00') }],
  ])('%s: an even number of pages, so that nobody’s letter begins on another’s back', async (_what, more) => {
    expect(pagesIn(await pdfOf(print(more))) % 2).toBe(0);
  });

  it('many: the sheet for staff first; somebody left out is told on it', async () => {
    const three = await pdfOf(print({ letters: [LETTER, LETTER, LETTER] }));
    expect(pagesIn(three)).toBe(8);
    const missing = [{ name: '山田', registrationNumber: 'R-2', why: '更新が終わりました' }];
    expect(pagesIn(await pdfOf(print({ missing })))).toBe(4);
  });

  it('by FAX: its cover, the letter, the form', async () => {
    expect(pagesIn(await pdfOf(print({ kind: 'FAX' })))).toBe(3);
  });

  it('nameless', async () => {
    expect(pagesIn(await pdfOf({ what: 'BLANK', ...COMMON }))).toBe(2);
  });

  it('title and file say nothing of anybody', async () => {
    const pdf = await pdfOf(print());
    for (const name of ['山田', 'やまだ', 'R-1001', 'abcdefgh']) {
      const utf16 = Buffer.from(name, 'utf16le').swap16().toString('latin1');
      expect(pdf).not.toContain(utf16);
      expect(pdf).not.toContain(name);
    }
  });

  it('black on white, and no line thinner than a FAX keeps', async () => {
    const drawn = drawnIn(await pdfOf(print({ kind: 'FAX', large: true, ruby: true })));
    expect(drawn.length).toBeGreaterThan(10_000);
    const widths = [...drawn.matchAll(/^([\d.]+) w$/gm)].map(([, width]) => Number(width));
    expect(widths.length).toBeGreaterThan(10);
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(0.75);
    const colours = [...drawn.matchAll(/^([\d. ]+) (?:scn|SCN)$/gm)].map(([, colour]) => colour);
    expect(new Set(colours)).toEqual(new Set(['0 0 0']));
  });

  it('what no font has ends it, and is never left blank', async () => {
    await expect(pdfOf(print({ letters: [{ ...LETTER, name: '😀' }] }))).rejects.toThrow('no font');
  });

  it('hostile texts are text', async () => {
    const name = `<b>"'\\ ) Tj {漢|かん} \n2行`;
    expect(pagesIn(await pdfOf(print({ letters: [{ ...LETTER, name }] })))).toBe(2);
  });
});

it('the link is shown in fours, as it is typed', () => {
  expect(grouped(LETTER.link)).toBe('https://net119.example.jp/r/ abcd efgh ijkl mnop qrst uvwx 23');
});

describe('beside the pages, in a thread', () => {
  async function read(stream: NonNullable<ReturnType<typeof letterStream>>): Promise<number> {
    let bytes = 0;
    for await (const piece of stream) bytes += (piece as Uint8Array).length;
    return bytes;
  }

  it('two at once, and no third; a reader who goes away makes room', async () => {
    const [one, two] = [letterStream(print()), letterStream(print())];
    expect(letterStream(print())).toBeNull();
    two?.destroy();
    expect(one && (await read(one))).toBeGreaterThan(20_000);
    await expect.poll(() => letterStream(print())?.destroy() !== undefined, { timeout: 10_000 }).toBe(true);
  });

  it('a failure is one of the stream', async () => {
    await expect
      .poll(
        async () => {
          const stream = letterStream(print({ letters: [{ ...LETTER, name: '😀' }] }));
          return stream && read(stream).catch((error: unknown) => String(error));
        },
        { timeout: 20_000 },
      )
      .toContain('could not be composed');
  });
});
