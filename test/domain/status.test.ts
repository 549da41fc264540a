import { describe, expect, it } from 'vitest';
import { cycleDates, expiryOn } from '../../domain/cycle.js';
import { statusAt } from '../../domain/status.js';
import { datePolicy, jst } from './given.js';

const dates = cycleDates(datePolicy(), expiryOn('2027-03-31'));
const at = (time: string, withdrawnAt: number | null = null) =>
  statusAt({ ...dates, withdrawnAt }, jst(time));

describe('利用状況', () => {
  it.each([
    ['2026-12-30 23:59:59.999', 'ACTIVE'],
    ['2026-12-31 00:00:00.000', 'RENEWAL_PENDING'],
    ['2027-03-31 23:59:59.999', 'RENEWAL_PENDING'],
    ['2027-04-01 00:00:00.000', 'LAPSED'],
    ['2027-06-30 00:00:00.000', 'LAPSED'],
    ['2099-01-01 00:00:00.000', 'LAPSED'],
    ['1999-01-01 00:00:00.000', 'ACTIVE'],
  ])('R5: at %s it is %s, to the millisecond', (time, wanted) => {
    expect(at(time)).toBe(wanted);
  });

  it('R15: 廃止 comes before everything; undone, the same dates speak again', () => {
    for (const time of ['2026-12-30 10:00', '2027-02-01 10:00', '2027-05-01 10:00']) {
      expect(at(time, jst('2026-12-01 00:00'))).toBe('WITHDRAWN');
    }
    expect(at('2027-05-01 10:00', null)).toBe('LAPSED');
  });
});
