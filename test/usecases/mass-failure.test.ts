/** Many mails that fail at once, over two headquarters, from the first failure to the last mail (R24). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../domain/calendar.js';
import type { OutgoingMail, SendResult } from '../../mail/transport.js';
import { openDatabase } from '../../store/database.js';
import { takeWatch } from '../../store/mail-pauses.js';
import { changeAccount } from '../../usecases/change-account.js';
import { createHeadquarters } from '../../usecases/headquarters.js';
import type { AccountRef } from '../../usecases/life-events.js';
import { createMailStop, endGlobalMailStop, endMailStop, listMailStops } from '../../usecases/mail-stop.js';
import { readAccount, readReminders, readSchedule } from '../../usecases/read-account.js';
import { recordReport } from '../../usecases/record-report.js';
import { renewByLink } from '../../usecases/renew-account.js';
import { requestResend } from '../../usecases/request-resend.js';
import type { WatchReport } from '../../usecases/watch-mass-failures.js';
import { watchMassFailures } from '../../usecases/watch-mass-failures.js';
import { NO_SUCH_USER, report } from './returned.js';
import { ACCEPTED, BUSY, OUR_FAULT, REFUSED, createWorld, refusalOf } from './world.js';
import type { World } from './world.js';

const WINDOW = '2027-03-03 10:00';
const FIRST = 'auto:1:2027-03-03';

let world: World;
/** A second headquarters, whose mails are not spread either. */
let otherHq: string;
beforeEach(async () => {
  world = await createWorld();
  otherHq = await createHeadquarters(world.deps, {
    code: 'tonari',
    displayName: '隣消防本部',
    shortName: '隣',
    replyTo: 'tonari@example.jp',
    fax: '000-000-0000',
    counter: '指令課',
    policy: { spreadOver: 'PT0S' },
  });
});
afterEach(() => world.close());

type Person = AccountRef & { mailAddress: string };

/** D = 2027-06-01 for all, in both headquarters in turn. */
async function people(count: number, domain = 'carrier.example'): Promise<Person[]> {
  world.setNow('2026-06-01 12:00');
  const all: Person[] = [];
  for (let n = 0; n < count; n += 1)
    all.push(
      await world.register(n % 2 === 0 ? world.hq : otherHq, { mailAddress: `p${n}-${domain[0]}@${domain}` }),
    );
  world.setNow(WINDOW);
  return all;
}
async function walkAll(all: readonly Person[], until: number | string = world.now()): Promise<void> {
  const start = world.now();
  for (const person of all) {
    world.setNow(start);
    await world.walk(person, until);
  }
}
let lookedUntil: number | null = null;
async function pass(): Promise<WatchReport> {
  const done = await watchMassFailures(world.deps, lookedUntil);
  if (!done) throw new Error('somebody else is at it');
  expect(done.troubles).toEqual([]);
  lookedUntil = done.lookedUntil;
  return done;
}
beforeEach(() => (lookedUntil = null));
const account = ({ fireHqId, accountId }: AccountRef) => readAccount(world.deps, fireHqId, accountId);
const statesOf = async (all: readonly Person[]) =>
  [...new Set((await Promise.all(all.map(account))).map(({ addressState }) => addressState))].sort();
const sentTo = ({ mailAddress }: Person) => world.sent.filter(({ mail }) => mail.to === mailAddress);
const resend = (person: Person) =>
  requestResend(world.deps, world.command(person.fireHqId), person.accountId, { confirm: true, when: 'now' });
const refusing =
  (domain: string): ((mail: OutgoingMail) => SendResult) =>
  (mail) =>
    mail.to.endsWith(`@${domain}`) ? REFUSED : ACCEPTED;
const stops = (fireHqId: string) => listMailStops(world.deps, fireHqId);
/** Accounts with a signal that waits. */
const woken = async () =>
  (await world.sql<{ id: string }>('SELECT DISTINCT account_id AS id FROM signal_outbox')).map(
    ({ id }) => id,
  );
