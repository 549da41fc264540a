/**
 * Japan's calendar: fixed UTC+9, no summer time (domain rules, section 2).
 * Instants are epoch milliseconds in UTC; civil dates are 'YYYY-MM-DD' strings meaning a day in Japan.
 * Nothing here reads a clock or the process's time zone.
 */
import { Temporal } from 'temporal-polyfill';

/** Epoch milliseconds, UTC. */
export type Instant = number;
/** 'YYYY-MM-DD', a day in Japan. Four-digit years only, so dates compare as strings. */
export type CivilDate = string;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const JAPAN_OFFSET = 9 * HOUR;
export const FIRST_YEAR = 1900;
export const LAST_YEAR = 2999;

/** A calendar period: years and months are calendar ones, counted from the date itself (R2). */
export interface Period {
  years: number;
  months: number;
  days: number;
}

/** A page of a list asks some hundred times about a few dozen days: what was worked out is kept, up to a bound. */
const MOST_REMEMBERED = 5_000;

function remembered<Asked extends string | number, Answer>(
  workOut: (asked: Asked) => Answer,
): (asked: Asked) => Answer {
  const known = new Map<Asked, Answer>();
  return (asked) => {
    const found = known.get(asked);
    if (found !== undefined) return found;
    const answer = workOut(asked);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(asked, answer);
    return answer;
  };
}

/** Between days counted from 1970-01-01 and dates. A RangeError for what is none. */
const dateOf = remembered((day: number): CivilDate => new Date(day * DAY).toISOString().slice(0, 10));
const dayNumber = remembered((date: CivilDate): number => Date.parse(`${date}T00:00:00Z`) / DAY);

const laterDate = remembered((asked: string): CivilDate => {
  const [date = '', years, months, days] = asked.split(' ');
  const period = { years: Number(years), months: Number(months), days: Number(days) };
  return Temporal.PlainDate.from(date).add(period, { overflow: 'constrain' }).toString();
});

/** True for a real date between FIRST_YEAR and LAST_YEAR, written YYYY-MM-DD. */
export function isCivilDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const year = Number(text.slice(0, 4));
  if (year < FIRST_YEAR || year > LAST_YEAR) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text;
}

/** The day in Japan that holds this instant. */
export function dayInJapan(at: Instant): CivilDate {
  return dateOf(Math.floor((at + JAPAN_OFFSET) / DAY));
}

/** 00:00:00.000 in Japan of that day, plus `minutes` into the day. */
export function instantInJapan(date: CivilDate, minutes = 0): Instant {
  return dayNumber(date) * DAY - JAPAN_OFFSET + minutes * MINUTE;
}

/** Milliseconds since midnight in Japan. */
export function timeOfDayInJapan(at: Instant): number {
  return (((at + JAPAN_OFFSET) % DAY) + DAY) % DAY;
}

export function addDays(date: CivilDate, days: number): CivilDate {
  return dateOf(dayNumber(date) + days);
}

/** Whole days from `from` to `to`. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** R2: a missing day is clamped to the month's end (2028-02-29 + P1Y = 2029-02-28). */
export function addPeriod(date: CivilDate, period: Period): CivilDate {
  return laterDate(`${date} ${period.years} ${period.months} ${period.days}`);
}

/** As addPeriod, backwards. */
export function subtractPeriod(date: CivilDate, period: Period): CivilDate {
  return Temporal.PlainDate.from(date).subtract(period, { overflow: 'constrain' }).toString();
}
