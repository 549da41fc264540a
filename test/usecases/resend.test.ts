import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../domain/calendar.js';
import { isRefused } from '../../usecases/errors.js';
import { createMailStop } from '../../usecases/mail-stop.js';
import { readAccount } from '../../usecases/read-account.js';
import type { ResendRequest } from '../../usecases/request-resend.js';
import { requestResend, resendBySignal } from '../../usecases/request-resend.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import { ACCEPTED, BUSY, OUR_FAULT, createWorld, newId, refusalOf } from './world.js';
import type { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.answer(ACCEPTED));

/** D = 2027-06-01, in its window, the first mail gone. */
async function pending() {
  world.setNow('2026-06-01 12:00');
  const account = await world.register();
  world.setNow('2027-03-01 00:00');
  await world.walk(account, '2027-03-05 12:00');
  return account;
}
const ask = (accountId: string, request: ResendRequest = {}, hq = world.hq) =>
  requestResend(world.deps, world.command(hq), accountId, request);
const manual = async (accountId: string) =>
  (await world.ledger(accountId)).filter((row) => row.kind === 'MANUAL');

describe('リマインダーメールを送信する', () => {
  it('R22: queued, first in line, sent at once, and it stands in the history as 手動', async () => {
    const account = await pending();
    const queued = await ask(account.id);
    expect(queued).toMatchObject({ kind: 'MANUAL', outcome: 'QUEUED', dueAt: world.now() });
    expect((await world.look(account)).mail).toMatchObject({ at: world.now(), priority: 1 });
    await world.walk(account, world.now());
    expect(await manual(account.id)).toMatchObject([{ outcome: 'ACCEPTED', kind: 'MANUAL', slot: null }]);
    expect(await world.audit(account.id, 'reminder.resend-requested')).toHaveLength(1);
  });

  it('R22: refused before the window, for 廃止, for another tenant’s account', async () => {
    world.setNow('2026-06-01 12:00');
    const account = await world.register();
    expect(await refusalOf(ask(account.id))).toBe('resend-not-in-this-status');
    const other = await pending();
    await withdrawAccount(world.deps, world.command(), other.id, { reason: '転出' });
    expect(await refusalOf(ask(other.id))).toBe('resend-not-in-this-status');
    expect(await refusalOf(ask(other.id, {}, world.otherHq))).toBe('not-found');
  });

  it('R22: one waiting, then ten minutes, then confirm within 24 hours; in this order', async () => {
    const account = await pending();
    const asked = world.now();
    await ask(account.id);
    expect(await refusalOf(ask(account.id, { confirm: true }))).toBe('resend-already-waiting');
    await world.walk(account, asked + 10 * MINUTE - 1);
    try {
      await ask(account.id, { confirm: true });
      expect.unreachable();
    } catch (error) {
      if (!isRefused(error, 'resend-too-soon')) throw error;
      expect(error.refusal.nextAllowedAt).toBe(asked + 10 * MINUTE);
    }
    world.setNow(asked + 10 * MINUTE);
    expect(await refusalOf(ask(account.id))).toBe('resend-needs-confirm');
    expect(await refusalOf(ask(account.id, { confirm: true }))).toBeNull();
    await world.walk(account, asked + 10 * MINUTE);
    world.setNow(asked + 24 * HOUR + 10 * MINUTE - 1);
    expect(await refusalOf(ask(account.id))).toBe('resend-needs-confirm');
    world.setNow(asked + 24 * HOUR + 10 * MINUTE);
    expect(await refusalOf(ask(account.id))).toBeNull();
  });

  it('R22: two clicks at once: one mail', async () => {
    const account = await pending();
    const results = await Promise.all([1, 2, 3].map(() => refusalOf(ask(account.id, { confirm: true }))));
    expect(results.sort()).toEqual([null, 'resend-already-waiting', 'resend-already-waiting'].sort());
    expect(await manual(account.id)).toHaveLength(1);
  });

  it.each([
    ['2027-03-05 20:59:59.999', undefined, '2027-03-05 20:59:59.999'],
    ['2027-03-05 21:00', undefined, '2027-03-06 08:00'],
    ['2027-03-05 23:30', 'morning', '2027-03-06 08:00'],
    ['2027-03-06 07:59:59.999', undefined, '2027-03-06 08:00'],
    ['2027-03-06 02:00', 'now', '2027-03-06 02:00'],
    ['2027-03-06 08:00', 'morning', '2027-03-06 08:00'],
  ] as const)('R22: asked at %s with when=%s: due %s', async (asked, when, due) => {
    const account = await pending();
    world.setNow(asked);
    expect((await ask(account.id, when === undefined ? {} : { when })).dueAt).toBe(jst(due));
    await world.walk(account, jst(due));
    expect(world.sent.at(-1)?.at).toBe(jst(due));
  });

  it('R22 R6: also after the stop day, and the automatic run does not start again', async () => {
    const account = await pending();
    await world.walk(account, '2027-10-01 12:00');
    const before = world.sent.length;
    await ask(account.id);
    await world.walk(account, '2028-03-01 12:00');
    expect(world.sent).toHaveLength(before + 1);
    expect(await readAccount(world.deps, world.hq, account.id)).toMatchObject({
      autoMail: 'STOPPED',
      status: 'LAPSED',
    });
  });

  it('R22: the mail server away: tried until 72 hours are over, then FAILED', async () => {
    const account = await pending();
    world.answer(BUSY);
    const asked = world.now();
    await ask(account.id);
    await world.walk(account, asked + 72 * HOUR - 1);
    expect((await manual(account.id))[0]?.outcome).toBe('DELAYED');
    const tried = world.sent.length;
    await world.walk(account, asked + 72 * HOUR);
    expect((await manual(account.id))[0]).toMatchObject({ outcome: 'FAILED', reason: 'GIVEN_UP' });
    await world.walk(account, asked + 100 * HOUR);
    expect(world.sent).toHaveLength(tried);
    expect((await readAccount(world.deps, world.hq, account.id)).addressState).toBe('UNVERIFIED');
  });

  it('R24: a failure of ours is FAILED and never counts against the person', async () => {
    const account = await pending();
    world.answer(OUR_FAULT);
    await ask(account.id);
    await world.walk(account, world.now());
    expect((await manual(account.id))[0]).toMatchObject({ outcome: 'FAILED', reason: 'OUR_FAILURE' });
    expect((await readAccount(world.deps, world.hq, account.id)).addressState).toBe('UNVERIFIED');
  });

  it('R9: a slot less than 24 h after an accepted manual mail is entered as superseded when its time comes', async () => {
    const account = await pending();
    world.setNow('2027-04-01 18:00');
    await ask(account.id);
    await world.walk(account, '2027-04-02 09:59');
    expect((await world.ledger(account.id)).some((row) => row.slot === '2027-04-02')).toBe(false);
    await world.walk(account, '2027-04-02 10:00');
    expect(await world.told(account.id)).toContain(
      'auto:1:2027-04-02 SUPERSEDED MANUAL_MAIL_WITHIN_24_HOURS',
    );
    await world.walk(account, '2027-05-02 12:00');
    expect(await world.told(account.id)).toContain('auto:1:2027-05-02 ACCEPTED');
  });

  it('R9: one that was not accepted takes no slot’s place', async () => {
    const account = await pending();
    world.setNow('2027-04-01 18:00');
    world.answer(OUR_FAULT);
    await ask(account.id);
    await world.walk(account, '2027-04-01 19:00');
    world.answer(ACCEPTED);
    await world.walk(account, '2027-04-02 10:00');
    expect(await world.told(account.id)).toContain('auto:1:2027-04-02 ACCEPTED');
  });

  it('R36: a mail stop covers automatic mail only', async () => {
    const account = await pending();
    const stop = await createMailStop(world.deps, world.command(), {
      reason: '点検',
      until: world.now() + HOUR,
    });
    await ask(account.id);
    await world.walk(account, world.now());
    expect(await manual(account.id)).toMatchObject([{ outcome: 'ACCEPTED' }]);
    expect(stop.scope).toBe('FIRE_HQ');
  });

  it('R12: in exact time ten seconds, no confirm, no morning', async () => {
    world.setNow('2026-06-01 23:00');
    const account = await world.register(world.minutesHq);
    world.setNow(account.expiresAt - 100_000);
    const again = () => ask(account.id, {}, world.minutesHq);
    expect((await again()).dueAt).toBe(world.now());
    await world.walk(account, world.now() + 9_999);
    expect(await refusalOf(again())).toBe('resend-too-soon');
    world.setNow(world.now() + 1);
    expect(await refusalOf(again())).toBeNull();
  });
});

describe('by a signal', () => {
  it('counts as confirmed and 今すぐ, once per request; a refusal stands in the audit trail', async () => {
    const account = await pending();
    world.setNow('2027-03-05 22:00');
    const requestId = newId();
    await resendBySignal(world.deps, world.command(), account.id, requestId);
    await resendBySignal(world.deps, world.command(), account.id, requestId);
    expect(await manual(account.id)).toMatchObject([{ key: `manual:${requestId}`, dueAt: world.now() }]);
    await world.walk(account, world.now());
    await resendBySignal(world.deps, world.command(), account.id, newId());
    expect(await manual(account.id)).toHaveLength(1);
    expect(await world.audit(account.id, 'resend.refused')).toMatchObject([
      { after: { reason: 'resend-too-soon' } },
    ]);
    world.setNow(world.now() + 10 * MINUTE);
    await resendBySignal(world.deps, world.command(), account.id, newId());
    expect(await manual(account.id)).toHaveLength(2);
  });

  it('an unknown account is nothing', async () => {
    await expect(resendBySignal(world.deps, world.command(), newId(), newId())).resolves.toBeUndefined();
  });
});
