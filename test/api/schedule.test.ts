/** The plan of an account and the preview of any policy, as JSON (R14). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { World } from './world.js';
import { MINUTES_POLICY, PERSON, createWorld, nextNumber } from './world.js';

interface Preview {
  steps: { slot: string; kind: string; at: string; latestAt: string; state: string; reason: string }[];
  status: string;
  due: { slot: string; kind: string; at: string } | null;
  renewal: object | null;
}

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function preview(body: object): Promise<Preview> {
  const answer = await world.call('post', '/v1/schedule-preview', { body });
  expect(answer.body).toMatchObject({ steps: expect.any(Array) });
  return answer.body as Preview;
}

describe('schedule-preview', () => {
  test('R3, R4, R11: the default policy, one step a slot, oldest first', async () => {
    const plan = await preview({ expiresOn: '2027-03-31', now: '2026-12-30T23:59:59+09:00' });
    expect(plan).toMatchObject({
      status: 'ACTIVE',
      windowOpensAt: '2026-12-30T15:00:00.000Z',
      expiresAt: '2027-03-31T15:00:00.000Z',
      due: null,
      renewal: null,
    });
    expect(plan.steps).toHaveLength(11);
    expect(plan.steps[0]).toEqual({
      slot: '2026-12-31',
      kind: 'AUTOMATIC',
      at: '2026-12-31T01:00:00.000Z',
      latestAt: '2026-12-31T01:30:00.000Z',
      state: 'PLANNED',
      reason: 'ON_SCHEDULE',
    });
  });

  test('R9: after an outage the latest slot is due, the older ones are superseded', async () => {
    const plan = await preview({ expiresOn: '2027-03-31', now: '2027-03-02T12:00:00+09:00' });
    expect(plan.steps.slice(0, 3).map((step) => step.state)).toEqual(['SUPERSEDED', 'SUPERSEDED', 'DUE']);
    expect(plan.due).toEqual({ slot: '2027-03-01', kind: 'CATCH_UP', at: '2027-03-02T03:00:00.000Z' });
  });

  test('R7: a renewal in the window, and none before it', async () => {
    const renewed = await preview({
      expiresOn: '2027-03-31',
      renewedAt: '2027-01-10T09:00:00+09:00',
      now: '2027-01-11T09:00:00+09:00',
    });
    expect(renewed.renewal).toEqual({
      expiresOn: '2028-03-31',
      expiresAt: '2028-03-31T15:00:00.000Z',
      windowOpensAt: '2027-12-31T15:00:00.000Z',
    });
    expect(
      (await preview({ expiresOn: '2027-03-31', renewedAt: '2026-12-01T00:00:00Z' })).renewal,
    ).toBeNull();
  });

  test('R12: a policy in exact time, slots named by their instants', async () => {
    const plan = await preview({
      policy: MINUTES_POLICY,
      expiresAt: '2026-06-01T12:10:00+09:00',
      now: '2026-06-01T03:05:30Z',
      handled: [
        { slot: '2026-06-01T12:05:00+09:00', kind: 'AUTOMATIC', at: '2026-06-01T03:05:00Z' },
        { slot: null, kind: 'MANUAL', at: '2026-06-01T03:05:10Z' },
      ],
    });
    expect(plan.steps[0]).toMatchObject({ slot: '2026-06-01T03:05:00.000Z', state: 'HANDLED' });
    expect(plan.steps[1]).toMatchObject({ state: 'PLANNED', at: '2026-06-01T03:06:00.000Z' });
  });

  test('R4: what a policy cannot be is told as when it is put', async () => {
    const answer = await world.call('post', '/v1/schedule-preview', {
      body: { expiresOn: '2027-03-31', policy: { reminders: { offsets: [] } } },
    });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ field: 'policy.reminders.offsets', code: 'none' }] });
  });

  test('the ends of the calendar', async () => {
    for (const expiresOn of ['1900-01-01', '2999-12-31']) {
      const plan = await preview({
        expiresOn,
        now: '2999-12-29T00:00:00Z',
        renewedAt: '2999-12-29T00:00:00Z',
      });
      expect(plan.steps).toHaveLength(11);
    }
  });
});

test('R14: the plan of an account holds its slots, the lapse and the stop', async () => {
  const account = await world.call('post', '/v1/accounts', {
    body: { ...PERSON, registrationNumber: nextNumber(), expiresOn: '2026-06-30' },
  });
  const { id } = account.body as { id: string };
  await world.call('post', `/v1/accounts/${id}/reminders`);
  const plan = (await world.call('get', `/v1/accounts/${id}/schedule`)).body as {
    status: string;
    steps: { what: string; at: string; state: string; reason: string | null }[];
  };
  expect(plan.status).toBe('RENEWAL_PENDING');
  expect(plan.steps.map((step) => Date.parse(step.at))).toEqual(
    plan.steps.map((step) => Date.parse(step.at)).sort((a, b) => a - b),
  );
  expect(plan.steps.filter((step) => step.what === 'SLOT')).toHaveLength(11);
  expect(plan.steps.find((step) => step.what === 'MAIL')).toMatchObject({ state: 'DUE' });
  expect(plan.steps.find((step) => step.what === 'LAPSE')).toMatchObject({
    at: '2026-06-30T15:00:00.000Z',
    state: 'PLANNED',
  });
  expect(plan.steps[0]).toMatchObject({ state: 'SKIPPED', reason: 'BEFORE_CREATION' });
});
