/** The figures of R35, defined once: for a month or a fiscal year, with the period before it and the months that lead to it. */
import type { Instant } from '../domain/calendar.js';
import { LAPSE_CAUSES } from '../domain/lapse.js';
import type { LapseCause } from '../domain/lapse.js';
import type { Period, PeriodName } from '../domain/period.js';
import { instantsOf, monthOf, monthsBefore, parsePeriod, previousPeriod } from '../domain/period.js';
import type { Tx } from '../store/database.js';
import type { CyclesRow, SentRow } from '../store/renewal-figures.js';
import { countCycles, countLapsedAt, countSent } from '../store/renewal-figures.js';
import type { Deps } from './context.js';

/** Rates are shares of 1; null where the denominator is 0. */
export interface Figures {
  name: PeriodName;
  period: Period;
  /** Cycles whose D fell in the period; 廃止 apart. */
  cycles: Omit<CyclesRow, 'month'>;
  /** renewed ÷ cycles. */
  renewalRate: number | null;
  /** renewedInTime ÷ cycles. */
  inTimeRate: number | null;
  /** recovered ÷ lapsed. */
  recoveryRate: number | null;
  /** 失効中 at the end of the last day, or now while the period lasts; null: it has not begun. */
  lapsed: { asOf: Instant; total: number; byCause: Record<LapseCause, number>; causeNotKnown: number } | null;
  mails: SentRow;
  /** failed ÷ mails. */
  failureRate: number | null;
  /** peopleWithFailure ÷ people. */
  peopleFailureRate: number | null;
}

export interface MonthFigures extends Omit<CyclesRow, 'withdrawn'> {
  renewalRate: number | null;
  inTimeRate: number | null;
}

export interface FiguresView {
  now: Instant;
  figures: Figures;
  previous: Figures;
  /** Twelve, the last one the last month of the period. */
  months: MonthFigures[];
}

const MONTHS_SHOWN = 12;

/** `name` as parsePeriod takes it; any other is a programmer's mistake. */
export async function readFigures(deps: Deps, fireHqId: string, name: PeriodName): Promise<FiguresView> {
  const now = deps.clock.now();
  const last = monthOf(instantsOf(periodOf(name)).until - 1);
  const months = Array.from({ length: MONTHS_SHOWN }, (_, i) => monthsBefore(last, MONTHS_SHOWN - 1 - i));
  return deps.database.inTenant(fireHqId, async (tx) => {
    const span = {
      from: instantsOf(periodOf(months[0] ?? name)).from,
      until: instantsOf(periodOf(name)).until,
    };
    const byMonth = await countCycles(tx, { ...span, now });
    return {
      now,
      figures: await figuresOf(tx, name, now),
      previous: await figuresOf(tx, previousPeriod(name), now),
      months: months.map((month) => {
        const { withdrawn: _withdrawn, ...counts } = sum(byMonth.filter((row) => row.month === month));
        return {
          ...counts,
          month,
          renewalRate: share(counts.renewed, counts.cycles),
          inTimeRate: share(counts.renewedInTime, counts.cycles),
        };
      }),
    };
  });
}

async function figuresOf(tx: Tx, name: PeriodName, now: Instant): Promise<Figures> {
  const period = periodOf(name);
  const span = instantsOf(period);
  const cycles = sum(await countCycles(tx, { ...span, now }));
  const mails = await countSent(tx, span);
  return {
    name,
    period,
    cycles,
    renewalRate: share(cycles.renewed, cycles.cycles),
    inTimeRate: share(cycles.renewedInTime, cycles.cycles),
    recoveryRate: share(cycles.recovered, cycles.lapsed),
    // The last valid instant of the last day: who lapses at its midnight was valid on it (R1).
    lapsed: span.from > now ? null : await lapsedAt(tx, Math.min(span.until - 1, now)),
    mails,
    failureRate: share(mails.failed, mails.mails),
    peopleFailureRate: share(mails.peopleWithFailure, mails.people),
  };
}

async function lapsedAt(tx: Tx, asOf: Instant): Promise<NonNullable<Figures['lapsed']>> {
  const rows = await countLapsedAt(tx, asOf);
  const of = (wanted: LapseCause | null) => rows.find(({ cause }) => cause === wanted)?.people ?? 0;
  return {
    asOf,
    total: rows.reduce((total, { people }) => total + people, 0),
    byCause: Object.fromEntries(LAPSE_CAUSES.map((cause) => [cause, of(cause)])) as Record<
      LapseCause,
      number
    >,
    causeNotKnown: of(null),
  };
}

function periodOf(name: PeriodName): Period {
  const period = parsePeriod(name);
  if (period === null) throw new RangeError('not a month and not a fiscal year');
  return period;
}

function sum(rows: readonly CyclesRow[]): Omit<CyclesRow, 'month'> {
  const total = {
    cycles: 0,
    renewed: 0,
    renewedInTime: 0,
    lapsed: 0,
    recovered: 0,
    notYetExpired: 0,
    withdrawn: 0,
  };
  for (const row of rows)
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += row[name];
  return total;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
