/** Dates and times as staff read them: in Japan, short enough for a table. */
import type { CivilDate, Instant } from '../../../domain/calendar.js';
import { MINUTE, dayInJapan, timeOfDayInJapan } from '../../../domain/calendar.js';
import { dayInWords } from '../../../mail/compose-dates.js';

/** 2027年3月1日 10:05 */
export function momentText(at: Instant): string {
  const minutes = Math.floor(timeOfDayInJapan(at) / MINUTE);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${dayText(at)} ${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
}

/** 2027年3月1日 */
export function dayText(at: Instant): string {
  return dayInWords(dayInJapan(at));
}

/** Of a day in Japan, as 2027-03-01. */
export function civilDayText(day: CivilDate): string {
  return dayInWords(day);
}

/** R1: 有効期限日時, the last valid minute: 「2027年3月31日 23:59」. A time-based one ends at its instant. */
export function expiryText({
  expiresOn,
  expiresAt,
}: {
  expiresOn: string | null;
  expiresAt: Instant;
}): string {
  return momentText(expiresOn === null ? expiresAt : expiresAt - MINUTE);
}