/** What the workflows do whose account was told to look. */
async function workOff(all: readonly Person[]): Promise<void> {
  const ids = await woken();
  await world.sql('DELETE FROM signal_outbox');
  await walkAll(all.filter(({ accountId }) => ids.includes(accountId)));
}
/** 24 people, each refused once; the pause is there. */
async function paused(count = 24): Promise<Person[]> {
  const all = await people(count);
  world.answer(REFUSED);
  await walkAll(all);
  expect((await pass()).opened).toHaveLength(1);
  await world.sql('DELETE FROM signal_outbox');
  return all;
}
async function comesBack(mail: OutgoingMail) {
  return recordReport(
    world.deps,
    report(mail.envelopeFrom, { recipient: mail.to, ...NO_SUCH_USER }, { receivedAt: world.now() }),
  );
}

describe('the pause opens', () => {
  it('R24: 20 refused of two headquarters: nothing counts, and both have it in their trail', async () => {
    const all = await people(20);
    world.answer(REFUSED);
    await walkAll(all.slice(0, 19));
    expect(await pass()).toMatchObject({ opened: [], excused: 0, active: 0 });
    await walkAll(all);
    expect(await statesOf(all)).toEqual(['SUSPECT']);
    const opened = { scope: 'carrier.example', since: world.now(), people: 20, failed: 20 };
    expect(await pass()).toMatchObject({ opened: [opened], excused: 20, active: 1 });
    expect(await statesOf(all)).toEqual(['UNVERIFIED']);
    for (const person of all) {
      expect(await world.told(person.accountId)).toEqual([`${FIRST} FAILED MASS_FAILURE`]);
      expect(await world.audit(person.accountId, 'mail.failure-excused')).toMatchObject([
        { actor: 'system', before: { outcome: 'BOUNCED' }, after: { outcome: 'FAILED' } },
      ]);
    }
    for (const hq of [world.hq, otherHq]) {
      expect(await stops(hq)).toMatchObject([
        {
          cause: 'MASS_FAILURE',
          scope: 'ALL',
          mailDomain: 'carrier.example',
          createdBy: 'system',
          endedAt: null,
        },
      ]);
      expect(
        await world.sql(`SELECT FROM audit_event WHERE fire_hq_id = $1 AND action = 'mail-stop.set'`, [hq]),
      ).toHaveLength(1);
    }
    const [line] = (await readReminders(world.deps, world.hq, all[0]?.accountId ?? '', { limit: 1 })).items;
    expect(line?.bounce).toMatchObject({ permanent: false, class: 'UNKNOWN_ADDRESS' });
    expect(line?.bounce?.label).toContain('都合');
    expect((await pass()).excused).toBe(0);
  });

  it('R24 R37: two mails each within a minute: who was 不達 for that moment is not, and his slots go on', async () => {
    const all = await people(20);
    world.answer(REFUSED);
    await walkAll(all);
    world.setNow(world.now() + 30 * SECOND);
    for (const person of all) await resend(person);
    await walkAll(all);
    expect(await statesOf(all)).toEqual(['UNDELIVERABLE']);
    expect(await pass()).toMatchObject({ opened: [{ people: 20, failed: 20 }], excused: 40 });
    expect(await statesOf(all)).toEqual(['UNVERIFIED']);
    for (const person of all) expect(await account(person)).toMatchObject({ autoMail: 'HELD' });
  });

  it('R16 R24: a lapse whose cause was 不達 for that moment is 未送信', async () => {
    const all = await people(20);
    const [lapsed] = all as [Person];
    // His first mail was never taken by anybody, the second is refused minutes before E.
    world.answer(BUSY);
    await walkAll([lapsed], '2027-06-01 23:00');
    world.answer(REFUSED);
    world.setNow('2027-06-01 23:55');
    for (const person of all) await resend(person);
    await walkAll(all);
    world.setNow('2027-06-02 00:05');
    for (const person of all) await resend(person);
    await walkAll(all);
    expect(await account(lapsed)).toMatchObject({ status: 'LAPSED', lapseCause: 'UNDELIVERABLE' });
    await pass();
    expect(await account(lapsed)).toMatchObject({ addressState: 'UNVERIFIED', lapseCause: 'NOT_SENT' });
    expect(await world.audit(lapsed.accountId, 'lapse.cause-changed')).toMatchObject([
      {},
      { before: { cause: 'UNDELIVERABLE' }, after: { cause: 'NOT_SENT' } },
    ]);
  });

  it('R24: our own blocks and full mailboxes are failures like others, and 20 % of them no mass', async () => {
    const all = await people(25);
    const answers = [OUR_FAULT, OUR_FAULT, REFUSED, OUR_FAULT, BUSY];
    world.answer(() => answers.shift() ?? ACCEPTED);
    await walkAll(all);
    // 4 failures of 24 with a result: a mail that is tried again has none yet.
    expect((await pass()).opened).toEqual([]);
  });

  it('R24: one domain fails: mail to others goes on', async () => {
    const dead = await people(20);
    const alive = await people(4, 'other.example');
    world.answer(refusing('carrier.example'));
    await walkAll([...dead, ...alive]);
    await pass();
    for (const person of [...dead, ...alive]) await resend(person).catch(() => {});
    const before = world.sent.length;
    await walkAll([...dead, ...alive]);
    expect(world.sent.slice(before).every(({ mail }) => mail.to.endsWith('other.example'))).toBe(true);
    expect(world.sent).toHaveLength(before + 4);
  });

  it('R24: everybody is refused, most of them at one domain: all, also the few elsewhere', async () => {
    const many = await people(20);
    const few = await people(3, 'other.example');
    world.answer(REFUSED);
    await walkAll(many);
    expect((await pass()).opened).toMatchObject([{ scope: 'carrier.example' }]);
    await walkAll(few);
    expect((await pass()).opened).toMatchObject([{ scope: null, people: 23 }]);
    expect(await statesOf([...many, ...few])).toEqual(['UNVERIFIED']);
  });

  it('R24: at most one pause of a scope, whoever looks; another process waits its turn', async () => {
    await paused();
    lookedUntil = null;
    expect((await pass()).opened).toEqual([]);
    const other = openDatabase(world.urls.databaseUrl, { max: 2 });
    await other.withoutTenant(async (tx) => {
      expect(await takeWatch(tx)).toBe(true);
      expect(await watchMassFailures(world.deps, null)).toBeNull();
    });
    await other.close();
    expect(await pass()).toMatchObject({ active: 1 });
  });
});

