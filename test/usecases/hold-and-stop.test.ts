import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../../domain/calendar.js';
import { holdAccount, releaseHold } from '../../usecases/hold-account.js';
import { createMailStop, endMailStop, listMailStops } from '../../usecases/mail-stop.js';
import { readAccount } from '../../usecases/read-account.js';
import { sendDue } from '../../usecases/send-mail.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import { ACCEPTED, createWorld, newId, refusalOf } from './world.js';
import type { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  // Each test goes back in time: what the last one ended would lie in its future.
  await world.sql('DELETE FROM mail_stop');
  world.answer(ACCEPTED);
  world.sent.length = 0;
});

async function dueIn(hq = world.hq, mailAddress?: string) {
  world.setNow('2026-06-01 12:00');
  const account = await world.register(hq, mailAddress === undefined ? {} : { mailAddress });
  world.setNow('2027-03-03 10:30');
  return account;
}
const sentTo = (account: { mailAddress: string }) =>
  world.sent.filter(({ mail }) => mail.to === account.mailAddress);
const stop = (more: { mailDomain?: string; until?: number } = {}, hq = world.hq) =>
  createMailStop(world.deps, world.command(hq), { reason: '点検', ...more });

describe('保留', () => {
  it('R36: automatic mail of the person rests until the date, then R9 applies; the lapse runs on', async () => {
    const account = await dueIn();
    const held = await holdAccount(world.deps, world.command(), account.id, {
      until: jst('2027-05-20 03:00'),
      reason: '入院',
    });
    expect(held).toMatchObject({ autoMail: 'HELD', hold: { reason: '入院' } });
    await world.walk(account, '2027-05-20 07:59');
    expect(sentTo(account)).toEqual([]);
    await world.walk(account, '2027-05-20 12:00');
    expect(await world.told(account.id)).toEqual([
      'auto:1:2027-03-03 SUPERSEDED NEWER_SLOT_DUE',
      'auto:1:2027-04-02 SUPERSEDED NEWER_SLOT_DUE',
      'auto:1:2027-05-02 SUPERSEDED NEWER_SLOT_DUE',
      'auto:1:2027-05-18 ACCEPTED',
    ]);
    expect((await world.ledger(account.id)).at(-1)?.kind).toBe('CATCH_UP');
    expect(world.sent[0]?.at).toBe(jst('2027-05-20 10:00'));
    await holdAccount(world.deps, world.command(), account.id, {
      until: jst('2027-07-01 00:00'),
      reason: '入院',
    });
    await world.walk(account, '2027-06-02 00:00');
    expect(await world.audit(account.id, 'account.lapsed')).toHaveLength(1);
  });

  it('R36: released, the mail goes; a date in the past is refused; releasing nothing changes nothing', async () => {
    const account = await dueIn();
    const hold = (until: number) =>
      holdAccount(world.deps, world.command(), account.id, { until, reason: 'r' });
    expect(await refusalOf(hold(world.now()))).toBe('validation');
    await releaseHold(world.deps, world.command(), account.id);
    expect(await world.audit(account.id, 'account.hold-released')).toEqual([]);
    await hold(jst('2027-05-20 03:00'));
    await world.walk(account, world.now());
    expect(sentTo(account)).toEqual([]);
    await releaseHold(world.deps, world.command(), account.id);
    await world.walk(account, world.now());
    expect(sentTo(account)).toHaveLength(1);
  });
});

it('R36 R15: a withdrawn account has no mail to hold: refused; a hold of before can be released', async () => {
  const account = await dueIn();
  const hold = () =>
    holdAccount(world.deps, world.command(), account.id, { until: jst('2027-05-20 03:00'), reason: 'r' });
  await hold();
  await withdrawAccount(world.deps, world.command(), account.id, { reason: '転出' });
  expect(await refusalOf(hold())).toBe('account-withdrawn');
  expect(await world.audit(account.id, 'account.held')).toHaveLength(1);
  expect((await releaseHold(world.deps, world.command(), account.id)).hold).toBeNull();
});

