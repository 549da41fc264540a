/** R39 有効期限日時の訂正: what follows a corrected D, from every status to every other. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../domain/calendar.js';
import { requestCheckMail } from '../../usecases/check-mail.js';
import type { ExpiryCorrectionRequest } from '../../usecases/correct-expiry.js';
import { correctExpiry } from '../../usecases/correct-expiry.js';
import { RefusedError } from '../../usecases/errors.js';
import { holdAccount } from '../../usecases/hold-account.js';
import type { AccountRef } from '../../usecases/life-events.js';
import { readAccount, readSchedule } from '../../usecases/read-account.js';
import { reconcileAll } from '../../usecases/reconcile.js';
import { renewByLink, renewByStaff } from '../../usecases/renew-account.js';
import { requestResend } from '../../usecases/request-resend.js';
import { undoWithdrawal, withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import type { World } from './world.js';
import { ACCEPTED, BUSY, OUR_FAULT, REFUSED, createWorld, newId, refusalOf } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.answer(ACCEPTED);
  world.setNow('2026-06-01 12:00');
});

const command = (fireHqId = world.hq) => world.command(fireHqId, { actor: 'staff:manager' });
const correct = (account: AccountRef, request: Partial<ExpiryCorrectionRequest>) =>
  correctExpiry(world.deps, command(account.fireHqId), account.accountId, {
    dryRun: false,
    reason: '入力の誤り',
    ...request,
  });
const view = (account: AccountRef) => readAccount(world.deps, account.fireHqId, account.accountId);
const sentTo = async (account: AccountRef) => {
  const { mailAddress } = await view(account);
  return world.sent.filter(({ mail }) => mail.to === mailAddress).length;
};
const faults = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof RefusedError && error.refusal.code === 'validation'
    ? error.refusal.fields.map(({ field, code }) => `${field} ${code}`)
    : [String(error)];
};
/** Of that person: the others of this file are left as they are. */
const holes = async (of: string) => {
  const found: string[] = [];
  await reconcileAll(world.deps, {
    all: true,
    runningOf: () => Promise.resolve(null),
    onHole: ({ accountId, key }) => accountId === of && found.push(key),
  });
  return found;
};

