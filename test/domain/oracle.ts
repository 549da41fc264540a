/**
 * An independent reading of the rules (R1–R4, R6–R10, R12), written from their text with plain integers: it imports
 * nothing from domain/ and no calendar library. Days are counted one year and one month at a time from 1970-01-01.
 */

const MS_DAY = 86_400_000;
const NINE_HOURS = 32_400_000;

export interface OracleDatePolicy {
  basis: 'date';
  validity: { years: number; months: number; days: number };
  remindBefore: number;
  offsets: number[];
  sendAt: number;
  spread: number;
  stopAfter: number;
  stopFrom: 'firstReminder' | 'expiry';
}

/** Milliseconds throughout. */
export interface OracleTimePolicy {
  basis: 'time';
  validity: number;
  remindBefore: number;
  offsets: number[];
  stopAfter: number;
  stopFrom: 'firstReminder' | 'expiry';
}

export type OraclePolicy = OracleDatePolicy | OracleTimePolicy;

/** D as a day number under a date-based policy, E under a time-based one. */
export type OracleExpiry = number;

export interface OracleQuestion {
  policy: OraclePolicy;
  expiry: OracleExpiry;
  now: number;
  created: number | null;
  handledSlots: { slot: string; kind: string }[];
  manualAt: number[];
  renewedAt: number | null;
  heldUntil: number | null;
  /** The account's place in the spread of that slot: any number of ms below the spread. */
  spreadOf: (slot: string) => number;
}

export interface OracleStep {
  slot: string;
  at: number;
  latestAt: number;
  state: string;
  kind: string;
  goesAt: number | null;
  /** Only while the plan is being made. */
  byManual?: boolean;
}

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Day number (0 = 1970-01-01) of 'YYYY-MM-DD'. */
export function dayNumber(text: string): number {
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  let n = 0;
  for (let y = 1970; y < year; y += 1) n += isLeap(y) ? 366 : 365;
  for (let y = 1969; y >= year; y -= 1) n -= isLeap(y) ? 366 : 365;
  for (let m = 1; m < month; m += 1) n += daysInMonth(year, m);
  return n + Number(text.slice(8, 10)) - 1;
}

function yearMonthDay(n: number): [number, number, number] {
  let year = 1970;
  let rest = n;
  for (; rest < 0; year -= 1) rest += isLeap(year - 1) ? 366 : 365;
  for (; rest >= (isLeap(year) ? 366 : 365); year += 1) rest -= isLeap(year) ? 366 : 365;
  let month = 1;
  for (; rest >= daysInMonth(year, month); month += 1) rest -= daysInMonth(year, month);
  return [year, month, rest + 1];
}

