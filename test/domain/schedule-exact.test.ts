import { describe, expect, it } from 'vitest';
import { manualAt, handledAt, planOf, stepOf, timePolicy, told } from './given.js';

const E = Date.parse('2027-03-31T00:00:00.500Z');
const policy = timePolicy();
const STOP = E + 300_000;
const LAST = '2027-03-31T00:05:00.500Z';
const planned = (now: number, more = {}) => planOf(policy, E, now, more);

describe('R12: a plan in exact time', () => {
  it('R12: a slot is named by its instant', () => {
    expect(planned(E - 400_000).steps.map((step) => [step.slot, step.at - E])).toEqual([
      ['2027-03-30T23:55:00.500Z', -300_000],
      ['2027-03-30T23:59:00.500Z', -60_000],
      ['2027-03-31T00:00:00.500Z', 0],
      ['2027-03-31T00:01:00.500Z', 60_000],
      [LAST, 300_000],
    ]);
  });

  it('R12: no hours of day, no spread', () => {
    // 09:00 in Japan less five minutes; and 03:00 in Japan.
    expect(planned(E - 300_000, { spreadKey: 'a' }).due?.goesAt).toBe(E - 300_000);
    const night = Date.parse('2027-03-30T18:00:00Z');
    expect(planOf(policy, night + 300_000, night).due?.goesAt).toBe(night);
    for (const step of planned(E - 400_000, { spreadKey: 'a' }).steps) {
      expect([step.goesAt, step.latestAt]).toEqual([step.at, step.at]);
    }
  });

  it('R12: a slot is due from its own millisecond', () => {
    expect(planned(E - 300_001).due).toBeNull();
    expect(planned(E - 300_000).due?.state).toBe('DUE');
  });

  it.each([
    [60_000, 'AUTOMATIC'],
    [60_001, 'CATCH_UP'],
    [1, 'AUTOMATIC'],
  ])('R12: sent %i ms late it is %s', (late, kind) => {
    expect(planned(E - 300_000 + late).due?.kind).toBe(kind);
  });

  it('R12: no 24-hour rule after a manual mail', () => {
    expect(planned(E, { handled: [manualAt(E - 1)] }).due?.slot).toBe('2027-03-31T00:00:00.500Z');
  });

  it.each([
    [0, 'DUE', 'AUTOMATIC'],
    [60_000, 'DUE', 'AUTOMATIC'],
    [60_001, 'SKIPPED', 'AUTOMATIC'],
  ])('R12: the slot on the stop instant, %i ms after it: %s', (late, state, kind) => {
    expect(stepOf(planned(STOP + late), LAST)).toMatchObject({ state, kind });
  });

  it('R12: a slot before the stop has no such minute', () => {
    const noneOnStop = timePolicy({ reminders: { offsets: ['-PT300S', 'PT299S'] } });
    expect(planOf(noneOnStop, E, STOP - 1).due?.slot).toBe('2027-03-31T00:04:59.500Z');
    expect(planOf(noneOnStop, E, STOP + 1).due).toBeNull();
  });

  it('R12 R9: in the minute after the stop, earlier due slots are SUPERSEDED by the one on the stop, before and after it went', () => {
    const before = planned(STOP + 30_000);
    expect(
      told(before)
        .slice(0, 4)
        .every((line) => line.includes('SUPERSEDED')),
    ).toBe(true);
    const after = planned(STOP + 30_000, { handled: [handledAt(LAST, STOP + 30_000)] });
    expect(after.steps.slice(0, 4).map((step) => step.state)).toEqual(
      before.steps.slice(0, 4).map((step) => step.state),
    );
  });

  it('R12 R10: created on a slot’s instant: skipped; a millisecond before: due', () => {
    expect(stepOf(planned(E, { slotsAfter: E }), '2027-03-31T00:00:00.500Z').state).toBe('SKIPPED');
    expect(stepOf(planned(E, { slotsAfter: E - 1 }), '2027-03-31T00:00:00.500Z').state).toBe('DUE');
  });

  it('R12 R9: of several due only the latest, one second apart', () => {
    const dense = timePolicy({ reminders: { every: 'PT1S' } });
    const plan = planOf(dense, E, E);
    expect(plan.due?.at).toBe(E);
    expect(plan.steps.filter((step) => step.state === 'SUPERSEDED')).toHaveLength(300);
  });

  it('R12 R6: the other reading of the stop', () => {
    const fromExpiry = timePolicy({ autoStopFrom: 'expiry' });
    expect(planOf(fromExpiry, E, E + 599_999).due?.slot).toBe(LAST);
    expect(planOf(fromExpiry, E, E + 600_001).due).toBeNull();
  });
});