describe('自動送信の停止', () => {
  it('R36: of the headquarters: effective at the moment of sending, for this tenant only', async () => {
    const mine = await dueIn();
    const theirs = await dueIn(world.otherHq);
    world.setNow('2027-03-03 10:31');
    const step = await world.look(mine);
    expect(step.mail?.at).toBe(world.now());
    const row = await stop();
    await sendDue(world.deps, mine, step.mail?.key ?? '', world.now());
    await world.walk(theirs, world.now());
    expect([sentTo(mine).length, sentTo(theirs).length]).toEqual([0, 1]);
    expect(await refusalOf(endMailStop(world.deps, world.command(world.otherHq), row.id))).toBe('not-found');
    await endMailStop(world.deps, world.command(), row.id);
    await endMailStop(world.deps, world.command(), row.id);
    await world.walk(mine, world.now());
    expect(sentTo(mine)).toHaveLength(1);
  });

  it('R36: of one mail domain: its addresses only; with an end it ends by itself', async () => {
    const [stopped, free] = [
      await dueIn(world.hq, 'a1@carrier.example.jp'),
      await dueIn(world.hq, 'a2@b.example.jp'),
    ];
    await stop({ mailDomain: ' CARRIER.example.jp ', until: jst('2027-03-03 15:00') });
    await world.walk(free, world.now());
    await world.walk(stopped, '2027-03-03 14:59:59.999');
    expect([sentTo(stopped).length, sentTo(free).length]).toEqual([0, 1]);
    await world.walk(stopped, '2027-03-03 15:00');
    expect(sentTo(stopped)).toMatchObject([{ at: jst('2027-03-03 15:00') }]);
  });

  it('R36: of all, set by the operator: every headquarters reads it and obeys, none can end it', async () => {
    const account = await dueIn(world.otherHq);
    const id = newId();
    await world.sql(
      `INSERT INTO mail_stop (id, fire_hq_id, reason, created_by, created_at) VALUES ($1, NULL, '全体', 'operator', $2)`,
      [id, new Date(world.now())],
    );
    expect(await listMailStops(world.deps, world.otherHq)).toMatchObject([
      { id, scope: 'ALL', reason: '全体' },
    ]);
    await world.walk(account, world.now());
    expect(sentTo(account)).toEqual([]);
    expect(await readAccount(world.deps, world.otherHq, account.id)).toMatchObject({ autoMail: 'HELD' });
    expect(await refusalOf(endMailStop(world.deps, world.command(world.otherHq), id))).toBe('not-found');
    await world.sql('UPDATE mail_stop SET ended_at = $2 WHERE id = $1', [id, new Date(world.now())]);
    // R11: this headquarters spreads its mails over half an hour, also those that rested together.
    await world.walk(account, world.now() + 30 * MINUTE);
    expect(sentTo(account)).toHaveLength(1);
    expect(sentTo(account)[0]?.at).toBeGreaterThan(jst('2027-03-03 10:30'));
  });

  it('R36: a sleeper that looks while a stop without an end lasts plans no mail; after the end it does', async () => {
    world.setNow('2026-06-01 12:00');
    const account = await world.register();
    const { id } = await stop();
    expect((await world.look(account)).mail).toBeNull();
    await endMailStop(world.deps, world.command(), id);
    expect((await world.look(account)).mail?.at).toBe(jst('2027-03-03 10:00'));
  });

  it('R36: its end wakes all that rested, also those who looked before their window; events, and refuses nonsense', async () => {
    const account = await dueIn(world.otherHq);
    const sleeping = await world.register(world.otherHq, { expiresOn: '2028-12-31' });
    const stranger = await dueIn(world.hq);
    await world.sql('DELETE FROM signal_outbox');
    const { id } = await stop({}, world.otherHq);
    expect(await world.sql('SELECT FROM signal_outbox')).toHaveLength(0);
    await endMailStop(world.deps, world.command(world.otherHq), id);
    const woken = (await world.sql<{ account_id: string }>('SELECT account_id FROM signal_outbox')).map(
      (r) => r.account_id,
    );
    expect(woken).toEqual(expect.arrayContaining([account.id, sleeping.id]));
    expect(woken).not.toContain(stranger.id);
    expect(await refusalOf(stop({ until: world.now() }))).toBe('validation');
    expect(await refusalOf(stop({ mailDomain: 'no domain' }))).toBe('validation');
    const events = await world.sql(
      `SELECT FROM audit_event WHERE action IN ('mail-stop.set', 'mail-stop.ended') AND fire_hq_id = $1`,
      [world.otherHq],
    );
    expect(events).toHaveLength(2);
  });
});
