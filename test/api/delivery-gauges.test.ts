/** What Prometheus reads about mail: over all headquarters, never waiting, once a minute, and naming nobody. */
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchDelivery } from '../../api/delivery-gauges.js';
import { DAY, MINUTE } from '../../domain/calendar.js';
import { createLogger } from '../../platform/log.js';
import { recordReport } from '../../usecases/record-report.js';
import { until } from '../local/folder.js';
import { mailAgain, mailed } from '../usecases/mailed.js';
import { NO_SUCH_USER, report } from '../usecases/returned.js';
import type { World } from '../usecases/world.js';
import { createWorld } from '../usecases/world.js';

let world: World;
let registry: Registry;
let readings: number;
let broken: boolean;
let logLines: Record<string, unknown>[];

beforeEach(async () => {
  world = await createWorld();
  registry = new Registry();
  readings = 0;
  broken = false;
  logLines = [];
  const { lookups } = world.deps.database;
  const database = {
    ...world.deps.database,
    lookups: {
      query: <Row extends object>(sql: string, values?: readonly unknown[]) => {
        if (sql.includes('watch_mail_domains')) readings += 1;
        return broken ? Promise.reject(new Error('gone')) : lookups.query<Row>(sql, values);
      },
    },
  };
  const log = createLogger('api', 'info', {
    write: (line) => void logLines.push(JSON.parse(line) as Record<string, unknown>),
  });
  watchDelivery(registry, { ...world.deps, database }, log);
});
afterEach(() => world.close());

/** What a scrape shows once the reading that it set off is done: 'name{labels}' → value. */
async function scraped(): Promise<Record<string, number>> {
  await registry.metrics();
  await until('the figures are read', async () =>
    (await registry.metrics()).includes('net119_quarantine_oldest_seconds 0'),
  );
  return values();
}
async function values(): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).split('\n').filter((line) => /^net119/.test(line));
  return Object.fromEntries(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]));
}

test('counts all headquarters together by large domain, and each by its code', async () => {
  await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', people: 12 });
  await mailed(world, world.otherHq, { mailDomain: 'docomo.ne.jp', people: 4 });
  await mailed(world, world.otherHq, {
    mailDomain: 'docomo.ne.jp',
    people: 3,
    outcome: 'BOUNCED',
    bounceClass: 'UNKNOWN_OR_REFUSED',
  });
  await mailed(world, world.otherHq, {
    mailDomain: 'docomo.ne.jp',
    outcome: 'FAILED',
    bounceClass: 'SENDER_BLOCKED',
  });
  await mailed(world, world.hq, {
    mailDomain: 'docomo.ne.jp',
    people: 50,
    sentAt: world.now() - 7 * DAY - 1,
  });
  await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', people: 9, outcome: 'SUPERSEDED' });
  expect(await scraped()).toMatchObject({
    'net119_mails_sent_7d{mail_domain="docomo.ne.jp"}': 20,
    'net119_mail_failure_ratio_7d{mail_domain="docomo.ne.jp",fault="recipient"}': 3 / 20,
    'net119_mail_failure_ratio_7d{mail_domain="docomo.ne.jp",fault="ours"}': 1 / 20,
    'net119_fire_hq_mails_sent_7d{fire_hq="mihon"}': 12,
    'net119_fire_hq_mails_sent_7d{fire_hq="betsu"}': 8,
    'net119_fire_hq_mail_failure_ratio_7d{fire_hq="betsu",fault="recipient"}': 3 / 8,
    'net119_fire_hq_mail_failure_ratio_7d{fire_hq="mihon",fault="recipient"}': 0,
  });
});

