/** Texts out of mails: octets of unknown origin to characters, HTML to lines, and the tidy form that is stored. */

/** Characters kept of one text. */
const LONGEST = 2_000;

/** One line without control, format or half characters: harmless wherever it is shown. Null when nothing is left. */
export function tidy(text: string, longest = LONGEST): string | null {
  const seen = text
    .slice(0, longest * 4)
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\ufffd]/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  // By characters, so that none is cut in half.
  return [...seen].slice(0, longest).join('') || null;
}

const JIS_ESCAPE = /\u001b[$(]/;

/** Nobody said the character set, or said it wrongly: ISO-2022-JP shows itself, then UTF-8, then Shift_JIS. */
export function decodeOctets(octets: Uint8Array): string {
  const asLatin = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
  if (JIS_ESCAPE.test(asLatin)) return new TextDecoder('iso-2022-jp').decode(octets);
  return decodeStrictly(octets, 'utf-8') ?? decodeStrictly(octets, 'shift_jis') ?? asLatin;
}

/** A text that was decoded as plain ASCII though it is ISO-2022-JP. */
export function mendJis(text: string): string {
  return JIS_ESCAPE.test(text) ? new TextDecoder('iso-2022-jp').decode(Buffer.from(text, 'latin1')) : text;
}

function decodeStrictly(octets: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(octets);
  } catch {
    return null;
  }
}

const LINE_BREAKING = /<\/?(?:br|p|div|tr|li|ul|ol|h[1-6]|table|blockquote|pre|hr|td|th)\b[^<>]*>/gi;
const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** The words of an HTML mail, blocks on lines of their own. */
export function htmlToText(html: string): string {
  const shown = ['<!--,-->', '<style,</style>', '<script,</script>', '<title,</title>'].reduce(
    (text, pair) => without(text, pair.split(',')[0] ?? '', pair.split(',')[1] ?? ''),
    html,
  );
  return shown
    .replace(LINE_BREAKING, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, entity);
}

function entity(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
  const point = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '';
}

/** Every stretch from `open` to `close` left out; one pass, whatever is inside. */
function without(text: string, open: string, close: string): string {
  const lower = text.toLowerCase();
  let kept = '';
  let at = 0;
  for (;;) {
    const start = lower.indexOf(open, at);
    const end = start < 0 ? -1 : lower.indexOf(close, start);
    if (end < 0) return kept + text.slice(at);
    kept += text.slice(at, start);
    at = end + close.length;
  }
}
