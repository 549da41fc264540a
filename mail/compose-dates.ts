/** Days and moments in the words of mails and of the resident's page. Pure; always in Japan's time. */
import type { CivilDate, Instant } from '../domain/calendar.js';
import { MINUTE, dayInJapan, instantInJapan, timeOfDayInJapan } from '../domain/calendar.js';
import type { Expiry } from '../domain/cycle.js';

const eraYear = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', {
  era: 'long',
  year: 'numeric',
  timeZone: 'Asia/Tokyo',
});
const weekday = new Intl.DateTimeFormat('ja-JP', { weekday: 'long', timeZone: 'Asia/Tokyo' });

/** 2027年3月31日 */
export function dayInWords(date: CivilDate): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${year}年${month}月${day}日`;
}

/** （令和9年・水曜日）: old people count in eras, and the weekday catches a misread date. */
function eraAndWeekday(date: CivilDate): string {
  const at = instantInJapan(date);
  return `（${eraYear.format(at)}・${weekday.format(at)}）`;
}

/** 2027年3月31日 10時05分 */
export function momentInWords(at: Instant): string {
  const minutes = Math.floor(timeOfDayInJapan(at) / MINUTE);
  const minute = String(minutes % 60).padStart(2, '0');
  return `${dayInWords(dayInJapan(at))} ${Math.floor(minutes / 60)}時${minute}分`;
}

/** R1: the last day under a date-based policy, the moment under a time-based one. Short enough for a sentence. */
export function expiryInWords({ expiresOn, expiresAt }: Expiry): string {
  return expiresOn === null ? momentInWords(expiresAt) : dayInWords(expiresOn);
}

/** 2027年3月31日（令和9年・水曜日）, or the moment; one line or two, as the medium has room. */
export function fullExpiryInWords(expiry: Expiry): string[] {
  const words = expiryInWords(expiry);
  return expiry.expiresOn === null ? [words] : [words, eraAndWeekday(expiry.expiresOn)];
}
