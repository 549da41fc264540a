import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY } from '../../domain/calendar.js';
import { countAsked, countMails } from '../../store/mail-figures.js';
import type { Tx } from '../../store/database.js';
import { listQuarantine } from '../../store/reports.js';
import { readMailHealth } from '../../usecases/mail-health.js';
import { renewByLink } from '../../usecases/renew-account.js';
import { recordReport } from '../../usecases/record-report.js';
import { FULL, report } from './returned.js';
import { mailAgain, mailed } from './mailed.js';
import type { World } from './world.js';
import { BUSY, REFUSED, createWorld } from './world.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const health = (hq = world.hq, days = 30, limit = 50) => readMailHealth(world.deps, hq, { days, limit });
const domainOf = async (mailDomain: string, hq = world.hq) =>
  (await health(hq)).domains.find((each) => each.mailDomain === mailDomain);

/** How the application would run the last statement of this work. */
const planOf = (work: (tx: Tx) => Promise<unknown>) =>
  world.deps.database.inTenant(world.hq, async (tx) => {
    let plan = '';
    await work({
      async query(sql, values) {
        const rows = await tx.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, values);
        plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        return [];
      },
    });
    return plan;
  });

describe('figures of mails', () => {
  it('nothing sent yet: zeros, no rate, no verdict', async () => {
    const view = await health();
    expect(view.total).toMatchObject({ people: { all: 0 }, mails: { sent: 0, failureRate: null } });
    expect(view.domains).toEqual([]);
    expect(view.rest).toMatchObject({ domains: 0, mails: { sent: 0 } });
    await world.register(world.hq, { mailAddress: 'a@docomo.ne.jp' });
    expect(await domainOf('docomo.ne.jp')).toMatchObject({
      people: { all: 1, suspect: 0, undeliverable: 0 },
      mails: { sent: 0, failureRate: null },
      silentLoss: { asked: 0, share: null, verdict: 'TOO_FEW' },
    });
  });

  it('R23: what really was sent, answered, refused, returned and delayed; the sum comes out even', async () => {
    const at = (mailAddress: string) => world.register(world.hq, { mailAddress });
    const people = [
      await at('a@docomo.ne.jp'),
      await at('b@docomo.ne.jp'),
      await at('c@docomo.ne.jp'),
      await at('d@au.com'),
      await at('e@au.com'),
    ];
    const other = await world.register(world.otherHq, { mailAddress: 'f@docomo.ne.jp' });
    world.setNow('2027-03-03 10:00');
    const [answers, returned, , , busy] = people;
    world.answer(({ to }) => {
      if (to === 'c@docomo.ne.jp') return REFUSED;
      return to === busy?.mailAddress ? BUSY : { verdict: 'ACCEPTED', code: 250, enhanced: null, text: 'ok' };
    });
    for (const person of people) await world.walk(person, world.now());
    await world.walk(other, '2027-03-03 10:30');
    const [slot] = await world.ledger(answers?.id ?? '');
    await renewByLink(world.deps, world.command(), await world.linkOf(answers?.id ?? '', slot?.key ?? ''));
    const envelope =
      world.sent.find(({ mail }) => mail.to === returned?.mailAddress)?.mail.envelopeFrom ?? '';
    await recordReport(world.deps, report(envelope, FULL, { receivedAt: world.now() }));

    const { total } = await health();
    expect(total.mails).toMatchObject({
      sent: 5,
      accepted: 1,
      answered: 1,
      delayed: 1,
      failed: 2,
      underWay: 0,
    });
    expect(total.mails.failureRate).toBe(2 / 5);
    expect(total.mails.failedBy).toMatchObject({
      UNKNOWN_ADDRESS: 1,
      MAILBOX_FULL: 1,
      REFUSED: 0,
      GIVEN_UP: 0,
    });
    expect(await domainOf('docomo.ne.jp')).toMatchObject({
      people: { all: 3, suspect: 1 },
      mails: { sent: 3, answered: 1, failed: 2 },
      reminders: { sent: 3, answered: 1 },
    });
    expect(await domainOf('au.com')).toMatchObject({
      mails: { sent: 2, accepted: 1, delayed: 1, failureRate: 0 },
    });
    // The other headquarters has its own mail and nothing of this one.
    expect((await health(world.otherHq)).total.mails).toMatchObject({ sent: 1, accepted: 1, failed: 0 });
  });

  it('the span begins with its first millisecond, and dropped mails are none', async () => {
    const edge = world.now() - 30 * DAY;
    await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', sentAt: edge });
    await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', sentAt: edge - 1 });
    await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', outcome: 'SUPERSEDED' });
    await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', outcome: 'SKIPPED' });
    await mailed(world, world.hq, {
      mailDomain: 'docomo.ne.jp',
      outcome: 'FAILED',
      bounceClass: 'SENDER_BLOCKED',
    });
    await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', outcome: 'FAILED' });
    await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', purpose: 'CHECK', outcome: 'CONFIRMED' });
    await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', purpose: 'RECEIPT' });
    const { mails, reminders, checks } = (await health()).total;
    expect(mails).toMatchObject({ sent: 5, failed: 2, failedBy: { SENDER_BLOCKED: 1, GIVEN_UP: 1 } });
    expect({ reminders, checks }).toEqual({
      reminders: { sent: 3, answered: 0 },
      checks: { sent: 1, answered: 1 },
    });
  });

  it('R37: people by the state of their present address; withdrawn ones and former addresses are none', async () => {
    await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', people: 3, state: 'SUSPECT' });
    await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', people: 2, state: 'UNDELIVERABLE' });
    await mailed(world, world.hq, {
      mailDomain: 'docomo.ne.jp',
      people: 4,
      state: 'UNDELIVERABLE',
      withdrawn: true,
    });
    const former = await mailed(world, world.hq, { mailDomain: 'au.com', state: 'UNDELIVERABLE' });
    await world.sql(`UPDATE mail_address SET role = 'FORMER' WHERE id = ANY ($1)`, [former]);
    await mailed(world, world.otherHq, { mailDomain: 'docomo.ne.jp', people: 9, state: 'SUSPECT' });
    expect((await health()).total.people).toEqual({ all: 5, suspect: 3, undeliverable: 2 });
    // A domain that nobody has any more: its mails still count, together with the rest.
    expect((await health()).rest).toMatchObject({ domains: 0, people: { all: 0 }, mails: { sent: 1 } });
  });

  it('lists the largest domains and adds the others up', async () => {
    await mailed(world, world.hq, { mailDomain: 'b.example', people: 2 });
    await mailed(world, world.hq, { mailDomain: 'a.example', people: 2 });
    await mailed(world, world.hq, {
      mailDomain: 'large.example',
      people: 3,
      outcome: 'BOUNCED',
      bounceClass: 'OTHER',
    });
    await mailed(world, world.hq, {
      mailDomain: 'z.example',
      people: 1,
      outcome: 'BOUNCED',
      bounceClass: 'OTHER',
    });
    const view = await health(world.hq, 30, 2);
    expect(view.domains.map(({ mailDomain }) => mailDomain)).toEqual(['large.example', 'a.example']);
    expect(view.rest).toMatchObject({ domains: 2, people: { all: 3 }, mails: { sent: 3, failed: 1 } });
    expect(view.total).toMatchObject({ people: { all: 8 }, mails: { sent: 8, failed: 4 } });
  });
});

