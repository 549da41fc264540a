import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../domain/calendar.js';
import { holdAccount } from '../../usecases/hold-account.js';
import { applyPolicy } from '../../usecases/apply-policy.js';
import { putPolicy } from '../../usecases/policy.js';
import { reconcileAll } from '../../usecases/reconcile.js';
import { recordReport } from '../../usecases/record-report.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import { NO_SUCH_USER, report } from './returned.js';
import { createWorld } from './world.js';
import type { World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const waiting = async () =>
  (await world.sql<{ account_id: string }>('SELECT account_id FROM signal_outbox ORDER BY id')).map(
    (r) => r.account_id,
  );
const runningIn = (ids: string[] | null) => () => Promise.resolve(ids === null ? null : new Set(ids));
const reconcile = (all: boolean, running: string[] | null) =>
  reconcileAll(world.deps, { all, runningOf: runningIn(running) });

describe('reconcile', () => {
  it('wakes the missing, in every headquarters, and nobody else', async () => {
    const [a, b, c] = [await world.register(), await world.register(), await world.register(world.otherHq)];
    await world.sql('DELETE FROM signal_outbox');
    expect(await reconcile(false, [a.id])).toMatchObject({
      headquarters: 3,
      accounts: 3,
      missing: 2,
      overdue: 0,
      looks: 2,
    });
    expect((await waiting()).sort()).toEqual([b.id, c.id].sort());
    await world.sql('DELETE FROM signal_outbox');
    expect(await reconcile(false, null)).toMatchObject({ missing: 0, looks: 0 });
  });

  it('--all looks at every account, whatever runs; a repeat does no harm', async () => {
    const account = await world.register();
    await world.sql('DELETE FROM signal_outbox');
    world.setNow('2027-03-03 10:00');
    for (let i = 0; i < 2; i += 1) expect((await reconcile(true, null)).looks).toBe(1);
    await world.walk(account, world.now());
    await world.walk(account, world.now());
    expect(world.sent).toHaveLength(1);
  });

  it('finds a mail or a deed that is due for more than five minutes, not before', async () => {
    const account = await world.register();
    const overdue = async () => (await reconcile(false, [account.id])).overdue;
    const due = jst('2027-03-03 10:00');
    world.setNow(due + 5 * MINUTE - 1);
    expect(await overdue()).toBe(0);
    world.setNow(due + 5 * MINUTE);
    expect(await overdue()).toBe(1);
    await world.walk(account, world.now());
    expect(await overdue()).toBe(0);
    world.setNow('2027-06-02 00:10');
    expect(await overdue()).toBe(1);
  });

  it('R38: tells slots that are over without a row, by ids, in every headquarters, and fills none', async () => {
    const [account, neighbour] = [await world.register(), await world.register(world.otherHq)];
    const gone: unknown[] = [];
    const look = async () => {
      gone.length = 0;
      const report = await reconcileAll(world.deps, {
        all: false,
        runningOf: runningIn([account.id, neighbour.id]),
        onHole: (hole) => gone.push(hole),
      });
      return report.holes;
    };
    const lose = async (id: string, slot: string) => {
      await world.sql(
        `DELETE FROM reminder_attempt WHERE reminder_id IN (SELECT id FROM reminder WHERE account_id = $1 AND slot = $2)`,
        [id, slot],
      );
      await world.sql('DELETE FROM reminder WHERE account_id = $1 AND slot = $2', [id, slot]);
    };
    expect(await look()).toBe(0);
    for (const each of [account, neighbour]) await world.walk(each, '2027-04-10 12:00');
    world.setNow('2027-04-10 12:00');
    expect(await look()).toBe(0);
    await lose(neighbour.id, '2027-03-03');
    expect(await look()).toBe(1);
    expect(gone).toEqual([{ accountId: neighbour.id, key: 'auto:1:2027-03-03' }]);
    // The newest slot is looked for by what is overdue: it is sent again.
    await lose(account.id, '2027-04-02');
    expect([await look(), gone]).toEqual([1, [{ accountId: neighbour.id, key: 'auto:1:2027-03-03' }]]);
    await world.walk(account, '2027-12-01 12:00');
    world.setNow('2027-12-01 12:00');
    // Nobody worked for the neighbour: its lapse is not recorded either.
    const missed = [
      { accountId: neighbour.id, key: 'auto:1:2027-03-03' },
      { accountId: neighbour.id, key: 'lapse:1' },
    ];
    expect([await look(), gone]).toEqual([2, missed]);
    await lose(account.id, '2027-08-30');
    expect(await look()).toBe(3);
    expect(await look()).toBe(3);
  });

  it('R10 R13: slots before the creation, and those that a new policy puts into the past, are no holes', async () => {
    const account = await world.register(world.hq, { expiresOn: '2026-06-20' });
    await world.walk(account, '2026-06-10 12:00');
    const policy = {
      spreadOver: 'PT0S',
      reminders: { offsets: ['-P90D', '-P12D', '-P11D', '-P1D', 'P40D'] },
    };
    await putPolicy(world.deps, world.command(), 1, { policy, reason: '改正' });
    await applyPolicy(world.deps, world.command(), { dryRun: false, reason: '改正' });
    const look = async () => (await reconcile(false, [account.id])).holes;
    expect(await look()).toBe(0);
    await world.walk(account, '2026-12-01 12:00');
    expect(await look()).toBe(0);
    expect((await world.told(account.id)).length).toBe(3);
  });

  it('does not take for overdue what rests: a night, a hold', async () => {
    const account = await world.register();
    world.setNow('2027-03-03 22:00');
    await holdAccount(world.deps, world.command(), account.id, {
      until: jst('2027-03-20 10:00'),
      reason: '入院',
    });
    world.setNow('2027-03-10 12:00');
    expect((await reconcile(false, [account.id])).overdue).toBe(0);
    world.setNow('2027-03-20 10:05');
    expect((await reconcile(false, [account.id])).overdue).toBe(1);
  });

  it('R15: a withdrawn account is watched for the 30 days of its undo, then no more', async () => {
    const account = await world.register();
    await withdrawAccount(world.deps, world.command(), account.id, { reason: '転出' });
    const at = world.now();
    world.setNow(at + 30 * DAY - 1);
    expect((await reconcile(true, null)).accounts).toBe(1);
    world.setNow(at + 30 * DAY);
    expect((await reconcile(true, null)).accounts).toBe(0);
  });

  it('forgets Idempotency-Keys after a day', async () => {
    await world.register();
    await world.deps.database.inTenant(world.hq, (tx) =>
      tx.query(
        `INSERT INTO idempotency_key (fire_hq_id, key, request_hash, created_at) VALUES (current_fire_hq(), 'k', '\\x00', $1)`,
        [new Date(world.now()).toISOString()],
      ),
    );
    const left = async () => (await world.sql('SELECT key FROM idempotency_key')).length;
    world.setNow(world.now() + DAY);
    await reconcile(false, null);
    expect(await left()).toBe(1);
    world.setNow(world.now() + 1);
    await reconcile(false, null);
    expect(await left()).toBe(0);
  });

  it('forgets what came back after 30 days, and keeps what was read in it', async () => {
    const account = await world.register();
    await world.walk(account, '2027-03-03 10:00');
    const { envelopeFrom } = world.sent.at(-1)?.mail ?? { envelopeFrom: '' };
    const receivedAt = world.now();
    await recordReport(world.deps, report(envelopeFrom, NO_SUCH_USER, { receivedAt }));
    await recordReport(world.deps, report('x@example.jp', NO_SUCH_USER, { receivedAt, recipients: [] }));
    const kept = async () => [
      await world.sql(
        'SELECT bounce_class AS class, raw IS NOT NULL AS raw FROM delivery_report WHERE fire_hq_id = $1',
        [world.hq],
      ),
      await world.sql('SELECT what FROM quarantine_report'),
    ];
    const read = { class: 'UNKNOWN_ADDRESS', raw: true };
    world.setNow(receivedAt + 30 * DAY - 1);
    await reconcile(false, null);
    expect(await kept()).toEqual([[read], [{ what: 'REPORT' }]]);
    world.setNow(receivedAt + 30 * DAY);
    await reconcile(false, null);
    expect(await kept()).toEqual([[{ ...read, raw: false }], []]);
  });
});
