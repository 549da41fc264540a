import { describe, expect, it } from 'vitest';
import { cycleDates, expiryOn } from '../../domain/cycle.js';
import { beforeStop, firstMailInstant, nextMorning } from '../../domain/mail-hours.js';
import { datePolicy, jst, timePolicy } from './given.js';

const policy = datePolicy();

describe('hours of mail', () => {
  it.each([
    ['2027-01-15 07:59:59.999', '2027-01-15 10:00'],
    ['2027-01-15 08:00:00.000', '2027-01-15 08:00'],
    ['2027-01-15 12:34:56.789', '2027-01-15 12:34:56.789'],
    ['2027-01-15 20:59:59.999', '2027-01-15 20:59:59.999'],
    ['2027-01-15 21:00:00.000', '2027-01-16 10:00'],
    ['2027-01-15 23:59:59.999', '2027-01-16 10:00'],
    ['2027-01-16 00:00:00.000', '2027-01-16 10:00'],
    ['2027-12-31 21:00:00.000', '2028-01-01 10:00'],
    ['2028-02-28 21:00:00.000', '2028-02-29 10:00'],
  ])('R9: asked at %s it goes at %s', (asked, goes) => {
    expect(firstMailInstant(policy, jst(asked))).toBe(jst(goes));
  });

  it('R9 R11: at the next sendAt it keeps its place in the spread; within the hours it goes at once', () => {
    expect(firstMailInstant(policy, jst('2027-01-15 21:00'), 90_000)).toBe(jst('2027-01-16 10:01:30'));
    expect(firstMailInstant(policy, jst('2027-01-15 12:00'), 90_000)).toBe(jst('2027-01-15 12:00'));
  });

  it('R12: exact time knows no hours', () => {
    expect(firstMailInstant(timePolicy(), jst('2027-01-15 03:00'))).toBe(jst('2027-01-15 03:00'));
    expect(nextMorning(timePolicy(), jst('2027-01-15 03:00'))).toBeNull();
  });

  it.each([
    ['2027-01-15 07:59:59.999', '2027-01-15 08:00'],
    ['2027-01-15 08:00:00.000', null],
    ['2027-01-15 20:59:59.999', null],
    ['2027-01-15 21:00:00.000', '2027-01-16 08:00'],
    ['2027-01-15 23:59:59.999', '2027-01-16 08:00'],
    ['2027-01-16 00:00:00.000', '2027-01-16 08:00'],
  ])('R22: 「朝8時に送る」 at %s means %s', (asked, wanted) => {
    expect(nextMorning(policy, jst(asked))).toBe(wanted === null ? null : jst(wanted));
  });

  it('R6: until 24:00 of the stop day, not at 24:00', () => {
    const dates = cycleDates(policy, expiryOn('2027-03-31'));
    const planned = jst('2027-06-29 10:00');
    expect(beforeStop(policy, dates, planned, jst('2027-06-29 23:59:59.999'))).toBe(true);
    expect(beforeStop(policy, dates, planned, jst('2027-06-30 00:00'))).toBe(false);
  });

  it('R12: only the slot on the stop instant has its minute, the 60th second included', () => {
    const exact = timePolicy();
    const dates = cycleDates(exact, { expiresOn: null, expiresAt: 1_000_000 });
    expect(dates.autoStopsAt).toBe(1_300_000);
    expect(beforeStop(exact, dates, 1_300_000, 1_360_000)).toBe(true);
    expect(beforeStop(exact, dates, 1_300_000, 1_360_001)).toBe(false);
    expect(beforeStop(exact, dates, 1_299_000, 1_299_999)).toBe(true);
    expect(beforeStop(exact, dates, 1_299_000, 1_300_001)).toBe(false);
  });
});