export function dayName(n: number): string {
  const [year, month, day] = yearMonthDay(n);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** The instant of that minute of the day in Japan. */
export const inJapan = (day: number, minutes = 0): number => day * MS_DAY - NINE_HOURS + minutes * 60_000;

export const dayOf = (instant: number): number => Math.floor((instant + NINE_HOURS) / MS_DAY);

/** R2: one month after the other from the date itself, the missing day clamped, then the days. */
export function addValidity(day: number, validity: OracleDatePolicy['validity']): number {
  let [year, month] = yearMonthDay(day);
  const wanted = yearMonthDay(day)[2];
  for (let i = 0; i < validity.years * 12 + validity.months; i += 1) {
    month += 1;
    if (month === 13) {
      month = 1;
      year += 1;
    }
  }
  const clamped = Math.min(wanted, daysInMonth(year, month));
  const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(clamped).padStart(2, '0')}`;
  return dayNumber(name) + validity.days;
}

/** R1, R3, R6, R12. `expiresOn` null under exact time. */
export function oracleDates(policy: OraclePolicy, expiry: OracleExpiry) {
  if (policy.basis === 'time') {
    const opens = expiry - policy.remindBefore;
    const stop = (policy.stopFrom === 'expiry' ? expiry : opens) + policy.stopAfter;
    return { expiresOn: null, expiresAt: expiry, windowOpensAt: opens, autoStopsAt: stop };
  }
  const windowDay = expiry - policy.remindBefore;
  const stopDay = (policy.stopFrom === 'expiry' ? expiry : windowDay) + policy.stopAfter;
  return {
    expiresOn: dayName(expiry),
    expiresAt: inJapan(expiry + 1),
    windowOpensAt: inJapan(windowDay),
    // Until 24:00 of the stop day.
    autoStopsAt: inJapan(stopDay, 24 * 60),
  };
}

/** R7, R8, R12: the next expiry, or why there is none. */
export function oracleRenewal(
  policy: OraclePolicy,
  expiry: OracleExpiry,
  receivedAt: number,
  early: boolean,
): OracleExpiry | 'TOO_EARLY' | 'NOTHING_GAINED' {
  const { windowOpensAt, expiresAt } = oracleDates(policy, expiry);
  const open = receivedAt >= windowOpensAt;
  if (!open && !early) return 'TOO_EARLY';
  if (policy.basis === 'time') {
    if (open) return Math.max(expiry, receivedAt) + policy.validity;
    return receivedAt + policy.validity > expiry ? receivedAt + policy.validity : 'NOTHING_GAINED';
  }
  const fromArrival = addValidity(dayOf(receivedAt), policy.validity);
  if (!open) return fromArrival > expiry ? fromArrival : 'NOTHING_GAINED';
  return receivedAt < expiresAt ? addValidity(expiry, policy.validity) : fromArrival;
}

/** R9: from 08:00 to before 21:00 now, else at the next sendAt, in this account's place of the spread (R11). */
function firstMoment(policy: OraclePolicy, asked: number, spread: number): number {
  if (policy.basis === 'time') return asked;
  const today = dayOf(asked);
  if (asked >= inJapan(today, 8 * 60) && asked < inJapan(today, 21 * 60)) return asked;
  let day = today;
  while (inJapan(day, policy.sendAt) < asked) day += 1;
  return inJapan(day, policy.sendAt) + spread;
}

/** R4, R6, R7, R9, R10, R12: what becomes of every slot, seen at `now`. */
export function oraclePlan(question: OracleQuestion): OracleStep[] {
  const { policy, expiry, now, created, manualAt, renewedAt, heldUntil } = question;
  const stop = oracleDates(policy, expiry).autoStopsAt;
  const slots = policy.offsets.map((offset) => {
    if (policy.basis === 'time')
      return { slot: new Date(expiry + offset).toISOString(), at: expiry + offset };
    return { slot: dayName(expiry + offset), at: inJapan(expiry + offset, policy.sendAt) };
  });
  const handled = (slot: string) => question.handledSlots.find((each) => each.slot === slot);

  const steps = slots.map(({ slot, at }): OracleStep => {
    const spread = policy.basis === 'time' ? 0 : question.spreadOf(slot);
    const base = {
      slot,
      at,
      latestAt: at + (policy.basis === 'time' ? 0 : policy.spread),
      kind: 'AUTOMATIC',
      goesAt: null,
    };
    const mail = handled(slot);
    if (mail) return { ...base, state: 'HANDLED', kind: mail.kind };
    if (created !== null && at <= created) return { ...base, state: 'SKIPPED' };
    if (slots.some((other) => other.at > at && handled(other.slot))) return { ...base, state: 'SUPERSEDED' };
    // R11: a rest that ended after the slot's instant is a new start, with the same place in the spread.
    const start = heldUntil !== null && heldUntil > at ? heldUntil : at;
    const goesAt = firstMoment(policy, Math.max(start + spread, now), spread);
    if (renewedAt !== null && renewedAt <= goesAt) return { ...base, state: 'SKIPPED' };
    const afterManual = manualAt.some((manual) => at >= manual && at < manual + MS_DAY);
    if (policy.basis === 'date' && afterManual) return { ...base, state: 'SUPERSEDED', byManual: true };
    const onStop = policy.basis === 'time' && at === stop;
    if (onStop ? goesAt > stop + 60_000 : goesAt >= stop) return { ...base, state: 'SKIPPED', goesAt };
    const late = policy.basis === 'time' ? goesAt > at + 60_000 : dayOf(goesAt) > dayOf(at);
    return { ...base, state: at <= now ? 'DUE' : 'PLANNED', kind: late ? 'CATCH_UP' : 'AUTOMATIC', goesAt };
  });

  // A slot that gave way to a manual mail was still the latest: older ones do not rise again for it.
  const open = steps.filter((step) => step.state === 'DUE' || step.state === 'PLANNED' || step.byManual);
  for (const step of steps) {
    const later = open.find((other) => other.at > step.at && other.at <= (step.goesAt ?? -Infinity));
    // Also a step that only the minute of grace on the stop instant has outlived (R12): its mail was not skipped, the
    // slot on the stop took its place.
    if (later && (open.includes(step) || later.state === 'DUE')) step.state = 'SUPERSEDED';
    if (step.state === 'SUPERSEDED' || step.state === 'SKIPPED') step.goesAt = null;
  }
  return steps.map(({ byManual: _byManual, ...step }) => step);
}
