/** Claims, leases and the outbox under two connections at once; lists and their filters. */
import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BounceClass } from '../../domain/bounce.js';
import type { Failure } from '../../domain/delivery.js';
import { STATUSES, statusAt } from '../../domain/status.js';
import { readEvidence } from '../../store/addresses.js';
import { listAccountIds } from '../../store/account-lists.js';
import { searchAccountIds } from '../../store/account-search.js';
import type { Tx } from '../../store/database.js';
import {
  enqueueLook,
  outboxHealth,
  parkLooks,
  postponeLooks,
  removeLooks,
  takeDueLooks,
} from '../../store/outbox.js';
import type { Claim, NewReminderRow } from '../../store/reminders.js';
import {
  claimReminder,
  dismissWaiting,
  insertAttempt,
  insertReminder,
  lockReminder,
  settleReminder,
} from '../../store/reminders.js';
import { listReminders } from '../../store/reminder-history.js';
import { SEED } from '../domain/arbitraries.js';
import { searchKeys } from '../../usecases/search-keys.js';
import { createWorld } from '../usecases/world.js';
import type { World } from '../usecases/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const NOW = Date.parse('2027-03-03T01:00:00Z');

async function queued(): Promise<{ row: NewReminderRow; accountId: string }> {
  const account = await world.register();
  const [address] = await world.sql<{ id: string }>('SELECT id FROM mail_address WHERE account_id = $1', [
    account.id,
  ]);
  const row: NewReminderRow = {
    id: randomUUID(),
    accountId: account.id,
    cycle: 1,
    addressId: address?.id ?? '',
    purpose: 'REMINDER',
    kind: 'AUTOMATIC',
    slot: '2027-03-03',
    dedupeKey: 'auto:1:2027-03-03',
    createdAt: NOW,
    requestedBy: 'system',
    dueAt: NOW,
    giveUpAt: null,
    outcome: 'QUEUED',
    reason: null,
  };
  await inTenant((tx) => insertReminder(tx, row));
  return { row, accountId: account.id };
}
const inTenant = <T>(work: (tx: Tx) => Promise<T>) => world.deps.database.inTenant(world.hq, work);
const claim = (leaseUntil: number): Claim => ({
  claimToken: randomUUID(),
  leaseUntil,
  keyId: 'k1',
  linkHash: null,
  returnPathHash: randomBytes(32),
  messageId: '<m@example.jp>',
  kind: 'AUTOMATIC',
});
const take = (id: string, at: number) => inTenant((tx) => claimReminder(tx, id, claim(at + 1_000), at));

const failed = (bounceClass: BounceClass, at: number): Failure => ({
  at,
  bounceClass,
  status: '5.1.1',
  diagnostic: '550 5.1.1 no such user',
  source: 'SMTP',
});

describe('the ledger', () => {
  it('R20: a second row of the same name is never written', async () => {
    const { row } = await queued();
    const again = await Promise.all(
      [1, 2, 3].map(() => inTenant((tx) => insertReminder(tx, { ...row, id: randomUUID() }))),
    );
    expect(again).toEqual([false, false, false]);
  });

  it('R20: of many who claim at once one gets it', async () => {
    const { row } = await queued();
    const got = await Promise.all(Array.from({ length: 8 }, () => take(row.id, NOW)));
    expect(got.filter(Boolean)).toHaveLength(1);
  });

  it('R21: the lease keeps others out until its very end; then one takes over', async () => {
    const { row } = await queued();
    await take(row.id, NOW);
    expect(await take(row.id, NOW + 999)).toBe(false);
    const got = await Promise.all([take(row.id, NOW + 1_000), take(row.id, NOW + 1_000)]);
    expect(got.filter(Boolean)).toHaveLength(1);
    expect((await world.ledger(row.accountId))[0]).toMatchObject({ outcome: 'SENDING', attempts: 2 });
  });

  it.each(['ACCEPTED', 'BOUNCED', 'FAILED', 'SKIPPED', 'SUPERSEDED', 'CONFIRMED'] as const)(
    'R20: what is %s is not sent again',
    async (outcome) => {
      const { row } = await queued();
      await inTenant((tx) => settleReminder(tx, row.id, { outcome, reason: null, nextAttemptAt: null }));
      expect(await take(row.id, NOW + 1e9)).toBe(false);
    },
  );

  it('R23: what a server has taken is not sent again, also while a report calls it DELAYED', async () => {
    const { row } = await queued();
    await inTenant((tx) =>
      settleReminder(tx, row.id, {
        outcome: 'DELAYED',
        reason: 'REPORTED_DELAY',
        nextAttemptAt: null,
        acceptedAt: NOW,
      }),
    );
    expect(await take(row.id, NOW + 1e9)).toBe(false);
    await inTenant((tx) => dismissWaiting(tx, [row.id], 'SKIPPED', 'WITHDRAWN'));
    expect(await inTenant((tx) => lockReminder(tx, row.id))).toMatchObject({ outcome: 'DELAYED' });
  });

  it('R23: evidence once there is not overwritten by its absence; an attempt is kept once', async () => {
    const { row, accountId } = await queued();
    const settle = (more: object) =>
      inTenant((tx) =>
        settleReminder(tx, row.id, { outcome: 'BOUNCED', reason: null, nextAttemptAt: null, ...more }),
      );
    const failure = failed('UNKNOWN_ADDRESS', NOW + 2);
    await settle({ acceptedAt: NOW + 1 });
    await settle({ failure });
    await settle({ acceptedAt: NOW + 9 });
    const attempt = {
      reminderId: row.id,
      claimToken: randomUUID(),
      at: NOW,
      verdict: 'ACCEPTED',
      code: 250,
      enhanced: null,
      reply: 'ok',
    };
    for (let i = 0; i < 2; i += 1) await inTenant((tx) => insertAttempt(tx, attempt));
    const [line] = await inTenant((tx) => listReminders(tx, { accountId, before: null, limit: 5 }));
    expect(line).toMatchObject({
      acceptedAt: NOW + 1,
      failure,
      attempts: [{ at: NOW, text: 'ok' }],
    });
    // R23: refused at one attempt, taken at another.
    await settle({ outcome: 'ACCEPTED', failure: null });
    expect(await inTenant((tx) => lockReminder(tx, row.id))).toMatchObject({ failure: null });
  });
});

