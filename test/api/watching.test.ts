/** Figures by REST: of one headquarters for its staff, of what fits no mail for the vendor. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordReport } from '../../usecases/record-report.js';
import { DELAYED, NO_SUCH_USER, report } from '../usecases/returned.js';
import type { World } from './world.js';
import { PERSON, createWorld, nextNumber } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('GET /v1/mail-health', () => {
  const read = (query = '', token = world.hq.token) =>
    world.call('get', `/v1/mail-health${query}`, { token });

  test('zeros before anything is sent, instants of both spans', async () => {
    const now = world.now();
    const day = 86_400_000;
    const { status, body } = await read('?days=10');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      since: new Date(now - 10 * day).toISOString(),
      until: new Date(now).toISOString(),
      askedSince: new Date(now - 17 * day).toISOString(),
      askedUntil: new Date(now - 7 * day).toISOString(),
      total: { mails: { sent: 0, failureRate: null, failedBy: { UNKNOWN_ADDRESS: 0, GIVEN_UP: 0 } } },
      domains: [],
    });
  });

  test('a headquarters sees the domains of its own people only, by name, with a sentence for staff', async () => {
    for (const [hq, mailAddress] of [
      [world.hq, 'a@docomo.ne.jp'],
      [world.hq, 'b@taro.example'],
      [world.otherHq, 'c@hanako.example'],
    ] as const) {
      const body = { ...PERSON, registrationNumber: nextNumber(), mailAddress };
      await world.call('post', '/v1/accounts', { token: hq.token, body });
    }
    const { body } = await read();
    const { domains } = body as { domains: { mailDomain: string; silentLoss: { text: string } }[] };
    expect(domains.map(({ mailDomain }) => mailDomain)).toEqual(['docomo.ne.jp', 'taro.example']);
    expect(domains[0]?.silentLoss).toMatchObject({
      verdict: 'TOO_FEW',
      text: expect.stringContaining('人数'),
    });
    expect((await read('?limit=1')).body).toMatchObject({ rest: { domains: 1, people: { all: 1 } } });
    const other = (await read('', world.otherHq.token)).body as { domains: { mailDomain: string }[] };
    expect(other.domains.map(({ mailDomain }) => mailDomain)).toEqual(['hanako.example']);
  });

  test.each(['days=0', 'days=367', 'days=1.5', 'days=', 'limit=0', 'limit=201'])('%s: 400', async (query) => {
    const answer = await read(`?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ field: query.split('=')[0] }] });
  });
});

describe('GET /v1/quarantine', () => {
  const read = (query = '') => world.call('get', `/v1/quarantine${query}`, { token: world.vendorToken });
  interface Page {
    items: { id: string; receivedAt: string }[];
    nextCursor: string | null;
  }

  test('nothing lies there', async () => {
    expect((await read()).body).toEqual({
      count: 0,
      oldestReceivedAt: null,
      byReason: { NO_MATCH: 0, CONTRADICTION: 0 },
      bySource: { REPORT_SMTP: 0, REPORT_IMAP: 0, REPORT_HTTP: 0, SES: 0, SENDGRID: 0 },
      items: [],
      nextCursor: null,
    });
  });

  test('counts of all, pages newest first without gap or repeat, and nothing of what the reports say', async () => {
    const start = world.now();
    for (let i = 0; i < 5; i += 1) {
      // Two of one instant, so that the id must decide.
      const receivedAt = start + Math.floor(i / 2) * 1_000;
      const mail = report('x@example.jp', i % 2 ? DELAYED : NO_SUCH_USER, { receivedAt, recipients: [] });
      await recordReport(world.deps, { ...mail, source: i < 2 ? 'REPORT_HTTP' : 'REPORT_SMTP' });
    }
    const whole = await read();
    expect(whole.body).toMatchObject({
      count: 5,
      oldestReceivedAt: new Date(start).toISOString(),
      byReason: { NO_MATCH: 5, CONTRADICTION: 0 },
      bySource: { REPORT_HTTP: 2, REPORT_SMTP: 3 },
      nextCursor: null,
    });
    expect(whole.text).not.toMatch(/@|5\.1\.1|Undelivered/);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = (await read(`?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`)).body as Page;
      expect(page).toMatchObject({ count: 5 });
      seen.push(...page.items.map(({ id }) => id));
      ({ nextCursor: cursor } = page);
    } while (cursor !== null && seen.length < 10);
    expect(seen).toEqual((whole.body as Page).items.map(({ id }) => id));
    const times = (whole.body as Page).items.map(({ receivedAt }) => receivedAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  test('a cursor that is none: 400', async () => {
    expect((await read('?cursor=abc')).body).toMatchObject({ errors: [{ field: 'cursor' }] });
  });
});

describe('GET /v1/figures and GET /v1/completeness', () => {
  test('R35 R38: what the pages tell, for the own headquarters alone', async () => {
    const { token } = world.otherHq;
    const before = await world.call('get', '/v1/completeness?from=2030-01-01&to=2030-12-31', { token });
    expect(before.body).toMatchObject({ people: { total: 0, difference: 0 }, mails: { planned: 0 } });
    await world.call('post', '/v1/accounts', {
      token,
      body: { ...PERSON, registrationNumber: nextNumber(), expiresOn: '2030-06-30' },
    });
    const { body } = await world.call('get', '/v1/completeness?from=2030-01-01&to=2030-12-31', { token });
    expect(body).toMatchObject({
      from: '2030-01-01',
      asOf: new Date(world.now()).toISOString(),
      people: { total: 1, notYetExpired: 1, difference: 0 },
      mails: { planned: 11, toCome: 11, difference: 0 },
    });
    const figures = await world.call('get', '/v1/figures?period=2030-06', { token });
    expect(figures.body).toMatchObject({
      figures: { period: '2030-06', to: '2030-06-30', cycles: { cycles: 1 }, renewalRate: 0, lapsed: null },
      previous: { period: '2030-05', renewalRate: null },
    });
    const other = await world.call('get', '/v1/figures?period=2030-06');
    expect(other.body).toMatchObject({ figures: { cycles: { cycles: 0 } } });
  });

  test.each([
    ['figures?period=2030', 'period'],
    ['figures?period=FY99', 'period'],
    ['completeness?from=2030-02-30&to=2030-03-01', 'from'],
    ['completeness?from=2030-02-02&to=2030-02-01', 'to'],
    ['completeness?from=2020-01-01&to=2024-01-01', 'to'],
  ])('%s: 400 that names the field', async (query, field) => {
    const answer = await world.call('get', `/v1/${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  });
});