describe('silent loss', () => {
  const old = () => world.now() - 10 * DAY;

  it('is noticed where one domain answers far less than all others of the headquarters together', async () => {
    await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', people: 20, sentAt: old() });
    const answered = { outcome: 'CONFIRMED', sentAt: old(), provenAt: world.now() - 9 * DAY };
    await mailed(world, world.hq, { mailDomain: 'au.com', people: 12, ...answered });
    await mailed(world, world.hq, { mailDomain: 'example.jp', people: 13, ...answered });
    await mailed(world, world.hq, { mailDomain: 'example.jp', people: 5, sentAt: old() });
    // The same domain answers well elsewhere, which is no business of this headquarters.
    await mailed(world, world.otherHq, { mailDomain: 'docomo.ne.jp', people: 200, ...answered });
    const docomo = (await domainOf('docomo.ne.jp'))?.silentLoss;
    expect(docomo).toMatchObject({
      asked: 20,
      unanswered: 20,
      share: 1,
      othersAsked: 30,
      othersUnanswered: 5,
      verdict: 'NOTICEABLE',
    });
    expect(docomo?.text).toContain('20人のうち20人');
    expect((await domainOf('au.com'))?.silentLoss).toMatchObject({ asked: 12, verdict: 'TOO_FEW' });
    expect((await domainOf('docomo.ne.jp', world.otherHq))?.silentLoss).toMatchObject({
      asked: 200,
      unanswered: 0,
      othersAsked: 0,
      verdict: 'TOO_FEW',
    });
  });

  it('counts people, not mails; young mails, failed ones and other purposes do not count', async () => {
    const of = (more: object) =>
      mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', sentAt: old(), ...more });
    await of({ mails: 4 });
    await of({ sentAt: world.now() - 7 * DAY });
    await of({ sentAt: world.now() - 7 * DAY - 1 });
    await of({ sentAt: world.now() - 37 * DAY });
    await of({ sentAt: world.now() - 37 * DAY - 1 });
    await of({ outcome: 'BOUNCED', bounceClass: 'REFUSED' });
    await of({ outcome: 'DELAYED' });
    await of({ purpose: 'CHECK' });
    await of({ purpose: 'RECEIPT' });
    expect((await domainOf('docomo.ne.jp'))?.silentLoss).toMatchObject({ asked: 3, unanswered: 3 });
  });

  it('an answer to any later reminder, or a reply, is an answer; a check mail’s or an older one is none', async () => {
    const of = (more: object) =>
      mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', sentAt: old(), ...more });
    const later = await of({});
    await mailAgain(world, world.hq, later, { outcome: 'CONFIRMED', provenAt: world.now() });
    const byOlderLink = await of({});
    await mailAgain(world, world.hq, byOlderLink, {
      outcome: 'CONFIRMED',
      sentAt: world.now() - 60 * DAY,
      provenAt: old() + 1,
    });
    await of({ repliedAt: old() });
    expect((await domainOf('docomo.ne.jp'))?.silentLoss).toMatchObject({ asked: 3, unanswered: 0 });
    const check = await of({});
    await mailAgain(world, world.hq, check, {
      purpose: 'CHECK',
      outcome: 'CONFIRMED',
      provenAt: world.now(),
    });
    const before = await of({});
    await mailAgain(world, world.hq, before, {
      outcome: 'CONFIRMED',
      sentAt: world.now() - 60 * DAY,
      provenAt: old() - 1,
    });
    await of({ repliedAt: old() - 1 });
    expect((await domainOf('docomo.ne.jp'))?.silentLoss).toMatchObject({ asked: 6, unanswered: 3 });
  });
});

