/** Reports that come back, and what they make of a mail, of its address and of what works for the person. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../domain/calendar.js';
import { isUnavailable, openDatabase } from '../../store/database.js';
import { changeAccount } from '../../usecases/change-account.js';
import type { AccountRef } from '../../usecases/life-events.js';
import { readAccount, readReminders } from '../../usecases/read-account.js';
import { readCapabilities } from '../../usecases/read-capabilities.js';
import { recordReport } from '../../usecases/record-report.js';
import type { WeighedReport } from '../../usecases/record-report.js';
import { renewByLink } from '../../usecases/renew-account.js';
import { requestResend } from '../../usecases/request-resend.js';
import { jst } from '../domain/given.js';
import { BLOCKED, DELAYED, FULL, NO_SUCH_USER, report } from './returned.js';
import type { Said } from './returned.js';
import { ACCEPTED, BUSY, OUR_FAULT, REFUSED, createWorld } from './world.js';
import type { World } from './world.js';

const FIRST = 'auto:1:2027-03-03';
const WINDOW = '2027-03-03 10:00';
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.answer(ACCEPTED);
  world.sent.length = 0;
});

type Person = AccountRef & { mailAddress: string };

/** D = 2027-06-01, and the first mail was accepted. */
async function asked(hq = world.hq): Promise<Person> {
  world.setNow('2026-06-01 12:00');
  const account = await world.register(hq);
  await world.walk(account, hq === world.hq ? WINDOW : '2027-03-03 10:30');
  return account;
}
/** The newest mail that was sent to the person. */
function newest({ mailAddress }: Person) {
  const found = world.sent.findLast(({ mail }) => mail.to === mailAddress);
  if (!found) throw new Error('no mail was sent');
  return found.mail;
}
/** One minute later, about the person's newest mail. */
async function comesBack(person: Person, said: Said): Promise<WeighedReport> {
  world.setNow(world.now() + MINUTE);
  return recordReport(
    world.deps,
    report(
      newest(person).envelopeFrom,
      { recipient: person.mailAddress, ...said },
      { receivedAt: world.now() },
    ),
  );
}
const account = (person: Person) => readAccount(world.deps, person.fireHqId, person.accountId);
const callback = async (person: Person) =>
  (await readCapabilities(world.deps, person.fireHqId, person.accountId)).callback;
const lines = async (person: Person) =>
  (await readReminders(world.deps, person.fireHqId, person.accountId, { limit: 50 })).items;

