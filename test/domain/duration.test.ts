import { describe, expect, it } from 'vitest';
import { asExactTime, asWholeDays, parseDuration } from '../../domain/duration.js';

const wholeDays = (text: string) => asWholeDays(parseDuration(text)!);
const exactTime = (text: string) => asExactTime(parseDuration(text)!);

describe('ISO 8601 durations', () => {
  it('R2: years, months, weeks, days', () => {
    expect(parseDuration('P1Y2M3W4D')).toEqual({
      sign: 1,
      years: 1,
      months: 2,
      days: 25,
      time: 0,
      hasTimePart: false,
    });
    expect(parseDuration('-P90D')).toMatchObject({ sign: -1, days: 90 });
    expect(parseDuration('+P1D')).toMatchObject({ sign: 1, days: 1 });
  });

  it('R12: M before T is months, M after T is minutes', () => {
    expect(parseDuration('P1M')).toMatchObject({ months: 1, time: 0, hasTimePart: false });
    expect(parseDuration('PT1M')).toMatchObject({ months: 0, time: 60_000, hasTimePart: true });
  });

  it('R12: time to the millisecond, with comma or point', () => {
    expect(exactTime('PT1.5S')).toBe(1_500);
    expect(exactTime('PT1,05S')).toBe(1_050);
    expect(exactTime('PT0.001S')).toBe(1);
    expect(exactTime('P1DT2H3M4S')).toBe(93_784_000);
    expect(exactTime('-PT30S')).toBe(-30_000);
  });

  it('R12: a T part decides, even when it is nothing', () => {
    expect(parseDuration('PT0S')).toMatchObject({ hasTimePart: true, time: 0 });
    expect(Object.is(exactTime('-PT0S'), 0)).toBe(true);
    expect(wholeDays('P1DT0S')).toBeNull();
    expect(exactTime('P1D')).toBeNull();
    expect(exactTime('P1MT1S')).toBeNull();
    expect(exactTime('P1YT1S')).toBeNull();
  });

  it('R4: whole days: weeks count seven, months and hours are refused', () => {
    expect(wholeDays('-P90D')).toBe(-90);
    expect(wholeDays('P2W1D')).toBe(15);
    expect(Object.is(wholeDays('-P0D'), 0)).toBe(true);
    expect(wholeDays('P1M')).toBeNull();
    expect(wholeDays('PT24H')).toBeNull();
  });

  it.each([
    '',
    'P',
    '-P',
    'PT',
    'P1DT',
    '1Y',
    'p1y',
    'P1',
    'P1.5D',
    'P-1D',
    'P1D ',
    ' P1D',
    'P1D1Y',
    'PT1.5H',
    'PT.5S',
    'PT1.S',
  ])('R2: %j is none', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it.each(['P1Y\n', 'P１Y', '--P1D', '∞', 'P1234567Y', 'PT1.0001S', `P${'1'.repeat(100_000)}D`])(
    'R2: nor is an odd one',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );
});
