import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdAccount } from '../../usecases/hold-account.js';
import { readSchedule } from '../../usecases/read-account.js';
import { undoWithdrawal, withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import { ACCEPTED, OUR_FAULT, createWorld } from './world.js';
import type { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.answer(ACCEPTED));

async function registered() {
  world.setNow('2026-06-01 12:00');
  return world.register();
}
/** 'slot STATE reason' of the slots up to now. */
async function past(accountId: string): Promise<string[]> {
  const { steps } = await readSchedule(world.deps, world.hq, accountId);
  return steps
    .filter(({ what, at }) => what === 'SLOT' && at <= world.now())
    .map(({ slot, state, reason }) => `${slot} ${state} ${reason}`);
}

describe('the schedule of the past', () => {
  it('R14 R23: what was merged into a newer mail says so; only a slot with a mail is HANDLED', async () => {
    const account = await registered();
    world.setNow('2027-03-01 12:00');
    const hold = { until: jst('2027-05-20 03:00'), reason: '入院' };
    await holdAccount(world.deps, world.command(), account.id, hold);
    await world.walk(account, '2027-05-20 12:00');
    world.answer(OUR_FAULT);
    await world.walk(account, '2027-05-25 12:00');
    expect(await past(account.id)).toEqual([
      '2027-03-03 SUPERSEDED NEWER_SLOT_DUE',
      '2027-04-02 SUPERSEDED NEWER_SLOT_DUE',
      '2027-05-02 SUPERSEDED NEWER_SLOT_DUE',
      '2027-05-18 HANDLED HANDLED',
      '2027-05-25 HANDLED HANDLED',
    ]);
  });

  it('R14 R15: what was not sent keeps the reason of the ledger, also after an undo', async () => {
    const account = await registered();
    world.setNow('2027-03-01 12:00');
    await world.walk(account, '2027-03-05 12:00');
    await withdrawAccount(world.deps, world.command(), account.id, { reason: '転出' });
    world.setNow('2027-04-03 12:00');
    expect(await past(account.id)).toEqual(['2027-03-03 HANDLED HANDLED', '2027-04-02 SKIPPED WITHDRAWN']);
    await undoWithdrawal(world.deps, world.command(), account.id);
    expect(await past(account.id)).toEqual(['2027-03-03 HANDLED HANDLED', '2027-04-02 SKIPPED WITHDRAWN']);
  });
});
