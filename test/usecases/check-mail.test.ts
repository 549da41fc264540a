/** R18, R19, R37: check mails to the present address: of a new account, after a renewal that proves nothing, and probes. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../domain/calendar.js';
import { confirmByLink } from '../../usecases/confirm-address.js';
import { createHeadquarters } from '../../usecases/headquarters.js';
import { holdAccount } from '../../usecases/hold-account.js';
import type { AccountRef } from '../../usecases/life-events.js';
import { createMailStop } from '../../usecases/mail-stop.js';
import { findLink } from '../../usecases/open-link.js';
import { readAccount, readSchedule } from '../../usecases/read-account.js';
import { recordContact } from '../../usecases/record-contact.js';
import { renewByStaff } from '../../usecases/renew-account.js';
import { requestResend } from '../../usecases/request-resend.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import { ACCEPTED, BUSY, REFUSED, createWorld, refusalOf } from './world.js';
import type { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.answer(ACCEPTED);
  world.sent.length = 0;
});

const read = ({ fireHqId, accountId }: AccountRef) => readAccount(world.deps, fireHqId, accountId);
const told = async ({ accountId }: AccountRef) =>
  (await world.told(accountId)).map((line) => line.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID'));
const probes = async (person: AccountRef) => (await told(person)).filter((line) => line.startsWith('probe:'));
const subjects = () => world.sent.map(({ mail }) => mail.subject);
async function confirm(token = world.token()) {
  const link = await findLink(world.deps, token);
  if (link === null) throw new Error('no link');
  return confirmByLink(world.deps, world.command(link.fireHqId, { actor: 'resident' }), link);
}

describe('a new account', () => {
  it('R19: is asked at once whether mail arrives, by a mail without a name; its link proves the address', async () => {
    world.setNow('2026-06-01 12:00');
    await world.register(world.otherHq, { checkMail: undefined });
    const person = await world.register(world.hq, { checkMail: undefined });
    await world.walk(person, world.now() + HOUR);
    expect(world.sent).toHaveLength(1);
    const [{ mail } = { mail: null }] = world.sent;
    expect(mail?.to).toBe(person.mailAddress);
    expect(mail?.text).toContain('登録する申し込みがありました');
    expect(`${mail?.subject}${mail?.text}`).not.toMatch(/例示|NET119|119/);
    expect(await read(person)).toMatchObject({ addressState: 'UNVERIFIED', pendingAddress: null });
    expect((await world.opened(world.token())).state).toBe('CONFIRM');
    expect([await confirm(), await confirm()]).toEqual(['CONFIRMED', 'CONFIRMED']);
    expect(await read(person)).toMatchObject({ addressState: 'OK', cycle: 1, lastProvenAt: world.now() });
    expect((await world.opened(world.token())).state).toBe('TOO_EARLY');
    expect(await world.audit(person.accountId, 'address.confirmed')).toHaveLength(1);
    expect(await told(person)).toEqual(['check:ID CONFIRMED']);
  });

  it('R9 R19: registered at night it is asked at 08:00; taken over from an older system it is not', async () => {
    world.setNow('2026-06-01 23:30');
    const person = await world.register(world.hq, { checkMail: true });
    const takenOver = await world.register(world.hq, { checkMail: false });
    await world.walk(person, '2026-06-02 12:00');
    expect(world.sent.map(({ at }) => at)).toEqual([jst('2026-06-02 08:00')]);
    expect(await told(takenOver)).toEqual([]);
  });

  it('R16 R22: it is no mail of the cycle: the lapse is not 未応答 for it, and it does not stand in a resend’s way', async () => {
    world.setNow('2027-05-30 12:00');
    const person = await world.register(world.hq, { checkMail: true, expiresOn: '2027-05-30' });
    await world.walk(person, world.now());
    expect(await refusalOf(requestResend(world.deps, world.command(), person.id, {}))).toBeNull();
    world.setNow('2027-05-30 12:00');
    const lapsing = await world.register(world.hq, { checkMail: true, expiresOn: '2027-05-30' });
    await world.walk(lapsing, '2027-05-31 01:00');
    expect(await told(lapsing)).toEqual(['check:ID ACCEPTED']);
    expect(await read(lapsing)).toMatchObject({ status: 'LAPSED', lapseCause: 'UNKNOWN' });
  });

  it('R15 R19: 廃止 before it went: it does not go, and the link of one that went is over', async () => {
    world.setNow('2026-06-01 12:00');
    const person = await world.register(world.hq, { checkMail: true });
    await world.walk(person, world.now());
    const token = world.token();
    const other = await world.register(world.hq, { checkMail: true });
    for (const { id } of [person, other])
      await withdrawAccount(world.deps, world.command(), id, { reason: '二重の登録' });
    await world.walk(other, world.now() + DAY);
    expect(await told(other)).toEqual(['check:ID SKIPPED WITHDRAWN']);
    expect((await world.opened(token)).state).toBe('CHECK_OVER');
    expect(await confirm(token)).toBe('OVER');
  });

  it('R19 R37: refused at once it is a failure of this address; the mail server away, it waits for days', async () => {
    world.setNow('2026-06-01 12:00');
    const refused = await world.register(world.hq, { checkMail: true });
    world.answer(REFUSED);
    await world.walk(refused, world.now() + HOUR);
    expect(await read(refused)).toMatchObject({
      addressState: 'SUSPECT',
      nextReminderAt: expect.any(Number),
    });
    world.setNow('2026-06-01 12:00');
    const waiting = await world.register(world.hq, { checkMail: true });
    world.answer(BUSY);
    await world.walk(waiting, '2026-06-03 12:00');
    world.answer(ACCEPTED);
    await world.walk(waiting, '2026-06-03 14:00');
    expect(await told(waiting)).toEqual(['check:ID ACCEPTED']);
  });
});

describe('R18: a renewal by another way than mail', () => {
  const atTheCounter = (person: AccountRef) =>
    renewByStaff(world.deps, world.command(person.fireHqId), person.accountId, {
      channel: 'counter',
      note: '窓口で答えた',
    });

  it('in doubt: a check mail asks, once; until it is answered the mail stays unconfirmed', async () => {
    world.setNow('2026-06-01 12:00');
    const person = await world.register();
    world.answer(REFUSED);
    await world.walk(person, '2027-03-10 12:00');
    world.answer(ACCEPTED);
    expect(await read(person)).toMatchObject({ addressState: 'UNDELIVERABLE' });
    world.sent.length = 0;
    await atTheCounter(person);
    await world.walk(person, world.now());
    const check = world.sent.find(({ mail }) => mail.subject.includes('アドレスの確認'));
    expect(check?.mail.text).toContain('メールが届くかを');
    expect(check?.mail.text).not.toMatch(/申し込|例示|119/);
    expect(await told(person)).toContain('check:ID:2 ACCEPTED');
    expect(await read(person)).toMatchObject({ addressState: 'SUSPECT', mailUnconfirmed: true, cycle: 2 });
    expect(await confirm(/\/r\/(\S+)/.exec(check?.mail.text ?? '')?.[1])).toBe('CONFIRMED');
    expect(await read(person)).toMatchObject({ addressState: 'OK', mailUnconfirmed: false });
  });

  it('no doubt, or never a change: no check mail; proven meanwhile, one that waits for the morning is dropped', async () => {
    world.setNow('2026-06-01 12:00');
    const quiet = await world.register();
    await world.walk(quiet, '2027-03-10 12:00');
    await atTheCounter(quiet);
    expect((await told(quiet)).some((line) => line.startsWith('check:'))).toBe(false);

    world.setNow('2026-06-01 12:00');
    const doubted = await world.register();
    world.answer(REFUSED);
    await world.walk(doubted, '2027-03-03 22:00');
    await atTheCounter(doubted);
    await recordContact(world.deps, world.command(), doubted.id, { kind: 'MAIL_REPLY' });
    world.answer(ACCEPTED);
    await world.walk(doubted, '2027-03-04 12:00');
    expect(await told(doubted)).toContain('check:ID:2 SKIPPED NOT_NEEDED');
  });
});

describe('R37: to an UNDELIVERABLE address, onUndeliverable = probe', () => {
  /** Refused on 2027-03-03 and 2027-03-06. */
  async function dead(hq = world.hq) {
    world.setNow('2026-06-01 12:00');
    await world.register(world.otherHq);
    const person = await world.register(hq);
    world.answer(REFUSED);
    await world.walk(person, '2027-03-06 12:00');
    expect(await read(person)).toMatchObject({ addressState: 'UNDELIVERABLE', nextReminderAt: null });
    world.sent.length = 0;
    return person;
  }

  it('one nameless check mail each 30 days until the stop; the slots are not sent', async () => {
    const person = await dead();
    expect((await read(person)).autoMail).toBe('PROBING');
    const planned = (await readSchedule(world.deps, world.hq, person.id)).steps;
    expect(planned.filter(({ reason }) => reason === 'PROBE')).toMatchObject([
      { what: 'MAIL', kind: null, state: 'PLANNED', at: jst('2027-04-05 10:00') },
    ]);
    await world.walk(person, '2027-12-01 12:00');
    expect(await probes(person)).toEqual(
      ['2027-04-05', '2027-05-05', '2027-06-04', '2027-07-04', '2027-08-03'].map(
        (day) => `probe:1:${day} BOUNCED RECIPIENT_REFUSED`,
      ),
    );
    expect(new Set(subjects())).toEqual(new Set(['【mihon】メールアドレスの確認']));
    expect(world.sent.map(({ mail }) => mail.text).join('')).not.toMatch(/例示|119/);
    expect(await read(person)).toMatchObject({ autoMail: 'STOPPED', lapseCause: 'UNDELIVERABLE' });
  });

  it('R16: taken, it is SUSPECT: slots go again and the cause of the lapse follows; its link proves it', async () => {
    const person = await dead();
    await world.walk(person, '2027-06-02 12:00');
    expect((await read(person)).lapseCause).toBe('UNDELIVERABLE');
    world.answer(ACCEPTED);
    await world.walk(person, '2027-06-04 12:00');
    const token = world.token();
    expect(await read(person)).toMatchObject({
      addressState: 'SUSPECT',
      autoMail: 'RUNNING',
      // No mail of this cycle was taken: a check mail is none.
      lapseCause: 'UNKNOWN',
      nextReminderAt: jst('2027-06-15 10:00'),
    });
    await world.walk(person, '2027-06-15 12:00');
    expect(subjects().at(-1)).toContain('NET119');
    expect(await confirm(token)).toBe('CONFIRMED');
    expect((await world.opened(token)).state).toBe('OPEN');
    expect(await read(person)).toMatchObject({ addressState: 'OK', status: 'LAPSED' });
  });

  it('R36 R9: held it waits, and then goes once; ③ or a stop without an end, never', async () => {
    const person = await dead();
    await holdAccount(world.deps, world.command(), person.id, {
      until: jst('2027-04-20 03:00'),
      reason: '入院中',
    });
    expect((await read(person)).autoMail).toBe('HELD');
    await world.walk(person, '2027-05-10 12:00');
    expect(world.sent.map(({ at }) => at)).toEqual([jst('2027-04-20 10:00')]);
    expect(await probes(person)).toEqual(['probe:1:2027-04-05 BOUNCED RECIPIENT_REFUSED']);
    const stopped = await dead();
    const mailDomain = stopped.mailAddress.split('@')[1];
    const stop = await createMailStop(world.deps, world.command(), { mailDomain, reason: '調査' });
    await world.walk(stopped, '2027-05-10 12:00');
    expect(world.sent).toEqual([]);
    // It must not touch the tests that follow.
    await world.sql("UPDATE mail_stop SET ended_at = '2020-01-01Z', ended_by = 'test' WHERE id = $1", [
      stop.id,
    ]);
  });

  it('R20: in flight when it is not asked any more, or when the stop comes, it is given up', async () => {
    const person = await dead();
    world.answer(BUSY);
    await world.walk(person, '2027-04-05 10:01');
    await world.sql("UPDATE mail_address SET state = 'SUSPECT' WHERE account_id = $1", [person.id]);
    await world.walk(person, '2027-04-05 12:00');
    expect(await probes(person)).toEqual(['probe:1:2027-04-05 SKIPPED NOT_NEEDED']);
    const late = await dead();
    world.answer(BUSY);
    await world.walk(late, '2027-04-07 12:00');
    expect(await probes(late)).toEqual(['probe:1:2027-04-05 FAILED GIVEN_UP']);
    // The next one is counted from it.
    await world.walk(late, '2027-05-05 10:00');
    expect(await probes(late)).toHaveLength(2);
  });

  it.each(['stop', 'continue'])('%s: no probe at all', async (onUndeliverable) => {
    const hq = await createHeadquarters(world.deps, {
      code: onUndeliverable,
      displayName: '見本消防本部',
      shortName: '見本',
      replyTo: 'hq@example.jp',
      fax: '000-000-0000',
      counter: '指令課',
      policy: { onUndeliverable, spreadOver: 'PT0S' },
    });
    world.setNow('2026-06-01 12:00');
    const person = await world.register(hq);
    world.answer(REFUSED);
    await world.walk(person, '2027-05-20 12:00');
    expect(await probes(person)).toEqual([]);
    expect((await read(person)).autoMail).toBe(onUndeliverable === 'stop' ? 'STOPPED' : 'RUNNING');
  });

  it('R12: under exact time a sixth of autoStopAfter', async () => {
    world.setNow('2026-06-01 12:00');
    const person = await world.register(world.minutesHq, {
      expiresAt: world.now() + 400_000,
    });
    world.answer(REFUSED);
    await world.walk(person, world.now() + 390_000);
    expect((await read(person)).addressState).toBe('UNDELIVERABLE');
    const first = world.sent.filter(({ mail }) => mail.subject.includes('確認')).map(({ at }) => at);
    expect(first.length).toBeGreaterThan(1);
    for (const [n, at] of first.entries()) if (n > 0) expect(at - (first[n - 1] ?? 0)).toBe(100_000);
  });
});
