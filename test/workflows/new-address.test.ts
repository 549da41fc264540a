/** R19: a new account's check mail and a change of address, carried out by a real workflow as it sleeps for months. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY, HOUR } from '../../domain/calendar.js';
import { changeAccount } from '../../usecases/change-account.js';
import { confirmByLink } from '../../usecases/confirm-address.js';
import { findLink } from '../../usecases/open-link.js';
import type { LifeWorld, SentMail } from '../support/life-world.js';
import { createLifeWorld } from '../support/life-world.js';
import { actions, answer, ledger } from './stories.js';

let world: LifeWorld;
beforeAll(async () => {
  world = await createLifeWorld();
});
afterAll(() => world.close());

async function confirm(fireHqId: string, mail: SentMail | undefined): Promise<string> {
  const link = await findLink(world.deps, /\/r\/([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? '');
  if (link === null) throw new Error('the link is not known');
  const outcome = await confirmByLink(world.deps, { ...world.command(fireHqId), actor: 'resident' }, link);
  await world.settle();
  return outcome;
}

test('R19: asked at once and proven; a new one waits for its answer, then gets the request and the answers', async () => {
  await world.register(world.otherHq, { checkMail: true });
  const { id, mailAddress, windowOpensAt } = await world.register(world.hq, { checkMail: true });
  // At the latest at 08:00 in Japan.
  await world.sleepUntil(world.now() + 12 * HOUR);
  expect(await confirm(world.hq, world.mailsTo(mailAddress)[0])).toBe('CONFIRMED');
  expect(await world.account(world.hq, id)).toMatchObject({ addressState: 'OK' });

  await world.sleepUntil(windowOpensAt + 2 * DAY + 5 * HOUR);
  const change = { mailAddress: 'life-new@example.jp' };
  await changeAccount(world.deps, world.command(world.hq), id, 1, change);
  await world.settle();
  await world.sleepUntil(world.now() + 12 * HOUR);
  const [check] = world.mailsTo(change.mailAddress);
  expect(check?.subject).toContain('アドレスの確認');
  expect(await world.account(world.hq, id)).toMatchObject({ mailAddress });
  expect(await confirm(world.hq, check)).toBe('CONFIRMED');
  await world.sleepUntil(world.now() + DAY);
  expect(await world.account(world.hq, id)).toMatchObject({ ...change, addressState: 'OK' });
  expect(world.mailsTo(mailAddress).at(-1)?.subject).toContain('変わりました');
  const request = world.mailsTo(change.mailAddress).at(-1);
  expect(request?.subject).toContain('お願い');
  expect((await answer(world, world.hq, request)).outcome).toBe('RENEWED');
  expect((await ledger(world, world.hq, id)).map(({ purpose, outcome }) => `${purpose} ${outcome}`)).toEqual([
    'CHECK CONFIRMED',
    'REMINDER ACCEPTED',
    'CHECK CONFIRMED',
    expect.any(String),
    expect.any(String),
    'RECEIPT ACCEPTED',
  ]);
  expect(await actions(world, world.hq, id)).toEqual([
    'account.registered',
    'address.confirmed',
    'address.pending',
    'account.changed',
    'address.changed',
    'account.renewed',
  ]);
});