test('a domain that could name a person is never named: few mails, few people, few asked', async () => {
  const old = world.now() - 8 * DAY;
  await mailed(world, world.hq, { mailDomain: 'yamada-taro.example', mails: 30 });
  await mailed(world, world.hq, { mailDomain: 'family.example', people: 4, mails: 10 });
  await mailed(world, world.hq, { mailDomain: 'nineteen.example', people: 19 });
  await mailed(world, world.otherHq, { mailDomain: 'office.example', people: 5, mails: 4 });
  await mailed(world, world.otherHq, { mailDomain: 'asked.example', people: 19, mails: 9, sentAt: old });
  const shown = await scraped();
  expect(shown).toMatchObject({
    'net119_mails_sent_7d{mail_domain="other"}': 30 + 40 + 19,
    'net119_mails_sent_7d{mail_domain="office.example"}': 20,
    'net119_people_asked_30d{mail_domain="other"}': 19,
  });
  expect(Object.keys(shown).join()).not.toMatch(/yamada|family|nineteen|asked\.example|@/);
});

test('silent loss: a large domain against all others of all headquarters', async () => {
  const sentAt = world.now() - 10 * DAY;
  await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', people: 15, sentAt });
  await mailed(world, world.otherHq, { mailDomain: 'docomo.ne.jp', people: 15, sentAt });
  const [checked = ''] = await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', sentAt });
  // An address that was checked at the counter says nothing of reminders.
  const check = { purpose: 'CHECK', outcome: 'CONFIRMED', provenAt: world.now() };
  await mailAgain(world, world.hq, [checked], { ...check, sentAt });
  const answered = { outcome: 'CONFIRMED', sentAt, provenAt: world.now() };
  await mailed(world, world.hq, { mailDomain: 'au.com', people: 20, ...answered });
  await mailed(world, world.otherHq, { mailDomain: 'small.example', people: 5, ...answered });
  expect(await scraped()).toMatchObject({
    'net119_people_asked_30d{mail_domain="docomo.ne.jp"}': 31,
    'net119_unanswered_ratio_30d{mail_domain="docomo.ne.jp"}': 1,
    'net119_unanswered_ratio_30d{mail_domain="other"}': 0,
    'net119_silent_loss{mail_domain="docomo.ne.jp"}': 1,
    'net119_silent_loss{mail_domain="au.com"}': 0,
  });
  expect(await values()).not.toHaveProperty('net119_silent_loss{mail_domain="other"}');
});

test('未照合: how many and how old; gone when they are', async () => {
  const receivedAt = world.now();
  const before = await scraped();
  expect(before).toMatchObject({ 'net119_quarantine_reports{why="NO_MATCH"}': 0 });
  await recordReport(world.deps, report('x@example.jp', NO_SUCH_USER, { receivedAt, recipients: [] }));
  world.setNow(receivedAt + 2 * MINUTE);
  await registry.metrics();
  await until(
    'the figures are read',
    async () => (await values())['net119_quarantine_reports{why="NO_MATCH"}'] === 1,
  );
  expect((await values())['net119_quarantine_oldest_seconds']).toBe(120);
});

test('is read once a minute however often it is asked, and keeps its values while the database is away', async () => {
  await mailed(world, world.hq, { mailDomain: 'docomo.ne.jp', people: 20 });
  const sent = 'net119_mails_sent_7d{mail_domain="docomo.ne.jp"}';
  // The first scrape shows nothing yet rather than wait.
  expect(await values()).toEqual({});
  await scraped();
  await Promise.all(Array.from({ length: 20 }, () => registry.metrics()));
  expect(readings).toBe(1);
  expect((await values())['net119_delivery_figures_age_seconds']).toBe(0);

  broken = true;
  world.setNow(world.now() + MINUTE);
  await registry.metrics();
  await until('it is tried', () => Promise.resolve(logLines.length > 0));
  expect(readings).toBe(2);
  expect(logLines).toMatchObject([{ event: 'figures-not-read', level: 'warn' }]);
  world.setNow(world.now() + MINUTE);
  expect(await values()).toMatchObject({ [sent]: 20, net119_delivery_figures_age_seconds: 120 });
  await until('it is tried', () => Promise.resolve(readings === 3));
  expect(logLines).toHaveLength(1);

  broken = false;
  world.setNow(world.now() + MINUTE);
  await registry.metrics();
  await until(
    'the figures are read',
    async () => (await values())['net119_delivery_figures_age_seconds'] === 0,
  );
});
