/** The dates on the page: the same words as in the mails, on one line. */
import type { Instant } from '../../domain/calendar.js';
import { dayInJapan } from '../../domain/calendar.js';
import type { Expiry } from '../../domain/cycle.js';
import { dayInWords, fullExpiryInWords, momentInWords } from '../../mail/compose-dates.js';

/** 2027年3月31日（令和9年・水曜日）, or under a time-based policy the moment (R1, R12). */
export function expiryText(expiry: Expiry): string {
  return fullExpiryInWords(expiry).join('');
}

/** Around when the next request is mailed (R3): a day, or under a time-based policy a moment. */
export function nextMailText({
  expiresOn,
  windowOpensAt,
}: Pick<Expiry, 'expiresOn'> & { windowOpensAt: Instant }): string {
  return expiresOn === null ? momentInWords(windowOpensAt) : dayInWords(dayInJapan(windowOpensAt));
}
