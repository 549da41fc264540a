import { describe, expect, it } from 'vitest';
import {
  addDays,
  addPeriod,
  dayInJapan,
  daysBetween,
  instantInJapan,
  isCivilDate,
  subtractPeriod,
  timeOfDayInJapan,
} from '../../domain/calendar.js';

const period = (years: number, months = 0, days = 0) => ({ years, months, days });

describe('the calendar of Japan', () => {
  it('section 2: a day begins at 15:00 UTC of the day before, to the millisecond', () => {
    expect(dayInJapan(Date.parse('2027-03-31T14:59:59.999Z'))).toBe('2027-03-31');
    expect(dayInJapan(Date.parse('2027-03-31T15:00:00.000Z'))).toBe('2027-04-01');
    expect(instantInJapan('2027-04-01')).toBe(Date.parse('2027-03-31T15:00:00.000Z'));
    expect(instantInJapan('2027-04-01', 8 * 60)).toBe(Date.parse('2027-03-31T23:00:00.000Z'));
  });

  it('section 2: no summer time, also where Japan once had one (1948–1951)', () => {
    expect(instantInJapan('1950-08-01')).toBe(Date.parse('1950-07-31T15:00:00Z'));
    expect(dayInJapan(Date.parse('1950-07-31T14:30:00Z'))).toBe('1950-07-31');
  });

  it('section 2: time of day, before and after 1970', () => {
    expect(timeOfDayInJapan(Date.parse('2027-03-31T15:00:00Z'))).toBe(0);
    expect(timeOfDayInJapan(Date.parse('2027-03-31T14:59:59.999Z'))).toBe(86_399_999);
    expect(timeOfDayInJapan(Date.parse('1950-01-01T00:00:00.001Z'))).toBe(9 * 3_600_000 + 1);
  });

  it.each([
    ['2028-02-29', period(1), '2029-02-28'],
    ['2029-02-28', period(1), '2030-02-28'],
    ['2031-02-28', period(1), '2032-02-28'],
    ['2027-02-28', period(1), '2028-02-28'],
    ['2028-02-29', period(4), '2032-02-29'],
    ['2096-02-29', period(4), '2100-02-28'],
    ['2027-01-31', period(0, 1), '2027-02-28'],
    ['2028-01-31', period(0, 1), '2028-02-29'],
    ['2027-08-31', period(0, 6), '2028-02-29'],
    ['2026-08-31', period(0, 6), '2027-02-28'],
    ['2027-03-31', period(0, 1), '2027-04-30'],
    ['2027-12-31', period(0, 2), '2028-02-29'],
    ['2027-11-30', period(0, 3), '2028-02-29'],
    ['2027-01-31', period(0, 1, 1), '2027-03-01'],
    ['2027-01-31', period(1, 1, 1), '2028-03-01'],
    ['2027-12-31', period(0, 0, 1), '2028-01-01'],
    ['2027-12-31', period(0, 14), '2029-02-28'],
  ])('R2: %s + %o = %s', (date, length, wanted) => {
    expect(addPeriod(date, length)).toBe(wanted);
  });

  it('R2: twelve times one month ends elsewhere than once a year: each counts from the date itself', () => {
    let date = '2027-01-31';
    for (let i = 0; i < 12; i += 1) date = addPeriod(date, period(0, 1));
    expect(date).toBe('2028-01-28');
    expect(addPeriod('2027-01-31', period(0, 12))).toBe('2028-01-31');
  });

  it('R2: backwards a missing day is clamped too', () => {
    expect(subtractPeriod('2028-02-29', period(1))).toBe('2027-02-28');
    expect(subtractPeriod('2027-03-31', period(0, 1))).toBe('2027-02-28');
    expect(subtractPeriod('2027-01-01', period(0, 0, 1))).toBe('2026-12-31');
  });

  it('R3: days are calendar days, over leap days and the turn of the year', () => {
    expect(addDays('2028-03-31', -90)).toBe('2028-01-01');
    expect(addDays('2027-03-31', -90)).toBe('2026-12-31');
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(daysBetween('2028-01-01', '2028-03-31')).toBe(90);
    expect(daysBetween('2028-03-31', '2028-01-01')).toBe(-90);
  });

  it.each([
    '2027-02-29',
    '2027-04-31',
    '2027-13-01',
    '2027-00-10',
    '2027-01-00',
    '2100-02-29',
    '1899-12-31',
    '3000-01-01',
  ])('R1: %s is no date', (text) => {
    expect(isCivilDate(text)).toBe(false);
  });

  it.each([
    '',
    '2027-3-1',
    '20270301',
    '2027-03-01T00:00',
    ' 2027-03-01',
    '2027-03-01\n',
    '２０２７-03-01',
    '-2027-03-01',
  ])('R1: %j is not how a date is written', (text) => {
    expect(isCivilDate(text)).toBe(false);
  });

  it.each(['2028-02-29', '2000-02-29', '1900-01-01', '2999-12-31'])('R1: %s is a date', (text) => {
    expect(isCivilDate(text)).toBe(true);
  });
});
