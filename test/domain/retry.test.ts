import { describe, expect, it } from 'vitest';
import type { AddressStory } from '../../domain/address-state.js';
import { cycleDates, expiryOn } from '../../domain/cycle.js';
import { plannedRetry } from '../../domain/retry.js';
import type { PlanInput } from '../../domain/schedule.js';
import { datePolicy, handledAt, jst, planOf, timePolicy } from './given.js';

const D = '2027-03-31';
const policy = datePolicy({ spreadOver: 'PT0S' });

function suspectSince(at: number, more: Partial<AddressStory> = {}): AddressStory {
  return {
    state: 'SUSPECT',
    failures: 1,
    lastProvenAt: null,
    lastFailure: { reminderId: 'r1', at },
    ...more,
  };
}

function retryAt(
  failedAt: string,
  more: Partial<AddressStory> = {},
  plan: Partial<PlanInput> = {},
  by = policy,
) {
  const at = jst(failedAt);
  const { steps } = planOf(by, D, at, plan);
  return plannedRetry({
    policy: by,
    dates: cycleDates(by, expiryOn(D)),
    story: suspectSince(at, more),
    steps,
    spreadKey: 'a',
  });
}

describe('R37: one automatic retry after a first failure', () => {
  it('R37: at sendAt of the day retryAfterFailure later', () => {
    expect(retryAt('2026-12-31 10:00')).toEqual({ reminderId: 'r1', at: jst('2027-01-03 10:00') });
    expect(retryAt('2026-12-31 23:59:59.999')?.at).toBe(jst('2027-01-03 10:00'));
    expect(retryAt('2027-01-01 00:00')?.at).toBe(jst('2027-01-04 10:00'));
  });

  it('R37: left out if a slot falls on or before that day', () => {
    expect(
      retryAt('2027-03-17 10:00', {}, { handled: [handledAt('2027-03-17', jst('2027-03-17 10:00'))] })?.at,
    ).toBe(jst('2027-03-20 10:00'));
    // The slot of 24 March is on the third day after the 21st, and before that of the 22nd.
    expect(retryAt('2027-03-21 10:00')).toBeNull();
    expect(retryAt('2027-03-22 10:00')).toBeNull();
    expect(retryAt('2027-03-20 10:00')?.at).toBe(jst('2027-03-23 10:00'));
  });

  it('R37: not after a second failure, not when proven since, not when nothing failed', () => {
    expect(retryAt('2026-12-31 10:00', { failures: 2, state: 'UNDELIVERABLE' })).toBeNull();
    expect(retryAt('2026-12-31 10:00', { failures: 0 })).toBeNull();
    expect(retryAt('2026-12-31 10:00', { state: 'OK', failures: 0 })).toBeNull();
    expect(retryAt('2026-12-31 10:00', { lastFailure: null })).toBeNull();
  });

  it('R37: a failure of the cycle before is not repeated in this one', () => {
    expect(retryAt('2026-12-30 23:59:59.999')).toBeNull();
    expect(retryAt('2026-12-31 00:00', {}, { slotsAfter: jst('2027-01-01 00:00') })?.at).toBe(
      jst('2027-01-03 10:00'),
    );
  });

  it('R6: never after the stop day', () => {
    expect(retryAt('2027-06-26 10:00', {}, { slotsAfter: jst('2027-06-29 10:00') })?.at).toBe(
      jst('2027-06-29 10:00'),
    );
    expect(retryAt('2027-06-27 10:00', {}, { slotsAfter: jst('2027-06-29 10:00') })).toBeNull();
  });

  it('R11: it is spread like any other mail, the same for the same inputs', () => {
    const spread = datePolicy({ spreadOver: 'PT30M' });
    const once = retryAt('2026-12-31 10:00', {}, {}, spread)?.at ?? 0;
    expect(retryAt('2026-12-31 10:00', {}, {}, spread)?.at).toBe(once);
    expect(once).toBeGreaterThanOrEqual(jst('2027-01-03 10:00'));
    expect(once).toBeLessThan(jst('2027-01-03 10:30'));
  });

  it('R12: under exact time at that very instant, unless a slot lies at or before it', () => {
    const exact = timePolicy();
    const E = 1_000_000;
    const dates = cycleDates(exact, { expiresOn: null, expiresAt: E });
    const retry = (failedAt: number) =>
      plannedRetry({
        policy: exact,
        dates,
        story: suspectSince(failedAt),
        steps: planOf(exact, E, failedAt).steps,
        spreadKey: 'a',
      })?.at ?? null;
    expect(retry(E - 300_000)).toBe(E - 270_000);
    expect(retry(E - 90_000)).toBeNull();
    expect(retry(E - 90_001)).toBe(E - 60_001);
  });
});