describe('from the first report to 不達, and back', () => {
  it('R16 R17 R19 R37: an address that is dead, until a new one is used', async () => {
    const person = await asked();
    expect(await comesBack(person, NO_SUCH_USER)).toEqual({
      outcome: 'RECORDED',
      reading: 'REPORT',
      match: 'MAIL',
      bounceClass: 'UNKNOWN_ADDRESS',
    });
    expect(await account(person)).toMatchObject({
      addressState: 'SUSPECT',
      nextReminderAt: jst('2027-03-06 10:00'),
    });
    expect(await callback(person)).toMatchObject({ level: 'warn', reasonCode: 'ADDRESS_SUSPECT' });

    // The one retry, which is a step of the plan.
    await world.walk(person, '2027-03-06 10:00');
    expect(world.sent).toHaveLength(2);
    await comesBack(person, NO_SUCH_USER);
    expect(await account(person)).toMatchObject({ addressState: 'UNDELIVERABLE', autoMail: 'PROBING' });
    expect(await callback(person)).toMatchObject({ level: 'warn', reasonCode: 'ADDRESS_UNDELIVERABLE' });

    // Two probes, refused like the rest.
    world.answer(REFUSED);
    await world.walk(person, '2027-06-02 00:00');
    expect(world.sent).toHaveLength(4);
    world.answer(ACCEPTED);
    expect(await account(person)).toMatchObject({ status: 'LAPSED', lapseCause: 'UNDELIVERABLE' });
    const works = await readCapabilities(world.deps, person.fireHqId, person.accountId);
    expect(works).toMatchObject({
      emergencyReport: { level: 'ok' },
      practiceReport: { level: 'ok' },
      callback: { level: 'blocked', reasonCode: 'LAPSED_UNDELIVERABLE' },
      mailManagement: { level: 'blocked', reasonCode: 'LAPSED_UNDELIVERABLE' },
    });
    expect(works.callback.text).toContain('最後の不達：2027年5月5日');

    const mailAddress = 'new@example.jp';
    world.setNow('2027-06-02 12:00');
    await changeAccount(world.deps, world.command(), person.accountId, 1, { mailAddress });
    expect(await callback(person)).toMatchObject({ level: 'warn', reasonCode: 'ADDRESS_CHANGED_UNVERIFIED' });
    await world.walk(person, '2027-06-02 12:00');
    expect(newest({ ...person, mailAddress }).text).toContain('/r/');
    const key = (await world.ledger(person.accountId)).at(-1)?.key ?? '';
    await renewByLink(world.deps, world.command(), await world.linkOf(person.accountId, key));
    expect(await callback(person)).toMatchObject({ level: 'ok', reasonCode: 'MAIL_REACHES' });
  });

  it('R16: a report after the lapse changes its cause, with the time of the change', async () => {
    const person = await asked();
    await comesBack(person, NO_SUCH_USER);
    await world.walk(person, '2027-06-02 00:00');
    expect(await account(person)).toMatchObject({ lapseCause: 'NO_RESPONSE', addressState: 'UNVERIFIED' });
    await world.walk(person, '2027-06-02 10:00');
    await comesBack(person, NO_SUCH_USER);
    await world.walk(person, '2027-06-05 10:00');
    await comesBack(person, NO_SUCH_USER);
    expect(await account(person)).toMatchObject({ lapseCause: 'UNDELIVERABLE' });
    expect(await world.audit(person.accountId, 'lapse.cause-changed')).toMatchObject([
      { at: world.now(), before: { cause: 'NO_RESPONSE' }, after: { cause: 'UNDELIVERABLE' } },
    ]);
  });

  it('R34: each change is in the trail and wakes the workflow; no text of a stranger is in it', async () => {
    const person = await asked();
    await world.sql('DELETE FROM signal_outbox');
    await comesBack(person, NO_SUCH_USER);
    const [event] = await world.audit(person.accountId, 'mail.report-recorded');
    expect(event).toMatchObject({
      at: world.now(),
      actor: 'system',
      before: { outcome: 'ACCEPTED' },
      after: {
        outcome: 'BOUNCED',
        bounceClass: 'UNKNOWN_ADDRESS',
        source: 'REPORT_SMTP',
        addressState: 'SUSPECT',
      },
    });
    expect(JSON.stringify(event)).not.toMatch(/@|User unknown/);
    expect(await world.sql('SELECT account_id FROM signal_outbox')).toEqual([
      { account_id: person.accountId },
    ]);
  });
});

