/** ISO 8601 durations as policies write them: a sign, calendar parts, exact parts. */
import { DAY, HOUR, MINUTE, SECOND } from './calendar.js';

export interface Duration {
  sign: 1 | -1;
  years: number;
  months: number;
  /** Weeks are folded in as seven days. */
  days: number;
  /** The part after T in milliseconds. */
  time: number;
  /** Whether a T part was written: it decides the policy's basis (R12), even when it is PT0S. */
  hasTimePart: boolean;
}

const PATTERN =
  /^([+-])?P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(T(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(?:[.,](\d{1,3}))?S)?)?$/;

/** null when the text is no ISO 8601 duration (also for 'P', 'PT', 'P1DT'). Fractions only of seconds, to the millisecond. */
export function parseDuration(text: string): Duration | null {
  const found = PATTERN.exec(text);
  if (!found) return null;
  const [, sign, years, months, weeks, days, t, hours, minutes, seconds, fraction] = found;
  if (t === 'T') return null;
  if (![years, months, weeks, days, hours, minutes, seconds].some((part) => part !== undefined)) return null;
  const n = (part: string | undefined) => Number(part ?? 0);
  return {
    sign: sign === '-' ? -1 : 1,
    years: n(years),
    months: n(months),
    days: n(weeks) * 7 + n(days),
    time:
      n(hours) * HOUR + n(minutes) * MINUTE + n(seconds) * SECOND + Number((fraction ?? '').padEnd(3, '0')),
    hasTimePart: t !== undefined,
  };
}

/** Signed whole days, or null when the duration has years, months or a time part. */
export function asWholeDays(d: Duration): number | null {
  if (d.hasTimePart || d.years > 0 || d.months > 0) return null;
  return d.sign * d.days + 0;
}

/** Signed milliseconds with a day of 24 hours, or null without a time part or with years or months (R12). */
export function asExactTime(d: Duration): number | null {
  if (!d.hasTimePart || d.years > 0 || d.months > 0) return null;
  return d.sign * (d.days * DAY + d.time) + 0;
}
