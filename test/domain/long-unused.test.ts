import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MINUTE, addPeriod, dayInJapan, instantInJapan } from '../../domain/calendar.js';
import { isLongUnused, longUnusedBefore } from '../../domain/long-unused.js';
import { parsePolicy } from '../../domain/policy.js';
import { SEED } from './arbitraries.js';
import { jst } from './given.js';

function policyOf(document: object) {
  const parsed = parsePolicy(document);
  if (!parsed.ok) throw new Error('the policy of this test is not valid');
  return parsed.policy;
}

const yearly = policyOf({});
const exact = policyOf({
  validity: 'PT600S',
  remindBefore: 'PT300S',
  reminders: { every: 'PT60S' },
  autoStopAfter: 'PT600S',
  retryAfterFailure: 'PT20S',
  longUnusedAfter: 'PT1200S',
});

describe('R33: 長期間未利用', () => {
  test('begins with the day that is one period after the last use', () => {
    const lastUse = jst('2026-06-01 23:59');
    expect(isLongUnused(yearly, lastUse, jst('2027-06-01 00:00') - 1)).toBe(false);
    expect(isLongUnused(yearly, lastUse, jst('2027-06-01 00:00'))).toBe(true);
  });

  test('in exact time, to the millisecond', () => {
    expect(isLongUnused(exact, 0, 20 * MINUTE - 1)).toBe(false);
    expect(isLongUnused(exact, 0, 20 * MINUTE)).toBe(true);
  });

  test('the bound for lists says the same of every last use and period, at the ends of months too', () => {
    const instant = fc.integer({ min: jst('2020-01-01 00:00'), max: jst('2032-12-31 00:00') });
    const period = fc.constantFrom(
      'P1M',
      'P2M',
      'P3M',
      'P6M',
      'P1Y',
      'P1Y1M',
      'P2Y',
      'P1M3D',
      'P90D',
      'P365D',
    );
    fc.assert(
      fc.property(
        instant,
        period,
        fc.integer({ min: -4, max: 4 }),
        fc.boolean(),
        (now, longUnusedAfter, off, edge) => {
          const policy = policyOf({ longUnusedAfter });
          const before = longUnusedBefore(policy, now);
          const lastUse = before + (edge ? off : off * 86_400_000);
          expect(isLongUnused(policy, lastUse, now)).toBe(lastUse < before);
        },
      ),
      { seed: SEED, numRuns: 2_000 },
    );
    expect(longUnusedBefore(exact, 20 * MINUTE)).toBe(1);
  });

  test('the last day of February', () => {
    const policy = policyOf({ longUnusedAfter: 'P1M' });
    const now = jst('2027-02-28 12:00');
    // 28 to 31 January: all a month ago.
    expect(longUnusedBefore(policy, now)).toBe(jst('2027-02-01 00:00'));
    expect(addPeriod(dayInJapan(jst('2027-01-31 12:00')), { years: 0, months: 1, days: 0 })).toBe(
      '2027-02-28',
    );
    expect(instantInJapan('2027-02-01')).toBe(jst('2027-02-01 00:00'));
  });
});
