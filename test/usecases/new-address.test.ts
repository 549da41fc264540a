/** R19, R28: a new address, from the moment it is entered until it is the present one, or is not. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../domain/calendar.js';
import { changeAccount } from '../../usecases/change-account.js';
import { requestCheckMail } from '../../usecases/check-mail.js';
import { confirmByLink } from '../../usecases/confirm-address.js';
import type { AccountRef } from '../../usecases/life-events.js';
import { findLink } from '../../usecases/open-link.js';
import { switchToPending, takeBackPending } from '../../usecases/pending-address.js';
import { readAccount, readReminders } from '../../usecases/read-account.js';
import { readCapabilities } from '../../usecases/read-capabilities.js';
import { recordContact } from '../../usecases/record-contact.js';
import { recordReport } from '../../usecases/record-report.js';
import { renewByLink } from '../../usecases/renew-account.js';
import { requestResend } from '../../usecases/request-resend.js';
import { listRequests, submitChangeRequest } from '../../usecases/resident-request.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import { NO_SUCH_USER, report } from './returned.js';
import { ACCEPTED, BUSY, REFUSED, createWorld, newId, refusalOf } from './world.js';
import type { World } from './world.js';

const FIRST = 'auto:1:2027-03-03';
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.answer(ACCEPTED);
  world.sent.length = 0;
});

interface Person extends AccountRef {
  mailAddress: string;
}

/** Registered on 2026-06-01, so D = 2027-06-01; another person of the other headquarters stands beside each. */
async function registered(): Promise<Person> {
  world.setNow('2026-06-01 12:00');
  await world.register(world.otherHq);
  return world.register();
}
/** A mailed link was used, so the present address is known to be good; now it is 2027-03-04 12:00, in the window. */
async function proven(): Promise<Person> {
  const person = await registered();
  await world.walk(person, '2027-03-03 12:00');
  await world.sql('UPDATE mail_address SET state = $2, last_proven_at = $3 WHERE account_id = $1', [
    person.accountId,
    'OK',
    '2027-03-03T03:00:00Z',
  ]);
  await world.sql("UPDATE reminder SET outcome = 'CONFIRMED', proven_at = $2 WHERE account_id = $1", [
    person.accountId,
    '2027-03-03T03:00:00Z',
  ]);
  await world.walk(person, '2027-03-04 12:00');
  return person;
}
const read = ({ fireHqId, accountId }: AccountRef) => readAccount(world.deps, fireHqId, accountId);
const resident = () => world.command(world.hq, { actor: 'resident' });
async function enter(person: AccountRef, mailAddress: string) {
  const { version } = await read(person);
  const command = world.command(person.fireHqId);
  return changeAccount(world.deps, command, person.accountId, version, { mailAddress });
}
const pendingOf = async (person: AccountRef) => (await read(person)).pendingAddress;
const told = async ({ accountId }: AccountRef) =>
  (await world.told(accountId)).map((line) => line.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID'));
const mailsTo = (address: string) => world.sent.flatMap(({ mail }) => (mail.to === address ? [mail] : []));
const tokenIn = (text = '') => /\/r\/(\S+)/.exec(text)?.[1] ?? '';
async function linkIn(text = '') {
  const link = await findLink(world.deps, tokenIn(text));
  if (link === null) throw new Error('no link');
  return link;
}
/** The check mail goes out; returns its link. */
async function checked(person: AccountRef, address: string) {
  await world.walk(person, world.now());
  return linkIn(mailsTo(address).at(-1)?.text);
}
const confirm = (link: Parameters<typeof confirmByLink>[2]) => confirmByLink(world.deps, resident(), link);
const rolesOf = ({ accountId }: AccountRef) =>
  world.sql<{ address: string; role: string; state: string }>(
    'SELECT address, role, state FROM mail_address WHERE account_id = $1 ORDER BY created_at, role DESC',
    [accountId],
  );

describe('while the present address is proven', () => {
  it('R19: the new one waits; a nameless check mail goes to it at once, and everything else to the old one', async () => {
    const person = await proven();
    const view = await enter(person, 'shin@example.jp');
    expect(view).toMatchObject({
      mailAddress: person.mailAddress,
      addressState: 'OK',
      pendingAddress: {
        maskedAddress: 'sh○○○@e○○○.jp',
        since: world.now(),
        until: world.now() + 14 * DAY,
        checkMail: { outcome: 'QUEUED' },
      },
    });
    await world.walk(person, world.now());
    const [mail] = mailsTo('shin@example.jp');
    expect(mail?.subject).toBe('【mihon】メールアドレスの確認');
    expect(`${mail?.subject}${mail?.text}`).not.toMatch(/例示|太郎|NET119|119|更新/);
    expect(mail?.text).toContain('2027年3月17日');
    expect((await pendingOf(person))?.checkMail?.outcome).toBe('ACCEPTED');
    expect(await readCapabilities(world.deps, world.hq, person.accountId)).toMatchObject({
      callback: { level: 'ok', reasonCode: 'MAIL_REACHES' },
    });
    await world.walk(person, '2027-04-02 12:00');
    expect(mailsTo(person.mailAddress).at(-1)?.subject).toContain('お願い');
    expect(mailsTo('shin@example.jp')).toHaveLength(1);
  });

  it('R19: its link makes it the present one: proven, the old one former and told, the request at once, once', async () => {
    const person = await proven();
    const old = await world.linkOf(person.accountId, FIRST);
    await enter(person, 'shin@example.jp');
    const link = await checked(person, 'shin@example.jp');
    const token = tokenIn(mailsTo('shin@example.jp').at(-1)?.text);
    expect(await world.opened(token)).toMatchObject({ state: 'CONFIRM', maskedAddress: 'sh○○○@e○○○.jp' });
    const { version } = await read(person);
    world.setNow(world.now() + MINUTE);
    expect(await Promise.all([confirm(link), confirm(link)])).toEqual(['CONFIRMED', 'CONFIRMED']);
    expect(await read(person)).toMatchObject({
      mailAddress: 'shin@example.jp',
      addressState: 'OK',
      lastProvenAt: world.now(),
      pendingAddress: null,
      version: version + 1,
    });
    expect(await rolesOf(person)).toMatchObject([
      { address: person.mailAddress, role: 'FORMER', state: 'OK' },
      { address: 'shin@example.jp', role: 'PRESENT', state: 'OK' },
    ]);
    expect(await world.audit(person.accountId, 'address.changed')).toMatchObject([
      {
        actor: 'resident',
        before: { mailAddress: person.mailAddress },
        after: { mailAddress: 'shin@example.jp', how: 'check-mail-answered' },
      },
    ]);
    expect(await world.opened(token)).toMatchObject({ state: 'OPEN', maskedAddress: 'sh○○○@e○○○.jp' });
    expect((await renewByLink(world.deps, resident(), old)).outcome).toBe('OTHER_CYCLE');

    await world.walk(person, world.now());
    const notices = mailsTo(person.mailAddress).filter(({ subject }) => subject.includes('変わりました'));
    expect(notices).toHaveLength(1);
    expect(notices[0]?.text).not.toMatch(/例示|NET119|http|shin/);
    expect(mailsTo('shin@example.jp').map(({ subject }) => subject)).toEqual([
      '【mihon】メールアドレスの確認',
      '【mihon】NET119定期更新手続きのお願い',
    ]);
    expect(await told(person)).toEqual(
      expect.arrayContaining(['check:ID CONFIRMED', 'notice:ID ACCEPTED', 'address:ID ACCEPTED']),
    );
    expect((await renewByLink(world.deps, resident(), link)).outcome).toBe('RENEWED');
  });

  it('R19 R37: what comes back of the old address counts for it alone, as does an answer from before', async () => {
    const person = await proven();
    const returnPath = world.sent.at(-1)?.mail.envelopeFrom ?? '';
    await enter(person, 'shin@example.jp');
    const enteredAt = world.now();
    const link = await checked(person, 'shin@example.jp');
    world.setNow(enteredAt + 2 * DAY);
    await confirm(link);
    await world.walk(person, world.now());
    const notice = mailsTo(person.mailAddress).at(-1)?.envelopeFrom ?? '';
    for (const path of [returnPath, notice])
      await recordReport(world.deps, report(path, NO_SUCH_USER, { receivedAt: world.now() }));
    expect(await read(person)).toMatchObject({ mailAddress: 'shin@example.jp', addressState: 'OK' });
    expect((await rolesOf(person)).map(({ role, state }) => `${role} ${state}`)).toEqual([
      'FORMER SUSPECT',
      'PRESENT OK',
    ]);
    await recordContact(world.deps, world.command(), person.accountId, {
      kind: 'MAIL_REPLY',
      at: enteredAt + DAY,
    });
    const replies = await world.sql(
      'SELECT id FROM mail_address WHERE account_id = $1 AND replied_at IS NOT NULL',
      [person.accountId],
    );
    expect(replies).toEqual([]);
  });

  it('R19: another new one takes its place, the same one again changes nothing, the present one takes it back', async () => {
    const person = await proven();
    await enter(person, 'a1@example.jp');
    const first = await checked(person, 'a1@example.jp');
    const firstId = (await pendingOf(person))?.id;
    expect((await enter(person, 'a1@example.jp')).pendingAddress?.id).toBe(firstId);
    await enter(person, 'a2@example.jp');
    const second = await checked(person, 'a2@example.jp');
    expect(mailsTo('a1@example.jp')).toHaveLength(1);
    expect(await confirm(first)).toBe('OVER');
    expect((await world.opened(tokenIn(mailsTo('a1@example.jp')[0]?.text))).state).toBe('CHECK_OVER');
    const same = person.mailAddress.toUpperCase().replace('EXAMPLE.JP', 'example.jp');
    expect(await enter(person, same)).toMatchObject({ mailAddress: same, pendingAddress: null });
    expect(await confirm(second)).toBe('OVER');
    expect(await read(person)).toMatchObject({ mailAddress: same, addressState: 'OK' });
    expect(await world.audit(person.accountId, 'address.pending-ended')).toHaveLength(2);
  });

  it('R19: taken back before its check mail went, that mail does not go', async () => {
    const person = await proven();
    await enter(person, 'a3@example.jp');
    await enter(person, person.mailAddress);
    await world.walk(person, world.now() + DAY);
    expect(mailsTo('a3@example.jp')).toEqual([]);
    expect(await told(person)).toContain('check:ID SKIPPED ADDRESS_CHANGED');
  });

  it('R19: answered up to the last millisecond of 14 days, and then not', async () => {
    const person = await proven();
    await enter(person, 'a4@example.jp');
    const late = await checked(person, 'a4@example.jp');
    const until = (await pendingOf(person))?.until ?? 0;
    world.setNow(until);
    expect(await pendingOf(person)).toBeNull();
    expect(await confirm(late)).toBe('OVER');
    expect(await read(person)).toMatchObject({ mailAddress: person.mailAddress });
    expect((await world.opened(tokenIn(mailsTo('a4@example.jp')[0]?.text))).state).toBe('CHECK_OVER');
    world.setNow(until - 1);
    expect(await confirm(late)).toBe('CONFIRMED');
    // Entered once more after its time it starts anew.
    await enter(person, 'a5@example.jp');
    world.setNow(world.now() + 14 * DAY);
    await world.walk(person, world.now());
    await enter(person, 'a5@example.jp');
    expect((await pendingOf(person))?.since).toBe(world.now());
  });

  it('R15 R19: 廃止: nothing is sent, and the link changes nothing', async () => {
    const person = await proven();
    await enter(person, 'a6@example.jp');
    const link = await checked(person, 'a6@example.jp');
    await withdrawAccount(world.deps, world.command(), person.accountId, { reason: '転出' });
    expect(await confirm(link)).toBe('OVER');
    await enter(person, 'a7@example.jp');
    await world.walk(person, world.now() + DAY);
    expect(mailsTo('a7@example.jp')).toEqual([]);
    expect((await read(person)).mailAddress).toBe(person.mailAddress);
  });

  it('R9 R19: entered by staff at night it is asked at 08:00, also when tried again; by the person at once', async () => {
    const person = await proven();
    await world.walk(person, '2027-03-04 20:59:00');
    await enter(person, 'n1@example.jp');
    world.answer(BUSY);
    await world.walk(person, '2027-03-05 07:59:59');
    expect(mailsTo('n1@example.jp')).toHaveLength(1);
    world.answer(ACCEPTED);
    await world.walk(person, '2027-03-05 22:00');
    expect(world.sent.filter(({ mail }) => mail.to === 'n1@example.jp').map(({ at }) => at)).toEqual([
      jst('2027-03-04 20:59'),
      jst('2027-03-05 08:00'),
    ]);
    await enter(person, 'n2@example.jp');
    await world.walk(person, world.now() + MINUTE);
    expect(mailsTo('n2@example.jp')).toEqual([]);
    const link = await world.linkOf(person.accountId, FIRST);
    await submitChangeRequest(world.deps, resident(), link, {
      items: ['MAIL'],
      newMailAddress: 'n3@example.jp',
    });
    await world.walk(person, world.now());
    expect(mailsTo('n3@example.jp')).toHaveLength(1);
  });
});

describe('while the present address is in doubt, or never was proven', () => {
  it('R17 R19: dead address, 失効中（不達）, blocked; a new one: allowed with a warning; its link used: ok', async () => {
    const person = await registered();
    world.answer(REFUSED);
    await world.walk(person, '2027-06-03 12:00');
    const callback = async () =>
      (await readCapabilities(world.deps, person.fireHqId, person.accountId)).callback;
    expect(await read(person)).toMatchObject({ status: 'LAPSED', lapseCause: 'UNDELIVERABLE' });
    expect((await callback()).level).toBe('blocked');
    world.answer(ACCEPTED);
    expect(await enter(person, 'ikita@example.jp')).toMatchObject({
      mailAddress: 'ikita@example.jp',
      pendingAddress: null,
      addressState: 'UNVERIFIED',
    });
    expect((await read(person)).lapseCause).not.toBe('UNDELIVERABLE');
    expect(await callback()).toMatchObject({ level: 'warn', reasonCode: 'ADDRESS_CHANGED_UNVERIFIED' });
    await world.walk(person, world.now());
    const mails = mailsTo('ikita@example.jp');
    expect(mails.map(({ subject }) => subject)).toEqual([expect.stringContaining('NET119')]);
    expect(mailsTo(person.mailAddress).some(({ subject }) => subject.includes('変わりました'))).toBe(false);
    await renewByLink(world.deps, resident(), await linkIn(mails[0]?.text));
    expect(await callback()).toMatchObject({ level: 'ok', reasonCode: 'MAIL_REACHES' });
  });

  it('R19: never proven: a mistyped address does not stay; before the window the new one is asked', async () => {
    const person = await registered();
    expect(await enter(person, 'tadashii@example.jp')).toMatchObject({ mailAddress: 'tadashii@example.jp' });
    const link = await checked(person, 'tadashii@example.jp');
    expect((await world.opened(tokenIn(mailsTo('tadashii@example.jp')[0]?.text))).state).toBe('CONFIRM');
    expect(await confirm(link)).toBe('CONFIRMED');
    expect(await read(person)).toMatchObject({ addressState: 'OK' });
  });

  it('R19: the pending one entered again when the present one has gone bad becomes PRESENT at once', async () => {
    const person = await proven();
    await enter(person, 'b1@example.jp');
    await checked(person, 'b1@example.jp');
    await world.sql("UPDATE mail_address SET state = 'SUSPECT' WHERE account_id = $1 AND role = 'PRESENT'", [
      person.accountId,
    ]);
    const { id } = (await pendingOf(person)) ?? { id: '' };
    expect(await enter(person, 'b1@example.jp')).toMatchObject({
      mailAddress: 'b1@example.jp',
      pendingAddress: null,
    });
    expect(await rolesOf(person)).toHaveLength(2);
    expect((await world.audit(person.accountId, 'address.changed'))[0]).toMatchObject({
      after: { addressId: id, how: 'entered' },
    });
  });
});

describe('what staff do with a pending address', () => {
  it('R19 R34: switched at once with a reason: unproven, warned; again it changes nothing', async () => {
    const person = await proven();
    await enter(person, 'c1@example.jp');
    const link = await checked(person, 'c1@example.jp');
    const addressId = (await pendingOf(person))?.id ?? '';
    await requestResend(world.deps, world.command(), person.accountId, {});
    const asked = { addressId, reason: '窓口で確かめた' };
    const go = () => switchToPending(world.deps, world.command(), person.accountId, asked);
    expect(await go()).toMatchObject({ mailAddress: 'c1@example.jp', addressState: 'UNVERIFIED' });
    expect(await go()).toMatchObject({ mailAddress: 'c1@example.jp' });
    expect(await told(person)).toContain('manual:ID SKIPPED ADDRESS_CHANGED');
    expect(await world.audit(person.accountId, 'address.changed')).toMatchObject([
      { actor: 'token:test', after: { how: 'switched-by-staff', reason: '窓口で確かめた' } },
    ]);
    expect(await readCapabilities(world.deps, world.hq, person.accountId)).toMatchObject({
      callback: { level: 'warn', reasonCode: 'ADDRESS_CHANGED_UNVERIFIED' },
    });
    // The check mail that went before proves it still.
    expect(await confirm(link)).toBe('CONFIRMED');
    expect(await read(person)).toMatchObject({ addressState: 'OK' });
  });

  it('R19: unknown, of another headquarters, or over: refused, and nothing changes', async () => {
    const person = await proven();
    await enter(person, 'c2@example.jp');
    const addressId = (await pendingOf(person))?.id ?? '';
    const { accountId } = person;
    const go = (id: string, hq = world.hq) =>
      refusalOf(switchToPending(world.deps, world.command(hq), accountId, { addressId: id, reason: 'x' }));
    expect(await go(newId())).toBe('not-found');
    expect(await go(addressId, world.otherHq)).toBe('not-found');
    const back = (id: string, hq = world.hq) =>
      refusalOf(takeBackPending(world.deps, world.command(hq), accountId, id));
    expect(await back(addressId, world.otherHq)).toBe('not-found');
    expect(await back(newId())).toBe('not-found');
    expect([await back(addressId), await back(addressId)]).toEqual([null, null]);
    expect(await go(addressId)).toBe('pending-address-ended');
    expect(await world.audit(accountId, 'address.pending-ended')).toHaveLength(1);
    await enter(person, 'c3@example.jp');
    const late = (await pendingOf(person))?.id ?? '';
    world.setNow(world.now() + 14 * DAY);
    expect(await go(late)).toBe('pending-address-ended');
    const present = await world.sql<{ id: string }>(
      "SELECT id FROM mail_address WHERE account_id = $1 AND role = 'PRESENT'",
      [accountId],
    );
    expect(await back(present[0]?.id ?? '')).toBe('pending-address-ended');
    expect((await read(person)).mailAddress).toBe(person.mailAddress);
  });

  it('R19 R22: asked again: one waits at most, ten minutes apart, and no reminder is counted', async () => {
    const person = await proven();
    await enter(person, 'c4@example.jp');
    const again = () => refusalOf(requestCheckMail(world.deps, world.command(), person.accountId));
    expect(await again()).toBe('check-mail-already-waiting');
    await checked(person, 'c4@example.jp');
    world.setNow(world.now() + 10 * MINUTE - 1);
    expect(await again()).toBe('check-mail-too-soon');
    world.setNow(world.now() + 1);
    expect(await again()).toBeNull();
    await world.walk(person, world.now());
    const mails = mailsTo('c4@example.jp');
    expect(mails).toHaveLength(2);
    // Each has its own link, and either is good.
    expect(tokenIn(mails[0]?.text)).not.toBe(tokenIn(mails[1]?.text));
    expect(await confirm(await linkIn(mails[0]?.text))).toBe('CONFIRMED');
    const history = await readReminders(world.deps, world.hq, person.accountId, { limit: 50 });
    expect(history.items.filter(({ kind }) => kind === 'MANUAL')).toEqual([]);
    await withdrawAccount(world.deps, world.command(), person.accountId, { reason: '転出' });
    expect(await again()).toBe('account-withdrawn');
  });
});

describe('told by the person on the page', () => {
  it('R28 R19: starts by itself; the request stays for staff and shows what became of it', async () => {
    const person = await proven();
    const link = await world.linkOf(person.accountId, FIRST);
    const tell = (newMailAddress: string) =>
      submitChangeRequest(world.deps, resident(), link, { items: ['MAIL'], newMailAddress });
    const fateOf = async (id: string) =>
      (await listRequests(world.deps, world.hq, { limit: 50 })).items.find((each) => each.id === id);
    const first = await tell('r1@example.jp');
    expect(first).toMatchObject({ state: 'OPEN', newAddress: { state: 'PENDING' } });
    const second = await tell('r2@example.jp');
    expect((await fateOf(first.id))?.newAddress).toEqual({ state: 'REPLACED', until: null });
    await confirm(await checked(person, 'r2@example.jp'));
    expect((await fateOf(second.id))?.newAddress).toEqual({ state: 'PRESENT', until: null });
    expect((await fateOf(second.id))?.state).toBe('OPEN');
    expect(await read(person)).toMatchObject({ mailAddress: 'r2@example.jp' });
  });

  it('R28: three check mails a day; past that the address is kept for staff and nobody is written to', async () => {
    const person = await proven();
    const link = await world.linkOf(person.accountId, FIRST);
    const fates = [];
    for (const n of [1, 2, 3, 4]) {
      const told = { items: ['MAIL' as const], newMailAddress: `s${n}@example.jp` };
      fates.push((await submitChangeRequest(world.deps, resident(), link, told)).newAddress?.state);
      await world.walk(person, world.now());
    }
    expect(fates).toEqual(['PENDING', 'PENDING', 'PENDING', 'NOT_ENTERED']);
    expect([1, 2, 3, 4].map((n) => mailsTo(`s${n}@example.jp`).length)).toEqual([1, 1, 1, 0]);
    expect((await pendingOf(person))?.maskedAddress).toBe('s○○○@e○○○.jp');
    world.setNow(world.now() + DAY);
    const told = { items: ['MAIL' as const], newMailAddress: 's5@example.jp' };
    const next = await submitChangeRequest(world.deps, resident(), link, told);
    expect(next.newAddress?.state).toBe('PENDING');
    world.setNow(world.now() + 14 * DAY);
    const { items } = await listRequests(world.deps, world.hq, { limit: 50 });
    expect(items.find(({ id }) => id === next.id)?.newAddress?.state).toBe('NOT_ANSWERED');
  });
});