describe('R23: evidence in any order', () => {
  it.each([
    ['failed', NO_SUCH_USER, 'BOUNCED RECIPIENT_REFUSED'],
    ['failed because of us', BLOCKED, 'FAILED OUR_FAILURE'],
    ['delayed', DELAYED, 'DELAYED REPORTED_DELAY'],
  ] as const)(
    'R23: a report (%s) that is quicker than the reply to our own send is not lost',
    async (_name, said, end) => {
      world.setNow('2026-06-01 12:00');
      const person = await world.register();
      world.answer(async () => {
        expect((await comesBack(person, said)).outcome).toBe('RECORDED');
        return ACCEPTED;
      });
      await world.walk(person, WINDOW);
      expect(await world.told(person.accountId)).toEqual([`${FIRST} ${end}`]);
      // The line was cut instead: a server has the mail all the same, so no second one goes.
      world.setNow('2026-06-01 12:00');
      const other = await world.register();
      world.answer(async () => {
        await comesBack(other, said);
        return BUSY;
      });
      await world.walk(other, '2027-03-05 12:00');
      expect(world.sent.filter(({ mail }) => mail.to === other.mailAddress)).toHaveLength(1);
      expect(await world.told(other.accountId)).toEqual([`${FIRST} ${end}`]);
    },
  );

  it('R21 R23: a mail that is reported as delayed is not sent again, and does not stand in the way of another', async () => {
    const person = await asked();
    await comesBack(person, DELAYED);
    expect((await world.ledger(person.accountId))[0]).toMatchObject({
      outcome: 'DELAYED',
      nextAttemptAt: null,
    });
    await world.walk(person, '2027-04-01 12:00');
    expect(world.sent).toHaveLength(1);
    await requestResend(world.deps, world.command(), person.accountId, {});
    await world.walk(person, '2027-04-01 12:00');
    expect(world.sent).toHaveLength(2);
    await comesBack(person, DELAYED);
    // Only a mail that still waits with us would stand in its way.
    world.setNow(world.now() + DAY);
    await requestResend(world.deps, world.command(), person.accountId, {});
  });

  it('R23: DELAYED gives way to 不達 and to an answer; a late delay notice to both', async () => {
    const person = await asked();
    await comesBack(person, DELAYED);
    expect((await comesBack(person, DELAYED)).outcome).toBe('ALREADY_KNOWN');
    await comesBack(person, { status: '4.4.7', diagnostic: 'delivery time expired' });
    expect(await world.told(person.accountId)).toEqual([`${FIRST} BOUNCED EXPIRED`]);
    expect((await comesBack(person, DELAYED)).outcome).toBe('CHANGED_NOTHING');
    const answered = await asked();
    await comesBack(answered, DELAYED);
    await renewByLink(world.deps, world.command(), await world.linkOf(answered.accountId, FIRST));
    for (const said of [DELAYED, NO_SUCH_USER, BLOCKED])
      expect((await comesBack(answered, said)).outcome).toBe('CHANGED_NOTHING');
    expect((await world.told(answered.accountId))[0]).toBe(`${FIRST} CONFIRMED`);
    expect(await account(answered)).toMatchObject({ addressState: 'OK' });
  });

  it('R23: the same report twice is one story, and so are two that say the same', async () => {
    const person = await asked();
    const first = report(newest(person).envelopeFrom, NO_SUCH_USER, { receivedAt: world.now() });
    const results = await Promise.all([1, 2, 3].map(() => recordReport(world.deps, first)));
    expect(results.map(({ outcome }) => outcome).sort()).toEqual([
      'ALREADY_KNOWN',
      'ALREADY_KNOWN',
      'RECORDED',
    ]);
    expect((await comesBack(person, NO_SUCH_USER)).outcome).toBe('ALREADY_KNOWN');
    expect(await account(person)).toMatchObject({ addressState: 'SUSPECT' });
    expect(await world.audit(person.accountId, 'mail.report-recorded')).toHaveLength(1);
    expect(
      await world.sql(
        'SELECT r.id FROM delivery_report r JOIN reminder m ON m.id = r.reminder_id WHERE account_id = $1',
        [person.accountId],
      ),
    ).toHaveLength(2);
  });

  it('R37: reports in the wrong order give the same state', async () => {
    const states: string[] = [];
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const person = await asked();
      const mails = [newest(person)];
      await requestResend(world.deps, world.command(), person.accountId, {});
      await world.walk(person, world.now());
      mails.push(newest(person));
      for (const i of order) {
        const { envelopeFrom = '' } = mails[i] ?? {};
        await recordReport(world.deps, report(envelopeFrom, NO_SUCH_USER, { receivedAt: world.now() + 5 }));
      }
      states.push((await account(person)).addressState);
    }
    expect(states).toEqual(['UNDELIVERABLE', 'UNDELIVERABLE']);
  });
});

