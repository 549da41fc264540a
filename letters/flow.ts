/** Lines of Japanese on paper: broken where Japanese may be broken, each run in the font that has it, ふりがな above. */
import { clustersOf, tidy } from './characters.js';
import type { Face, Fonts, Weight } from './fonts.js';

export interface Paper {
  doc: PDFKit.PDFDocument;
  fonts: Fonts;
  ruby: boolean;
}

/** Our own words, with readings as {漢字|かな}; or what somebody else wrote, taken as it is. */
export type Text = string | { free: string; reading?: string };

interface Run {
  face: Face;
  text: string;
  width: number;
}

/** Something with or without a reading above it. Widths in em. */
interface Part {
  runs: Run[];
  width: number;
  reading: { runs: Run[]; width: number } | null;
}

/** What is never torn apart. */
interface Unit {
  parts: Part[];
  width: number;
  /** Begins a line of its own. */
  breaks: boolean;
}

export interface Look {
  size: number;
  weight?: Weight;
  /** Baseline to baseline, in sizes. */
  leading?: number;
}

const RUBY_SIZE = 0.5;
const LINE_BREAK: Unit = { parts: [], width: 0, breaks: true };
const WORDS = new Intl.Segmenter('ja', { granularity: 'word' });
const CLINGS_TO_THE_LAST =
  /^[\ufe00-\ufe0f\u{e0100}-\u{e01ef}、。，．」』）】〕〉》・：；！？ー～〜々ぁぃぅぇぉっゃゅょァィゥェォッャュョ]/u;
const CLINGS_TO_THE_NEXT = /[（「『【〔〈《]$/;

/** Lines no wider than `width` points; words stay whole where they fit. */
function wrap(paper: Paper, texts: readonly Text[], look: Look, width: number): Unit[][] {
  const room = width / look.size;
  const lines: Unit[][] = [[]];
  let used = 0;
  for (const unit of texts.flatMap((text) => unitsOf(paper, text, look.weight ?? 400))) {
    for (const part of unit.width <= room ? [unit] : torn(unit, paper)) {
      if (part.breaks || (used + part.width > room && used > 0)) {
        lines.push([]);
        used = 0;
        if (part.breaks || isSpace(part)) continue;
      }
      lines.at(-1)?.push(part);
      used += part.width;
    }
  }
  return lines;
}

function widthOf(line: readonly Unit[], { size }: Look): number {
  return line.reduce((sum, unit) => sum + unit.width, 0) * size;
}

function leadingOf(paper: Paper, { size, leading }: Look): number {
  return size * (leading ?? 1.45) + (paper.ruby ? size * RUBY_SIZE * 0.75 : 0);
}

/** Draws a line from x on, on its baseline. */
function drawLine({ doc }: Paper, line: readonly Unit[], x: number, baseline: number, { size }: Look): void {
  let at = x;
  let plain: Run[] = [];
  let from = x;
  const flush = () => {
    drawRuns(doc, joined(plain), from, baseline, size);
    plain = [];
  };
  for (const { runs, width, reading } of line.flatMap(({ parts }) => parts)) {
    if (reading === null) {
      if (plain.length === 0) from = at;
      plain.push(...runs);
    } else {
      flush();
      const small = size * RUBY_SIZE;
      drawRuns(doc, runs, at + ((width - widthOfRuns(runs)) * size) / 2, baseline, size);
      const over = at + (width * size - reading.width * small) / 2;
      drawRuns(doc, reading.runs, over, baseline - size * 0.92, small);
    }
    at += width * size;
  }
  flush();
}

/** A paragraph from `y` (its top) on; the y below it. */
export function paragraph(
  paper: Paper,
  texts: readonly Text[],
  { x, y, width, align = 'left', ...look }: Look & Place & { align?: 'left' | 'center' },
): number {
  const step = leadingOf(paper, look);
  let below = y;
  for (const line of wrap(paper, texts, look, width)) {
    const indent = align === 'center' ? Math.max(0, (width - widthOf(line, look)) / 2) : 0;
    below += step;
    drawLine(paper, line, x + indent, below - look.size * 0.3, look);
  }
  return below;
}

export interface Place {
  x: number;
  y: number;
  width: number;
}

/** How high `paragraph` would be. */
export function heightOf(paper: Paper, texts: readonly Text[], look: Look, width: number): number {
  return wrap(paper, texts, look, width).length * leadingOf(paper, look);
}

function drawRuns(
  doc: PDFKit.PDFDocument,
  runs: readonly Run[],
  x: number,
  baseline: number,
  size: number,
): void {
  let at = x;
  for (const { face, text, width } of runs) {
    if (text.trim() !== '')
      doc.font(face, size).text(text, at, baseline, { lineBreak: false, baseline: 'alphabetic' });
    at += width * size;
  }
}

