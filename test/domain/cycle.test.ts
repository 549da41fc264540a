import { describe, expect, it } from 'vitest';
import { cycleDates, expiryOn, firstExpiry } from '../../domain/cycle.js';
import { datePolicy, jst, timePolicy } from './given.js';

describe('one 更新期間', () => {
  it('R1: E is the midnight that ends D, exclusive', () => {
    expect(expiryOn('2027-03-31')).toEqual({ expiresOn: '2027-03-31', expiresAt: jst('2027-04-01 00:00') });
    expect(expiryOn('2028-02-29').expiresAt).toBe(jst('2028-03-01 00:00'));
    expect(expiryOn('2027-12-31').expiresAt).toBe(jst('2028-01-01 00:00'));
  });

  it.each([
    ['2027-03-31 23:59:59.999', '2028-03-31'],
    ['2027-04-01 00:00', '2028-04-01'],
    ['2028-02-29 12:00', '2029-02-28'],
    ['2028-02-28 23:59:59.999', '2029-02-28'],
    ['2028-03-01 00:00', '2029-03-01'],
  ])('R2: registered at %s in Japan for P1Y: D = %s', (at, expiresOn) => {
    expect(firstExpiry(datePolicy(), jst(at)).expiresOn).toBe(expiresOn);
  });

  it('R2: the validity of the HQ: P6M, P2Y, P30D', () => {
    const first = (validity: string, remindBefore: string) =>
      firstExpiry(
        datePolicy({ validity, remindBefore, reminders: { every: 'P14D' } }),
        jst('2027-08-31 10:00'),
      ).expiresOn;
    expect(first('P6M', 'P90D')).toBe('2028-02-29');
    expect(first('P2Y', 'P90D')).toBe('2029-08-31');
    expect(first('P30D', 'P7D')).toBe('2027-09-30');
  });

  it('R12: under exact time E is the very instant plus validity', () => {
    expect(firstExpiry(timePolicy(), 1_234_567)).toEqual({ expiresOn: null, expiresAt: 1_834_567 });
  });

  it('R3: the window opens at 00:00 of D−90', () => {
    expect(cycleDates(datePolicy(), expiryOn('2027-03-31')).windowOpensAt).toBe(jst('2026-12-31 00:00'));
    expect(cycleDates(datePolicy(), expiryOn('2028-03-31')).windowOpensAt).toBe(jst('2028-01-01 00:00'));
    expect(cycleDates(datePolicy(), expiryOn('2028-02-29')).windowOpensAt).toBe(jst('2027-12-01 00:00'));
  });

  it('R6: the stop is 24:00 of window day + 180 = D+90', () => {
    expect(cycleDates(datePolicy(), expiryOn('2027-03-31')).autoStopsAt).toBe(jst('2027-06-30 00:00'));
    expect(cycleDates(datePolicy(), expiryOn('2027-12-01')).autoStopsAt).toBe(jst('2028-03-01 00:00'));
  });

  it('R6: the other reading: 180 days from D', () => {
    const policy = datePolicy({ autoStopFrom: 'expiry' });
    expect(cycleDates(policy, expiryOn('2027-03-31')).autoStopsAt).toBe(jst('2027-09-28 00:00'));
  });

  it('R6: a stop before E is possible, and is where it says', () => {
    const policy = datePolicy({ autoStopAfter: 'P30D', reminders: { offsets: ['-P90D', '-P60D'] } });
    expect(cycleDates(policy, expiryOn('2027-03-31')).autoStopsAt).toBe(jst('2027-01-31 00:00'));
  });

  it('R12: under exact time window and stop are instants', () => {
    const expiry = { expiresOn: null, expiresAt: 1_000_000 };
    const dates = { expiresOn: null, expiresAt: 1_000_000, windowOpensAt: 700_000 };
    expect(cycleDates(timePolicy(), expiry)).toEqual({ ...dates, autoStopsAt: 1_300_000 });
    expect(cycleDates(timePolicy({ autoStopFrom: 'expiry' }), expiry)).toEqual({
      ...dates,
      autoStopsAt: 1_600_000,
    });
  });

  it('R12: a date-based policy without a date is a programmer’s mistake', () => {
    expect(() => cycleDates(datePolicy(), { expiresOn: null, expiresAt: 0 })).toThrow(RangeError);
  });
});