describe('reports', () => {
  it('R23 R24: a smarthost that takes all and reports each a little later; the acceptance is taken back', async () => {
    const all = await people(30);
    await walkAll(all);
    const mails = world.sent.map(({ mail }) => mail);
    for (const mail of mails.slice(0, 6)) {
      world.setNow(world.now() + 20 * SECOND);
      await comesBack(mail);
    }
    expect((await pass()).opened).toEqual([]);
    await comesBack(mails[6] as OutgoingMail);
    expect((await pass()).opened).toMatchObject([{ people: 30, failed: 7 }]);
    // The others come in hours, when the pause is over.
    const [last] = mails.slice(-1) as [OutgoingMail];
    for (const mail of mails.slice(7, -1)) await comesBack(mail);
    world.setNow(world.now() + 11 * MINUTE);
    await pass();
    world.answer(ACCEPTED);
    await workOff(all);
    await pass();
    world.setNow(world.now() + 5 * HOUR);
    await comesBack(last);
    expect(await statesOf(all)).toEqual(['UNVERIFIED']);
    for (const person of all)
      expect(await world.told(person.accountId)).toContain(`${FIRST} FAILED MASS_FAILURE`);
  });

  it('R19 R24: a check mail to a new address in another mail domain goes; in a pause of all it does not', async () => {
    const [person] = (await paused()) as [Person];
    await world.sql("UPDATE mail_address SET state = 'OK', last_proven_at = now() WHERE account_id = $1", [
      person.accountId,
    ]);
    const enter = async (mailAddress: string) => {
      const { version } = await account(person);
      await changeAccount(world.deps, world.command(person.fireHqId), person.accountId, version, {
        mailAddress,
      });
      await world.walk(person, world.now());
      return world.sent.filter(({ mail }) => mail.to === mailAddress).length;
    };
    world.answer(ACCEPTED);
    expect(await enter('new@elsewhere.example')).toBe(1);
    expect(await stops(world.hq)).toMatchObject([{ cause: 'MASS_FAILURE', endedAt: null }]);
    await world.sql('UPDATE mail_stop SET mail_domain = NULL');
    expect(await enter('newer@elsewhere.example')).toBe(0);
  });

  it('R24: a second report of the same mail, long after the pause, does not make it count', async () => {
    const all = await paused();
    world.setNow(world.now() + 11 * MINUTE);
    await pass();
    world.answer(ACCEPTED);
    await workOff(all);
    await pass();
    const [first] = world.sent as [(typeof world.sent)[number]];
    world.setNow(world.now() + DAY);
    expect((await comesBack(first.mail)).outcome).toBe('ALREADY_KNOWN');
    expect(await statesOf(all)).toEqual(['UNVERIFIED']);
  });

  it('R24: reports of many days that arrive together are no mass failure', async () => {
    const all = await people(20);
    for (const [n, person] of all.entries()) {
      world.setNow(WINDOW);
      world.setNow(world.now() + n * 15 * MINUTE);
      await walkAll([person]);
    }
    world.setNow(world.now() + 2 * HOUR);
    for (const { mail } of world.sent) await comesBack(mail);
    expect(await pass()).toMatchObject({ opened: [], active: 0 });
    expect(await statesOf(all)).toEqual(['SUSPECT']);
  });

  it('R25 R24: a mail whose link was used is proven, pause or not', async () => {
    const all = await paused();
    const [person] = all as [Person];
    await renewByLink(
      world.deps,
      world.command(person.fireHqId),
      await world.linkOf(person.accountId, FIRST),
    );
    expect((await world.told(person.accountId))[0]).toBe(`${FIRST} CONFIRMED`);
    expect((await account(person)).addressState).toBe('OK');
  });
});