it('with ten thousand mails of years the span alone is read, by its index', async () => {
  for (let month = 0; month < 20; month += 1)
    await mailed(world, world.hq, {
      mailDomain: 'docomo.ne.jp',
      people: 500,
      sentAt: world.now() - (month * 30 + 8) * DAY,
    });
  await world.sql('ANALYZE reminder, mail_address, account');
  const since = world.now() - 30 * DAY;
  const domains = ['docomo.ne.jp'];
  const spans = [
    await planOf((tx) => countMails(tx, since, domains)),
    await planOf((tx) => countAsked(tx, { since, until: world.now() - 7 * DAY, domains })),
  ];
  for (const plan of spans)
    expect(plan).toMatch(/Scan (using|on) reminder_sent\b[^]*Index Cond[^\n]*sent_at/);
});

it('so do the counts over all headquarters, under the policies of their role', async () => {
  for (let month = 0; month < 10; month += 1)
    for (const hq of [world.hq, world.otherHq])
      await mailed(world, hq, {
        mailDomain: 'docomo.ne.jp',
        people: 500,
        sentAt: world.now() - (month * 30 + 8) * DAY,
      });
  await world.sql('ANALYZE reminder, mail_address, fire_hq');
  const bodies = await world.sql<{ name: string; body: string }>(
    `SELECT proname AS name, pg_get_function_sqlbody(oid) AS body FROM pg_proc WHERE proname LIKE 'watch%' ORDER BY 1`,
  );
  expect(bodies.map(({ name }) => name)).toEqual([
    'watch_fire_hqs',
    'watch_mail_domains',
    'watch_unanswered',
  ]);
  const instants = { since: world.now() - 30 * DAY, until: world.now() - 7 * DAY };
  for (const { body } of bodies) {
    const statement = body
      .replace(/^BEGIN ATOMIC|;\s*END$/g, '')
      .replace(
        /\bwatch_\w+\.(since|until)\b/g,
        (_all, name: keyof typeof instants) => `'${new Date(instants[name]).toISOString()}'::timestamptz`,
      );
    await world.sql('BEGIN');
    await world.sql('SET LOCAL ROLE net119_lookup');
    const plan = await world.sql<{ 'QUERY PLAN': string }>(`EXPLAIN ${statement}`);
    await world.sql('ROLLBACK');
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toMatch(
      /Scan (using|on) reminder_sent\b[^]*Index Cond[^\n]*sent_at/,
    );
  }
});

it('a page of 未照合, the first and a later one, is read by its index', async () => {
  await world.sql(
    `INSERT INTO quarantine_report (id, received_at, source, what, why, codes, raw_hash, raw, delete_after)
     SELECT gen_random_uuid(), $1::timestamptz - n * interval '1 minute', 'REPORT_SMTP', 'REPORT', 'NO_MATCH', '{}',
       sha256(n::text::bytea), '\\x00', $1::timestamptz + interval '30 days' FROM generate_series(1, 10000) AS n`,
    [new Date(world.now()).toISOString()],
  );
  await world.sql('ANALYZE quarantine_report');
  const before = { receivedAt: world.now() - 3 * DAY, id: '00000000-0000-4000-8000-000000000000' };
  const [first, later] = [
    await planOf((tx) => listQuarantine(tx, 50)),
    await planOf((tx) => listQuarantine(tx, 50, before)),
  ];
  expect(first).toContain('Scan using quarantine_report_list');
  expect(later).toMatch(/Scan using quarantine_report_list[^]*Index Cond/);
});