describe('which mail it is about', () => {
  const at = () => ({ receivedAt: world.now() });

  it('R19: a report belongs to the address that its mail was sent to, also when that is a former one', async () => {
    const person = await asked();
    const { envelopeFrom } = newest(person);
    await changeAccount(world.deps, world.command(), person.accountId, 1, {
      mailAddress: 'later@example.jp',
    });
    expect((await recordReport(world.deps, report(envelopeFrom, NO_SUCH_USER, at()))).outcome).toBe(
      'RECORDED',
    );
    expect(await account(person)).toMatchObject({ addressState: 'UNVERIFIED' });
    expect(
      await world.sql('SELECT role, state FROM mail_address WHERE account_id = $1 ORDER BY created_at', [
        person.accountId,
      ]),
    ).toEqual([
      { role: 'FORMER', state: 'SUSPECT' },
      { role: 'PRESENT', state: 'UNVERIFIED' },
    ]);
  });

  it.each([
    ['folded to capitals', (path: string) => path.toUpperCase()],
    ['without its plus', (path: string) => path.replace('+', '')],
    ['in brackets', (path: string) => `<${path}>`],
  ])('a return path %s is known', async (_name, mangle) => {
    const person = await asked();
    const mangled = { ...at(), recipients: [mangle(newest(person).envelopeFrom)] };
    expect(await recordReport(world.deps, report('x@example.jp', NO_SUCH_USER, mangled))).toMatchObject({
      outcome: 'RECORDED',
    });
  });

  it('where the way in tells no recipient, the header does, and failing that the Message-ID of the original', async () => {
    const person = await asked();
    const { envelopeFrom, messageId } = newest(person);
    const nobody = { ...at(), recipients: [] };
    expect(await recordReport(world.deps, report(envelopeFrom, FULL, nobody))).toMatchObject({
      outcome: 'RECORDED',
    });
    const quoted = report(
      'postmaster@example.jp',
      { ...NO_SUCH_USER, messageId: messageId.toUpperCase() },
      nobody,
    );
    expect(await recordReport(world.deps, quoted)).toMatchObject({ outcome: 'RECORDED' });
    expect(await world.told(person.accountId)).toEqual([`${FIRST} BOUNCED RECIPIENT_REFUSED`]);
  });

  it('a code that is none of ours changes nothing, whatever Message-ID is quoted beside it', async () => {
    const person = await asked();
    const { envelopeFrom, messageId } = newest(person);
    const wrong = [
      envelopeFrom.replace(/.@/, (end) => (end === 'a@' ? 'b@' : 'a@')),
      envelopeFrom.replace(/..@/, '@'),
      `b+${'a'.repeat(26)}@bounce.example.jp`,
    ];
    for (const path of wrong)
      expect(
        await recordReport(world.deps, report(path, { ...NO_SUCH_USER, messageId }, at())),
      ).toMatchObject({
        outcome: 'CHANGED_NOTHING',
        match: 'WRONG_CODE',
      });
    expect(await world.told(person.accountId)).toEqual([`${FIRST} ACCEPTED`]);
  });

  it('a report that names two of our mails, also of two tenants, changes neither and waits for an operator', async () => {
    const [person, stranger] = [await asked(), await asked(world.otherHq)];
    const { envelopeFrom } = newest(person);
    const { messageId, envelopeFrom: foreign } = newest(stranger);
    const mixed = [
      report(envelopeFrom, { ...NO_SUCH_USER, messageId }, at()),
      report(envelopeFrom, NO_SUCH_USER, { ...at(), recipients: [envelopeFrom, foreign] }),
    ];
    for (const each of mixed)
      expect(await recordReport(world.deps, each)).toMatchObject({
        outcome: 'QUARANTINED',
        match: 'CONTRADICTION',
      });
    for (const each of [person, stranger])
      expect(await account(each)).toMatchObject({ addressState: 'UNVERIFIED' });
  });

  it('a return path of another tenant is about that tenant’s mail alone', async () => {
    const [person, stranger] = [await asked(), await asked(world.otherHq)];
    await comesBack(stranger, NO_SUCH_USER);
    expect((await account(stranger)).addressState).toBe('SUSPECT');
    expect((await account(person)).addressState).toBe('UNVERIFIED');
  });

  it('90 days after the mail was sent its return path changes nothing any more', async () => {
    const person = await asked();
    const { envelopeFrom, messageId } = newest(person);
    const late = { receivedAt: jst(WINDOW) + 90 * DAY + 1 };
    const old = { outcome: 'CHANGED_NOTHING', match: 'TOO_OLD' };
    expect(await recordReport(world.deps, report(envelopeFrom, NO_SUCH_USER, late))).toMatchObject(old);
    const quoted = report('x@example.jp', { ...NO_SUCH_USER, messageId }, { ...late, recipients: [] });
    expect(await recordReport(world.deps, quoted)).toMatchObject(old);
    const inTime = { receivedAt: late.receivedAt - 1 };
    expect(await recordReport(world.deps, report(envelopeFrom, NO_SUCH_USER, inTime))).toMatchObject({
      outcome: 'RECORDED',
    });
  });

  it('a report about no mail of ours is kept once for operators; what is none is not kept', async () => {
    const unknown = report('x@example.jp', NO_SUCH_USER, { ...at(), recipients: [] });
    expect(await recordReport(world.deps, unknown)).toMatchObject({
      outcome: 'QUARANTINED',
      match: 'NOTHING',
    });
    expect(await recordReport(world.deps, unknown)).toMatchObject({ outcome: 'ALREADY_KNOWN' });
    const raw = Buffer.from('From: a@example.net\r\nSubject: Sale\r\n\r\nBuy now.\r\n');
    expect(await recordReport(world.deps, { ...unknown, raw })).toMatchObject({
      outcome: 'CHANGED_NOTHING',
      match: 'NOTHING',
    });
  });
});