describe('while it lasts', () => {
  it('R24 R14 R22: no mail of any kind goes, and the schedule says why; what waits too long is given up', async () => {
    const all = await paused();
    const [one, two] = all as [Person, Person];
    world.answer(ACCEPTED);
    await resend(one);
    await renewByLink(world.deps, world.command(two.fireHqId), await world.linkOf(two.accountId, FIRST));
    const before = world.sent.length;
    await walkAll(all, world.now() + 9 * MINUTE);
    expect(world.sent).toHaveLength(before);
    const { steps } = await readSchedule(world.deps, one.fireHqId, one.accountId);
    expect(steps.filter(({ what }) => what === 'MAIL')).toMatchObject([
      { kind: 'MANUAL', state: 'DUE', reason: 'MAIL_PAUSED', goesAt: null },
    ]);
    expect(steps.find(({ slot }) => slot === '2027-04-02')).toMatchObject({
      reason: 'MAIL_PAUSED',
      goesAt: null,
    });
    expect(await account(one)).toMatchObject({ nextReminderAt: null, autoMail: 'HELD' });
    await walkAll([one, two], world.now() + 3 * DAY);
    expect((await world.told(one.accountId)).at(-1)).toContain('FAILED GIVEN_UP');
    expect((await world.told(two.accountId)).at(-1)).toBe('receipt:1 FAILED GIVEN_UP');
    expect(world.sent).toHaveLength(before);
  });

  it('R24: effective at the moment of sending, also for a mail whose step was taken before', async () => {
    const all = await people(21);
    const [late, ...others] = all as [Person, ...Person[]];
    world.answer(REFUSED);
    await walkAll(others);
    await pass();
    const before = world.sent.length;
    await walkAll([late]);
    expect(world.sent).toHaveLength(before);
  });

  it('R24: every ten minutes one mail of another person is tried; refused, it does not count', async () => {
    const all = await paused();
    await world.sql('DELETE FROM signal_outbox');
    const tried: string[] = [];
    for (let round = 0; round < 30; round += 1) {
      world.setNow(world.now() + 10 * MINUTE);
      await pass();
      const before = world.sent.length;
      await workOff(all);
      await walkAll(all);
      const [mail, ...more] = world.sent.slice(before);
      expect(more).toEqual([]);
      tried.push(mail?.mail.to ?? '');
    }
    // 24 people, and then the first ones again.
    expect(new Set(tried.slice(0, 24)).size).toBe(24);
    expect(tried.slice(24)).toEqual(tried.slice(0, 6));
    expect(await statesOf(all)).toEqual(['UNVERIFIED']);
    expect((await pass()).active).toBe(1);
  });

  it('R9 R24: by night nothing automatic is tried; in the morning it is', async () => {
    const all = await paused();
    world.setNow('2027-03-03 23:00');
    await pass();
    const before = world.sent.length;
    await workOff(all);
    await walkAll(all, '2027-03-04 08:00');
    expect(world.sent).toHaveLength(before);
    expect((await pass()).active).toBe(1);
    await workOff(all);
    expect(world.sent).toHaveLength(before + 1);
  });

  it('R24: whoever could be tried has renewed or goes away: the pause ends', async () => {
    const all = await paused();
    for (const person of all)
      await renewByLink(
        world.deps,
        world.command(person.fireHqId),
        await world.linkOf(person.accountId, FIRST),
      );
    await world.sql(`UPDATE reminder SET outcome = 'SKIPPED' WHERE purpose = 'RECEIPT'`);
    world.setNow(world.now() + 10 * MINUTE);
    expect(await pass()).toMatchObject({ active: 0, ended: [{ endedBy: 'system' }] });
  });
});

