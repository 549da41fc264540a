/** R22 for many: chosen, previewed, sent by the same rules as one, whatever is killed or pressed twice. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BULK_OF_A_CLERK } from '../../domain/roles.js';
import {
  MOST_AT_ONCE,
  PREVIEW_HOLDS,
  prepareBulkSend,
  startBulkSend,
  stopBulkSend,
} from '../../usecases/bulk-send.js';
import type { BulkStart, Chosen } from '../../usecases/bulk-send.js';
import type { Deps } from '../../usecases/context.js';
import type { AccountRef } from '../../usecases/life-events.js';
import { readBulkItems, readBulkSend, readBulkSends } from '../../usecases/read-bulk-send.js';
import { requestResend } from '../../usecases/request-resend.js';
import { runBulkSends } from '../../usecases/run-bulk-send.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import type { World } from './world.js';
import { createWorld, refusalOf } from './world.js';

const REGISTERED = '2026-06-01 12:00';
const BY_DAY = '2027-02-01 12:00';
const LIST = { list: 'pending' } as const;
const AT_ONCE: BulkStart = { confirmed: false, when: 'morning' };

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  // Each test has its own people; what an earlier one left is no turn of this one's.
  await world.sql(`UPDATE bulk_send SET state = 'STOPPED', ended_at = created_at WHERE state = 'RUNNING'`);
  await world.sql(`UPDATE reminder SET outcome = 'SKIPPED' WHERE kind = 'MANUAL'`);
});

async function people(count: number, fireHqId = world.hq): Promise<AccountRef[]> {
  world.setNow(REGISTERED);
  const all: AccountRef[] = [];
  for (let i = 0; i < count; i += 1) all.push(await world.register(fireHqId, { expiresOn: '2027-03-31' }));
  world.setNow(BY_DAY);
  return all;
}

const clerk = (more = {}) =>
  world.command(world.hq, { actor: 'staff:00000000-0000-4000-8000-000000000001', ...more });

async function prepared(chosen: Chosen, most = MOST_AT_ONCE): Promise<string> {
  const made = await prepareBulkSend(world.deps, clerk(), chosen, most);
  if (!('id' in made)) throw new Error(made.not);
  return made.id;
}

const chosen = (all: readonly AccountRef[]): Chosen => ({
  filter: LIST,
  accountIds: all.map(({ accountId }) => accountId),
});

async function started(all: readonly AccountRef[], how: BulkStart = AT_ONCE): Promise<string> {
  const id = await prepared(chosen(all));
  expect(await startBulkSend(world.deps, clerk(), id, how, MOST_AT_ONCE)).toBe('STARTED');
  return id;
}

/** Turns until there is nothing to do; the mails of each go, as a worker would send them. */
async function workOff(deps: Deps = world.deps): Promise<void> {
  for (let turn = 0; turn < 500; turn += 1) {
    if (!(await runBulkSends(deps))) return;
    await world.sql(
      `UPDATE reminder SET outcome = 'ACCEPTED', accepted_at = $1 WHERE outcome = 'QUEUED' AND kind = 'MANUAL'`,
      [new Date(world.now())],
    );
  }
  throw new Error('it never ends');
}

async function manuals(all: readonly AccountRef[]): Promise<number[]> {
  return Promise.all(
    all.map(
      async ({ accountId }) => (await world.ledger(accountId)).filter(({ kind }) => kind === 'MANUAL').length,
    ),
  );
}

/** The row that ③ leaves behind. */
async function askToStop({ accountId }: AccountRef): Promise<void> {
  await world.sql(
    `INSERT INTO resident_request (fire_hq_id, id, account_id, cycle, reminder_id, kind, state, items, created_at, version)
     SELECT fire_hq_id, gen_random_uuid(), id, 1, gen_random_uuid(), 'STOP', 'OPEN', '{}', now(), 1
     FROM account WHERE id = $1`,
    [accountId],
  );
}