describe('what it moves (R39)', () => {
  it('later, before the window: the same cycle with new dates, slots and trail; nobody is mailed about it', async () => {
    const account = await world.register();
    const result = await correct(account, { expiresOn: '2027-07-31' });
    expect(result.before).toMatchObject({ status: 'ACTIVE', expiresOn: '2027-06-01' });
    const dates = {
      cycle: 1,
      status: 'ACTIVE',
      expiresOn: '2027-07-31',
      expiresAt: jst('2027-08-01 00:00'),
      windowOpensAt: jst('2027-05-02 00:00'),
      autoStopsAt: jst('2027-10-30 00:00'),
    };
    expect(await view(account)).toMatchObject({ ...dates, nextReminderAt: jst('2027-05-02 10:00') });
    expect(result.after.reminders).toHaveLength(11);
    expect(await world.audit(account.id, 'account.expiry-corrected')).toMatchObject([
      {
        actor: 'staff:manager',
        before: { cycle: 1, expiresOn: '2027-06-01', status: 'ACTIVE' },
        after: { ...dates, reason: '入力の誤り' },
      },
    ]);
    await world.walk(account, '2027-05-02 12:00');
    expect(await world.told(account.id)).toEqual(['auto:1:2027-05-02 ACCEPTED']);
    expect(await holes(account.id)).toEqual([]);
  });

  it('a preview writes nothing, and says what the deed then does', async () => {
    const account = await world.register();
    await world.walk(account, '2027-04-05 12:00');
    const before = await world.told(account.id);
    const [stood, preview] = [
      await view(account),
      await correct(account, { expiresOn: '2027-05-10', dryRun: true }),
    ];
    expect(await view(account)).toEqual(stood);
    expect(await world.told(account.id)).toEqual(before);
    expect(await world.audit(account.id, 'account.expiry-corrected')).toEqual([]);
    const done = await correct(account, { expiresOn: '2027-05-10' });
    expect(done).toEqual({ ...preview, dryRun: false });
    const { steps } = await readSchedule(world.deps, world.hq, account.id);
    const planned = steps.filter(({ what, state }) => what === 'SLOT' && state === 'PLANNED');
    expect(planned.map(({ goesAt }) => goesAt)).toEqual(preview.after.reminders.map(({ at }) => at));
  });

  it('earlier, so that the window is open already: slots up to now are skipped, the next one goes', async () => {
    const account = await world.register();
    world.setNow('2026-09-01 12:00');
    const { after } = await correct(account, { expiresOn: '2026-11-15' });
    expect(after).toMatchObject({ status: 'RENEWAL_PENDING', windowOpensAt: jst('2026-08-17 00:00') });
    expect(after.reminders[0]).toMatchObject({ slot: '2026-09-16' });
    await world.walk(account, '2026-10-01 12:00');
    expect(await world.told(account.id)).toEqual(['auto:1:2026-09-16 ACCEPTED']);
    expect(await holes(account.id)).toEqual([]);
  });

  it('to a past day: the lapse is recorded, dated E; past the stop day automatic mail has ended, without a hole', async () => {
    const [lapsing, stopping] = [await world.register(), await world.register()];
    expect((await correct(lapsing, { expiresOn: '2026-05-20' })).after).toMatchObject({
      status: 'LAPSED',
      lapseCause: 'UNKNOWN',
    });
    await world.walk(lapsing, '2026-06-01 12:01');
    expect(await world.audit(lapsing.id, 'account.lapsed')).toMatchObject([
      { after: { lapsedAt: jst('2026-05-21 00:00'), cause: 'UNKNOWN' } },
    ]);
    await world.walk(lapsing, '2026-06-03 12:00');
    expect(await world.told(lapsing.id)).toEqual(['auto:1:2026-06-03 ACCEPTED']);
    world.setNow('2026-06-01 12:00');
    expect((await correct(stopping, { expiresOn: '2026-01-31' })).after).toMatchObject({
      status: 'LAPSED',
      autoMail: 'STOPPED',
      reminders: [],
    });
    await world.walk(stopping, '2026-07-01 12:00');
    expect(await world.audit(stopping.id, 'account.auto-mail-ended')).toHaveLength(1);
    expect(await world.told(stopping.id)).toEqual([]);
    expect(await holes(stopping.id)).toEqual([]);
  });

  it('from LAPSED and STOPPED back to ACTIVE: lapse and stop were none, and the whole cycle runs anew', async () => {
    world.answer(OUR_FAULT);
    const account = await world.register();
    await world.walk(account, '2027-09-15 12:00');
    expect(await view(account)).toMatchObject({
      status: 'LAPSED',
      lapseCause: 'NOT_SENT',
      autoMail: 'STOPPED',
    });
    world.answer(ACCEPTED);
    const before = await sentTo(account);
    await correct(account, { expiresOn: '2028-06-01' });
    expect(await view(account)).toMatchObject({
      cycle: 1,
      status: 'ACTIVE',
      lapseCause: null,
      autoMail: 'RUNNING',
    });
    expect((await world.look(account)).deed).toEqual({ do: 'recordLapse', at: jst('2028-06-02 00:00') });
    await world.walk(account, '2028-03-02 12:00');
    expect(await sentTo(account)).toBe(before);
    await world.walk(account, '2028-09-15 12:00');
    expect(await sentTo(account)).toBe(before + 11);
    expect(await view(account)).toMatchObject({
      status: 'LAPSED',
      lapseCause: 'NO_RESPONSE',
      autoMail: 'STOPPED',
    });
    expect(await world.audit(account.id, 'account.lapsed')).toHaveLength(2);
    expect(await world.audit(account.id, 'account.auto-mail-ended')).toHaveLength(2);
    expect(await holes(account.id)).toEqual([]);
  });

  it('undo is to correct again: the dates are the old ones; what fell due meanwhile is not revived', async () => {
    const account = await world.register();
    await world.walk(account, '2027-04-03 12:00');
    const stood = await view(account);
    await correct(account, { expiresOn: '2026-12-31' });
    await world.walk(account, '2027-04-03 13:00');
    expect(await view(account)).toMatchObject({ status: 'LAPSED', autoMail: 'STOPPED' });
    await correct(account, { expiresOn: '2027-06-01', reason: 'やはり正しかった' });
    const { nextReminderAt: _next, ...rest } = stood;
    expect(await view(account)).toMatchObject(rest);
    await world.walk(account, '2027-05-03 12:00');
    expect((await world.told(account.id)).at(-1)).toBe('auto:1:2027-05-02 ACCEPTED');
    expect(await holes(account.id)).toEqual([]);
  });

  it('the cause of a lapse follows what fell due before the new E', async () => {
    world.answer(OUR_FAULT);
    const account = await world.register();
    await world.walk(account, '2027-06-05 12:00');
    expect(await view(account)).toMatchObject({ lapseCause: 'NOT_SENT' });
    await correct(account, { expiresOn: '2027-02-01' });
    expect(await view(account)).toMatchObject({ status: 'LAPSED', lapseCause: 'UNKNOWN' });
    expect(await world.audit(account.id, 'lapse.cause-changed')).toMatchObject([
      { before: { cause: 'NOT_SENT' }, after: { cause: 'UNKNOWN' } },
    ]);
  });

  it('links stay: of the cycle, from the new window on, with the new date', async () => {
    const account = await world.register();
    await world.walk(account, '2027-03-03 12:00');
    const link = await world.linkOf(account.id, 'auto:1:2027-03-03');
    const token = world.token();
    await correct(account, { expiresOn: '2027-09-30' });
    expect(await world.opened(token)).toMatchObject({ state: 'TOO_EARLY', expiresOn: '2027-09-30' });
    world.setNow('2027-07-02 00:00');
    expect(await world.opened(token)).toMatchObject({ state: 'OPEN' });
    expect(await renewByLink(world.deps, command(), link)).toMatchObject({
      outcome: 'RENEWED',
      expiresOn: '2028-09-30',
    });
  });

  it('exact time (R12): E is an instant, slots follow it to the second', async () => {
    const account = await world.register(world.minutesHq);
    const expiresAt = world.now() + 20 * MINUTE;
    const { after } = await correct(account, { expiresAt });
    expect(after).toMatchObject({ expiresOn: null, expiresAt, windowOpensAt: expiresAt - 5 * MINUTE });
    await world.walk(account, expiresAt + 1);
    expect((await world.told(account.id)).length).toBeGreaterThan(4);
    expect(await view(account)).toMatchObject({ status: 'LAPSED', lapseCause: 'NO_RESPONSE' });
  });
});

