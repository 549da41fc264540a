import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeAccount } from '../../usecases/change-account.js';
import { holdAccount } from '../../usecases/hold-account.js';
import { recordAutoStop, recordLapse } from '../../usecases/life-events.js';
import { listAccounts, readAccount, readSchedule } from '../../usecases/read-account.js';
import { requestResend } from '../../usecases/request-resend.js';
import { submitStopRequest } from '../../usecases/resident-request.js';
import { sendDue } from '../../usecases/send-mail.js';
import { jst } from '../domain/given.js';
import { ACCEPTED, BUSY, OUR_FAULT, REFUSED, createWorld } from './world.js';
import type { World } from './world.js';

const E = jst('2027-06-02 00:00');
const STOP = jst('2027-08-31 00:00');
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
const cause = async (accountId: string) => (await readAccount(world.deps, world.hq, accountId)).lapseCause;
const lapses = (accountId: string) => world.audit(accountId, 'account.lapsed');
const caused = async (accountId: string) =>
  (await world.audit(accountId, 'lapse.cause-changed')).map(
    (event) => (event['after'] as { cause: string }).cause,
  );

describe('失効中', () => {
  it('R5: the status turns at E itself; the event is recorded then, once, dated E', async () => {
    const account = await registered();
    await world.walk(account, E - 1);
    expect((await readAccount(world.deps, world.hq, account.id)).status).toBe('RENEWAL_PENDING');
    await recordLapse(world.deps, account, E - 1);
    expect(await lapses(account.id)).toEqual([]);
    world.setNow(E);
    expect((await readAccount(world.deps, world.hq, account.id)).status).toBe('LAPSED');
    await Promise.all([recordLapse(world.deps, account, E), recordLapse(world.deps, account, E)]);
    expect(await lapses(account.id)).toMatchObject([
      { after: { lapsedAt: E, cause: 'NO_RESPONSE', cycle: 1 } },
    ]);
    expect((await world.look(account)).phase).toBe('LAPSED');
  });

  it('R15: nobody is deleted or cancelled: years later the account is there, 失効中', async () => {
    const account = await registered();
    await world.walk(account, '2037-01-01 12:00');
    expect(await readAccount(world.deps, world.hq, account.id)).toMatchObject({
      status: 'LAPSED',
      cycle: 1,
      withdrawal: null,
    });
    expect(await lapses(account.id)).toHaveLength(1);
  });

  it('R16: 未送信 when nothing got out, and 未応答 as soon as a mail was accepted after all', async () => {
    const account = await registered();
    world.answer(OUR_FAULT);
    await world.walk(account, E);
    expect(await cause(account.id)).toBe('NOT_SENT');
    world.answer(ACCEPTED);
    await world.walk(account, '2027-06-02 12:00');
    expect(await cause(account.id)).toBe('NO_RESPONSE');
    expect(await caused(account.id)).toEqual(['NO_RESPONSE']);
  });

  it('R16: 不達 while the present address is UNDELIVERABLE; it follows the address and the person', async () => {
    const account = await registered();
    world.answer(REFUSED);
    await world.walk(account, E);
    expect(await cause(account.id)).toBe('UNDELIVERABLE');
    expect(await lapses(account.id)).toMatchObject([{ after: { cause: 'UNDELIVERABLE' } }]);
    world.answer(ACCEPTED);
    const { id: resent } = await requestResend(world.deps, world.command(), account.id, { when: 'now' });
    await world.walk(account, E);
    // Accepted: SUSPECT, so not 不達 any more.
    expect(await caused(account.id)).toEqual(['NO_RESPONSE']);
    expect((await readAccount(world.deps, world.hq, account.id)).addressState).toBe('SUSPECT');
    const key = (await world.ledger(account.id)).find((row) => row.id === resent)?.key ?? '';
    await submitStopRequest(world.deps, world.command(), await world.linkOf(account.id, key));
    expect((await readAccount(world.deps, world.hq, account.id)).addressState).toBe('OK');
  });

  it('R16: an answer that proves the address while lapsed changes the recorded cause, lists included', async () => {
    const account = await registered();
    world.setNow('2027-03-03 10:00');
    await world.walk(account, '2027-03-03 10:00');
    const link = await world.linkOf(account.id, 'auto:1:2027-03-03');
    world.answer(REFUSED);
    await world.walk(account, E + 1_000);
    const found = async (lapseCause: 'UNDELIVERABLE' | 'NO_RESPONSE') =>
      (await listAccounts(world.deps, world.hq, { lapseCause, limit: 200 })).items.some(
        ({ id }) => id === account.id,
      );
    expect(await found('UNDELIVERABLE')).toBe(true);
    await submitStopRequest(world.deps, world.command(), link);
    expect([await found('UNDELIVERABLE'), await found('NO_RESPONSE')]).toEqual([false, true]);
    expect(await caused(account.id)).toEqual(['NO_RESPONSE']);
  });

  it('R16 R19: a new address while lapsed and 不達: the cause follows at once', async () => {
    const account = await registered();
    world.answer(REFUSED);
    await world.walk(account, E);
    await changeAccount(world.deps, world.command(), account.id, account.version, {
      mailAddress: 'n1@example.jp',
    });
    expect(await cause(account.id)).toBe('UNKNOWN');
    expect(await caused(account.id)).toEqual(['UNKNOWN']);
  });

  it('R16: SKIPPED alone does not count: nobody allowed outside production, 不明', async () => {
    const account = await registered();
    for (const slot of ['2027-03-03', '2027-04-02', '2027-05-02', '2027-05-18', '2027-05-25', '2027-05-29']) {
      world.setNow(`${slot} 10:00`);
      await sendDue({ ...world.deps, allow: 'nobody' }, account, `auto:1:${slot}`, world.now());
    }
    world.setNow(E);
    await recordLapse(world.deps, account, E);
    expect(await cause(account.id)).toBe('UNKNOWN');
  });

  it('R16 R6: the worker away through E and stop: 未送信, and the entries of the stop do not change that', async () => {
    const account = await registered();
    world.setNow('2027-10-01 12:00');
    await world.walk(account, '2027-10-02 12:00');
    expect(await lapses(account.id)).toMatchObject([{ after: { cause: 'NOT_SENT', lapsedAt: E } }]);
    expect(await cause(account.id)).toBe('NOT_SENT');
    expect(await caused(account.id)).toEqual([]);
    expect(new Set((await world.told(account.id)).map((line) => line.split(' ').slice(1).join(' ')))).toEqual(
      new Set(['SKIPPED AFTER_STOP']),
    );
    expect(await world.ledger(account.id)).toHaveLength(11);
  });

  it('R5 R20: lapsed while the mail server is away: the lapse is on time, the mail goes on being tried', async () => {
    const account = await registered();
    world.setNow('2027-06-01 18:00');
    world.answer(BUSY);
    await world.walk(account, E);
    expect(await lapses(account.id)).toMatchObject([{ at: E, after: { cause: 'NOT_SENT' } }]);
    world.answer(ACCEPTED);
    await world.walk(account, '2027-06-02 12:00');
    expect(await cause(account.id)).toBe('NO_RESPONSE');
  });
});