describe('the preview', () => {
  test('R22: says who gets a mail and what stands in the way of the others, and sends nothing', async () => {
    const [goes, waits, recent, soon, gone] = (await people(5)) as [
      AccountRef,
      AccountRef,
      AccountRef,
      AccountRef,
      AccountRef,
    ];
    world.setNow(REGISTERED);
    const early = await world.register(world.hq, { expiresOn: '2028-03-31' });
    world.setNow('2027-02-01 09:00');
    await requestResend(world.deps, clerk(), recent.accountId, {});
    await world.sql(
      `UPDATE reminder SET outcome = 'ACCEPTED', accepted_at = created_at WHERE account_id = $1 AND kind = 'MANUAL'`,
      [recent.accountId],
    );
    world.setNow('2027-02-01 11:55');
    await requestResend(world.deps, clerk(), soon.accountId, {});
    await world.sql(
      `UPDATE reminder SET outcome = 'ACCEPTED', accepted_at = created_at WHERE account_id = $1 AND kind = 'MANUAL'`,
      [soon.accountId],
    );
    await requestResend(world.deps, clerk(), waits.accountId, {});
    world.setNow(BY_DAY);
    await withdrawAccount(world.deps, clerk(), gone.accountId, { reason: '引っ越し' });

    const all = [goes, waits, recent, soon, gone, early];
    const before = await manuals(all);
    const id = await prepared(chosen(all));
    const view = await readBulkSend(world.deps, world.hq, id);
    expect(view).toMatchObject({ state: 'DRAFT', people: 6, filter: LIST });
    expect(Object.fromEntries(view.waiting)).toEqual({
      null: 1,
      'resend-already-waiting': 1,
      'resend-needs-confirm': 1,
      'resend-too-soon': 1,
      'resend-not-in-this-status': 2,
    });
    const { items } = await readBulkItems(world.deps, world.hq, id, {
      view: 'left-out',
      after: 0,
      limit: 10,
    });
    expect(items.map(({ accountId }) => accountId)).toEqual(all.slice(1).map(({ accountId }) => accountId));
    expect(await manuals(all)).toEqual(before);
    expect(await runBulkSends(world.deps)).toBe(false);

    // The same rules decide again when it is sent, one by one.
    await startBulkSend(world.deps, clerk(), id, { confirmed: true, when: 'now' }, MOST_AT_ONCE);
    await workOff();
    const after = await readBulkSend(world.deps, world.hq, id);
    expect(after.state).toBe('DONE');
    expect(Object.fromEntries(after.mails)).toEqual({ ACCEPTED: 2 });
    expect(Object.fromEntries(after.leftOut)).toEqual({
      'resend-already-waiting': 1,
      'resend-too-soon': 1,
      'resend-not-in-this-status': 2,
    });
  });

  test('R22 R28: who told 「もう使わない」 is left out, at the preview and again when it is their turn', async () => {
    const [goes, asked, asksLater] = (await people(3)) as [AccountRef, AccountRef, AccountRef];
    const all = [goes, asked, asksLater];
    await askToStop(asked);
    const id = await prepared(chosen(all));
    const view = await readBulkSend(world.deps, world.hq, id);
    expect(Object.fromEntries(view.waiting)).toEqual({ null: 2, 'stop-asked': 1 });
    await askToStop(asksLater);
    await startBulkSend(world.deps, clerk(), id, { confirmed: true, when: 'now' }, MOST_AT_ONCE);
    await workOff();
    expect(await manuals(all)).toEqual([1, 0, 0]);
    const after = await readBulkSend(world.deps, world.hq, id);
    expect(Object.fromEntries(after.leftOut)).toEqual({ 'stop-asked': 2 });
    await world.sql(
      `UPDATE resident_request SET state = 'DONE', closed_at = created_at, closed_by = 'system'
      WHERE account_id = $1`,
      [asked.accountId],
    );
    const again = await readBulkSend(world.deps, world.hq, await prepared(chosen([asked])));
    expect(Object.fromEntries(again.waiting)).toEqual({ null: 1 });
  });

  test('everybody of a list, as it is at this moment; nobody of another headquarters', async () => {
    world.setNow(REGISTERED);
    const other = await world.register(world.otherHq, { expiresOn: '2027-03-31', municipality: 'ほかの町' });
    const mine = await world.register(world.hq, { expiresOn: '2027-03-31', municipality: 'ほかの町' });
    world.setNow(BY_DAY);
    const filter = { ...LIST, municipality: 'ほかの町' };
    const id = await prepared({ filter });
    const { items } = await readBulkItems(world.deps, world.hq, id, { view: 'all', after: 0, limit: 10 });
    expect(items.map(({ accountId }) => accountId)).toEqual([mine.accountId]);
    const foreign = await prepareBulkSend(world.deps, clerk(), chosen([other]), MOST_AT_ONCE);
    expect(foreign).toEqual({ not: 'NOBODY' });
    expect(await refusalOf(readBulkSend(world.deps, world.otherHq, id))).toBe('not-found');
    const theirs = world.command(world.otherHq);
    expect(await refusalOf(startBulkSend(world.deps, theirs, id, AT_ONCE, MOST_AT_ONCE))).toBe('not-found');
    expect(await refusalOf(stopBulkSend(world.deps, theirs, id))).toBe('not-found');
  });

  test('nobody, and more than the role may: also when a colleague of less rights starts it', async () => {
    const all = await people(BULK_OF_A_CLERK + 1);
    expect(await prepareBulkSend(world.deps, clerk(), chosen([]), MOST_AT_ONCE)).toEqual({ not: 'NOBODY' });
    const tooMany = await prepareBulkSend(world.deps, clerk(), chosen(all), BULK_OF_A_CLERK);
    expect(tooMany).toEqual({ not: 'TOO_MANY', people: BULK_OF_A_CLERK + 1 });
    const twice = chosen([...all.slice(1), ...all.slice(1)]);
    expect(await prepareBulkSend(world.deps, clerk(), twice, BULK_OF_A_CLERK)).toHaveProperty('id');
    const id = await prepared(chosen(all));
    expect(await startBulkSend(world.deps, clerk(), id, AT_ONCE, BULK_OF_A_CLERK)).toBe('TOO_MANY');
    expect(await runBulkSends(world.deps)).toBe(false);
  });

  test('one that is an hour old is not sent, and a day later it is gone', async () => {
    const all = await people(1);
    const id = await prepared(chosen(all));
    world.setNow(world.now() + PREVIEW_HOLDS);
    expect(await startBulkSend(world.deps, clerk(), id, AT_ONCE, MOST_AT_ONCE)).toBe('TOO_OLD');
    world.setNow(world.now() + 24 * 3_600_000);
    const kept = await started(all);
    expect(await refusalOf(readBulkSend(world.deps, world.hq, id))).toBe('not-found');
    expect((await readBulkSends(world.deps, world.hq, 5)).map((each) => each.id)).toContain(kept);
  });
});

