/** Days as they are written in Japan: 令和9年3月31日, R9.3.31, 2027/3/31, 20270331, 2027-03-31. */
import type { CivilDate } from './calendar.js';
import { isCivilDate } from './calendar.js';

/** The year before the first of each era. */
const ERAS: Readonly<Record<string, number>> = {
  令和: 2018,
  平成: 1988,
  昭和: 1925,
  大正: 1911,
  R: 2018,
  H: 1988,
  S: 1925,
  T: 1911,
};

const WESTERN = /^(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?$/;
const EIGHT_DIGITS = /^(\d{4})(\d{2})(\d{2})$/;
const JAPANESE =
  /^(令和|平成|昭和|大正|[RHST])\.?(元|\d{1,2})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?$/i;

/**
 * In half or full width, a weekday in brackets and a time of day behind it left out; null for whatever is no real day.
 * A year past an era's end is counted on (平成40年 stood on many papers). A year of two digits alone is none.
 */
export function parseJapaneseDate(text: string): CivilDate | null {
  const plain = text
    .normalize('NFKC')
    .replace(/\([日月火水木金土](?:曜日?)?\)/, '')
    .replace(/(?:\s|T)\d{1,2}:\d{2}(?::\d{2})?$/, '')
    .replace(/\s/g, '');
  const western = WESTERN.exec(plain) ?? EIGHT_DIGITS.exec(plain);
  if (western) return dayOf(Number(western[1]), western[2], western[3]);
  const japanese = JAPANESE.exec(plain);
  if (!japanese) return null;
  const [, era = '', year = '', month, day] = japanese;
  return dayOf((ERAS[era.toUpperCase()] ?? NaN) + (year === '元' ? 1 : Number(year)), month, day);
}

function dayOf(year: number, month = '', day = ''): CivilDate | null {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCivilDate(date) ? date : null;
}