it('R37: the acceptance of a mail that bounced later is no evidence, even when the bounce is not conclusive', async () => {
  const { row } = await queued();
  const settle = (more: object) =>
    inTenant((tx) =>
      settleReminder(tx, row.id, { outcome: 'BOUNCED', reason: null, nextAttemptAt: null, ...more }),
    );
  await settle({ acceptedAt: NOW + 1 });
  const evidence = () => inTenant((tx) => readEvidence(tx, row.addressId));
  expect((await evidence()).mails).toMatchObject([{ acceptedAt: NOW + 1, failedAt: null }]);
  for (const bounceClass of ['OTHER', 'SENDER_BLOCKED'] as const) {
    await settle({ failure: failed(bounceClass, NOW + 2) });
    expect((await evidence()).mails).toMatchObject([
      { acceptedAt: null, failedAt: null, softFailedAt: null },
    ]);
  }
  await settle({ failure: failed('MAILBOX_FULL', NOW + 3) });
  expect((await evidence()).mails).toMatchObject([
    { acceptedAt: null, failedAt: null, softFailedAt: NOW + 3 },
  ]);
  await settle({ failure: failed('REFUSED', NOW + 4) });
  expect((await evidence()).mails).toMatchObject([
    { acceptedAt: null, failedAt: NOW + 4, softFailedAt: null },
  ]);
});

describe('the outbox', () => {
  const ids = Array.from({ length: 6 }, () => randomUUID());
  const DUE = { rank: 'of somebody', until: NOW, limit: 10 } as const;
  beforeEach(async () => {
    await world.sql('DELETE FROM signal_outbox');
    await inTenant((tx) => enqueueLook(tx, ids, NOW));
  });

  it('two relays at once share the rows; none is taken twice', async () => {
    const { database } = world.deps;
    let release: () => void = () => undefined;
    const bothHaveTaken = new Promise<void>((resolve) => (release = resolve));
    let takers = 0;
    const relay = () =>
      database.withoutTenant(async (tx) => {
        const taken = await takeDueLooks(tx, { ...DUE, limit: 4 });
        takers += 1;
        if (takers === 2) release();
        await bothHaveTaken;
        await removeLooks(
          tx,
          taken.map(({ id }) => id),
        );
        return taken.map(({ accountId }) => accountId);
      });
    const [a, b] = await Promise.all([relay(), relay()]);
    expect([a.length, b.length].sort()).toEqual([2, 4]);
    expect([...a, ...b].sort()).toEqual([...ids].sort());
    expect(await database.withoutTenant(outboxHealth)).toEqual({
      waiting: 0,
      parked: 0,
      oldestCreatedAt: null,
    });
  });

  it('what somebody did and what nobody waits for are taken apart', async () => {
    const many = randomUUID();
    await inTenant((tx) => enqueueLook(tx, [many], NOW - 1, 'of many'));
    const taken = (rank: 'of somebody' | 'of many') =>
      world.deps.database.withoutTenant(async (tx) =>
        (await takeDueLooks(tx, { ...DUE, rank })).map(({ accountId }) => accountId),
      );
    expect((await taken('of somebody')).sort()).toEqual([...ids].sort());
    expect(await taken('of many')).toEqual([many]);
  });

  it('a relay that dies gives its rows back', async () => {
    const dying = world.deps.database.withoutTenant(async (tx) => {
      await removeLooks(
        tx,
        (await takeDueLooks(tx, DUE)).map(({ id }) => id),
      );
      throw new Error('died');
    });
    await expect(dying).rejects.toThrow('died');
    expect(await world.deps.database.withoutTenant((tx) => takeDueLooks(tx, DUE))).toHaveLength(6);
  });

  it('postponed rows come later, parked ones never, both are counted', async () => {
    await world.deps.database.withoutTenant(async (tx) => {
      const [first, second, ...rest] = (await takeDueLooks(tx, DUE)).map(({ id }) => id);
      await postponeLooks(tx, [first ?? 0], NOW + 500);
      await parkLooks(tx, [second ?? 0], NOW);
      await removeLooks(tx, rest);
    });
    const due = (at: number) =>
      world.deps.database.withoutTenant((tx) => takeDueLooks(tx, { ...DUE, until: at }));
    expect(await due(NOW + 499)).toEqual([]);
    expect(await due(NOW + 500)).toMatchObject([{ attempts: 1, fireHqId: world.hq, createdAt: NOW }]);
    expect(await world.deps.database.withoutTenant(outboxHealth)).toEqual({
      waiting: 1,
      parked: 1,
      oldestCreatedAt: NOW,
    });
  });
});

