/**
 * Cuts a mail down to what a reader needs before anything is parsed, so that a mail of 10 MB costs no more memory than
 * a small one. The beginning of every part is kept: reasons, status fields and headers stand there.
 */

/** Octets kept of one part, and of the whole mail. A real report has some kilobytes outside the returned mail. */
const PART = 96 * 1024;
const WHOLE = 384 * 1024;
const LINE = 32 * 1024;
/** What a line costs beside its octets: a parser keeps an object for each. */
const PER_LINE = 32;
/** A line that may be a boundary begins a part, which costs a parser far more. */
const PER_PART = 512;

const NEWLINE = 0x0a;
const DASH = 0x2d;

/** Line ends become LF; blank lines and an mbox `From ` line before the header are left out. */
export function thin(raw: Buffer): Buffer {
  const kept: Buffer[] = [];
  let whole = 0;
  let part = 0;
  for (let at = firstHeader(raw); at < raw.length && whole < WHOLE;) {
    const newline = raw.indexOf(NEWLINE, at);
    const end = newline < 0 ? raw.length : newline;
    const line = raw.subarray(at, Math.min(withoutReturn(raw, at, end), at + LINE));
    const begins = line[0] === DASH && line[1] === DASH && line.length > 2;
    if (begins) part = 0;
    const cost = line.length + (begins ? PER_PART : PER_LINE);
    if (part + cost <= PART) {
      kept.push(line, LF);
      whole += cost;
    }
    part += cost;
    // Nothing more of this part is kept: on to the next, without looking at every line.
    const next = part < PART ? end : raw.indexOf('\n--', end);
    at = next < 0 ? raw.length : next + 1;
  }
  return Buffer.concat(kept);
}

const LF = Buffer.from('\n');

function withoutReturn(raw: Buffer, start: number, end: number): number {
  let last = end;
  while (last > start && raw[last - 1] === 0x0d) last -= 1;
  return last;
}

function firstHeader(raw: Buffer): number {
  let at = 0;
  while (at < raw.length && (raw[at] ?? 0) <= 0x20) at += 1;
  if (raw.subarray(at, at + 5).toString('latin1') !== 'From ') return at;
  const newline = raw.indexOf(NEWLINE, at);
  return newline < 0 ? at : newline + 1;
}
