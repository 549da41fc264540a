import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../domain/calendar.js';
import { changeAccount } from '../../usecases/change-account.js';
import { readAccount, readSchedule } from '../../usecases/read-account.js';
import { requestResend } from '../../usecases/request-resend.js';
import { listRequests, submitChangeRequest, submitStopRequest } from '../../usecases/resident-request.js';
import { undoWithdrawal, withdrawAccount, withdrawBySignal } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import { ACCEPTED, BUSY, createWorld, newId, refusalOf } from './world.js';
import type { World } from './world.js';

const E = jst('2027-06-02 00:00');
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.answer(ACCEPTED));

async function at(day: string) {
  world.setNow('2026-06-01 12:00');
  const account = await world.register();
  world.setNow('2027-03-01 00:00');
  await world.walk(account, day);
  return account;
}
const withdraw = (accountId: string, hq = world.hq) =>
  withdrawAccount(world.deps, world.command(hq), accountId, { reason: '転出' });
const undo = (accountId: string) => undoWithdrawal(world.deps, world.command(), accountId);

describe('廃止', () => {
  it('R15: stops mail at once: what waits and what is due is entered as SKIPPED, and nothing goes any more', async () => {
    const account = await at('2027-04-02 09:00');
    world.answer(BUSY);
    await world.walk(account, '2027-04-02 12:00');
    world.setNow('2027-05-02 12:00');
    await requestResend(world.deps, world.command(), account.id, {});
    await withdraw(account.id);
    const told = await world.told(account.id);
    expect(told).toContain('auto:1:2027-04-02 SKIPPED WITHDRAWN');
    expect(told).toContain('auto:1:2027-05-02 SKIPPED WITHDRAWN');
    expect(told.filter((line) => line.startsWith('manual:'))[0]).toMatch(/SKIPPED WITHDRAWN$/);
    const before = world.sent.length;
    world.answer(ACCEPTED);
    await world.walk(account, '2027-05-25 12:00');
    expect(world.sent).toHaveLength(before);
    expect(await readAccount(world.deps, world.hq, account.id)).toMatchObject({
      status: 'WITHDRAWN',
      nextReminderAt: null,
      autoMail: 'STOPPED',
      lapseCause: null,
    });
    const { steps } = await readSchedule(world.deps, world.hq, account.id);
    expect(steps.filter((step) => step.state === 'PLANNED' || step.state === 'DUE')).toEqual([]);
  });

  it('R15: a second one changes nothing; another tenant’s account is not found; a signal gives the reason `signal`', async () => {
    const account = await at('2027-03-05 12:00');
    expect(await refusalOf(withdraw(account.id, world.otherHq))).toBe('not-found');
    await withdrawBySignal(world.deps, world.command(world.hq, { actor: 'signal' }), account.id);
    world.setNow(world.now() + HOUR);
    expect((await withdraw(account.id)).withdrawal).toMatchObject({
      reason: 'signal',
      at: world.now() - HOUR,
    });
    expect(await world.audit(account.id, 'account.withdrawn')).toHaveLength(1);
    await expect(withdrawBySignal(world.deps, world.command(), newId())).resolves.toBeUndefined();
  });

  it('R28 R15: does what an open wish to stop asked for, and closes it as done; undone, it stays closed', async () => {
    const account = await at('2027-03-05 12:00');
    const link = await world.linkOf(account.id, 'auto:1:2027-03-03');
    const resident = world.command(world.hq, { actor: 'resident' });
    const { id } = await submitStopRequest(world.deps, resident, link);
    await submitChangeRequest(world.deps, resident, link, { items: ['FAX'] });
    const mine = async () =>
      (await listRequests(world.deps, world.hq, { limit: 50 })).items.filter(
        ({ accountId }) => accountId === account.id,
      );
    const asTold = {
      id,
      kind: 'STOP',
      state: 'DONE',
      closedBy: 'token:test',
      closedAt: world.now(),
      version: 2,
    };
    await withdraw(account.id);
    await withdraw(account.id);
    expect((await mine()).find(({ kind }) => kind === 'STOP')).toMatchObject(asTold);
    expect((await mine()).find(({ kind }) => kind === 'CHANGE')).toMatchObject({ state: 'OPEN' });
    expect(await world.audit(account.id, 'request.closed')).toMatchObject([
      {
        actor: 'token:test',
        before: { requestId: id, state: 'OPEN' },
        after: { requestId: id, state: 'DONE' },
      },
    ]);
    const undone = await undo(account.id);
    expect((await mine()).find(({ kind }) => kind === 'STOP')).toMatchObject(asTold);
    expect(undone.autoMail).toBe('RUNNING');
  });

  it('R15: no lapse is recorded for a withdrawn account, and its run ends after 30 days', async () => {
    const account = await at('2027-05-30 12:00');
    await withdraw(account.id);
    const withdrawnAt = world.now();
    expect((await world.look(account)).deed).toEqual({ do: 'end', at: withdrawnAt + 30 * DAY });
    await world.walk(account, E + DAY);
    expect(await world.audit(account.id, 'account.lapsed')).toEqual([]);
  });
});