/** Our own words are cut once and for all: a thousand letters say the same. */
const cuts = new WeakMap<Fonts, Map<string, Unit[]>>();

function unitsOf(paper: Paper, text: Text, weight: Weight): Unit[] {
  const { fonts, ruby } = paper;
  if (typeof text !== 'string') {
    const { free, reading } = text;
    const read = ruby && reading !== undefined ? readAloud(fonts, tidy(free), tidy(reading), weight) : null;
    return read ?? wordsOf(tidy(free)).map((word) => unitOf([partOf(fonts, word, weight)]));
  }
  const known = cuts.get(fonts) ?? new Map<string, Unit[]>();
  cuts.set(fonts, known);
  const key = `${weight}${ruby ? 'r' : ''}${text}`;
  let units = known.get(key);
  if (units === undefined) {
    units = ownWords(fonts, text, weight, ruby);
    known.set(key, units);
  }
  return units;
}

function ownWords(fonts: Fonts, text: string, weight: Weight, ruby: boolean): Unit[] {
  const units: Unit[] = [];
  let last = '';
  for (const [all, base, reading] of text.matchAll(/\{([^|}]*)\|([^}]*)\}|\n|[^{\n]+/gu)) {
    if (all === '\n') {
      units.push(LINE_BREAK);
      last = '';
      continue;
    }
    for (const word of base === undefined ? wordsOf(all) : [base]) {
      const part = partOf(fonts, word, weight, ruby ? reading : undefined);
      const before = units.at(-1);
      const clings = CLINGS_TO_THE_LAST.test(word) || CLINGS_TO_THE_NEXT.test(last);
      if (before !== undefined && last !== '' && clings)
        units[units.length - 1] = unitOf([...before.parts, part]);
      else units.push(unitOf([part]));
      last = word;
    }
  }
  return units;
}

/** A long name is written over several lines, where no reading could stand above it: null. */
function readAloud(fonts: Fonts, name: string, reading: string, weight: Weight): Unit[] | null {
  const unit = unitOf([partOf(fonts, name, weight, reading)]);
  return unit.width > 20 ? null : [unit];
}

function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const { segment } of WORDS.segment(text)) {
    const last = words.at(-1) ?? '';
    const ascii = /[!-~]$/.test(last) && /^[!-~]/.test(segment);
    if (last !== '' && (ascii || CLINGS_TO_THE_LAST.test(segment) || CLINGS_TO_THE_NEXT.test(last)))
      words[words.length - 1] = last + segment;
    else words.push(segment);
  }
  return words;
}

function unitOf(parts: Part[]): Unit {
  return { parts, width: parts.reduce((sum, { width }) => sum + width, 0), breaks: false };
}

function partOf(fonts: Fonts, text: string, weight: Weight, reading?: string): Part {
  const runs = runsOf(fonts, text, weight);
  const width = widthOfRuns(runs);
  if (reading === undefined) return { runs, width, reading: null };
  const above = runsOf(fonts, reading, weight);
  const aboveWidth = widthOfRuns(above);
  return {
    runs,
    width: Math.max(width, aboveWidth * RUBY_SIZE),
    reading: { runs: above, width: aboveWidth },
  };
}

/** Whoever prints has asked before whether all of it can be; what slips through is an error, not a blank. */
function runsOf(fonts: Fonts, text: string, weight: Weight): Run[] {
  return joined(
    clustersOf(text).map((cluster) => {
      const measured = fonts.measure(cluster, weight);
      if (measured === null) throw new Error('a character that no font has');
      return { face: measured.face, text: cluster, width: measured.width };
    }),
  );
}

function widthOfRuns(runs: readonly Run[]): number {
  return runs.reduce((sum, run) => sum + run.width, 0);
}

function joined(runs: readonly Run[]): Run[] {
  const all: Run[] = [];
  for (const run of runs) {
    const last = all.at(-1);
    if (last !== undefined && last.face === run.face) {
      last.text += run.text;
      last.width += run.width;
    } else {
      all.push({ ...run });
    }
  }
  return all;
}

/** A word wider than the line: cut between its characters. */
function torn({ parts, breaks }: Unit, { fonts }: Paper): Unit[] {
  if (breaks) return [LINE_BREAK];
  return parts.flatMap(({ runs }) =>
    runs.flatMap(({ face, text }) =>
      clustersOf(text).map((cluster) => unitOf([partOf(fonts, cluster, face.endsWith('700') ? 700 : 400)])),
    ),
  );
}

function isSpace({ parts }: Unit): boolean {
  return parts.every(({ runs }) => runs.every(({ text }) => text.trim() === ''));
}
