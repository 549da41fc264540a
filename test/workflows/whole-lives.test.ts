/** A person's years as the customer's document tells them, on a real server with skipped time. */
import proto from '@temporalio/proto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, dayInJapan, timeOfDayInJapan } from '../../domain/calendar.js';
import { requestResend } from '../../usecases/request-resend.js';
import type { LifeWorld } from '../support/life-world.js';
import { createLifeWorld } from '../support/life-world.js';
import { actions, answer, eventTypes, eventsPerRun, ledger } from './stories.js';

const {
  EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: ACTIVITY_TASK_SCHEDULED,
  EVENT_TYPE_TIMER_STARTED: TIMER_STARTED,
} = proto.temporal.api.enums.v1.EventType;

let world: LifeWorld;
beforeAll(async () => {
  world = await createLifeWorld();
});
afterAll(() => world.close());

test('R3 R7: sleeps until the window, mails, renews through the link, thanks, and sleeps on as a new run', async () => {
  const { id, mailAddress } = await world.register(world.hq);
  const first = await world.account(world.hq, id);
  await world.sleepUntil(first.windowOpensAt - 1);
  expect(world.mailsTo(mailAddress)).toHaveLength(0);

  await world.sleepUntil(first.windowOpensAt + 10 * HOUR + 30 * MINUTE);
  const [request] = world.mailsTo(mailAddress);
  expect(dayInJapan(request?.at ?? 0)).toBe(dayInJapan(first.windowOpensAt));
  expect(timeOfDayInJapan(request?.at ?? 0)).toBeGreaterThanOrEqual(10 * HOUR);

  const { firstExecutionRunId, runId } = {
    ...(await world.workflow(id).describe()),
    firstExecutionRunId: null,
  };
  expect(firstExecutionRunId).toBeNull();
  expect((await answer(world, world.hq, request)).outcome).toBe('RENEWED');
  const renewed = await world.account(world.hq, id);
  expect(renewed).toMatchObject({ status: 'ACTIVE', cycle: 2, addressState: 'OK' });
  expect(renewed.expiresOn).toBe(`${Number(first.expiresOn?.slice(0, 4)) + 1}${first.expiresOn?.slice(4)}`);
  const [, receipt, ...more] = world.mailsTo(mailAddress);
  expect(receipt?.subject).toContain('終わりました');
  expect(more).toHaveLength(0);
  const next = await world.workflow(id).describe();
  expect(next.status.name).toBe('RUNNING');
  expect(next.runId).not.toBe(runId);
  // It was told what is next, and went to sleep without asking.
  expect(await eventTypes(world, id)).not.toContain(ACTIVITY_TASK_SCHEDULED);
  expect(await eventTypes(world, id)).toContain(TIMER_STARTED);

  await world.sleepUntil(renewed.windowOpensAt + DAY);
  expect(world.mailsTo(mailAddress)).toHaveLength(3);
});

test('R5 R6 R22: unanswered it lapses at E, reminds on, stops; then only a resend by hand goes, and renews', async () => {
  const { id, mailAddress, ...first } = await world.register(world.otherHq);
  await world.sleepUntil(first.expiresAt - 1_000);
  expect(await world.account(world.otherHq, id)).toMatchObject({
    status: 'RENEWAL_PENDING',
    lapseCause: null,
  });
  expect(await actions(world, world.otherHq, id)).not.toContain('account.lapsed');
  await world.sleepUntil(first.expiresAt);
  expect(await world.account(world.otherHq, id)).toMatchObject({
    status: 'LAPSED',
    lapseCause: 'NO_RESPONSE',
  });
  expect(await actions(world, world.otherHq, id)).toContain('account.lapsed');

  await world.sleepUntil(first.autoStopsAt + 200 * DAY);
  const mails = await ledger(world, world.otherHq, id);
  expect(mails.map(({ slot, kind, outcome }) => ({ kind, outcome, named: slot !== null }))).toEqual(
    Array.from({ length: 11 }, () => ({ kind: 'AUTOMATIC', outcome: 'ACCEPTED', named: true })),
  );
  expect(Math.max(...world.mailsTo(mailAddress).map((mail) => mail.at))).toBeLessThan(first.autoStopsAt);
  expect(await world.account(world.otherHq, id)).toMatchObject({ status: 'LAPSED', autoMail: 'STOPPED' });
  expect((await world.workflow(id).describe()).status.name).toBe('RUNNING');

  await requestResend(world.deps, world.command(world.otherHq), id, { when: 'now' });
  await world.settle();
  const byHand = world.mailsTo(mailAddress).at(-1);
  expect(world.mailsTo(mailAddress)).toHaveLength(12);
  expect((await answer(world, world.otherHq, byHand)).outcome).toBe('RENEWED');
  expect(await world.account(world.otherHq, id)).toMatchObject({
    status: 'ACTIVE',
    cycle: 2,
    autoMail: 'RUNNING',
  });
});

test('ten years, answered each time: at most 60 events a quiet year, no run above 500', async () => {
  const { id, mailAddress } = await world.register(world.hq);
  for (let year = 1; year <= 10; year += 1) {
    const { windowOpensAt } = await world.account(world.hq, id);
    await world.sleepUntil(windowOpensAt + DAY);
    expect((await answer(world, world.hq, world.mailsTo(mailAddress).at(-1))).outcome).toBe('RENEWED');
  }
  expect((await world.account(world.hq, id)).cycle).toBe(11);
  expect(world.mailsTo(mailAddress)).toHaveLength(20);
  const events = await eventsPerRun(world, id);
  expect(events).toHaveLength(11);
  expect(Math.max(...events)).toBeLessThanOrEqual(60);
});

test('at most 12 events a reminder in a life without an answer', async () => {
  const { id, autoStopsAt } = await world.register(world.hq);
  await world.sleepUntil(autoStopsAt - 1_000);
  const [events = 0, ...more] = await eventsPerRun(world, id);
  expect(more).toHaveLength(0);
  const mails = (await ledger(world, world.hq, id)).length;
  expect(mails).toBe(11);
  // Start, first look and the recording of the lapse are no reminders.
  expect(events).toBeLessThanOrEqual(12 * mails + 25);
});

test('R12: the same life in minutes', async () => {
  const { id, mailAddress, ...first } = await world.register(world.minutesHq);
  await world.sleepUntil(first.expiresAt);
  expect(world.mailsTo(mailAddress)).toHaveLength(6);
  expect(await world.account(world.minutesHq, id)).toMatchObject({
    status: 'LAPSED',
    lapseCause: 'NO_RESPONSE',
  });
  await world.sleepUntil(first.autoStopsAt + 10 * MINUTE);
  expect(world.mailsTo(mailAddress)).toHaveLength(10);
  expect((await answer(world, world.minutesHq, world.mailsTo(mailAddress)[0])).outcome).toBe('RENEWED');
});