describe('its undo', () => {
  it('R15: within 30 days: same cycle and dates; what fell due meanwhile is not revived; the run goes on', async () => {
    const account = await at('2027-04-01 12:00');
    await withdraw(account.id);
    await world.walk(account, '2027-04-20 12:00');
    const view = await undo(account.id);
    expect(view).toMatchObject({
      status: 'RENEWAL_PENDING',
      cycle: 1,
      expiresOn: '2027-06-01',
      withdrawal: null,
    });
    expect(view.nextReminderAt).toBe(jst('2027-05-02 10:00'));
    await world.walk(account, '2027-05-02 12:00');
    expect(await world.told(account.id)).toEqual([
      'auto:1:2027-03-03 ACCEPTED',
      'auto:1:2027-04-02 SKIPPED WITHDRAWN',
      'auto:1:2027-05-02 ACCEPTED',
    ]);
  });

  it('R15: a lapse that fell in between is dated E', async () => {
    const account = await at('2027-05-30 12:00');
    await withdraw(account.id);
    await world.walk(account, '2027-06-20 12:00');
    await undo(account.id);
    await world.walk(account, '2027-06-20 12:00');
    expect(await world.audit(account.id, 'account.lapsed')).toMatchObject([
      { at: jst('2027-06-20 12:00'), after: { lapsedAt: E, cause: 'NO_RESPONSE' } },
    ]);
  });

  it('R15: to the last millisecond of the 30 days, not after; and only of a withdrawn account', async () => {
    const account = await at('2027-03-05 12:00');
    expect(await refusalOf(undo(account.id))).toBe('account-not-withdrawn');
    await withdraw(account.id);
    const withdrawnAt = world.now();
    world.setNow(withdrawnAt + 30 * DAY);
    expect(await refusalOf(undo(account.id))).toBe('withdrawal-undo-too-late');
    world.setNow(withdrawnAt + 30 * DAY - 1);
    expect(await refusalOf(undo(account.id))).toBeNull();
    expect(await world.audit(account.id, 'account.withdrawal-undone')).toHaveLength(1);
  });

  it('R15 R6: undone after the stop day: no mail, and the end of automatic mail is recorded', async () => {
    const account = await at('2027-08-20 12:00');
    await withdraw(account.id);
    await world.walk(account, '2027-09-10 12:00');
    await undo(account.id);
    const before = world.sent.length;
    await world.walk(account, '2027-12-01 12:00');
    expect(world.sent).toHaveLength(before);
    expect((await world.look(account)).phase).toBe('STOPPED');
  });

  it('a change of address while withdrawn sends nothing', async () => {
    const account = await at('2027-04-01 12:00');
    const { version } = await withdraw(account.id);
    await changeAccount(world.deps, world.command(), account.id, version, { mailAddress: 'n2@example.jp' });
    expect((await world.ledger(account.id)).filter((row) => row.key.startsWith('address:'))).toEqual([]);
  });
});
