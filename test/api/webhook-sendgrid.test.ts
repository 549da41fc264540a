/** SendGrid's signed events: who may tell them, and what a batch makes of mails (R23, R24, R37). */
import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Router } from 'express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../api/app.js';
import { HOUR, MINUTE, SECOND } from '../../domain/calendar.js';
import { createLogger } from '../../platform/log.js';
import { openDatabase } from '../../store/database.js';
import type { Database } from '../../store/database.js';
import { recordReport } from '../../usecases/record-report.js';
import { DELAYED, NO_SUCH_USER, report } from '../usecases/returned.js';
import type { Mailed } from './webhook-mails.js';
import { addressState, mailed, newestMail } from './webhook-mails.js';
import type { World } from './world.js';
import { NO_WEBHOOKS, createWorld } from './world.js';

const PATH = '/v1/webhooks/sendgrid';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const settings = { ...NO_WEBHOOKS, sendgridKey: publicKey };
let world: World;
beforeAll(async () => {
  world = await createWorld(settings);
});
afterAll(() => world.close());

interface Signing {
  /** Epoch ms. */
  at?: number;
  key?: KeyObject;
  headers?: Record<string, string>;
}
function signedHeaders(body: string, { at = world.now(), key = privateKey, headers = {} }: Signing = {}) {
  const timestamp = String(Math.floor(at / SECOND));
  return {
    'Content-Type': 'application/json',
    'X-Twilio-Email-Event-Webhook-Signature': sign('sha256', Buffer.from(timestamp + body), key).toString(
      'base64',
    ),
    'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
    ...headers,
  };
}
const post = (events: unknown, signing?: Signing) => {
  const body = typeof events === 'string' ? events : JSON.stringify(events);
  return world.call('post', PATH, { token: null, body, headers: signedHeaders(body, signing) });
};
const reports = () => world.logLines.filter(({ event }) => event === 'report');

let serial = 0;
function about(person: Mailed, event: string, more: object = {}) {
  serial += 1;
  return {
    email: person.to,
    timestamp: 1_780_282_800,
    'smtp-id': person.messageId,
    event,
    sg_event_id: `event-${serial}`,
    sg_message_id: 'sg.filter0001',
    ...more,
  };
}
const bounced = (person: Mailed, more: object = {}) =>
  about(person, 'bounce', { reason: '550 5.1.1 User unknown', status: '5.1.1', type: 'bounce', ...more });

describe('who may tell', () => {
  test('a signed batch is taken; the same one again is known', async () => {
    const [person, stranger] = [await mailed(world, world.hq), await mailed(world, world.otherHq)];
    const batch = [bounced(person)];
    const answer = await post(batch);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ taken: 1 });
    expect(await newestMail(world, person)).toMatchObject({
      outcome: 'BOUNCED',
      bounce: { class: 'UNKNOWN_ADDRESS', diagnostic: '550 5.1.1 User unknown', source: 'SENDGRID' },
    });
    expect(await newestMail(world, stranger)).toMatchObject({ outcome: 'ACCEPTED' });
    expect((await post(batch)).status).toBe(200);
    expect(reports().at(-1)).toMatchObject({ source: 'SENDGRID', outcome: 'ALREADY_KNOWN' });
    expect(await addressState(world, person)).toBe('SUSPECT');
  });

  const strange = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
  const SIGNATURE = 'X-Twilio-Email-Event-Webhook-Signature';
  const TIMESTAMP = 'X-Twilio-Email-Event-Webhook-Timestamp';
  test.each<[string, Signing]>([
    ['another key', { key: strange }],
    ['no signature', { headers: { [SIGNATURE]: '' } }],
    ['a signature that is none', { headers: { [SIGNATURE]: 'MEUCIQ==' } }],
    ['another time', { headers: { [TIMESTAMP]: '1780282799' } }],
    ['a time that is none', { headers: { [TIMESTAMP]: '1780282800 ' + 'x' } }],
    ['no time', { headers: { [TIMESTAMP]: '' } }],
  ])('%s: 403, and nothing is changed', async (_name, signing) => {
    const person = await mailed(world, world.hq);
    const answer = await post([bounced(person)], signing);
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ type: '/problems/signature-refused' });
    expect(await newestMail(world, person)).toMatchObject({ outcome: 'ACCEPTED' });
  });

  test('one octet more or less: 403', async () => {
    const person = await mailed(world, world.hq);
    const body = JSON.stringify([bounced(person)]);
    const headers = signedHeaders(body);
    for (const altered of [`${body} `, body.replace('5.1.1', '5.1.2'), body.slice(0, -1), '[]'])
      expect((await world.call('post', PATH, { token: null, body: altered, headers })).status).toBe(403);
    expect(await newestMail(world, person)).toMatchObject({ outcome: 'ACCEPTED' });
  });

  test('a copy is taken for 25 hours and not longer; none from the future', async () => {
    const person = await mailed(world, world.hq);
    const batch = [bounced(person)];
    expect((await post(batch, { at: world.now() - 25 * HOUR - SECOND })).status).toBe(403);
    expect((await post(batch, { at: world.now() + 5 * MINUTE + SECOND })).status).toBe(403);
    expect(await newestMail(world, person)).toMatchObject({ outcome: 'ACCEPTED' });
    expect((await post(batch, { at: world.now() - 25 * HOUR })).status).toBe(200);
    expect((await post(batch, { at: world.now() + 5 * MINUTE })).status).toBe(200);
  });

  test('10 MB: 413; what is signed and no array: 400', async () => {
    expect((await post('x'.repeat(10 * 1024 * 1024))).status).toBe(413);
    for (const odd of ['', '{}', 'null', '"x"', '[{', '1']) expect((await post(odd)).status, odd).toBe(400);
    expect((await post('[]')).body).toEqual({ taken: 0 });
  });
});

