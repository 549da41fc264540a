/** Lines that fit a narrow phone: 25 full-width characters, half-width ones count half (interface: mail). */

/** In half-width characters. */
export const LINE_WIDTH = 50;

/** In half-width characters. What a Japanese font may draw wide is counted as wide; variant selectors draw nothing. */
export function textWidth(text: string): number {
  return [...text].reduce((sum, char) => sum + widthOf(char), 0);
}

function widthOf(char: string): number {
  if (/[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u.test(char)) return 0;
  return /[ -~\uff61-\uff9f]/.test(char) ? 1 : 2;
}

// Nothing that a name brings along may begin a line of its own or turn the reading direction.
const HOSTILE = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]+/gu;

/** One line of text whatever it held. */
export function oneLine(text: string): string {
  return text.replace(HOSTILE, ' ').trim();
}

const WORDS = new Intl.Segmenter('ja', { granularity: 'word' });
// What may not begin a line, and what may not end one.
const CLINGS_TO_THE_LAST =
  /^[\p{M}\ufe00-\ufe0f\u{e0100}-\u{e01ef}、。，．」』）】〕〉》・：；！？ー～〜々ぁぃぅぇぉっゃゅょァィゥェォッャュョ]/u;
const CLINGS_TO_THE_NEXT = /[（「『【〔〈《]$/;

/**
 * Breaks `text` into lines and loses nothing but the spaces at which it breaks. Each line begins with `indent`, the first
 * one with `mark`, which is as wide.
 */
export function wrap(text: string, mark = '', indent = '　'.repeat([...mark].length)): string[] {
  const room = LINE_WIDTH - textWidth(indent);
  const lines: string[] = [];
  let line = '';
  for (const unit of unitsOf(oneLine(text), room)) {
    if (textWidth(line + unit) <= room) {
      line += unit;
    } else {
      lines.push(line.trimEnd());
      line = unit.trimStart();
    }
  }
  return [...lines, line.trimEnd()].map((each, i) => (i === 0 ? mark : indent) + each);
}

/** What stays together: words, numbers with their hyphens, and the brackets and signs that belong to them. */
function unitsOf(text: string, room: number): string[] {
  const units: string[] = [];
  for (const { segment } of WORDS.segment(text)) {
    const last = units.at(-1) ?? '';
    const ascii = /[!-~]$/.test(last) && /^[!-~]/.test(segment);
    if (last !== '' && (ascii || CLINGS_TO_THE_LAST.test(segment) || CLINGS_TO_THE_NEXT.test(last))) {
      units[units.length - 1] = last + segment;
    } else {
      units.push(segment);
    }
  }
  // Wider than a line: cut between its characters, so that a long name is shown whole over several lines.
  return units.flatMap((unit) => (textWidth(unit) <= room ? [unit] : [...unit]));
}
