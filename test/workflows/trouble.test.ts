/** What goes wrong around a life: mail servers, workers, databases, people with a command line. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DAY, dayInJapan } from '../../domain/calendar.js';
import type { SendResult } from '../../mail/transport.js';
import { reconcileAll } from '../../usecases/reconcile.js';
import { undoWithdrawal, withdrawAccount } from '../../usecases/withdraw-account.js';
import { ACCEPTED, REFUSED, SERVER_DOWN, createLifeWorld } from '../support/life-world.js';
import type { LifeWorld } from '../support/life-world.js';
import { actions, ledger } from './stories.js';

const OUR_FAULT: SendResult = {
  verdict: 'FAILED',
  code: 550,
  enhanced: '5.7.1',
  text: '550 5.7.1 your host is blocked',
};

let world: LifeWorld;
beforeAll(async () => {
  world = await createLifeWorld();
});
afterEach(() => {
  world.answer = () => ACCEPTED;
});
afterAll(() => world.close());

test('R9 R16 R20: the mail server is away over three slots: the latest goes when it is back, the lapse is on time', async () => {
  const { id, mailAddress, expiresAt } = await world.register(world.hq);
  await world.sleepUntil(expiresAt - 8 * DAY);
  world.answer = () => SERVER_DOWN;
  await world.sleepUntil(expiresAt);
  expect(await world.account(world.hq, id)).toMatchObject({ status: 'LAPSED', lapseCause: 'NO_RESPONSE' });
  await world.sleepUntil(expiresAt + 2 * DAY);
  world.answer = () => ACCEPTED;
  const before = world.mailsTo(mailAddress).length;
  await world.sleepUntil(expiresAt + 3 * DAY);
  const mails = (await ledger(world, world.hq, id)).slice(4);
  expect(mails.map((mail) => [mail.slot, mail.outcome, mail.kind])).toEqual([
    [dayInJapan(expiresAt - 8 * DAY), 'SUPERSEDED', 'CATCH_UP'],
    [dayInJapan(expiresAt - 4 * DAY), 'SUPERSEDED', 'CATCH_UP'],
    [dayInJapan(expiresAt), 'ACCEPTED', 'CATCH_UP'],
  ]);
  expect(world.mailsTo(mailAddress)).toHaveLength(before + 1);
  // Every try of one mail is the same mail (R21).
  expect(new Set(world.mailsTo(mailAddress).map((mail) => mail.messageId)).size).toBe(4 + 3);
});

test('R16 R24: nothing ever got out before E: 未送信, and the address is not blamed', async () => {
  const { id, expiresAt } = await world.register(world.otherHq);
  world.answer = () => OUR_FAULT;
  await world.sleepUntil(expiresAt);
  expect(await world.account(world.otherHq, id)).toMatchObject({
    status: 'LAPSED',
    lapseCause: 'NOT_SENT',
    addressState: 'UNVERIFIED',
  });
});

test('R37 R16: refused twice: 不達, one retry in between, and afterwards a nameless probe each 30 days', async () => {
  const { id, mailAddress, expiresAt } = await world.register(world.hq);
  world.answer = () => REFUSED;
  await world.sleepUntil(expiresAt);
  expect(await world.account(world.hq, id)).toMatchObject({
    status: 'LAPSED',
    lapseCause: 'UNDELIVERABLE',
    addressState: 'UNDELIVERABLE',
  });
  const mails = world.mailsTo(mailAddress);
  const days = mails.map((mail) => Math.floor(mail.at / DAY));
  expect(days.slice(1).map((day, i) => day - (days[i] ?? 0))).toEqual([3, 30, 30]);
  for (const { subject, text } of mails.slice(2)) expect(subject + text).not.toMatch(/見本 花子|NET119/);
  expect(
    (await ledger(world, world.hq, id)).filter(({ reason }) => reason === 'ADDRESS_UNDELIVERABLE').length,
  ).toBe(5);
});

test('R15: withdrawn, it ends after 30 days; undone before that, it lives on in the same cycle', async () => {
  const gone = await world.register(world.hq);
  const back = await world.register(world.otherHq);
  await withdrawAccount(world.deps, world.command(world.hq), gone.id, { reason: '転出' });
  await withdrawAccount(world.deps, world.command(world.otherHq), back.id, { reason: '誤り' });
  await world.sleepUntil(world.now() + 29 * DAY);
  await undoWithdrawal(world.deps, world.command(world.otherHq), back.id);
  await world.settle();
  await world.sleepUntil(world.now() + 2 * DAY);
  expect((await world.workflow(gone.id).describe()).status.name).toBe('COMPLETED');
  expect((await world.workflow(back.id).describe()).status.name).toBe('RUNNING');
  expect(await world.account(world.otherHq, back.id)).toMatchObject({ status: 'ACTIVE', cycle: 1 });
  await world.sleepUntil(back.windowOpensAt + DAY);
  expect(world.mailsTo(gone.mailAddress)).toHaveLength(0);
  expect(world.mailsTo(back.mailAddress)).toHaveLength(1);
});

test('a terminated run comes back through reconcile, and nothing is mailed twice', async () => {
  const { id, mailAddress, windowOpensAt } = await world.register(world.hq);
  await world.sleepUntil(windowOpensAt + DAY);
  await world.workflow(id).terminate('by mistake');
  const running = new Set<string>();
  const report = await reconcileAll(world.deps, { all: false, runningOf: () => Promise.resolve(running) });
  expect(report.missing).toBeGreaterThanOrEqual(1);
  await world.settle();
  expect((await world.workflow(id).describe()).status.name).toBe('RUNNING');
  await world.sleepUntil(windowOpensAt + 29 * DAY);
  expect(world.mailsTo(mailAddress)).toHaveLength(1);
  await world.sleepUntil(windowOpensAt + 31 * DAY);
  expect(world.mailsTo(mailAddress)).toHaveLength(2);
});

test('the database fails for a while: nothing is lost, and the audit trail tells each act once', async () => {
  const { id, mailAddress, windowOpensAt } = await world.register(world.hq);
  await world.sleepUntil(windowOpensAt - 1);
  const working = world.deps.database.inTenant;
  let failures = 6;
  world.deps.database.inTenant = (...args) => {
    failures -= 1;
    if (failures < 0) world.deps.database.inTenant = working;
    return failures < 0 ? working(...args) : Promise.reject(new Error('Connection terminated'));
  };
  await world.sleepUntil(windowOpensAt + DAY);
  expect(failures).toBeLessThan(0);
  expect(world.mailsTo(mailAddress)).toHaveLength(1);
  expect(await actions(world, world.hq, id)).toEqual(['account.registered']);
});
