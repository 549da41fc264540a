import { describe, expect, it } from 'vitest';
import { datePolicy, handledAt, jst, manualAt, planOf, stepOf, told } from './given.js';

const D = '2027-03-31';
const policy = datePolicy();
const planned = (now: string, more = {}) => planOf(policy, D, jst(now), more);
/** Mails on neighbouring days. */
const daily = datePolicy({ reminders: { offsets: ['-P90D', '-P89D', '-P88D', 'P90D'] } });
const plannedDaily = (now: string, more = {}) => planOf(daily, D, jst(now), more);

describe('R9: late mail', () => {
  it('R9: late on its own day it is AUTOMATIC, from midnight on CATCH_UP', () => {
    expect(planned('2026-12-31 20:59:59.999').due).toMatchObject({ kind: 'AUTOMATIC', reason: 'LATE' });
    expect(planned('2027-01-01 08:00').due).toMatchObject({
      kind: 'CATCH_UP',
      goesAt: jst('2027-01-01 08:00'),
    });
  });

  it('R9: at night it waits for the next sendAt, and is CATCH_UP by then', () => {
    for (const now of [
      '2026-12-31 21:00',
      '2026-12-31 23:59:59.999',
      '2027-01-01 00:00',
      '2027-01-01 07:59:59.999',
    ]) {
      expect(planned(now).due).toMatchObject({
        slot: '2026-12-31',
        kind: 'CATCH_UP',
        reason: 'OUTSIDE_MAIL_HOURS',
        goesAt: jst('2027-01-01 10:00'),
      });
    }
  });

  it('R9: of several due slots only the latest is sent, earlier ones are SUPERSEDED', () => {
    const plan = planned('2027-03-20 12:00');
    expect(told(plan).slice(0, 5)).toEqual([
      '2026-12-31 SUPERSEDED NEWER_SLOT_DUE',
      '2027-01-30 SUPERSEDED NEWER_SLOT_DUE',
      '2027-03-01 SUPERSEDED NEWER_SLOT_DUE',
      '2027-03-17 DUE LATE',
      '2027-03-24 PLANNED ON_SCHEDULE',
    ]);
    expect(plan.due).toMatchObject({ slot: '2027-03-17', kind: 'CATCH_UP', goesAt: jst('2027-03-20 12:00') });
  });

  it('R9: a slot due at the next sendAt takes the place of the one that waited for it', () => {
    const waiting = plannedDaily('2026-12-31 21:00');
    expect(told(waiting).slice(0, 2)).toEqual([
      '2026-12-31 SUPERSEDED NEWER_SLOT_DUE',
      '2027-01-01 PLANNED ON_SCHEDULE',
    ]);
    expect(waiting.due).toBeNull();
    expect(plannedDaily('2027-01-01 10:00').due).toMatchObject({
      slot: '2027-01-01',
      kind: 'AUTOMATIC',
      reason: 'ON_SCHEDULE',
    });
  });

  it('R9: within the hours of the next day the older one still goes, until the next is due', () => {
    expect(plannedDaily('2027-01-01 09:59:59.999').due).toMatchObject({
      slot: '2026-12-31',
      kind: 'CATCH_UP',
    });
    expect(plannedDaily('2027-01-01 10:00').due?.slot).toBe('2027-01-01');
  });

  it('R9: never after the stop day, not even a minute later', () => {
    expect(planned('2027-06-29 20:59:59.999').due).toMatchObject({ slot: '2027-06-29', kind: 'AUTOMATIC' });
    expect(planned('2027-06-29 21:00').due).toBeNull();
    expect(planned('2027-06-30 12:00').due).toBeNull();
  });

  it('R9: on the eve of the stop day an older slot yields to the one of the stop day', () => {
    const plan = planned('2027-06-28 21:00');
    expect(told(plan).slice(-2)).toEqual([
      '2027-05-30 SUPERSEDED NEWER_SLOT_DUE',
      '2027-06-29 PLANNED ON_SCHEDULE',
    ]);
  });

  it('R9: a slot older than one already handled is never sent', () => {
    const plan = planned('2027-02-01 12:00', { handled: [handledAt('2027-01-30', jst('2027-01-30 10:01'))] });
    expect(stepOf(plan, '2026-12-31')).toMatchObject({ state: 'SUPERSEDED', reason: 'OLDER_THAN_HANDLED' });
    expect(plan.due).toBeNull();
  });
});

describe('R9: a slot within 24 h after an accepted manual mail', () => {
  const afterManual = (accepted: string) =>
    stepOf(planned('2027-01-30 12:00', { handled: [manualAt(jst(accepted))] }), '2027-01-30');

  it.each([
    ['2027-01-29 10:00:00.000', 'DUE'],
    ['2027-01-29 10:00:00.001', 'SUPERSEDED'],
    ['2027-01-30 09:59:59.999', 'SUPERSEDED'],
    ['2027-01-30 10:00:00.000', 'SUPERSEDED'],
    ['2027-01-30 10:00:00.001', 'DUE'],
    ['2027-01-28 12:00:00.000', 'DUE'],
  ])('R9: manual mail accepted %s, slot 2027-01-30 10:00: %s', (accepted, state) => {
    expect(afterManual(accepted).state).toBe(state);
  });

  it('R9: the reason is told, ahead of time too', () => {
    const plan = planned('2027-01-29 18:00', { handled: [manualAt(jst('2027-01-29 18:00'))] });
    expect(stepOf(plan, '2027-01-30')).toMatchObject({
      state: 'SUPERSEDED',
      reason: 'MANUAL_MAIL_WITHIN_24_HOURS',
      goesAt: null,
    });
    expect(stepOf(plan, '2027-03-01').state).toBe('PLANNED');
  });

  it('R9 R11: the slot’s instant counts, not this account’s place in the spread', () => {
    const manual = { handled: [manualAt(jst('2027-01-29 10:00'))], spreadKey: 'x' };
    expect(stepOf(planned('2027-01-30 09:00', manual), '2027-01-30').state).toBe('PLANNED');
  });

  it('R22: a manual mail is no slot: it makes no older slot "older than handled"', () => {
    const plan = planned('2027-02-20 12:00', { handled: [manualAt(jst('2027-02-10 12:00'))] });
    expect(plan.due).toMatchObject({ slot: '2027-01-30', kind: 'CATCH_UP' });
  });
});
