/** Signals by hand, from the Web UI or the command line, without any input. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY } from '../../domain/calendar.js';
import type { LifeWorld } from '../support/life-world.js';
import { createLifeWorld } from '../support/life-world.js';
import { actions, ledger, sendRaw } from './stories.js';

let world: LifeWorld;
beforeAll(async () => {
  world = await createLifeWorld();
});
afterAll(() => world.close());

describe('by hand, without input', () => {
  test('renew: before the window it changes nothing and says so; in the window it renews once', async () => {
    const { id, windowOpensAt } = await world.register(world.hq);
    await sendRaw(world, id, 'renew', null);
    await world.settle();
    expect((await world.account(world.hq, id)).cycle).toBe(1);
    expect(await actions(world, world.hq, id)).toContain('renewal.refused');

    await world.sleepUntil(windowOpensAt + DAY);
    await sendRaw(world, id, 'renew', null);
    await sendRaw(world, id, 'renew', null);
    await world.settle();
    const renewed = await world.account(world.hq, id);
    // By signal: it extends the expiry and proves nothing about mail (R18).
    expect(renewed).toMatchObject({
      cycle: 2,
      status: 'ACTIVE',
      addressState: 'UNVERIFIED',
      lastProvenAt: null,
    });
    expect(
      (await actions(world, world.hq, id)).filter((action) => action === 'account.renewed'),
    ).toHaveLength(1);
  });

  test('resendReminder: at once, once per ten minutes; withdraw: with the reason signal', async () => {
    const { id, mailAddress, windowOpensAt } = await world.register(world.otherHq);
    await sendRaw(world, id, 'resendReminder', null);
    await world.settle();
    expect(world.mailsTo(mailAddress)).toHaveLength(0);
    expect(await actions(world, world.otherHq, id)).toContain('resend.refused');

    await world.sleepUntil(windowOpensAt + 2 * DAY);
    await sendRaw(world, id, 'resendReminder', null);
    await sendRaw(world, id, 'resendReminder', null);
    await world.settle();
    expect((await ledger(world, world.otherHq, id)).filter((mail) => mail.kind === 'MANUAL')).toHaveLength(1);
    expect(world.mailsTo(mailAddress)).toHaveLength(2);

    await sendRaw(world, id, 'withdraw', null);
    await world.settle();
    expect(await world.account(world.otherHq, id)).toMatchObject({
      status: 'WITHDRAWN',
      withdrawal: { reason: 'signal' },
    });
  });
});

test('a storm at the turn of a cycle: one renewal, every signal heard, the life goes on', async () => {
  const { id, mailAddress, windowOpensAt } = await world.register(world.hq);
  await world.sleepUntil(windowOpensAt + DAY);
  await Promise.all(
    Array.from({ length: 60 }, async (_, i) => {
      await sendRaw(
        world,
        id,
        i % 3 === 0 ? 'renew' : 'look',
        i % 2 === 0 ? `{"requestId":"storm-${i % 6}"}` : null,
      );
    }),
  );
  await world.settle();
  const renewed = await world.account(world.hq, id);
  expect(renewed.cycle).toBe(2);
  expect(world.mailsTo(mailAddress)).toHaveLength(2);
  await world.sleepUntil(renewed.windowOpensAt + DAY);
  expect(world.mailsTo(mailAddress)).toHaveLength(3);
});
