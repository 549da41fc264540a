/** What is measured, what it should be, and how it came out. */

export interface Figure {
  name: string;
  /** In words, with the bound; null: told beside another figure, without a target of its own. */
  target: string | null;
  value: number;
  meets: boolean | null;
  /** `value` as people read it. */
  shown: string;
}

type Show = (value: number) => string;

export const ratio: Show = (value) => value.toFixed(2);
export const perSecond: Show = (value) => `${value.toFixed(0)}/s`;
export const milliseconds: Show = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
export const seconds: Show = (value) => `${value.toFixed(1)} s`;
export const percent: Show = (value) => `${value.toFixed(1)} %`;
export const kilobytes: Show = (value) => `${value.toFixed(1)} KB`;
export const count: Show = (value) => value.toFixed(0);

export function atLeast(name: string, value: number, least: number, show: Show): Figure {
  return { name, target: `≥ ${show(least)}`, value, meets: value >= least, shown: show(value) };
}

export function atMost(name: string, value: number, most: number, show: Show): Figure {
  return { name, target: `≤ ${show(most)}`, value, meets: value <= most, shown: show(value) };
}

export function beside(name: string, value: number, show: Show): Figure {
  return { name, target: null, value, meets: null, shown: show(value) };
}

/** Of several runs, each figure's median one (the lower of two). */
export function medianFigures(runs: readonly Figure[][]): Figure[] {
  const [first = []] = runs;
  return first.map((figure, i) => {
    const sorted = runs.flatMap((run) => run[i] ?? []).sort((a, b) => a.value - b.value);
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? figure;
  });
}

/** A Markdown table; the last column shows every run. */
export function tableOf(figures: readonly Figure[], runs: readonly Figure[][]): string {
  const rows = figures.map(({ name, target, shown, meets }, i) => [
    name,
    target ?? '',
    `${shown}${meets === null ? '' : meets ? ' ✓' : ' ✗'}`,
    runs.map((run) => run[i]?.shown ?? '').join(', '),
  ]);
  const lines = [['figure', 'target', 'median', 'runs'], ['---', '---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
