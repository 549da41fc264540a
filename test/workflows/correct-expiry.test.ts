/** R39: a corrected expiry, carried out by real workflows that sleep towards the old one. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY, HOUR, addDays, dayInJapan } from '../../domain/calendar.js';
import { correctExpiry } from '../../usecases/correct-expiry.js';
import type { LifeWorld } from '../support/life-world.js';
import { createLifeWorld } from '../support/life-world.js';
import { actions } from './stories.js';

let world: LifeWorld;
beforeAll(async () => {
  world = await createLifeWorld();
});
afterAll(() => world.close());

async function correct(accountId: string, expiresOn: string): Promise<void> {
  const request = { expiresOn, reason: '入力の誤り', dryRun: false };
  await correctExpiry(world.deps, world.command(world.hq), accountId, request);
  await world.settle();
}

test('R39: earlier, the sleeping run wakes, mails and lapses; from STOPPED back to ACTIVE, it lives through it again', async () => {
  const { id, mailAddress } = await world.register(world.hq);
  const inAMonth = addDays(dayInJapan(world.now()), 30);
  await correct(id, inAMonth);
  const early = await world.account(world.hq, id);
  expect(early).toMatchObject({ status: 'RENEWAL_PENDING', cycle: 1 });
  await world.sleepUntil(early.expiresAt + HOUR);
  expect(world.mailsTo(mailAddress).length).toBeGreaterThanOrEqual(3);
  await world.sleepUntil(early.autoStopsAt + HOUR);
  const mails = world.mailsTo(mailAddress).length;
  expect(await world.account(world.hq, id)).toMatchObject({ status: 'LAPSED', autoMail: 'STOPPED' });

  await correct(id, addDays(dayInJapan(world.now()), 200));
  const later = await world.account(world.hq, id);
  expect(later).toMatchObject({ status: 'ACTIVE', autoMail: 'RUNNING', cycle: 1 });
  await world.sleepUntil(later.windowOpensAt - 1);
  expect(world.mailsTo(mailAddress)).toHaveLength(mails);
  await world.sleepUntil(later.windowOpensAt + DAY);
  expect(world.mailsTo(mailAddress)).toHaveLength(mails + 1);
  await world.sleepUntil(later.autoStopsAt + HOUR);
  expect(world.mailsTo(mailAddress)).toHaveLength(mails + 11);
  expect(await actions(world, world.hq, id)).toEqual([
    'account.registered',
    'account.expiry-corrected',
    'account.lapsed',
    'account.auto-mail-ended',
    'account.expiry-corrected',
    'account.lapsed',
    'account.auto-mail-ended',
  ]);
});
