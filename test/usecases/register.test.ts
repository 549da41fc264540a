import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jst } from '../domain/given.js';
import { isRefused } from '../../usecases/errors.js';
import { readAccount } from '../../usecases/read-account.js';
import { registerAccount } from '../../usecases/register-account.js';
import { createWorld, refusalOf } from './world.js';
import type { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const PERSON = {
  registrationNumber: 'R-1',
  name: '見本 花子',
  kana: 'みほん はなこ',
  mailAddress: 'hanako@example.jp',
};

describe('registering', () => {
  it('R2: without a date D is the day of registration in Japan plus the validity', async () => {
    world.setNow('2026-06-01 00:30');
    const account = await world.register();
    expect(account).toMatchObject({ expiresOn: '2027-06-01', cycle: 1, status: 'ACTIVE' });
    expect(account.windowOpensAt).toBe(jst('2027-03-03 00:00'));
    expect(account.nextReminderAt).toBe(jst('2027-03-03 10:00'));
  });

  it('R10: slots at or before creation are never caught up; it joins at the next one', async () => {
    world.setNow('2026-06-01 10:00');
    const account = await world.register(world.hq, { expiresOn: '2026-06-15' });
    // −14 lies on this very instant; −7 is the next one.
    expect(account.nextReminderAt).toBe(jst('2026-06-08 10:00'));
    await world.walk(account, '2026-06-08 12:00');
    expect(await world.told(account.id)).toEqual(['auto:1:2026-06-08 ACCEPTED']);
  });

  it('R10 R16: D in the past: 失効中, 不明, and no mail when the stop is past', async () => {
    world.setNow('2026-06-01 12:00');
    const account = await world.register(world.hq, { expiresOn: '2025-12-31' });
    expect(account).toMatchObject({
      status: 'LAPSED',
      lapseCause: 'UNKNOWN',
      nextReminderAt: null,
      autoMail: 'STOPPED',
    });
    await world.walk(account, '2026-07-01 12:00');
    expect(await world.ledger(account.id)).toEqual([]);
    expect((await world.look(account)).phase).toBe('STOPPED');
    expect(await world.audit(account.id, 'account.lapsed')).toMatchObject([
      { after: { lapsedAt: jst('2026-01-01 00:00'), cause: 'UNKNOWN' } },
    ]);
  });

  it('R12: the basis decides which expiry is taken', async () => {
    world.setNow('2026-06-01 12:00');
    expect(await refusalOf(world.register(world.minutesHq, { expiresOn: '2027-01-01' }))).toBe('validation');
    expect(await refusalOf(world.register(world.hq, { expiresAt: world.now() + 1_000 }))).toBe('validation');
    const exact = await world.register(world.minutesHq);
    expect(exact).toMatchObject({ expiresOn: null, expiresAt: world.now() + 600_000 });
  });

  it('every fault is told at once and nothing is written', async () => {
    const before = await world.sql('SELECT id FROM account');
    try {
      await registerAccount(world.deps, world.command(), {
        registrationNumber: ' ',
        name: '',
        kana: 'あ\u202e',
        mailAddress: 'x',
        mobileNumber: 'abc',
        expiresOn: '2027-02-30',
        registeredAt: world.now() + 1,
      });
      expect.unreachable();
    } catch (error) {
      if (!isRefused(error, 'validation')) throw error;
      const { fields } = error.refusal;
      expect(fields.map((fault) => fault.field).sort()).toEqual(
        [
          'expiresOn',
          'kana',
          'mailAddress',
          'mobileNumber',
          'name',
          'registeredAt',
          'registrationNumber',
        ].sort(),
      );
    }
    expect(await world.sql('SELECT id FROM account')).toEqual(before);
  });

  it('more than ten years ahead is refused', async () => {
    world.setNow('2026-06-01 12:00');
    expect(await refusalOf(world.register(world.hq, { expiresOn: '2036-06-01' }))).toBeNull();
    expect(await refusalOf(world.register(world.hq, { expiresOn: '2036-06-02' }))).toBe('validation');
  });

  it('a registration number belongs to one account of a headquarters, and may be used by another', async () => {
    await registerAccount(world.deps, world.command(), PERSON);
    expect(await refusalOf(registerAccount(world.deps, world.command(), PERSON))).toBe(
      'registration-number-taken',
    );
    expect(await refusalOf(registerAccount(world.deps, world.command(world.otherHq), PERSON))).toBeNull();
  });

  it('an Idempotency-Key gives one account, also when both come at once', async () => {
    const idempotency = { key: 'k-1', requestHash: Buffer.from('a') };
    const person = { ...PERSON, registrationNumber: 'R-2' };
    const both = await Promise.all(
      [1, 2].map(() => registerAccount(world.deps, world.command(world.hq, { idempotency }), person)),
    );
    expect(both[0]?.id).toBe(both[1]?.id);
    const other = { key: 'k-1', requestHash: Buffer.from('b') };
    expect(
      await refusalOf(registerAccount(world.deps, world.command(world.hq, { idempotency: other }), person)),
    ).toBe('idempotency-key-reused');
  });

  it('leaves an audit event and one row in the outbox, and is unknown to another headquarters', async () => {
    const account = await world.register();
    expect(await world.audit(account.id, 'account.registered')).toHaveLength(1);
    expect(await world.sql('SELECT id FROM signal_outbox WHERE account_id = $1', [account.id])).toHaveLength(
      1,
    );
    expect(await refusalOf(readAccount(world.deps, world.otherHq, account.id))).toBe('not-found');
  });
});