describe('the end', () => {
  /** After ten minutes one mail is tried, and taken. */
  async function recovers(all: readonly Person[]): Promise<void> {
    world.answer(ACCEPTED);
    world.setNow(world.now() + 10 * MINUTE);
    await world.sql('DELETE FROM signal_outbox');
    await pass();
    await workOff(all);
    world.setNow(world.now() + SECOND);
  }

  it('R24 R34: accepted: it ends, everybody is told to look, and each gets one mail, manual ones too', async () => {
    const all = await paused();
    const [byHand] = all.slice(-1) as [Person];
    await resend(byHand);
    await recovers(all);
    expect(await pass()).toMatchObject({ active: 0, ended: [{ endedBy: 'system' }] });
    expect((await woken()).sort()).toEqual(all.map(({ accountId }) => accountId).sort());
    await workOff(all);
    await walkAll(all, world.now() + DAY);
    for (const person of all) {
      expect(sentTo(person)).toHaveLength(2);
      expect((await world.told(person.accountId)).at(-1)).toMatch(
        person === byHand ? /^manual:.* ACCEPTED$/ : /^(retry|trial):.* ACCEPTED$/,
      );
    }
    for (const hq of [world.hq, otherHq]) {
      expect(await stops(hq)).toMatchObject([{ endedAt: expect.any(Number) as number }]);
      const ends = `SELECT actor FROM audit_event WHERE fire_hq_id = $1 AND action = 'mail-stop.ended'`;
      expect(await world.sql(ends, [hq])).toEqual([{ actor: 'system' }]);
    }
    expect(await pass()).toMatchObject({ active: 0, ended: [] });
  });

  it('R9 R24: a newer slot takes the place of the mail that would go again', async () => {
    const all = await paused();
    world.setNow('2027-04-02 09:59');
    await pass();
    world.answer(ACCEPTED);
    await workOff(all);
    await pass();
    await world.sql('DELETE FROM signal_outbox');
    world.setNow('2027-04-02 10:00');
    await walkAll(all, '2027-04-02 12:00');
    for (const person of all)
      expect((await world.told(person.accountId)).at(-1)).toMatch(/^(auto:1:2027-04-02|trial:.*) /);
    expect(all.flatMap(sentTo).length).toBeLessThanOrEqual(all.length * 2 + 1);
  });

  it('R24: so soon after a pause five are enough: who is few does not become 不達 by the mails that go again', async () => {
    const all = await paused(20);
    await recovers(all);
    await pass();
    world.answer(REFUSED);
    await workOff(all);
    expect((await pass()).opened).toMatchObject([{ scope: 'carrier.example', people: 19 }]);
    expect(await statesOf(all)).toEqual(['UNVERIFIED']);
  });

  it('R24: at most three mails again', async () => {
    const all = await paused();
    for (let round = 0; round < 6; round += 1) {
      await recovers(all);
      await pass();
      world.answer(REFUSED);
      await workOff(all);
      await pass();
    }
    const retries = await world.sql<{ count: number }>(
      `SELECT count(*)::int FROM reminder WHERE dedupe_key LIKE 'retry:%' GROUP BY account_id`,
    );
    expect(Math.max(...retries.map(({ count }) => count))).toBe(3);
    expect(await statesOf(all)).toEqual(['UNVERIFIED']);
  });

  it('R24: a process that dies between is taken over: no headquarters is told twice, none is left out', async () => {
    const all = await paused();
    await world.sql('UPDATE mail_stop SET announced_at = NULL');
    await recovers(all);
    await pass();
    await world.sql('UPDATE mail_stop SET woken_at = NULL');
    await world.sql('UPDATE mail_pause_tenant SET woken_at = NULL WHERE fire_hq_id = $1', [otherHq]);
    await world.sql('DELETE FROM signal_outbox');
    await pass();
    expect(await woken()).toHaveLength(12);
    const events = `SELECT action, count(*)::int FROM audit_event WHERE action LIKE 'mail-stop%' AND fire_hq_id = $1 GROUP BY 1 ORDER BY 1`;
    expect(await world.sql(events, [world.hq])).toEqual([
      { action: 'mail-stop.ended', count: 1 },
      { action: 'mail-stop.set', count: 1 },
    ]);
  });
});