it('with the database away it throws, so that the sender comes again', async () => {
  const database = openDatabase('postgres://nobody@127.0.0.1:1/nothing');
  const mail = report('x@example.jp', NO_SUCH_USER, { receivedAt: world.now(), recipients: [] });
  await expect(recordReport({ ...world.deps, database }, mail)).rejects.toSatisfy(isUnavailable);
  await database.close();
});

describe('an address behind ours', () => {
  const behind = (person: Person, said: Said = {}) =>
    comesBack(person, {
      ...NO_SUCH_USER,
      recipient: 'old@isp.example',
      originalTo: person.mailAddress,
      ...said,
    });

  it('R37: proves nothing about ours, however often it fails', async () => {
    const person = await asked();
    expect(await behind(person)).toMatchObject({ outcome: 'RECORDED', bounceClass: 'OTHER' });
    expect(await lines(person)).toMatchObject([{ outcome: 'BOUNCED', bounce: { class: 'OTHER' } }]);
    expect(await account(person)).toMatchObject({ addressState: 'UNVERIFIED' });
    expect(
      await behind(await asked(), { status: '5.2.2', diagnostic: '552 5.2.2 Mailbox full' }),
    ).toMatchObject({
      bounceClass: 'OTHER',
    });
  });

  it('R24: what is our own fault there is ours', async () => {
    expect(await behind(await asked(), BLOCKED)).toMatchObject({ bounceClass: 'SENDER_BLOCKED' });
  });

  it('is ours when it is the same name elsewhere, and when the original does not tell whom we wrote to', async () => {
    const person = await asked();
    const name = person.mailAddress.split('@')[0] ?? '';
    expect(await behind(person, { recipient: `${name}@inner.example` })).toMatchObject({
      bounceClass: 'UNKNOWN_ADDRESS',
    });
    const another = await asked();
    expect(await comesBack(another, { ...NO_SUCH_USER, recipient: 'old@isp.example' })).toMatchObject({
      bounceClass: 'UNKNOWN_ADDRESS',
    });
  });
});