describe('what waits (R39, ADR 0018)', () => {
  it('a slot’s mail that waits or was never begun ends as SKIPPED EXPIRY_CORRECTED; no mail is lost unseen (R38)', async () => {
    const account = await world.register();
    world.answer(BUSY);
    await world.walk(account, '2027-03-03 10:30');
    expect(await world.told(account.id)).toEqual(['auto:1:2027-03-03 DELAYED MAIL_SERVER_BUSY']);
    const { dropped } = await correct(account, { expiresOn: '2027-05-31' });
    expect(dropped).toMatchObject([{ slot: '2027-03-03', purpose: 'REMINDER' }]);
    expect(await world.told(account.id)).toEqual(['auto:1:2027-03-03 SKIPPED EXPIRY_CORRECTED']);

    const held = await world.register(world.hq, { expiresOn: '2027-06-01' });
    await holdAccount(world.deps, command(), held.id, { until: jst('2027-05-20 00:00'), reason: '入院中' });
    world.setNow('2027-04-02 12:00');
    await correct(held, { expiresOn: '2027-06-20' });
    expect(await world.told(held.id)).toEqual(['auto:1:2027-04-02 SKIPPED EXPIRY_CORRECTED']);
    expect(await holes(held.id)).toEqual([]);
  });

  it('a manual mail goes on while the window is open, and is not sent when it lies ahead again', async () => {
    for (const [expiresOn, end] of [
      ['2027-06-05', 'QUEUED'],
      ['2028-06-20', 'SKIPPED EXPIRY_CORRECTED'],
    ] as const) {
      world.setNow('2026-06-01 12:00');
      const account = await world.register();
      world.setNow('2027-03-10 12:00');
      await requestResend(world.deps, command(), account.id, {});
      await correct(account, { expiresOn });
      const manual = (await world.told(account.id)).find((line) => line.startsWith('manual:'));
      expect(manual?.slice(manual.indexOf(' ') + 1)).toBe(end);
    }
  });

  it('one that is just being sent is its sender’s; back undecided, it does not go before the window', async () => {
    const account = await world.register();
    world.answer(async () => {
      await correct(account, { expiresOn: '2028-06-01' });
      return BUSY;
    });
    await world.walk(account, '2027-03-03 10:00');
    world.answer(ACCEPTED);
    const before = await sentTo(account);
    await world.walk(account, '2027-03-10 12:00');
    expect(await sentTo(account)).toBe(before);
    expect(await world.told(account.id)).toEqual(['auto:1:2027-03-03 SKIPPED EXPIRY_CORRECTED']);
  });

  it('a receipt still goes and tells the corrected date; a check mail still asks', async () => {
    const account = await world.register();
    world.setNow('2027-04-10 12:00');
    await renewByStaff(world.deps, command(), account.id, { channel: 'fax', note: '返信' });
    await requestCheckMail(world.deps, command(), account.id);
    await correct(account, { expiresOn: '2028-03-15' });
    await world.walk(account, '2027-04-10 12:10');
    expect((await world.told(account.id)).filter((line) => !line.startsWith('auto:'))).toEqual([
      expect.stringMatching(/^check:\S+ ACCEPTED$/),
      'receipt:1 ACCEPTED',
    ]);
    const receipt = world.sent.find(
      ({ mail }) => mail.to === account.mailAddress && mail.text.includes('更新できました'),
    );
    expect(receipt?.mail.text).toContain('2028年3月15日');
  });

  it('R37: no retry and no probe before the new window', async () => {
    world.answer(REFUSED);
    const [suspect, dead] = [await world.register(), await world.register()];
    await world.walk(suspect, '2027-03-03 12:00');
    world.setNow('2027-03-03 00:00');
    await world.walk(dead, '2027-04-10 12:00');
    expect(await view(dead)).toMatchObject({ addressState: 'UNDELIVERABLE', autoMail: 'PROBING' });
    world.answer(ACCEPTED);
    const before = world.sent.length;
    world.setNow('2027-04-10 12:00');
    for (const account of [suspect, dead]) {
      await correct(account, { expiresOn: '2028-06-01' });
      world.setNow('2027-04-10 12:00');
      await world.walk(account, '2028-03-02 12:00');
      world.setNow('2027-04-10 12:00');
    }
    expect(world.sent.length).toBe(before);
  });
});

