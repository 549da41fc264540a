import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyPolicy } from '../../usecases/apply-policy.js';
import { putPolicy, readPolicy } from '../../usecases/policy.js';
import { createMailStop } from '../../usecases/mail-stop.js';
import { readAccount, readSchedule } from '../../usecases/read-account.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import { MINUTES_POLICY, createWorld, refusalOf } from './world.js';
import type { World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

async function put(policy: object, hq = world.hq) {
  const { version } = await readPolicy(world.deps, hq);
  return putPolicy(world.deps, world.command(hq), version, { policy, reason: '見直し' });
}
const apply = (dryRun = false) => applyPolicy(world.deps, world.command(), { dryRun, reason: '見直し' });
const view = (id: string) => readAccount(world.deps, world.hq, id);

describe('a new policy', () => {
  it('R13: a running cycle keeps the version it began with', async () => {
    const account = await world.register();
    await put({ remindBefore: 'P30D', reminders: { offsets: ['-P30D', 'P1D'] } });
    expect((await view(account.id)).windowOpensAt).toBe(jst('2027-03-03 00:00'));
    expect((await world.register()).windowOpensAt).toBe(jst('2027-05-02 00:00'));
  });

  it('R13: a stale version, a fault and a change of basis are refused; nothing is written', async () => {
    await world.register();
    const stale = putPolicy(world.deps, world.command(), 7, { policy: {}, reason: 'r' });
    expect(await refusalOf(stale)).toBe('version-conflict');
    expect(await refusalOf(put({ validity: 'P0D' }))).toBe('validation');
    expect(await refusalOf(put(MINUTES_POLICY))).toBe('policy-basis-in-use');
    expect(await refusalOf(put(MINUTES_POLICY, world.otherHq))).toBeNull();
    expect((await readPolicy(world.deps, world.hq)).version).toBe(1);
  });

  it('R13: two at once: one is told that the version has moved on', async () => {
    const results = await Promise.all(
      [1, 2].map(() => refusalOf(putPolicy(world.deps, world.command(), 1, { policy: {}, reason: 'r' }))),
    );
    expect(results.sort()).toEqual(['version-conflict', null].sort());
  });
});

describe('apply now', () => {
  const RARER = { spreadOver: 'PT0S', reminders: { offsets: ['-P90D', '-P20D', 'P1D'] } };

  it('R13: a dry run tells who gets which mail and writes nothing', async () => {
    const account = await world.register();
    await put(RARER);
    const preview = await apply(true);
    expect(preview).toMatchObject({ version: 2, dryRun: true, accounts: 1 });
    expect(preview.changed).toMatchObject([
      {
        accountId: account.id,
        before: { nextReminderAt: jst('2027-03-03 10:00') },
        after: {
          nextReminderAt: jst('2027-03-03 10:00'),
          reminders: [
            { slot: '2027-03-03', at: jst('2027-03-03 10:00') },
            { slot: '2027-05-12', at: jst('2027-05-12 10:00') },
            { slot: '2027-06-02', at: jst('2027-06-02 10:00') },
          ],
        },
      },
    ]);
    expect(preview.changed[0]?.before.reminders.map(({ slot }) => slot)).toEqual([
      '2027-03-03',
      '2027-04-02',
      '2027-05-02',
      '2027-05-18',
      '2027-05-25',
      '2027-05-29',
      '2027-06-02',
      '2027-06-15',
      '2027-07-01',
      '2027-07-31',
      '2027-08-30',
    ]);
    expect(await world.audit(account.id, 'cycle.policy-applied')).toEqual([]);
    expect(
      await world.sql('SELECT policy_version FROM renewal_cycle WHERE account_id = $1', [account.id]),
    ).toEqual([{ policy_version: 1 }]);
  });

  it('R13: without a reason nothing is applied', async () => {
    const account = await world.register();
    await put(RARER);
    for (const reason of [undefined, ' \n']) {
      const unexplained = applyPolicy(world.deps, world.command(), { dryRun: false, reason });
      expect(await refusalOf(unexplained)).toBe('validation');
    }
    expect(await world.audit(account.id, 'cycle.policy-applied')).toEqual([]);
    expect((await apply(true)).accounts).toBe(1);
  });

  it('R13: the preview tells fifty mails of a person, next first', async () => {
    const account = await world.register(world.minutesHq);
    await put({ ...MINUTES_POLICY, reminders: { every: 'PT10S' } }, world.minutesHq);
    const preview = await applyPolicy(world.deps, world.command(world.minutesHq), { dryRun: true });
    const reminders = preview.changed[0]?.after.reminders ?? [];
    expect(reminders).toHaveLength(50);
    expect(reminders.slice(0, 2).map(({ at }) => at)).toEqual([
      account.expiresAt - 300_000,
      account.expiresAt - 290_000,
    ]);
  });

  it('R34: each changed account has its event, before → after, beside the one of the headquarters', async () => {
    const [changed, theirs] = [await world.register(), await world.register(world.otherHq)];
    await put({ ...RARER, autoStopAfter: 'P120D' });
    await apply();
    await apply();
    expect(await world.audit(changed.id, 'cycle.policy-applied')).toEqual([
      {
        at: world.now(),
        actor: 'token:test',
        before: {
          cycle: 1,
          policyVersion: 1,
          windowOpensAt: jst('2027-03-03 00:00'),
          autoStopsAt: jst('2027-08-31 00:00'),
        },
        after: {
          cycle: 1,
          policyVersion: 2,
          windowOpensAt: jst('2027-03-03 00:00'),
          autoStopsAt: jst('2027-07-02 00:00'),
        },
      },
    ]);
    expect(await world.audit(theirs.id, 'cycle.policy-applied')).toEqual([]);
    expect(
      await world.sql(
        "SELECT account_id FROM audit_event WHERE action = 'policy.applied' AND account_id IS NULL",
      ),
    ).toHaveLength(2);
  });

  it('R13: slots, window and stop change, D never; past slots are never sent again; once only', async () => {
    const account = await world.register();
    world.setNow('2027-03-01 00:00');
    await world.walk(account, '2027-04-10 12:00');
    await put({ ...RARER, autoStopAfter: 'P120D' });
    expect((await apply()).accounts).toBe(1);
    expect(await view(account.id)).toMatchObject({
      expiresOn: '2027-06-01',
      autoStopsAt: jst('2027-07-02 00:00'),
      nextReminderAt: jst('2027-05-12 10:00'),
    });
    expect((await apply()).accounts).toBe(0);
    await world.walk(account, '2027-09-01 12:00');
    expect(await world.told(account.id)).toEqual([
      'auto:1:2027-03-03 ACCEPTED',
      'auto:1:2027-04-02 ACCEPTED',
      'auto:1:2027-05-12 ACCEPTED',
      'auto:1:2027-06-02 ACCEPTED',
    ]);
  });

  it('R13: an opened window never closes; one that the change opens, opens now', async () => {
    const [open, closed] = [
      await world.register(),
      await world.register(world.hq, { expiresOn: '2027-06-20' }),
    ];
    world.setNow('2027-03-10 12:00');
    await put({ remindBefore: 'P30D', reminders: { offsets: ['-P30D'] } });
    await apply();
    expect(await view(open.id)).toMatchObject({
      status: 'RENEWAL_PENDING',
      windowOpensAt: jst('2027-03-03 00:00'),
    });
    expect((await view(closed.id)).status).toBe('ACTIVE');
    world.setNow('2027-03-11 12:00');
    await put({ remindBefore: 'P120D', reminders: { offsets: ['-P120D', '-P30D'] } });
    await apply();
    expect(await view(closed.id)).toMatchObject({ status: 'RENEWAL_PENDING', windowOpensAt: world.now() });
    expect(await view(open.id)).toMatchObject({ windowOpensAt: jst('2027-03-03 00:00') });
  });

  it('R13: a mail that was due and waits for its place in the spread still goes, once', async () => {
    const account = await world.register(world.hq);
    world.setNow('2027-03-03 22:00');
    await put(RARER);
    const preview = await apply(true);
    expect(preview.changed[0]?.after.nextReminderAt).toBe(jst('2027-03-04 10:00'));
    await apply();
    await world.walk(account, '2027-03-20 12:00');
    expect(await world.told(account.id)).toEqual(['auto:1:2027-03-03 ACCEPTED']);
    expect(world.sent.map(({ at }) => at)).toEqual([jst('2027-03-04 10:00')]);
  });

  it('R13 R36: a mail kept while mail rests without end is no planned mail, and ends with the reason in the ledger', async () => {
    const account = await world.register(world.hq);
    await createMailStop(world.deps, world.command(), { reason: '点検' });
    world.setNow('2027-03-03 22:00');
    await put({ ...RARER, reminders: { offsets: ['-P90D'] } });
    expect((await apply(true)).changed[0]?.after).toMatchObject({ nextReminderAt: null, reminders: [] });
    await apply();
    expect(await view(account.id)).toMatchObject({ autoMail: 'HELD', nextReminderAt: null });
    const { steps } = await readSchedule(world.deps, world.hq, account.id);
    expect(steps.filter(({ what }) => what === 'MAIL')).toMatchObject([{ goesAt: null, reason: 'HELD' }]);
    await world.walk(account, '2027-10-01 12:00');
    expect(world.sent).toEqual([]);
    expect(await world.told(account.id)).toEqual(['auto:1:2027-03-03 SKIPPED AFTER_STOP']);
  });

  it('R13 R9: a mail kept from the old plan yields to the next slot of the new one', async () => {
    const account = await world.register(world.hq);
    world.setNow('2027-03-03 22:00');
    await put({ ...RARER, reminders: { offsets: ['-P90D', '-P89D'] } });
    await apply();
    await world.walk(account, '2027-03-20 12:00');
    expect(await world.told(account.id)).toEqual([
      'auto:1:2027-03-03 SUPERSEDED NEWER_SLOT_DUE',
      'auto:1:2027-03-04 ACCEPTED',
    ]);
  });

  it('R13: a stopped run does not start again, recorded or not; withdrawn accounts are left alone', async () => {
    const [recorded, unrecorded] = [await world.register(), await world.register()];
    const gone = await world.register(world.hq, { expiresOn: '2028-06-01' });
    await world.walk(recorded, '2027-09-10 12:00');
    await withdrawAccount(world.deps, world.command(), gone.id, { reason: '転出' });
    await put({ autoStopAfter: 'P300D', reminders: { offsets: ['-P90D', 'P150D'] } });
    expect((await apply()).accounts).toBe(0);
    const before = world.sent.length;
    await world.walk(recorded, '2028-06-01 12:00');
    world.setNow('2027-09-10 12:00');
    await world.walk(unrecorded, '2028-06-01 12:00');
    expect(world.sent).toHaveLength(before);
  });

  it('R13: another headquarters is untouched, and two at once do the work once', async () => {
    const [mine, theirs] = [await world.register(), await world.register(world.otherHq)];
    await put(RARER);
    const done = await Promise.all([apply(), apply()]);
    expect(done.map((each) => each.accounts).sort()).toEqual([0, 1]);
    expect(
      await world.sql(
        'SELECT account_id, policy_version FROM renewal_cycle WHERE account_id = ANY ($1) ORDER BY policy_version',
        [[mine.id, theirs.id]],
      ),
    ).toEqual([
      { account_id: theirs.id, policy_version: 1 },
      { account_id: mine.id, policy_version: 2 },
    ]);
  });

  it('two at once with an Idempotency-Key each do not wait for each other for ever', async () => {
    await world.register();
    await put(RARER);
    const keyed = (key: string) =>
      applyPolicy(
        world.deps,
        world.command(world.hq, { idempotency: { key, requestHash: Buffer.from(key) } }),
        { dryRun: false, reason: '見直し' },
      );
    const done = await Promise.all([keyed('a'), keyed('b'), keyed('c')]);
    expect(done.reduce((sum, each) => sum + each.accounts, 0)).toBe(1);
  });
});
