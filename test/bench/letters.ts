/** 1,000 案内書 in one PDF: how long, and how much memory in the process that composes it (R31). */
import { execFileSync } from 'node:child_process';
import type { Figure } from './figure.js';
import { atMost, beside, count, seconds } from './figure.js';

const LETTERS = 1_000;
const MOST_SECONDS = 60;
const MOST_MEGABYTES = 400;

/** As compiled, in a process of its own that does nothing else, so that its peak is the letters'. */
const SCRIPT = `
  import { letterStream } from './dist/letters/letter-stream.js';
  const letters = Array.from({ length: ${LETTERS} }, (_, i) => ({
    name: ['山田 太郎', '𠮷田 髙子', '渡邉 﨑'][i % 3] + i,
    kana: 'やまだ たろう',
    registrationNumber: 'R-' + i,
    postalAddress: '〒100-0001 見本県見本市中央区大字見本一丁目' + i + '番3号 見本ハイツ1203号室',
    fax: '03-0000-0001',
    expiry: { expiresOn: '2027-03-31', expiresAt: Date.UTC(2027, 2, 31, 15) },
    link: 'https://net119.example.jp/r/' + String(i).padStart(26, 'a'),
  }));
  let latest = performance.now();
  let stalled = 0;
  setInterval(() => {
    stalled = Math.max(stalled, performance.now() - latest - 20);
    latest = performance.now();
  }, 20).unref();
  const began = performance.now();
  let bytes = 0;
  for await (const piece of letterStream({
    what: 'LETTERS', kind: 'POST', large: false, ruby: false, letters, missing: [],
    hq: { displayName: '見本市消防本部', fax: '000-000-0000', counter: '見本市消防本部 指令課' },
    validity: { years: 1, months: 0, days: 0 }, mailFrom: 'net119@mail.example.jp',
    printedOn: '2027-01-05', printedAt: Date.UTC(2027, 0, 5),
  })) bytes += piece.length;
  const took = (performance.now() - began) / 1000;
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ took, peak, bytes, stalled }));
`;

interface Measured {
  took: number;
  peak: number;
  bytes: number;
  stalled: number;
}

export function measureLetters(): Promise<Figure[]> {
  const told = execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT], { encoding: 'utf8' });
  const { took, peak, bytes, stalled } = JSON.parse(told) as Measured;
  return Promise.resolve([
    atMost(`seconds for ${LETTERS} letters`, took, MOST_SECONDS, seconds),
    atMost('peak memory, MB', peak, MOST_MEGABYTES, count),
    beside('file, MB', bytes / 1_000_000, count),
    beside('longest wait of the process beside it', stalled / 1_000, seconds),
  ]);
}
