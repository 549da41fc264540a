/** Spans of days in Japan that figures are told for: a month, a fiscal year (April to March, R35), or any days (R38). */
import type { CivilDate, Instant } from './calendar.js';
import { FIRST_YEAR, LAST_YEAR, addDays, addPeriod, dayInJapan, instantInJapan } from './calendar.js';

/** Both days are in it. */
export interface Period {
  from: CivilDate;
  to: CivilDate;
}

/** 'YYYY-MM', or 'FY' and the year in which it begins: FY2026 is 2026-04-01 to 2027-03-31. */
export type PeriodName = string;

const MONTHS = { years: 0, months: 1, days: 0 };
const YEARS = { years: 1, months: 0, days: 0 };
const FIRST_MONTH = 4;

/** Null when the text names no month and no fiscal year of the calendar. */
export function parsePeriod(name: PeriodName): Period | null {
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(name);
  const fiscal = /^FY(\d{4})$/.exec(name);
  const year = Number((month ?? fiscal)?.[1]);
  // The year after a fiscal year's first one, and the period before it, are in the calendar too.
  if (!(year > FIRST_YEAR && year < LAST_YEAR)) return null;
  const from = month === null ? `${year}-${pad(FIRST_MONTH)}-01` : `${name}-01`;
  return { from, to: addDays(addPeriod(from, month === null ? YEARS : MONTHS), -1) };
}

/** Of a name that parsePeriod takes. */
export function previousPeriod(name: PeriodName): PeriodName {
  if (name.startsWith('FY')) return `FY${Number(name.slice(2)) - 1}`;
  return monthsBefore(name, 1);
}

export function monthOf(at: Instant): PeriodName {
  return dayInJapan(at).slice(0, 7);
}

export function fiscalYearOf(at: Instant): PeriodName {
  const [year = 0, month = 0] = monthOf(at).split('-').map(Number);
  return `FY${month < FIRST_MONTH ? year - 1 : year}`;
}

/** The month so many before it. */
export function monthsBefore(month: PeriodName, months: number): PeriodName {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const index = year * 12 + number - 1 - months;
  return `${Math.floor(index / 12)}-${pad((index % 12) + 1)}`;
}

/** From the first instant of `from` to the first one after `to` (exclusive). */
export function instantsOf({ from, to }: Period): { from: Instant; until: Instant } {
  return { from: instantInJapan(from), until: instantInJapan(addDays(to, 1)) };
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