describe('lists', () => {
  /** Accounts of every kind around some instants, with many equal expiries; the other tenant has the same. */
  beforeAll(async () => {
    world.setNow('2026-06-01 12:00');
    for (const hq of [world.hq, world.otherHq]) {
      for (let i = 0; i < 24; i += 1) {
        const { id } = await world.register(hq, {
          expiresOn: ['2026-05-31', '2026-06-01', '2026-08-29', '2026-08-30', '2027-06-01'][i % 5] ?? '',
          name: `検索 ${i % 3}`,
          mobileNumber: `090-000${i % 2}-0000`,
        });
        if (i % 6 === 0)
          await world.sql('UPDATE account SET withdrawn_at = $2 WHERE id = $1', [id, new Date(world.now())]);
      }
    }
  });

  const facts = () =>
    world.sql<{ id: string; expiresAt: number; windowOpensAt: number; withdrawnAt: number | null }>(
      `SELECT a.id, epoch_ms(c.expires_at)::float8 AS "expiresAt", epoch_ms(c.window_opens_at)::float8 AS "windowOpensAt",
         epoch_ms(a.withdrawn_at)::float8 AS "withdrawnAt"
       FROM account a JOIN renewal_cycle c ON c.account_id = a.id AND c.renewed_at IS NULL WHERE a.fire_hq_id = $1
       ORDER BY c.expires_at, a.id`,
      [world.hq],
    );

  async function pages(
    filter: { status?: (typeof STATUSES)[number]; now: number },
    limit: number,
  ): Promise<string[]> {
    const ids: string[] = [];
    let after: { expiresAt: number; id: string } | null = null;
    for (;;) {
      const rows: { expiresAt: number; id: string }[] = await inTenant((tx) =>
        listAccountIds(tx, { ...filter, after, limit }),
      );
      ids.push(...rows.map((row) => row.id));
      after = rows.at(-1) ?? null;
      if (after === null || rows.length < limit) return ids;
    }
  }

  it('R5: the SQL filter says what domain/status says, to the millisecond', async () => {
    const all = await facts();
    const edges = all.flatMap((each) => [each.expiresAt, each.windowOpensAt]);
    const instant = fc
      .tuple(fc.constantFrom(...edges), fc.constantFrom(-1, 0, 1, -86_400_000, 86_400_000))
      .map(([a, b]) => a + b);
    await fc.assert(
      fc.asyncProperty(instant, fc.constantFrom(...STATUSES), async (now, status) => {
        const wanted = all.filter((each) => statusAt(each, now) === status).map(({ id }) => id);
        expect(await pages({ status, now }, 200)).toEqual(wanted);
      }),
      { seed: SEED, numRuns: 80 },
    );
  });

  it('pages have no gaps and no repeats, whatever their size, with many equal keys', async () => {
    const all = (await facts()).map(({ id }) => id);
    expect(all.length).toBeGreaterThanOrEqual(24);
    for (const limit of [1, 2, 5, 7, 200]) expect(await pages({ now: NOW }, limit)).toEqual(all);
  });

  it('the search finds by the beginning of number, name and mobile number, by the whole address, in this tenant only', async () => {
    const account = await world.register(world.hq, {
      registrationNumber: '札-7',
      mailAddress: 'Search.Me@example.jp',
    });
    await world.register(world.otherHq, { registrationNumber: '札-7', mailAddress: 'search.me@example.jp' });
    const search = (q: string) =>
      inTenant((tx) => searchAccountIds(tx, { keys: searchKeys(q), afterId: null, limit: 100 }));
    expect(await search('札')).toEqual([account.id]);
    expect(await search('search.me@example.jp')).toEqual([account.id]);
    expect(await search('検索 1')).toHaveLength(8);
    expect(await search('090-0001')).toHaveLength(12);
    expect(await search('%')).toEqual([]);
    expect(await search('索')).toEqual([]);
  });
});