describe('what it counts for', () => {
  it('R24: a server that refuses everybody because of us makes nobody 不達', async () => {
    const people = [];
    for (let i = 0; i < 6; i += 1) people.push(await asked(i % 2 === 0 ? world.hq : world.otherHq));
    for (const next of ['2027-04-02 10:30', '2027-05-02 10:30', '2027-05-18 10:30']) {
      for (const person of people)
        expect(await comesBack(person, BLOCKED)).toMatchObject({ bounceClass: 'SENDER_BLOCKED' });
      for (const person of people) await world.walk(person, next);
    }
    for (const person of people) {
      expect(await account(person)).toMatchObject({ addressState: 'UNVERIFIED', autoMail: 'RUNNING' });
      expect((await world.told(person.accountId))[0]).toBe(`${FIRST} FAILED OUR_FAILURE`);
      expect((await world.ledger(person.accountId)).some(({ key }) => key.startsWith('retry:'))).toBe(false);
    }
  });

  it('R16 R24: taken by a relay and refused further on because of us, a mail was not sent', async () => {
    const person = await asked();
    world.answer(OUR_FAULT);
    await comesBack(person, BLOCKED);
    await world.walk(person, '2027-06-02 00:00');
    expect(await account(person)).toMatchObject({ status: 'LAPSED', lapseCause: 'NOT_SENT' });
  });

  it('R37: what a report takes back is taken back from the address too', async () => {
    const person = await asked();
    world.answer(REFUSED);
    for (const when of ['2027-04-02 10:00', '2027-04-05 10:00']) await world.walk(person, when);
    expect((await account(person)).addressState).toBe('UNDELIVERABLE');
    world.answer(ACCEPTED);
    await requestResend(world.deps, world.command(), person.accountId, { confirm: true });
    await world.walk(person, world.now());
    expect((await account(person)).addressState).toBe('SUSPECT');
    await comesBack(person, FULL);
    expect((await account(person)).addressState).toBe('UNDELIVERABLE');
  });

  it('R37: a mailbox that stays full is 不達の疑い after three mails over a week, never 不達', async () => {
    const person = await asked();
    const states: string[] = [];
    for (const when of ['2027-04-02 10:00', '2027-05-02 10:00', '2027-05-18 10:00', '2027-05-25 10:00']) {
      await comesBack(person, FULL);
      states.push((await account(person)).addressState);
      await world.walk(person, when);
    }
    expect(states).toEqual(['UNVERIFIED', 'UNVERIFIED', 'SUSPECT', 'SUSPECT']);
    expect((await account(person)).addressState).toBe('UNVERIFIED');
  });

  it.each([
    [
      'AUTO_REPLY',
      'Subject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nI am away. 550 5.1.1 User unknown\r\n',
    ],
    [
      'NOT_A_REPORT',
      'From: taro@example.jp\r\nSubject: Re: NET119\r\n\r\n> 550 5.1.1 User unknown\r\nWhat is this?\r\n',
    ],
  ])('%s at a return path changes nothing, and is kept for operators', async (reading, text) => {
    const person = await asked();
    const raw = Buffer.from(`X-Person: ${person.accountId}\r\n${text}`);
    const mail = { ...report(newest(person).envelopeFrom, {}, { receivedAt: world.now() }), raw };
    expect(await recordReport(world.deps, mail)).toEqual({
      outcome: 'CHANGED_NOTHING',
      reading,
      match: 'MAIL',
      bounceClass: null,
    });
    expect((await recordReport(world.deps, mail)).outcome).toBe('ALREADY_KNOWN');
    expect(await world.told(person.accountId)).toEqual([`${FIRST} ACCEPTED`]);
  });

  it('R23: a complaint is an event of its own: told and kept, and neither outcome nor address changes', async () => {
    const [person, stranger] = [await asked(), await asked(world.otherHq)];
    await world.sql('DELETE FROM signal_outbox');
    const complaint = (serial: number) => ({
      ...report(newest(person).envelopeFrom, {}, { receivedAt: world.now() }),
      raw: Buffer.from(
        `X-Serial: ${serial}\r\nFrom: fbl@example.net\r\nSubject: complaint\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=B${person.accountId}\r\n\r\n--B${person.accountId}\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n\r\n--B${person.accountId}--\r\n`,
      ),
    });
    const [before] = await lines(person);
    const at = world.now();
    expect(before).toMatchObject({ outcome: 'ACCEPTED', complaint: null });
    expect(await recordReport(world.deps, complaint(1))).toEqual({
      outcome: 'RECORDED',
      reading: 'COMPLAINT',
      match: 'MAIL',
      bounceClass: null,
    });
    world.setNow(at + MINUTE);
    expect((await recordReport(world.deps, complaint(1))).outcome).toBe('ALREADY_KNOWN');
    expect((await recordReport(world.deps, complaint(2))).outcome).toBe('ALREADY_KNOWN');
    const complained = { complainedAt: at, label: '迷惑メールとして報告された' };
    expect((await lines(person))[0]).toEqual({ ...before, complaint: expect.objectContaining(complained) });
    expect(await account(person)).toMatchObject({ addressState: 'UNVERIFIED' });
    expect(await callback(person)).toMatchObject({ level: 'ok' });
    expect(await world.audit(person.accountId, 'mail.complaint-recorded')).toEqual([
      {
        at,
        actor: 'system',
        before: null,
        after: { reminderId: before?.id, source: 'REPORT_SMTP' },
      },
    ]);
    expect(await world.sql('SELECT account_id FROM signal_outbox')).toEqual([]);
    expect((await lines(stranger))[0]).toMatchObject({ complaint: null });
    // What fails later fails all the same, and the complaint stays beside it.
    await comesBack(person, NO_SUCH_USER);
    expect((await lines(person))[0]).toMatchObject({ outcome: 'BOUNCED', complaint: complained });
  });

  it('R24: a report that calls one of our own names unknown is about us, whatever its number says', async () => {
    const person = await asked();
    const { envelopeFrom } = newest(person);
    expect(
      await comesBack(person, { ...NO_SUCH_USER, diagnostic: `550 5.1.1 <${envelopeFrom}>: User unknown` }),
    ).toMatchObject({ outcome: 'RECORDED', bounceClass: 'SENDER_BLOCKED' });
    expect(await world.told(person.accountId)).toEqual([`${FIRST} FAILED OUR_FAILURE`]);
    expect(await account(person)).toMatchObject({ addressState: 'UNVERIFIED' });
    // The same mail, and now the person is called unknown; we are merely quoted.
    const quoted = `550 5.1.1 <${person.mailAddress}>: User unknown; from=<${envelopeFrom}> to=<${person.mailAddress}>`;
    expect(await comesBack(person, { ...NO_SUCH_USER, diagnostic: quoted })).toMatchObject({
      bounceClass: 'UNKNOWN_ADDRESS',
    });
    expect(await account(person)).toMatchObject({ addressState: 'SUSPECT' });
  });

  it('R23: the reply to our own send and a report are told alike, with their words made harmless', async () => {
    const person = await asked();
    await comesBack(person, { ...NO_SUCH_USER, diagnostic: '550 5.1.1 \u001b[31mno <script> \u202euser' });
    expect((await lines(person))[0]).toMatchObject({
      bounce: {
        class: 'UNKNOWN_ADDRESS',
        permanent: true,
        status: '5.1.1',
        diagnostic: expect.stringMatching(/^550 5\.1\.1 [^\p{Cc}\p{Cf}]*<script> user$/u),
        reportedAt: world.now(),
        source: 'REPORT_SMTP',
      },
    });
    world.setNow('2026-06-01 12:00');
    const refused = await world.register();
    world.answer({ ...REFUSED, text: '550-5.1.1 no\r\n550 5.1.1 such user\u0000' });
    await world.walk(refused, WINDOW);
    expect((await lines(refused))[0]).toMatchObject({
      outcome: 'BOUNCED',
      bounce: {
        class: 'UNKNOWN_ADDRESS',
        status: '5.1.1',
        diagnostic: '550-5.1.1 no 550 5.1.1 such user',
        source: 'SMTP',
      },
    });
    world.setNow('2026-06-01 12:00');
    const ours = await world.register();
    world.answer(OUR_FAULT);
    await world.walk(ours, WINDOW);
    expect((await lines(ours))[0]).toMatchObject({
      outcome: 'FAILED',
      bounce: { class: 'SENDER_BLOCKED', permanent: false, status: '5.7.1', source: 'SMTP' },
    });
  });
});