describe('what it makes of mails', () => {
  test.each<[string, (person: Mailed) => object, string, string | null, string]>([
    ['a dead address', (p) => bounced(p), 'BOUNCED', 'UNKNOWN_ADDRESS', 'SUSPECT'],
    [
      'blocked for our reputation',
      (p) => bounced(p, { type: 'blocked', reason: '550 5.7.1 blocked using a DNSBL', status: '5.7.1' }),
      'FAILED',
      'SENDER_BLOCKED',
      'UNVERIFIED',
    ],
    [
      'blocked, in words of an unknown user and without a number',
      (p) => bounced(p, { type: 'blocked', reason: 'no such user', status: undefined }),
      'BOUNCED',
      'EXPIRED',
      'UNVERIFIED',
    ],
    [
      'a full mailbox',
      (p) => bounced(p, { reason: '552 5.2.2 mailbox full', status: '5.2.2' }),
      'BOUNCED',
      'MAILBOX_FULL',
      'UNVERIFIED',
    ],
    [
      'our sender unknown',
      (p) => bounced(p, { reason: '550 5.1.1 net119@shobo.example.jp: user unknown' }),
      'FAILED',
      'SENDER_BLOCKED',
      'UNVERIFIED',
    ],
    [
      'dropped: on the list of SendGrid, nobody was asked',
      (p) => about(p, 'dropped', { reason: 'Bounced Address', status: '5.1.1' }),
      'FAILED',
      'SENDER_BLOCKED',
      'UNVERIFIED',
    ],
    [
      'deferred',
      (p) => about(p, 'deferred', { response: '451 4.4.1 timed out', attempt: '5' }),
      'DELAYED',
      null,
      'UNVERIFIED',
    ],
    ['delivered', (p) => about(p, 'delivered', { response: '250 OK' }), 'ACCEPTED', null, 'UNVERIFIED'],
    ['opened', (p) => about(p, 'open', { useragent: 'x' }), 'ACCEPTED', null, 'UNVERIFIED'],
    [
      'a Message-ID without its brackets',
      (p) => bounced(p, { 'smtp-id': p.messageId.replace(/[<>]/g, '') }),
      'BOUNCED',
      'UNKNOWN_ADDRESS',
      'SUSPECT',
    ],
  ])('%s', async (_name, event, outcome, bounceClass, state) => {
    const [person, stranger] = [await mailed(world, world.hq), await mailed(world, world.otherHq)];
    expect((await post([event(person)])).status).toBe(200);
    expect(await newestMail(world, person)).toMatchObject({
      outcome,
      bounce: bounceClass === null ? null : { class: bounceClass, source: 'SENDGRID' },
    });
    expect(await addressState(world, person)).toBe(state);
    expect(await newestMail(world, stranger)).toMatchObject({ outcome: 'ACCEPTED' });
  });

  test('R23: a complaint is told beside the mail, and changes neither it nor the address', async () => {
    const person = await mailed(world, world.hq);
    await post([about(person, 'spamreport')]);
    expect(await newestMail(world, person)).toMatchObject({
      outcome: 'ACCEPTED',
      complaint: { complainedAt: new Date(world.now()).toISOString() },
    });
    expect(await addressState(world, person)).toBe('UNVERIFIED');
  });

  test('R23: events and reports by mail in any order are one story', async () => {
    for (const byMailFirst of [true, false]) {
      const person = await mailed(world, world.hq);
      const byMail = async () => {
        const { returnPath, to } = person;
        for (const said of [DELAYED, NO_SUCH_USER])
          await recordReport(
            world.deps,
            report(returnPath, { ...said, recipient: to }, { receivedAt: world.now() }),
          );
      };
      if (byMailFirst) await byMail();
      await post([bounced(person), about(person, 'deferred', { response: '451 later' })]);
      if (!byMailFirst) await byMail();
      expect(await newestMail(world, person)).toMatchObject({ outcome: 'BOUNCED' });
      expect(await addressState(world, person)).toBe('SUSPECT');
    }
  });

  test('R23: quicker than the reply to our own send, it is not lost', async () => {
    const person = await mailed(world, world.hq, async ({ envelopeFrom, messageId, to }) => {
      await post([bounced({ hq: world.hq, accountId: '', returnPath: envelopeFrom, messageId, to })]);
    });
    expect(await newestMail(world, person)).toMatchObject({ outcome: 'BOUNCED' });
  });

  test('a bad event, of whatever kind, loses no other of its batch', async () => {
    const people: Mailed[] = [];
    for (const hq of [world.hq, world.otherHq, world.hq, world.otherHq, world.hq, world.hq])
      people.push(await mailed(world, hq));
    const bad = [
      null,
      1,
      'text',
      [],
      [[['deep']]],
      {},
      { event: 'bounce' },
      { event: ['bounce'], 'smtp-id': {} },
      { event: 'a new kind', 'smtp-id': 'x'.repeat(5_000) },
      {
        event: 'bounce',
        'smtp-id': '<\u0000@\ud800>',
        reason: '\u0000\ud800',
        email: '\u0000',
        status: '5.1.1',
      },
      JSON.parse('{"__proto__":{"event":"bounce"},"constructor":1}'),
    ];
    const batch = people.flatMap((person, i) => [bad[i], bounced(person), bad[i + people.length]]);
    const before = reports().length;
    const answer = await post(batch);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ taken: batch.length });
    for (const person of people)
      expect(await newestMail(world, person)).toMatchObject({ outcome: 'BOUNCED' });
    const told = reports().slice(before);
    expect(told).toHaveLength(batch.length);
    // Operators can look at what nobody understands.
    expect(
      told.filter(({ reading, outcome }) => reading === 'UNREADABLE' && outcome !== 'CHANGED_NOTHING').length,
    ).toBe(told.filter(({ reading }) => reading === 'UNREADABLE').length);
    expect(world.logLines.filter(({ event }) => event === 'report-failed')).toEqual([]);
  });

  test('a thousand events at once are all recorded', async () => {
    const person = await mailed(world, world.hq);
    const others = Array.from({ length: 999 }, (_, i) => about(person, 'open', { sg_event_id: `open-${i}` }));
    expect((await post([...others, bounced(person)])).body).toEqual({ taken: 1_000 });
    expect(await newestMail(world, person)).toMatchObject({ outcome: 'BOUNCED' });
  });

  test('neither addresses nor words of servers are logged', () => {
    expect(JSON.stringify(world.logLines)).not.toMatch(/b\+[a-z2-7]|User unknown|@example/i);
  });
});