describe('ended by people', () => {
  it('R24: by a headquarters: for itself alone; failures count again, and no such pause binds it for a day', async () => {
    const all = await paused();
    const [mine, theirs] = [all.filter((_, n) => n % 2 === 0), all.filter((_, n) => n % 2 === 1)];
    const [stop] = await stops(world.hq);
    await world.sql('DELETE FROM signal_outbox');
    world.setNow(world.now() + MINUTE);
    await endMailStop(world.deps, world.command(), stop?.id ?? '');
    expect((await stops(world.hq))[0]?.endedAt).toBe(world.now());
    expect((await stops(otherHq))[0]?.endedAt).toBeNull();
    expect((await woken()).sort()).toEqual(mine.map(({ accountId }) => accountId).sort());
    world.setNow(world.now() + MINUTE);
    await walkAll(all);
    expect(theirs.flatMap(sentTo)).toHaveLength(theirs.length);
    expect(await statesOf(mine)).toEqual(['SUSPECT']);
    expect(await statesOf(theirs)).toEqual(['UNVERIFIED']);
    expect((await pass()).opened).toEqual([]);

    // The pause of all ends, another one begins within the day: it binds the others only.
    world.setNow(world.now() + 10 * MINUTE);
    world.answer(ACCEPTED);
    await pass();
    await workOff(all);
    await pass();
    const more = await people(24);
    world.setNow('2027-03-03 11:00');
    world.answer(REFUSED);
    await walkAll(more);
    expect((await pass()).opened).toHaveLength(1);
    expect((await stops(otherHq))[0]?.endedAt).toBeNull();
    expect((await stops(world.hq))[0]?.endedAt).not.toBeNull();
    expect(await statesOf(more.filter((_, n) => n % 2 === 0))).toEqual(['SUSPECT']);
    expect(await statesOf(more.filter((_, n) => n % 2 === 1))).toEqual(['UNVERIFIED']);
  });

  it('R24: by the operator: for all; within a day none like it opens, afterwards it does', async () => {
    const all = await paused();
    const [stop] = await stops(world.hq);
    const owner = openDatabase(world.urls.ownerUrl, { max: 1 });
    world.setNow(world.now() + MINUTE);
    await endGlobalMailStop(world.deps, owner, stop?.id ?? '');
    expect(await pass()).toMatchObject({ active: 0, ended: [{ endedBy: 'operator' }] });
    world.setNow(world.now() + MINUTE);
    await workOff(all);
    expect((await pass()).opened).toEqual([]);
    expect(await statesOf(all)).toEqual(['SUSPECT']);
    expect(await refusalOf(endGlobalMailStop(world.deps, owner, stop?.id ?? ''))).toBe('not-found');
    await owner.close();
    const more = await people(24);
    world.setNow('2027-03-04 10:00');
    await walkAll(more);
    expect((await pass()).opened).toEqual([]);
    const evenMore = await people(24);
    world.setNow('2027-03-04 10:02');
    await walkAll(evenMore);
    expect((await pass()).opened).toHaveLength(1);
  });

  it('R36: a stop by staff holds automatic mail only, and is nobody’s pause', async () => {
    const [person] = (await people(1)) as [Person];
    await createMailStop(world.deps, world.command(), { reason: '点検' });
    await resend(person);
    await walkAll([person]);
    expect(sentTo(person)).toHaveLength(1);
    expect(await stops(world.hq)).toMatchObject([{ cause: 'STAFF', scope: 'FIRE_HQ' }]);
  });
});
