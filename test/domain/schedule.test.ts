import { describe, expect, it } from 'vitest';
import { cycleDates, expiryOn } from '../../domain/cycle.js';
import { isOutstanding } from '../../domain/schedule.js';
import { datePolicy, handledAt, jst, planOf, stepOf, told } from './given.js';

const D = '2027-03-31';
const policy = datePolicy();
const planned = (now: string, more = {}) => planOf(policy, D, jst(now), more);
const SLOTS = [
  '2026-12-31',
  '2027-01-30',
  '2027-03-01',
  '2027-03-17',
  '2027-03-24',
  '2027-03-28',
  '2027-04-01',
  '2027-04-14',
  '2027-04-30',
  '2027-05-30',
  '2027-06-29',
];

describe('the plan of a cycle', () => {
  it('R4: the default slots, named by their planned day, all ahead before the window', () => {
    expect(told(planned('2026-12-01 12:00'))).toEqual(SLOTS.map((slot) => `${slot} PLANNED ON_SCHEDULE`));
  });

  it('R3 R14: each at sendAt 10:00 in Japan, with instants and reasons', () => {
    const plan = planned('2026-12-01 12:00');
    expect(plan.steps[0]).toEqual({
      slot: '2026-12-31',
      kind: 'AUTOMATIC',
      at: jst('2026-12-31 10:00'),
      latestAt: jst('2026-12-31 10:30'),
      state: 'PLANNED',
      reason: 'ON_SCHEDULE',
      goesAt: jst('2026-12-31 10:00'),
    });
    expect(plan.steps.map((step) => step.at)).toEqual(SLOTS.map((slot) => jst(`${slot} 10:00`)));
    expect(plan.due).toBeNull();
  });

  it.each([
    ['2028-03-31', '2028-01-01', '2028-06-29'],
    ['2028-02-29', '2027-12-01', '2028-05-29'],
    ['2027-02-28', '2026-11-30', '2027-05-29'],
    ['2028-05-29', '2028-02-29', '2028-08-27'],
    ['2027-12-31', '2027-10-02', '2028-03-30'],
  ])('R3 R6: D %s: first mail %s, last %s', (expiresOn, first, last) => {
    const { steps } = planOf(policy, expiresOn, jst('2026-01-01 00:00'));
    expect([steps[0]?.slot, steps.at(-1)?.slot]).toEqual([first, last]);
  });

  it('R3: a slot is due from its sendAt on, not a millisecond before', () => {
    expect(planned('2026-12-31 09:59:59.999').due).toBeNull();
    expect(planned('2026-12-31 10:00:00.000').due).toMatchObject({ slot: '2026-12-31', kind: 'AUTOMATIC' });
  });

  it('R14: due says when it may go first', () => {
    expect(planned('2026-12-31 15:00').due?.goesAt).toBe(jst('2026-12-31 15:00'));
    expect(planned('2026-12-31 22:00').due?.goesAt).toBe(jst('2027-01-01 10:00'));
  });

  it('R9: what was handled keeps its kind and is never planned again', () => {
    const handled = [{ slot: '2026-12-31', kind: 'CATCH_UP' as const, at: jst('2027-01-02 10:00') }];
    const plan = planned('2027-01-10 12:00', { handled });
    expect(stepOf(plan, '2026-12-31')).toMatchObject({
      state: 'HANDLED',
      reason: 'HANDLED',
      kind: 'CATCH_UP',
      goesAt: null,
    });
    expect(plan.due).toBeNull();
  });

  it('R10: created on a slot: skipped; a millisecond before: sent; the account joins at the next slot', () => {
    const at = (created: string) =>
      stepOf(planned('2027-01-30 12:00', { slotsAfter: jst(created) }), '2027-01-30').state;
    expect(at('2027-01-30 09:59:59.999')).toBe('DUE');
    expect(at('2027-01-30 10:00:00.000')).toBe('SKIPPED');
    const plan = planned('2027-02-01 12:00', { slotsAfter: jst('2027-02-01 12:00') });
    expect(told(plan).slice(0, 3)).toEqual([
      '2026-12-31 SKIPPED BEFORE_CREATION',
      '2027-01-30 SKIPPED BEFORE_CREATION',
      '2027-03-01 PLANNED ON_SCHEDULE',
    ]);
  });

  it('R10: what lay before creation is never caught up, however late', () => {
    const plan = planned('2027-06-20 12:00', { slotsAfter: jst('2027-05-30 10:00') });
    expect(plan.due).toBeNull();
    expect(plan.steps.filter((step) => step.reason === 'BEFORE_CREATION')).toHaveLength(10);
  });

  it('R10: imported past the stop day: no automatic mail', () => {
    const plan = planned('2027-07-15 12:00', { slotsAfter: jst('2027-07-15 12:00') });
    expect(plan.steps.filter(isOutstanding)).toEqual([]);
    expect(plan.due).toBeNull();
  });

  it('R10: registered after its D−90 with a near D: joins at the next slot', () => {
    const plan = planned('2027-03-25 00:00', { slotsAfter: jst('2027-03-25 00:00') });
    expect(plan.steps.find(isOutstanding)?.slot).toBe('2027-03-28');
  });

  it('R6: what is left after the stop day is SKIPPED; until 24:00 it may go', () => {
    expect(planned('2027-06-29 20:59:59.999').due?.slot).toBe('2027-06-29');
    const after = planned('2027-06-30 00:00');
    expect(after.due).toBeNull();
    expect(new Set(after.steps.map((step) => `${step.state} ${step.reason}`))).toEqual(
      new Set(['SKIPPED AFTER_STOP']),
    );
  });

  it('R6 R9: in the last night nothing can go any more: the next sendAt is after the stop day', () => {
    expect(stepOf(planned('2027-06-29 21:00'), '2027-06-29')).toMatchObject({
      state: 'SKIPPED',
      reason: 'AFTER_STOP',
    });
  });

  it('R7: a renewal ends what is not sent yet, also what was due', () => {
    const renewedAt = jst('2027-03-01 11:00');
    const plan = planned('2027-03-01 11:00', {
      renewedAt,
      handled: [handledAt('2027-01-30', jst('2027-01-30 10:00'))],
    });
    expect(plan.due).toBeNull();
    expect(told(plan).slice(0, 4)).toEqual([
      '2026-12-31 SUPERSEDED OLDER_THAN_HANDLED',
      '2027-01-30 HANDLED HANDLED',
      '2027-03-01 SKIPPED RENEWED',
      '2027-03-17 SKIPPED RENEWED',
    ]);
  });

  it('R14: a renewal that lies ahead ends only what comes after it', () => {
    const plan = planned('2027-02-01 12:00', { renewedAt: jst('2027-03-17 10:00') });
    expect(told(plan).slice(2, 5)).toEqual([
      '2027-03-01 PLANNED ON_SCHEDULE',
      '2027-03-17 SKIPPED RENEWED',
      '2027-03-24 SKIPPED RENEWED',
    ]);
  });

  it('R37: an address that takes no reminders: none is due, each keeps its moment for the ledger', () => {
    const plan = planned('2026-12-31 12:00', { addressClosed: true });
    expect(plan.due).toBeNull();
    expect(stepOf(plan, '2026-12-31')).toMatchObject({ state: 'SKIPPED', reason: 'ADDRESS_UNDELIVERABLE' });
    expect(plan.steps.filter(isOutstanding)).toHaveLength(11);
    expect(planned('2027-06-30 00:00', { addressClosed: true }).steps.filter(isOutstanding)).toEqual([]);
  });

  it('R6: with a stop before E the plan ends there', () => {
    const short = datePolicy({ autoStopAfter: 'P30D', reminders: { offsets: ['-P90D', '-P60D'] } });
    expect(cycleDates(short, expiryOn(D)).autoStopsAt).toBe(jst('2027-01-31 00:00'));
    expect(told(planOf(short, D, jst('2027-01-30 20:59:59.999')))).toEqual([
      '2026-12-31 SUPERSEDED NEWER_SLOT_DUE',
      '2027-01-30 DUE LATE',
    ]);
  });
});