describe('trouble of ours', () => {
  /** The application once more, on another database. */
  function appOn(database: Database) {
    const lines: Record<string, unknown>[] = [];
    const log = createLogger('api', 'info', {
      write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    });
    const app = createApp({
      deps: { ...world.deps, database },
      log,
      registry: new Registry(),
      trustProxy: 0,
      ready: () => Promise.resolve(true),
      webhooks: settings,
      adminRouter: null,
      renewalRouter: Router(),
    });
    const send = (events: unknown[]) => {
      const body = JSON.stringify(events);
      return request(app).post(PATH).set(signedHeaders(body)).send(body);
    };
    return { send, lines };
  }

  test('while the database is away: 503, and the batch that comes again is recorded', async () => {
    const person = await mailed(world, world.hq);
    const batch = [bounced(person), about(person, 'open')];
    const nowhere = openDatabase('postgres://nobody@127.0.0.1:9/net119', { max: 1 });
    expect((await appOn(nowhere).send(batch)).status).toBe(503);
    await nowhere.close();
    expect((await post(batch)).status).toBe(200);
    expect(await newestMail(world, person)).toMatchObject({ outcome: 'BOUNCED' });
  });

  test('away in the middle of a batch: what was recorded stays, and the repeat adds the rest', async () => {
    const people = [];
    for (let i = 0; i < 6; i += 1) people.push(await mailed(world, i % 2 ? world.hq : world.otherHq));
    const { database } = world.deps;
    let left = 3;
    const breaking: Database = {
      ...database,
      inTenant: (id, work) => {
        left -= 1;
        return left < 0
          ? Promise.reject(Object.assign(new Error('gone'), { code: '57P01' }))
          : database.inTenant(id, work);
      },
    };
    const batch = people.map((person) => bounced(person));
    expect((await appOn(breaking).send(batch)).status).toBe(503);
    expect((await post(batch)).status).toBe(200);
    for (const person of people) {
      expect(await newestMail(world, person)).toMatchObject({ outcome: 'BOUNCED' });
      expect(await addressState(world, person)).toBe('SUSPECT');
    }
  });

  test('a defect with one event is an ERROR, keeps what came for a person, and costs no other event', async () => {
    const [broken, fine] = [await mailed(world, world.hq), await mailed(world, world.otherHq)];
    const { database } = world.deps;
    const defective: Database = {
      ...database,
      inTenant: (id, work) =>
        id === world.hq.id ? Promise.reject(new Error('a defect')) : database.inTenant(id, work),
    };
    const { send, lines } = appOn(defective);
    expect((await send([bounced(broken), bounced(fine)])).status).toBe(200);
    expect(await newestMail(world, fine)).toMatchObject({ outcome: 'BOUNCED' });
    expect(lines.filter(({ event }) => event === 'report-failed')).toMatchObject([{ level: 'error' }]);
    expect(lines.filter(({ reading }) => reading === 'UNREADABLE')).toMatchObject([
      { outcome: 'QUARANTINED' },
    ]);
  });
});
