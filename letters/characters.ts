/** A text as it is printed: cut into what is drawn as one, and what of it cannot be drawn. */
import { oneLine } from '../mail/compose-lines.js';
import type { Fonts } from './fonts.js';

const SELECTOR = '[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]';
const CLUSTER = new RegExp(`.${SELECTOR}?`, 'gsu');
const COMPOSABLE = new RegExp(`[^\\p{M}](?:(?!${SELECTOR})\\p{M})+`, 'gu');
/** Marks without their letter, joiners, and the places where each town keeps characters of its own (外字). */
const NEVER = new RegExp(`^(?!${SELECTOR})[\\p{M}\\p{Cf}\\p{Co}\\p{Cn}\\p{Cs}]|^${SELECTOR}`, 'u');

/**
 * One line; か and ゛ become が, but 﨑 and the like stay the characters they are, which the usual normal form would
 * replace.
 */
export function tidy(text: string): string {
  return oneLine(text).replace(COMPOSABLE, (letters) => letters.normalize('NFC'));
}

export function clustersOf(text: string): string[] {
  return text.match(CLUSTER) ?? [];
}

/** Each once, as staff may be shown it: what cannot be seen is named by its number. */
export function unprintableIn(fonts: Fonts, text: string): string[] {
  const found = clustersOf(tidy(text)).filter(
    (cluster) =>
      NEVER.test(cluster) || fonts.measure(cluster, 400) === null || fonts.measure(cluster, 700) === null,
  );
  return [...new Set(found)].map((cluster) =>
    NEVER.test(cluster)
      ? `目に見えない文字など（${numbersOf(cluster)}）`
      : `${cluster}（${numbersOf(cluster)}）`,
  );
}

function numbersOf(cluster: string): string {
  return [...cluster]
    .map((char) => `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`)
    .join(' ');
}