describe('自動配信終了', () => {
  it('R6: until 24:00 of the stop day; recorded once; the last slot goes on that day', async () => {
    const account = await registered();
    await world.walk(account, STOP - 1);
    expect((await world.ledger(account.id)).at(-1)).toMatchObject({
      slot: '2027-08-30',
      outcome: 'ACCEPTED',
    });
    expect((await world.look(account)).phase).toBe('LAPSED');
    await Promise.all([recordAutoStop(world.deps, account, STOP), recordAutoStop(world.deps, account, STOP)]);
    expect(await world.audit(account.id, 'account.auto-mail-ended')).toHaveLength(1);
    world.setNow(STOP);
    const step = await world.look(account);
    expect(step).toMatchObject({ phase: 'STOPPED', mail: null, deed: null });
  });

  it('R6: what waits on the stop day is ended, with the truth about it', async () => {
    const account = await registered();
    await world.walk(account, '2027-08-30 09:00');
    world.answer(BUSY);
    await world.walk(account, '2027-08-30 20:59:59.999');
    world.answer(ACCEPTED);
    const before = world.sent.length;
    await world.walk(account, '2027-09-05 12:00');
    expect(world.sent).toHaveLength(before);
    expect((await world.ledger(account.id)).at(-1)).toMatchObject({
      outcome: 'FAILED',
      reason: 'GIVEN_UP_AT_STOP',
    });
  });

  it('R9 R23: held over the stop day: the slots are entered as not sent', async () => {
    const account = await registered();
    await world.walk(account, '2027-07-01 12:00');
    await holdAccount(world.deps, world.command(), account.id, {
      until: jst('2028-01-01 00:00'),
      reason: '入院',
    });
    await world.walk(account, STOP);
    expect((await world.told(account.id)).slice(-2)).toEqual([
      'auto:1:2027-07-31 SKIPPED AFTER_STOP',
      'auto:1:2027-08-30 SKIPPED AFTER_STOP',
    ]);
  });

  it('R12: in exact time a slot on the stop instant has its minute, also when it is being retried', async () => {
    world.setNow('2026-06-01 12:00');
    const account = await world.register(world.minutesHq);
    const stop = account.autoStopsAt;
    await world.walk(account, stop - 1_000);
    world.answer(BUSY);
    await world.walk(account, stop + 59_999);
    world.answer(ACCEPTED);
    await world.walk(account, stop + 60_000);
    expect((await world.ledger(account.id)).at(-1)).toMatchObject({
      slot: new Date(stop).toISOString(),
      outcome: 'ACCEPTED',
      kind: 'AUTOMATIC',
    });
    await world.walk(account, stop + 120_000);
    expect((await world.look(account)).phase).toBe('STOPPED');
  });

  it('R12 R36: held without an end over the minute of grace, nothing goes', async () => {
    world.setNow('2026-06-01 12:00');
    const account = await world.register(world.minutesHq);
    const stop = account.autoStopsAt;
    await world.walk(account, stop - 1_000);
    world.answer(BUSY);
    await world.walk(account, stop + 1_000);
    const link = await world.linkOf(account.id, `auto:1:${new Date(stop - 60_000).toISOString()}`);
    await submitStopRequest(world.deps, world.command(world.minutesHq), link);
    world.answer(ACCEPTED);
    const reminders = () =>
      world.sent.filter(({ mail }) => mail.to === account.mailAddress && mail.text.includes('/r/'));
    const before = reminders().length;
    await world.walk(account, stop + 200_000);
    expect(reminders()).toHaveLength(before);
  });
});

it('R14 R15: the schedule of an account tells slots, lapse and stop, and what is over', async () => {
  const account = await registered();
  await world.walk(account, '2027-04-02 12:00');
  const { steps } = await readSchedule(world.deps, world.hq, account.id);
  expect(steps.map((step) => `${step.what} ${step.slot ?? ''} ${step.state}`)).toEqual([
    'SLOT 2027-03-03 HANDLED',
    'SLOT 2027-04-02 HANDLED',
    'SLOT 2027-05-02 PLANNED',
    'SLOT 2027-05-18 PLANNED',
    'SLOT 2027-05-25 PLANNED',
    'SLOT 2027-05-29 PLANNED',
    'LAPSE  PLANNED',
    'SLOT 2027-06-02 PLANNED',
    'SLOT 2027-06-15 PLANNED',
    'SLOT 2027-07-01 PLANNED',
    'SLOT 2027-07-31 PLANNED',
    'SLOT 2027-08-30 PLANNED',
    'AUTO_STOP  PLANNED',
  ]);
});