describe('sending', () => {
  test('R20: one mail each, however often the form is sent, with ledger, trail and outbox of each person', async () => {
    const all = await people(3);
    const id = await prepared(chosen(all));
    const idempotency = { key: randomUUID(), requestHash: Buffer.from('x') };
    const starts = await Promise.all([
      startBulkSend(world.deps, clerk({ idempotency }), id, AT_ONCE, MOST_AT_ONCE),
      startBulkSend(world.deps, clerk({ idempotency }), id, AT_ONCE, MOST_AT_ONCE),
      startBulkSend(world.deps, clerk(), id, AT_ONCE, MOST_AT_ONCE),
    ]);
    expect(starts).toContain('STARTED');
    await world.sql('DELETE FROM signal_outbox');
    await Promise.all([workOff(), workOff(), workOff()]);
    expect(await manuals(all)).toEqual([1, 1, 1]);
    for (const { accountId } of all) {
      const [mail] = (await world.ledger(accountId)).filter(({ kind }) => kind === 'MANUAL');
      expect(mail?.key).toBe(`manual:${id}`);
      const [event] = await world.audit(accountId, 'reminder.resend-requested');
      expect(event).toMatchObject({ actor: clerk().actor });
    }
    const woken = await world.sql<{ id: string }>('SELECT account_id AS id FROM signal_outbox ORDER BY 1');
    expect(woken.map((row) => row.id)).toEqual(all.map(({ accountId }) => accountId).sort());
    const trail = await world.sql<{ action: string; after: unknown }>(
      `SELECT action, after FROM audit_event WHERE after ->> 'bulkSendId' = $1 ORDER BY id`,
      [id],
    );
    expect(trail).toMatchObject([
      { action: 'bulk-send.started', after: { people: 3, filter: LIST } },
      { action: 'bulk-send.ended', after: { queued: 3, leftOut: 0 } },
    ]);
    expect(await startBulkSend(world.deps, clerk(), id, AT_ONCE, MOST_AT_ONCE)).toBe('ALREADY');
  });

  test('killed in the middle of a person: nothing half done, and another goes on after the lease', async () => {
    const all = await people(4);
    const id = await started(all);
    let statements = 0;
    const killed: Deps = {
      ...world.deps,
      database: {
        ...world.deps.database,
        inTenant: (fireHqId, work) =>
          world.deps.database.inTenant(fireHqId, (tx) =>
            work({
              query: (sql, values, name) => {
                if (sql.includes('INSERT INTO reminder')) statements += 1;
                // In the third person's transaction, after the mail was written; the process is gone, so nothing follows.
                if (statements === 3 && sql.includes('signal_outbox')) throw dead();
                return tx.query(sql, values, name);
              },
            }),
          ),
      },
    };
    await expect(runBulkSends(killed)).rejects.toThrow('ECONNREFUSED');
    expect(await manuals(all)).toEqual([1, 1, 0, 0]);
    expect(await runBulkSends(world.deps)).toBe(false);
    world.setNow(world.now() + 31_000);
    await workOff();
    expect(await manuals(all)).toEqual([1, 1, 1, 1]);
    expect((await readBulkSend(world.deps, world.hq, id)).state).toBe('DONE');
  });

  test('what goes wrong with one person is told, and the others get theirs', async () => {
    const all = await people(3);
    const id = await started(all);
    const odd: Deps = {
      ...world.deps,
      database: {
        ...world.deps.database,
        inTenant: (fireHqId, work) =>
          world.deps.database.inTenant(fireHqId, (tx) =>
            work({
              query: (sql, values, name) => {
                if (sql.includes('INSERT INTO reminder') && values?.[1] === all[1]?.accountId)
                  throw new Error('odd');
                return tx.query(sql, values, name);
              },
            }),
          ),
      },
    };
    await expect(runBulkSends(odd)).rejects.toThrow('odd');
    expect(await manuals(all)).toEqual([1, 0, 1]);
    const view = await readBulkSend(world.deps, world.hq, id);
    expect([view.state, Object.fromEntries(view.leftOut)]).toEqual(['DONE', { failed: 1 }]);
  });

  test('at night: at 08:00, and until then all of it can be stopped; or at once, when that is chosen', async () => {
    const [one, two] = (await people(2)) as [AccountRef, AccountRef];
    world.setNow('2027-02-01 22:00');
    const morning = await started([one]);
    expect(await runBulkSends(world.deps)).toBe(false);
    await started([two], { confirmed: false, when: 'now' });
    expect(await runBulkSends(world.deps)).toBe(true);
    expect(await manuals([one, two])).toEqual([0, 1]);
    world.setNow('2027-02-02 08:00');
    await workOff();
    expect(await manuals([one, two])).toEqual([1, 1]);
    expect((await readBulkSend(world.deps, world.hq, morning)).notBefore).toBe(world.now());
  });

  test('stopped: whoever was not asked for yet gets none, and it stays so', async () => {
    const all = await people(30);
    const id = await started(all);
    await runBulkSends(world.deps);
    expect(await stopBulkSend(world.deps, clerk(), id)).toBe(true);
    await workOff();
    const sent = (await manuals(all)).reduce((sum, each) => sum + each, 0);
    expect(sent).toBe(25);
    const view = await readBulkSend(world.deps, world.hq, id);
    expect([view.state, view.waiting.get(null)]).toEqual(['STOPPED', 5]);
    expect(await stopBulkSend(world.deps, clerk(), id)).toBe(false);
    expect(await startBulkSend(world.deps, clerk(), id, AT_ONCE, MOST_AT_ONCE)).toBe('ALREADY');
    expect(await runBulkSends(world.deps)).toBe(false);
  });

  test('fifty wait for a sender at most, so that a single mail of a colleague waits behind no more', async () => {
    const all = await people(60);
    const id = await started(all);
    while (await runBulkSends(world.deps));
    const queued = (await manuals(all)).filter((each) => each === 1).length;
    expect(queued).toBe(50);
    world.setNow(world.now() + 2_000);
    expect(await runBulkSends(world.deps)).toBe(true);
    expect((await readBulkSend(world.deps, world.hq, id)).waiting.get(null)).toBe(10);
    await world.sql(
      `UPDATE reminder SET outcome = 'ACCEPTED', accepted_at = created_at WHERE kind = 'MANUAL' AND outcome = 'QUEUED'`,
    );
    world.setNow(world.now() + 2_000);
    await workOff();
    expect((await readBulkSend(world.deps, world.hq, id)).state).toBe('DONE');
    expect(new Set(await manuals(all))).toEqual(new Set([1]));
  });

  test('two headquarters take turns', async () => {
    const mine = await people(60);
    const theirs = await people(2, world.otherHq);
    await started(mine);
    const command = world.command(world.otherHq);
    const made = await prepareBulkSend(world.deps, command, chosen(theirs), MOST_AT_ONCE);
    if (!('id' in made)) throw new Error(made.not);
    world.setNow(world.now() + 1);
    await startBulkSend(world.deps, world.command(world.otherHq), made.id, AT_ONCE, MOST_AT_ONCE);
    world.setNow(world.now() + 1);
    await runBulkSends(world.deps);
    await runBulkSends(world.deps);
    expect(await manuals(theirs)).toEqual([1, 1]);
  });
});

function dead(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
}
