/** R38: the sums come out even whatever happened, from what was planned and not from what was written down. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../../domain/calendar.js';
import { readCompleteness, listCounted } from '../../usecases/completeness.js';
import type { Counted } from '../../usecases/completeness.js';
import { applyPolicy } from '../../usecases/apply-policy.js';
import { holdAccount } from '../../usecases/hold-account.js';
import { putPolicy } from '../../usecases/policy.js';
import { reconcileAll } from '../../usecases/reconcile.js';
import { renewByLink, renewByStaff } from '../../usecases/renew-account.js';
import { undoWithdrawal, withdrawAccount } from '../../usecases/withdraw-account.js';
import { REFUSED, ACCEPTED, createWorld } from './world.js';
import type { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const FY2026 = { from: '2026-04-01', to: '2027-03-31' };
const ALL = { from: '2026-01-01', to: '2028-12-31' };
const read = (period = FY2026, hq = world.hq) => readCompleteness(world.deps, hq, period);
const sum = (numbers: Record<string, number>) => Object.values(numbers).reduce((a, b) => a + b, 0);
const expectEven = ({ people, mails }: Awaited<ReturnType<typeof readCompleteness>>) => {
  expect([people.difference, mails.difference]).toEqual([0, 0]);
  expect(sum(people.fates)).toBe(people.total);
  expect(sum(mails.fates)).toBe(mails.planned);
  expect(sum(mails.notSentBy)).toBe(mails.fates.NOT_SENT);
};
const begin = () => world.setNow('2026-06-01 12:00');
const lose = async (accountId: string, slot: string) => {
  await world.sql(
    'DELETE FROM reminder_attempt WHERE reminder_id IN (SELECT id FROM reminder WHERE account_id = $1 AND slot = $2)',
    [accountId, slot],
  );
  await world.sql('DELETE FROM reminder WHERE account_id = $1 AND slot = $2', [accountId, slot]);
};
const holes = async () => {
  const found: unknown[] = [];
  const { holes: number } = await reconcileAll(world.deps, {
    all: false,
    runningOf: () => Promise.resolve(null),
    onHole: (hole) => found.push(hole),
  });
  expect(found).toHaveLength(number);
  return found;
};

describe('R38 with lives worked out by hand: D is 2027-03-31, mails from 2026-12-31', () => {
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    begin();
    const person = async (name: string, hq = world.hq) => {
      begin();
      world.answer(ACCEPTED);
      const account = await world.register(hq, { expiresOn: '2027-03-31' });
      ids[name] = account.id;
      return account;
    };
    // In time: mails of 12-31 (its link is used), 01-30; answered on 02-01. Two mails planned until then.
    const early = await person('early');
    await world.walk(early, '2027-02-01 12:00');
    await renewByLink(
      world.deps,
      world.command(world.hq, { actor: 'resident' }),
      await world.linkOf(early.id, 'auto:1:2026-12-31'),
    );
    // Later: eight mails up to and with 04-14, then the counter.
    const later = await person('later');
    await world.walk(later, '2027-04-14 12:00');
    await renewByStaff(world.deps, world.command(), later.id, { channel: 'counter', note: '窓口' });
    // Refused twice: 12-31 and the retry; then the address takes no slots.
    const bounced = await person('bounced');
    world.answer(REFUSED);
    await world.walk(bounced, '2027-04-20 12:00');
    // No answer, all accepted.
    await world.walk(await person('silent'), '2027-04-20 12:00');
    // Withdrawn in the morning of 01-30, before that day's mail.
    const gone = await person('gone');
    await world.walk(gone, '2027-01-30 09:00');
    await withdrawAccount(world.deps, world.command(), gone.id, { reason: '転出' });
    // Of the neighbour.
    await world.walk(await person('neighbour', world.otherHq), '2027-04-20 12:00');
    world.setNow('2027-04-20 12:00');
  });

  test('people: each fate once, the whole is the sum, and the neighbour is counted elsewhere', async () => {
    const view = await read();
    expect(view.people).toEqual({
      total: 5,
      fates: {
        RENEWED_IN_TIME: 1,
        RENEWED_LATER: 1,
        LAPSED_UNDELIVERABLE: 1,
        LAPSED_NO_RESPONSE: 1,
        LAPSED_NOT_SENT: 0,
        LAPSED_UNKNOWN: 0,
        LAPSING: 0,
        WITHDRAWN: 1,
        NOT_YET_EXPIRED: 0,
      },
      difference: 0,
    });
    expect(view.registered).toEqual({ people: 4, withoutCycle: 0 });
    expectEven(view);
    expect((await read(FY2026, world.otherHq)).people.total).toBe(1);
  });

  test('mails by their own day: 2 + 6 + 6 + 6 + 1 in the fiscal year, 2 + 2 + 2 in April', async () => {
    // Slots: 12-31, 01-30, 03-01, 03-17, 03-24, 03-28 | 04-01, 04-14 | 04-30 …
    const year = await read();
    expect(year.mails).toMatchObject({ planned: 21, earlierPlan: 0, difference: 0 });
    expect(year.mails.fates).toMatchObject({ CONFIRMED: 1, PLANNED: 0, WAITING: 0 });
    expectEven(year);
    const april = await read({ from: '2027-04-01', to: '2027-04-30' });
    expect(april.people.total).toBe(0);
    // later 2, bounced 2 and silent 2, and of these two the one of 04-30 that is to come.
    expect(april.mails).toMatchObject({ planned: 8, difference: 0 });
    expect(april.mails.fates.PLANNED).toBe(2);
    expectEven(april);
  });

  test('each number opens exactly its names', async () => {
    const view = await read();
    const numbers: [Counted, number][] = [
      ...Object.entries(view.people.fates).map(
        ([fate, number]) => [{ of: 'PEOPLE', fate } as Counted, number] as [Counted, number],
      ),
      ...Object.entries(view.mails.fates).map(
        ([fate, number]) => [{ of: 'MAILS', fate } as Counted, number] as [Counted, number],
      ),
      ...Object.entries(view.mails.notSentBy).map(
        ([reason, number]) => [{ of: 'MAILS', fate: 'NOT_SENT', reason }, number] as [Counted, number],
      ),
      [{ of: 'PEOPLE', fate: null }, 0],
      [{ of: 'WITHOUT_CYCLE' }, 0],
    ];
    for (const [counted, number] of numbers) {
      const { items } = await listCounted(world.deps, world.hq, FY2026, { counted, limit: 200 });
      expect([counted, items.length]).toEqual([counted, number]);
    }
    const { items } = await listCounted(world.deps, world.hq, FY2026, {
      counted: { of: 'PEOPLE', fate: 'LAPSED_UNDELIVERABLE' },
      limit: 200,
    });
    expect(items.map(({ accountId }) => accountId)).toEqual([ids['bounced']]);
  });

  test('a list in pages of one tells the same people, each once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await listCounted(world.deps, world.hq, FY2026, {
        counted: { of: 'MAILS', fate: 'ACCEPTED' },
        limit: 1,
        cursor,
      });
      seen.push(...page.items.map(({ accountId, plannedAt }) => `${accountId} ${plannedAt}`));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength((await read()).mails.fates.ACCEPTED);
  });

  test('a row that is gone is a difference of one, in the sums, the names and the alarm: open and ended cycles', async () => {
    expect(await holes()).toEqual([]);
    await lose(ids['silent'] ?? '', '2027-01-30');
    await lose(ids['later'] ?? '', '2027-03-01');
    const view = await read();
    expect(view.mails).toMatchObject({ planned: 21, difference: 2 });
    const { items } = await listCounted(world.deps, world.hq, FY2026, {
      counted: { of: 'MAILS', fate: null },
      limit: 9,
    });
    expect(items.map(({ accountId }) => accountId).sort()).toEqual([ids['silent'], ids['later']].sort());
    expect(await holes()).toEqual(
      expect.arrayContaining([
        { accountId: ids['silent'], key: 'auto:1:2027-01-30' },
        { accountId: ids['later'], key: 'auto:1:2027-03-01' },
      ]),
    );
    expect((await read(FY2026, world.otherHq)).mails.difference).toBe(0);
  });

  test('a lapse that nobody recorded: being recorded for an hour, then a difference and an alarm', async () => {
    begin();
    const account = await world.register(world.otherHq, { expiresOn: '2027-05-31' });
    const May = { from: '2027-05-01', to: '2027-05-31' };
    world.setNow('2027-06-01 00:59');
    expect((await read(May, world.otherHq)).people).toMatchObject({ difference: 0, fates: { LAPSING: 1 } });
    world.setNow('2027-06-01 01:00');
    expect((await read(May, world.otherHq)).people).toMatchObject({ total: 1, difference: 1 });
    expect(await holes()).toContainEqual({ accountId: account.id, key: 'lapse:1' });
    await world.walk(account, world.now());
    expect((await read(May, world.otherHq)).people.difference).toBe(0);
  });

  test('a person without a cycle, whom nobody would ever remind, is a difference and an alarm', async () => {
    begin();
    const account = await world.register(world.minutesHq);
    await world.sql('DELETE FROM reminder WHERE account_id = $1', [account.id]);
    await world.sql('DELETE FROM renewal_cycle WHERE account_id = $1', [account.id]);
    const { registered } = await read(FY2026, world.minutesHq);
    expect(registered).toEqual({ people: 1, withoutCycle: 1 });
    const { items } = await listCounted(world.deps, world.minutesHq, FY2026, {
      counted: { of: 'WITHOUT_CYCLE' },
      limit: 9,
    });
    expect(items).toMatchObject([{ accountId: account.id, expiry: null }]);
    expect(await holes()).toContainEqual({ accountId: account.id, key: 'cycle' });
    await world.sql('DELETE FROM mail_address WHERE account_id = $1', [account.id]);
    await world.sql('DELETE FROM account WHERE id = $1', [account.id]);
  });
});

describe('R38 through everything that moves a plan', () => {
  test('a hold, an undone withdrawal, a new policy: even at each step, and what is written stays counted', async () => {
    begin();
    const hq = world.minutesHq;
    const account = await world.register(hq);
    const period = { from: '2026-06-01', to: '2026-06-02' };
    const e = account.expiresAt;
    const step = async (at: number) => {
      await world.walk(account, at);
      const view = await read(period, hq);
      expectEven(view);
      return view.mails;
    };
    await step(e - 200_000);
    await holdAccount(world.deps, world.command(hq), account.id, { until: e - 60_000, reason: '入院' });
    await step(e - 100_000);
    await withdrawAccount(world.deps, world.command(hq), account.id, { reason: '誤り' });
    expectEven(await read(period, hq));
    world.setNow(e - 30_000);
    expectEven(await read(period, hq));
    await undoWithdrawal(world.deps, world.command(hq), account.id);
    const before = await step(e - 20_000);
    await putPolicy(world.deps, world.command(hq), 1, {
      policy: {
        validity: 'PT600S',
        remindBefore: 'PT300S',
        reminders: { every: 'PT70S' },
        autoStopAfter: 'PT600S',
        retryAfterFailure: 'PT20S',
        longUnusedAfter: 'PT1200S',
      },
      reason: '試験',
    });
    await applyPolicy(world.deps, world.command(hq), { dryRun: false, reason: '試験' });
    const after = await step(e - 10_000);
    expect(after.earlierPlan).toBeGreaterThan(0);
    expect(after.fates.ACCEPTED).toBe(before.fates.ACCEPTED);
    const ended = await step(e + 400_000);
    expect(ended.fates.WAITING + ended.fates.PLANNED).toBe(0);
    expect(await holes()).not.toContainEqual(expect.objectContaining({ accountId: account.id }));
  });

  test('D on the first and the last day of a span is in it, the days beside it are not (R1)', async () => {
    begin();
    for (const expiresOn of ['2028-04-30', '2028-05-01', '2028-05-31', '2028-06-01'])
      await world.register(world.otherHq, { expiresOn });
    const view = await read({ from: '2028-05-01', to: '2028-05-31' }, world.otherHq);
    expect(view.people.total).toBe(2);
    expect(view.people.fates.NOT_YET_EXPIRED).toBe(2);
    expectEven(await read(ALL, world.otherHq));
  });

  test('what waits for the morning or its spread is no hole', async () => {
    begin();
    const account = await world.register(world.otherHq, { expiresOn: '2027-12-31' });
    world.setNow('2027-10-02 10:00');
    const view = await read({ from: '2027-10-02', to: '2027-10-02' }, world.otherHq);
    expect(view.mails.fates.WAITING).toBe(1);
    expectEven(view);
    expect(await holes()).not.toContainEqual(expect.objectContaining({ accountId: account.id }));
    world.setNow(world.now() + DAY - HOUR);
    expectEven(await read(ALL, world.otherHq));
  });
});