describe('what it refuses (R39)', () => {
  it('the same D, none, no real day, over ten years ahead, the other basis, no reason, a hostile one', async () => {
    const account = await world.register();
    const minutes = await world.register(world.minutesHq);
    expect(await faults(correct(account, { expiresOn: '2027-06-01' }))).toEqual(['expiresOn unchanged']);
    expect(await faults(correct(account, {}))).toEqual(['expiresOn required']);
    expect(await faults(correct(account, { expiresOn: '2027-02-29' }))).toEqual(['expiresOn malformed']);
    expect(await faults(correct(account, { expiresOn: '2036-06-02' }))).toEqual(['expiresOn too-far']);
    expect(await faults(correct(account, { expiresAt: world.now() + DAY }))).toEqual([
      'expiresAt wrong-basis',
    ]);
    expect(await faults(correct(minutes, { expiresOn: '2027-06-02' }))).toEqual(['expiresOn wrong-basis']);
    expect(await faults(correct(minutes, { expiresAt: minutes.expiresAt }))).toEqual(['expiresAt unchanged']);
    for (const [reason, code] of [
      ['  ', 'required'],
      ['あ'.repeat(501), 'too-long'],
      ['\u202e誤り', 'control-character'],
    ])
      expect(await faults(correct(account, { expiresOn: '2027-07-01', reason }))).toEqual([`reason ${code}`]);
    expect(await view(account)).toMatchObject({ expiresOn: '2027-06-01' });
    expect((await correct(account, { expiresOn: '2036-06-01' })).after.status).toBe('ACTIVE');
  });

  it('a withdrawn account, another tenant’s, one that is not there', async () => {
    const account = await world.register();
    expect(
      await refusalOf(correct({ ...account, fireHqId: world.otherHq }, { expiresOn: '2027-07-01' })),
    ).toBe('not-found');
    expect(await refusalOf(correct({ ...account, accountId: newId() }, { expiresOn: '2027-07-01' }))).toBe(
      'not-found',
    );
    await withdrawAccount(world.deps, command(), account.id, { reason: '転出' });
    for (const dryRun of [true, false])
      expect(await refusalOf(correct(account, { expiresOn: '2027-07-01', dryRun }))).toBe(
        'account-withdrawn',
      );
    await undoWithdrawal(world.deps, command(), account.id);
    expect((await correct(account, { expiresOn: '2027-07-01' })).after.expiresOn).toBe('2027-07-01');
  });

  it('what was looked at is no longer so: renewed or corrected meanwhile', async () => {
    const account = await world.register();
    const replaces = account.expiresAt;
    world.setNow('2027-03-10 12:00');
    await renewByStaff(world.deps, command(), account.id, { channel: 'fax', note: '返信' });
    expect(await refusalOf(correct(account, { expiresOn: '2027-07-01', replaces }))).toBe('expiry-changed');
    expect((await view(account)).expiresOn).toBe('2028-06-01');
  });

  it('two managers at once: the second is told; the same form twice is one correction', async () => {
    const account = await world.register();
    const replaces = account.expiresAt;
    const both = await Promise.all(
      ['2027-07-01', '2027-08-01'].map((expiresOn) => refusalOf(correct(account, { expiresOn, replaces }))),
    );
    expect(both.sort()).toEqual(['expiry-changed', null]);
    const once = { ...command(), idempotency: { key: 'form-1', requestHash: Buffer.from('same') } };
    const request = { expiresOn: '2027-09-01', dryRun: false, reason: '誤り' };
    const [first, second] = await Promise.all(
      [1, 2].map(() => correctExpiry(world.deps, once, account.id, request)),
    );
    expect(second).toEqual(first);
    expect(await world.audit(account.id, 'account.expiry-corrected')).toHaveLength(2);
  });

  it('R5: at the very millisecond of the new E it is LAPSED, one before it is not', async () => {
    const account = await world.register();
    const e = jst('2026-06-03 00:00');
    world.setNow(e - 1);
    expect((await correct(account, { expiresOn: '2026-06-02' })).after.status).toBe('RENEWAL_PENDING');
    world.setNow(e);
    expect(await view(account)).toMatchObject({ status: 'LAPSED' });
    await correct(account, { expiresOn: '2026-06-03' });
    expect(await view(account)).toMatchObject({ status: 'RENEWAL_PENDING', lapseCause: null });
    expect(await world.audit(account.id, 'account.lapsed')).toEqual([]);
    await world.walk(account, e + HOUR);
    expect(await world.audit(account.id, 'account.lapsed')).toEqual([]);
  });
});
