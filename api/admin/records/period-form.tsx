/** Choosing a month or a fiscal year, and how periods are called. */
import type { VNode } from 'preact';
import { z } from 'zod';
import type { Instant } from '../../../domain/calendar.js';
import type { Period, PeriodName } from '../../../domain/period.js';
import { fiscalYearOf, monthOf, monthsBefore, parsePeriod, previousPeriod } from '../../../domain/period.js';
import { dayInWords } from '../../../mail/compose-dates.js';
import { Select } from '../shell/fields.js';

const MONTHS_BACK = 24;
const MONTHS_AHEAD = 3;
const YEARS_BACK = 5;

/** As it stands in an address. */
export const periodName = z.string().refine((name) => parsePeriod(name) !== null);

/** 2026年度, 2027年3月 */
export function periodWords(name: PeriodName): string {
  if (name.startsWith('FY')) return `${name.slice(2)}年度`;
  const [year, month] = name.split('-').map(Number);
  return `${year}年${month}月`;
}

export function spanWords({ from, to }: Period): string {
  return from === to ? dayInWords(from) : `${dayInWords(from)}〜${dayInWords(to)}`;
}

export function PeriodSelect({
  value,
  now,
  label = '期間',
}: {
  value: PeriodName;
  now: Instant;
  label?: string;
}): VNode {
  const names = choices(now);
  const known = names.includes(value) ? names : [value, ...names];
  const options = known.map((name) => [name, optionWords(name)] as const);
  return <Select name="period" label={label} value={value} options={options} />;
}

function optionWords(name: PeriodName): string {
  if (!name.startsWith('FY')) return periodWords(name);
  const year = Number(name.slice(2));
  return `${year}年度（${year}年4月〜${year + 1}年3月）`;
}

function choices(now: Instant): PeriodName[] {
  const years = [fiscalYearOf(now)];
  for (let i = 0; i < YEARS_BACK; i += 1) years.push(previousPeriod(years.at(-1) ?? ''));
  const months = Array.from({ length: MONTHS_AHEAD + MONTHS_BACK }, (_, i) =>
    monthsBefore(monthOf(now), i - MONTHS_AHEAD),
  );
  return [...years, ...months];
}
