import { describe, expect, it } from 'vitest';
import { isOutstanding } from '../../domain/schedule.js';
import { datePolicy, jst, planOf, stepOf, timePolicy, told } from './given.js';

const D = '2027-03-31';
const policy = datePolicy();
const held = (now: string, until: number) => planOf(policy, D, jst(now), { heldUntil: until });

describe('R36: while automatic mail rests', () => {
  it('R36 R9: after it the mail goes at once within the hours, else at the next sendAt', () => {
    expect(held('2026-12-31 12:00', jst('2026-12-31 15:00')).due).toMatchObject({
      reason: 'HELD',
      kind: 'AUTOMATIC',
      goesAt: jst('2026-12-31 15:00'),
    });
    expect(held('2026-12-31 12:00', jst('2027-01-02 03:00')).due).toMatchObject({
      reason: 'HELD',
      kind: 'CATCH_UP',
      goesAt: jst('2027-01-02 10:00'),
    });
  });

  it('R36 R9: of the slots that fall into the rest only the latest goes at its end', () => {
    const plan = held('2026-12-31 12:00', jst('2027-03-18 09:00'));
    expect(told(plan).slice(0, 5)).toEqual([
      '2026-12-31 SUPERSEDED NEWER_SLOT_DUE',
      '2027-01-30 SUPERSEDED NEWER_SLOT_DUE',
      '2027-03-01 SUPERSEDED NEWER_SLOT_DUE',
      '2027-03-17 PLANNED HELD',
      '2027-03-24 PLANNED ON_SCHEDULE',
    ]);
    expect(stepOf(plan, '2027-03-17')).toMatchObject({ kind: 'CATCH_UP', goesAt: jst('2027-03-18 09:00') });
  });

  it('R36: a rest that is over changes nothing', () => {
    expect(held('2026-12-31 12:00', jst('2026-12-30 00:00'))).toEqual(
      planOf(policy, D, jst('2026-12-31 12:00')),
    );
  });

  it('R36 R6: a rest that ends after the stop leaves nothing to send', () => {
    expect(held('2026-12-31 12:00', jst('2027-06-30 00:00')).steps.filter(isOutstanding)).toEqual([]);
    expect(stepOf(held('2027-06-29 10:00', jst('2027-06-29 20:59:59.999')), '2027-06-29').state).toBe('DUE');
  });

  it('R36 R28: a rest without an end: the latest is due, none has a moment to go', () => {
    const plan = held('2027-02-01 12:00', Infinity);
    expect(told(plan).slice(0, 3)).toEqual([
      '2026-12-31 SUPERSEDED NEWER_SLOT_DUE',
      '2027-01-30 DUE HELD',
      '2027-03-01 PLANNED HELD',
    ]);
    expect(plan.steps.filter(isOutstanding)).toEqual([]);
    expect(plan.due?.goesAt).toBeNull();
  });

  it.each(['2027-06-30 00:00', '2027-06-29 23:59:59.999', '2028-01-01 12:00'])(
    'R28 R6: a rest without an end past the stop (now %s): a plan, and nothing to send',
    (now) => {
      expect(held(now, Infinity).steps.filter(isOutstanding)).toEqual([]);
    },
  );

  it('R28 R12: a rest without an end past the stop under exact time', () => {
    const plan = planOf(timePolicy(), 1_000_000, 9_000_000, { heldUntil: Infinity });
    expect(plan.due).toBeNull();
    expect(new Set(plan.steps.map((step) => step.reason))).toEqual(new Set(['AFTER_STOP']));
  });
});
