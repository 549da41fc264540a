/** Events of Amazon SES through SNS: who may tell them, and what they make of a mail (R23, R24, R37). */
import { generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Router } from 'express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../api/app.js';
import { HOUR, MINUTE } from '../../domain/calendar.js';
import { createLogger } from '../../platform/log.js';
import { openDatabase } from '../../store/database.js';
import { recordReport } from '../../usecases/record-report.js';
import { NO_SUCH_USER, report } from '../usecases/returned.js';
import type { PretendSns } from './pretend-sns.js';
import { CERTIFICATE_URL, TOPIC, pretendSns } from './pretend-sns.js';
import type { Mailed } from './webhook-mails.js';
import { addressState, mailed, newestMail } from './webhook-mails.js';
import type { World } from './world.js';
import { createWorld } from './world.js';

const PATH = '/v1/webhooks/ses';
const OTHER_TOPIC = 'arn:aws:sns:ap-northeast-1:123456789012:somebody-else';
let world: World;
let sns: PretendSns;
beforeAll(async () => {
  sns = pretendSns(() => world.now());
  world = await createWorld({ sesTopics: [TOPIC], sendgridKey: null, get: sns.get });
});
afterAll(() => world.close());
beforeEach(() => {
  sns.answer(null);
  sns.fetched.length = 0;
});

const post = (message: object | string, type = 'text/plain; charset=UTF-8') =>
  world.call('post', PATH, {
    token: null,
    headers: { 'Content-Type': type },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  });
const lastReport = () => world.logLines.findLast(({ event }) => event === 'report');

interface Said {
  type?: string;
  subType?: string;
  action?: string | null;
  status?: string | null;
  diagnosticCode?: string | null;
}
const mailOf = ({ returnPath, messageId }: Pick<Mailed, 'returnPath' | 'messageId'>) => ({
  timestamp: '2026-06-01T03:00:00.000Z',
  source: returnPath,
  messageId: '0106018a-ses-own-id',
  commonHeaders: { messageId },
});
function bounce(person: Mailed, said: Said = {}) {
  const { type = 'Permanent', subType = 'General' } = said;
  const { action = 'failed', status = '5.1.1', diagnosticCode = 'smtp; 550 5.1.1 User unknown' } = said;
  return {
    notificationType: 'Bounce',
    bounce: {
      bounceType: type,
      bounceSubType: subType,
      bouncedRecipients: [
        {
          emailAddress: person.to,
          ...(action === null ? {} : { action }),
          ...(status === null ? {} : { status }),
          ...(diagnosticCode === null ? {} : { diagnosticCode }),
        },
      ],
      feedbackId: '0106018a-feedback',
      timestamp: '2026-06-01T03:00:05.000Z',
    },
    mail: mailOf(person),
  };
}

describe('who may tell', () => {
  test.each(['1', '2'])('signature version %s: taken, the certificate is fetched once', async (version) => {
    const person = await mailed(world, world.hq);
    const SignatureVersion = version;
    const answer = await post(
      sns.notification(bounce(person), { set: { SignatureVersion, Subject: 'SES' } }),
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ taken: 1 });
    expect(await newestMail(world, person)).toMatchObject({
      outcome: 'BOUNCED',
      bounce: { class: 'UNKNOWN_ADDRESS', diagnostic: '550 5.1.1 User unknown', source: 'SES' },
    });
    expect(sns.fetched.length).toBeLessThanOrEqual(1);
  });

  describe('forged, altered or foreign: 403, and nothing is changed', () => {
    const strange = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const cases: [string, (event: object) => object | string][] = [
      ['another key', (event) => sns.notification(event, { key: strange })],
      ['an altered message', (event) => sns.notification({}, { after: { Message: JSON.stringify(event) } })],
      [
        'an altered time',
        (event) => sns.notification(event, { after: { Timestamp: '2026-06-01T02:59:00.000Z' } }),
      ],
      ['the other hash', (event) => sns.notification(event, { after: { SignatureVersion: '2' } })],
      ['no signature', (event) => sns.notification(event, { after: { Signature: '' } })],
      ['a signature that is none', (event) => sns.notification(event, { after: { Signature: '%%%' } })],
      ['version 3', (event) => sns.notification(event, { after: { SignatureVersion: '3' } })],
      ['a topic of somebody else', (event) => sns.notification(event, { set: { TopicArn: OTHER_TOPIC } })],
      ['a topic that is none', (event) => sns.notification(event, { set: { TopicArn: 'arn:aws:sns' } })],
      ['an event without SNS around it', (event) => event],
      ['nothing', () => ''],
      ['no JSON', () => '{"Type":'],
      ['JSON that is no message', () => '[[[[{"Type":"Notification"}]]]]'],
      ['null', () => 'null'],
    ];
    test.each(cases)('%s', async (_name, make) => {
      const person = await mailed(world, world.hq);
      const answer = await post(make(bounce(person)));
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ type: '/problems/signature-refused' });
      expect(await newestMail(world, person)).toMatchObject({ outcome: 'ACCEPTED' });
    });

    test.each([
      'https://sns.ap-northeast-1.amazonaws.com.example.net/SimpleNotificationService-0.pem',
      'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem',
      'http://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0.pem',
      'https://x@sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0.pem',
      'https://sns.ap-northeast-1.amazonaws.com:8443/SimpleNotificationService-0.pem',
      'https://sns.ap-northeast-1.amazonaws.com/bucket/SimpleNotificationService-0.pem',
      'https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0.pem?x=.pem',
      'https://sns.ap-northeast-1.amazonaws.com/\\..\\x.pem',
      'https://127.0.0.1/SimpleNotificationService-0.pem',
      'file:///SimpleNotificationService-0.pem',
    ])('a certificate at %s is not fetched', async (SigningCertURL) => {
      const person = await mailed(world, world.hq);
      expect((await post(sns.notification(bounce(person), { set: { SigningCertURL } }))).status).toBe(403);
      expect(sns.fetched).toEqual([]);
    });

    test('a certificate that is no longer valid', async () => {
      const old = pretendSns(() => world.now(), { from: '200101000000Z', to: '260101000000Z' });
      const { app } = appWith(old);
      const person = await mailed(world, world.hq);
      expect(
        (
          await request(app)
            .post(PATH)
            .send(old.notification(bounce(person)))
        ).status,
      ).toBe(403);
    });
  });

  test('a copy is taken for an hour and not a millisecond longer; none from the future', async () => {
    const person = await mailed(world, world.hq);
    const at = (offset: number) => new Date(world.now() + offset).toISOString();
    const told = (Timestamp: string) => post(sns.notification(bounce(person), { set: { Timestamp } }));
    expect((await told(at(-HOUR - 1))).status).toBe(403);
    expect((await told(at(5 * MINUTE + 1))).status).toBe(403);
    expect((await told('yesterday')).status).toBe(403);
    expect(await newestMail(world, person)).toMatchObject({ outcome: 'ACCEPTED' });
    expect((await told(at(-HOUR))).status).toBe(200);
    expect((await told(at(5 * MINUTE))).status).toBe(200);
  });

  test('its certificate cannot be had: 503, and the next try finds it', async () => {
    const away = pretendSns(() => world.now());
    const { app } = appWith(away);
    const person = await mailed(world, world.hq);
    const message = away.notification(bounce(person));
    for (const how of [
      () => Promise.reject(new Error('no route')),
      () => Promise.resolve({ status: 404, text: 'none' }),
      () => Promise.resolve({ status: 200, text: '<html>not a certificate</html>' }),
    ]) {
      away.answer(how);
      const answer = await request(app).post(PATH).send(message);
      expect(answer.status).toBe(503);
      expect(answer.body).toMatchObject({ type: '/problems/sender-not-verifiable' });
    }
    away.answer(null);
    expect((await request(app).post(PATH).send(message)).status).toBe(200);
    expect(await newestMail(world, person)).toMatchObject({ outcome: 'BOUNCED' });
  });

  test('who names ever new certificates is not followed for ever', async () => {
    const flooded = pretendSns(() => world.now());
    const { app } = appWith(flooded);
    flooded.answer(() => Promise.resolve({ status: 404, text: '' }));
    for (let i = 0; i < 30; i += 1) {
      const SigningCertURL = CERTIFICATE_URL.replace('0123', String(1000 + i));
      await request(app)
        .post(PATH)
        .send(flooded.notification({}, { set: { SigningCertURL } }));
    }
    expect(flooded.fetched).toHaveLength(20);
  });

  test('a subscription of our topic is confirmed, at its own host; of another it is not', async () => {
    const confirmed = sns.confirmation();
    expect((await post(confirmed)).status).toBe(200);
    expect(sns.fetched.filter((url) => url.includes('ConfirmSubscription'))).toEqual([
      `https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${encodeURIComponent(TOPIC)}&Token=${confirmed['Token']}`,
    ]);
    sns.fetched.length = 0;
    expect((await post(sns.confirmation({ set: { TopicArn: OTHER_TOPIC } }))).status).toBe(403);
    const SubscribeURL = 'https://169.254.169.254/?Action=ConfirmSubscription';
    expect((await post(sns.confirmation({ set: { SubscribeURL } }))).status).toBe(403);
    expect((await post(sns.confirmation({ after: { Token: 'b'.repeat(64) } }))).status).toBe(403);
    expect(sns.fetched.filter((url) => !url.endsWith('.pem'))).toEqual([]);
    sns.answer((url) => Promise.resolve({ status: url.endsWith('.pem') ? 404 : 500, text: '' }));
    expect((await post(sns.confirmation())).status).toBe(503);
  });

  test('the end of a subscription is told to a person', async () => {
    expect((await post(sns.unsubscription())).status).toBe(200);
    expect(world.logLines.findLast(({ event }) => event === 'webhook-unsubscribed')).toMatchObject({
      level: 'warn',
    });
    expect(sns.fetched.filter((url) => url.includes('ConfirmSubscription'))).toEqual([]);
  });

  test('off unless it is set up: 404, as any path there is not', async () => {
    const off = await createWorld();
    for (const path of [PATH, '/v1/webhooks/sendgrid']) {
      const answer = await off.call('post', path, { token: null, body: '{}' });
      expect(answer.status).toBe(404);
      expect(answer.body).toMatchObject({ type: '/problems/unknown-path' });
    }
    await off.close();
    expect((await world.call('get', PATH, { token: null })).status).toBe(405);
  });

  test('10 MB: 413, also packed small', async () => {
    expect((await post('x'.repeat(10 * 1024 * 1024))).status).toBe(413);
    const packed = gzipSync(Buffer.alloc(10 * 1024 * 1024, ' '));
    const answer = await request(world.app)
      .post(PATH)
      .set('Content-Encoding', 'gzip')
      .type('application/octet-stream')
      .send(packed);
    expect(answer.status).toBe(413);
  });

  test('while the database is away: 503, and the repeat is recorded', async () => {
    const person = await mailed(world, world.hq);
    const nowhere = openDatabase('postgres://nobody@127.0.0.1:9/net119', { max: 1 });
    const { app } = appWith(sns, nowhere);
    const message = sns.notification(bounce(person));
    const refused = await request(app).post(PATH).send(message);
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBeDefined();
    await nowhere.close();
    expect((await post(message)).status).toBe(200);
    expect(await newestMail(world, person)).toMatchObject({ outcome: 'BOUNCED' });
  });
});

/** The application once more, with another SNS or another database. */
function appWith({ get }: PretendSns, database = world.deps.database) {
  const lines: string[] = [];
  const log = createLogger('api', 'info', { write: (line) => void lines.push(line) });
  const app = createApp({
    deps: { ...world.deps, database },
    log,
    registry: new Registry(),
    trustProxy: 0,
    ready: () => Promise.resolve(true),
    webhooks: { sesTopics: [TOPIC], sendgridKey: null, get },
    adminRouter: null,
    renewalRouter: Router(),
  });
  return { app, lines };
}

describe('what it makes of a mail', () => {
  const OK = 'ACCEPTED';
  test.each<[string, Said, string, string | null, string]>([
    ['a dead address', {}, 'BOUNCED', 'UNKNOWN_ADDRESS', 'SUSPECT'],
    ['only its number', { diagnosticCode: null }, 'BOUNCED', 'UNKNOWN_ADDRESS', 'SUSPECT'],
    [
      'nothing but Permanent',
      { diagnosticCode: null, status: null, action: null },
      'BOUNCED',
      'OTHER',
      'UNVERIFIED',
    ],
    [
      'Permanent without a mailbox',
      { subType: 'NoEmail', diagnosticCode: null, status: null },
      'BOUNCED',
      'OTHER',
      'UNVERIFIED',
    ],
    [
      'Undetermined with clear words',
      { type: 'Undetermined', subType: 'Undetermined' },
      'BOUNCED',
      'UNKNOWN_ADDRESS',
      'SUSPECT',
    ],
    [
      'Permanent, and yet our reputation',
      { diagnosticCode: 'smtp; 550 5.7.1 blocked by policy', status: '5.7.1' },
      'FAILED',
      'SENDER_BLOCKED',
      'UNVERIFIED',
    ],
    [
      'the list of SES',
      { subType: 'Suppressed', diagnosticCode: 'Amazon SES has suppressed sending to this address' },
      'FAILED',
      'SENDER_BLOCKED',
      'UNVERIFIED',
    ],
    [
      'the list of SES, in words of an unknown user',
      { subType: 'Suppressed' },
      'FAILED',
      'SENDER_BLOCKED',
      'UNVERIFIED',
    ],
    [
      'the list of the account',
      { subType: 'OnAccountSuppressionList', diagnosticCode: null },
      'FAILED',
      'SENDER_BLOCKED',
      'UNVERIFIED',
    ],
    [
      'a full mailbox by its type alone',
      { type: 'Transient', subType: 'MailboxFull', diagnosticCode: null, status: null, action: null },
      'BOUNCED',
      'MAILBOX_FULL',
      'UNVERIFIED',
    ],
    [
      'a full mailbox in words',
      { type: 'Transient', diagnosticCode: 'smtp; 452 4.2.2 over quota', status: '4.2.2' },
      'BOUNCED',
      'MAILBOX_FULL',
      'UNVERIFIED',
    ],
    [
      'too large',
      { type: 'Transient', subType: 'MessageTooLarge', diagnosticCode: null, status: null },
      'FAILED',
      'SENDER_BLOCKED',
      'UNVERIFIED',
    ],
    [
      'passing, and words without a number',
      { type: 'Transient', diagnosticCode: 'no such user', status: null },
      'BOUNCED',
      'EXPIRED',
      'UNVERIFIED',
    ],
    [
      'an absence note, which SES calls passing',
      { type: 'Transient', diagnosticCode: null, status: null, action: null },
      OK,
      null,
      'UNVERIFIED',
    ],
    [
      'a relay that passed it on',
      { type: 'Transient', action: 'relayed', status: '2.0.0', diagnosticCode: null },
      OK,
      null,
      'UNVERIFIED',
    ],
    [
      'a delay notice of a server behind',
      { type: 'Transient', action: 'delayed', status: '4.4.1', diagnosticCode: 'smtp; 451 4.4.1 timed out' },
      'DELAYED',
      null,
      'UNVERIFIED',
    ],
    [
      'our return path unknown',
      { diagnosticCode: 'smtp; 550 5.1.1 <b+gezdgnbvgy3tqojqgezdgnbvgy@bounce.example.jp>: User unknown' },
      'FAILED',
      'SENDER_BLOCKED',
      'UNVERIFIED',
    ],
  ])('%s', async (_name, said, outcome, bounceClass, state) => {
    const [person, stranger] = [await mailed(world, world.hq), await mailed(world, world.otherHq)];
    const event = bounce(person, said);
    expect((await post(sns.notification(event))).status).toBe(200);
    expect(await newestMail(world, person)).toMatchObject({
      outcome,
      bounce: bounceClass === null ? null : { class: bounceClass, source: 'SES' },
    });
    expect(await addressState(world, person)).toBe(state);
    expect(await newestMail(world, stranger)).toMatchObject({ outcome: OK });
    // SNS delivers at least once.
    await post(sns.notification(event));
    const known = said.action === 'relayed' ? 'CHANGED_NOTHING' : 'ALREADY_KNOWN';
    expect(lastReport()).toMatchObject({ source: 'SES', outcome: known });
  });

  test('R24: what is ours to mend is an ERROR for the operators', async () => {
    const person = await mailed(world, world.hq);
    const before = world.logLines.filter(({ event }) => event === 'mail-failed').length;
    await post(sns.notification(bounce(person, { subType: 'Suppressed' })));
    const failed = world.logLines.filter(({ event }) => event === 'mail-failed').slice(before);
    expect(failed).toMatchObject([{ level: 'error', source: 'SES' }]);
  });

  test('events of a configuration set: delay, rejection, delivery and what was never asked for', async () => {
    const person = await mailed(world, world.hq);
    const event = (eventType: string, more: object = {}) =>
      post(sns.notification({ eventType, mail: mailOf(person), ...more }));
    for (const eventType of ['Delivery', 'Send', 'Open', 'Click', 'Subscription']) {
      expect((await event(eventType)).status).toBe(200);
      expect(lastReport()).toMatchObject({ outcome: 'CHANGED_NOTHING' });
    }
    expect(await kept(person)).toBe(0);
    await event('DeliveryDelay', {
      deliveryDelay: {
        delayType: 'TransientCommunicationFailure',
        delayedRecipients: [
          { emailAddress: person.to, status: '4.4.1', diagnosticCode: 'smtp; 421 4.4.1 Unable to connect' },
        ],
      },
    });
    expect(await newestMail(world, person)).toMatchObject({ outcome: 'DELAYED', reason: 'REPORTED_DELAY' });
    await event('Delivery');
    expect(await newestMail(world, person)).toMatchObject({ outcome: 'DELAYED' });
    await event('Reject', { reject: { reason: 'Bad content' } });
    expect(await newestMail(world, person)).toMatchObject({
      outcome: 'FAILED',
      bounce: { class: 'SENDER_BLOCKED', diagnostic: 'Bad content' },
    });
    expect(await kept(person)).toBe(2);
  });

  test('R23: a complaint is told beside the mail, and changes neither it nor the address', async () => {
    const person = await mailed(world, world.hq);
    const complaint = (more: object) =>
      post(
        sns.notification({
          notificationType: 'Complaint',
          complaint: { complainedRecipients: [{ emailAddress: person.to }], ...more },
          mail: mailOf(person),
        }),
      );
    await complaint({ complaintFeedbackType: 'not-spam' });
    expect(await newestMail(world, person)).toMatchObject({ complaint: null });
    await complaint({ complaintFeedbackType: 'abuse' });
    expect(lastReport()).toMatchObject({ outcome: 'RECORDED', reading: 'COMPLAINT', match: 'MAIL' });
    expect(await newestMail(world, person)).toMatchObject({
      outcome: 'ACCEPTED',
      bounce: null,
      complaint: { complainedAt: new Date(world.now()).toISOString(), label: '迷惑メールとして報告された' },
    });
    expect(await addressState(world, person)).toBe('UNVERIFIED');
    // Nobody complained about this one: SES did not send it because of an older complaint.
    const other = await mailed(world, world.hq);
    await post(
      sns.notification({
        notificationType: 'Complaint',
        complaint: { complaintSubType: 'OnAccountSuppressionList' },
        mail: mailOf(other),
      }),
    );
    expect(await newestMail(world, other)).toMatchObject({ outcome: 'FAILED', complaint: null });
  });

  test('by the return path alone, by the Message-ID alone; by two that contradict each other not', async () => {
    const [one, two, three] = [
      await mailed(world, world.hq),
      await mailed(world, world.hq),
      await mailed(world, world.otherHq),
    ];
    await post(sns.notification(bounce({ ...one, messageId: '<x@email.amazonses.com>' })));
    expect(await newestMail(world, one)).toMatchObject({ outcome: 'BOUNCED' });
    await post(
      sns.notification({
        ...bounce(two),
        mail: {
          source: 'net119@shobo.example.jp',
          headers: [null, { name: 'Message-ID', value: two.messageId }],
        },
      }),
    );
    expect(await newestMail(world, two)).toMatchObject({ outcome: 'BOUNCED' });
    const four = await mailed(world, world.hq);
    await post(sns.notification(bounce({ ...three, messageId: four.messageId })));
    expect(lastReport()).toMatchObject({ outcome: 'QUARANTINED', match: 'CONTRADICTION' });
    for (const person of [three, four])
      expect(await newestMail(world, person)).toMatchObject({ outcome: 'ACCEPTED' });
    await post(sns.notification(bounce({ ...three, returnPath: `b+${'a'.repeat(26)}@bounce.example.jp` })));
    expect(lastReport()).toMatchObject({ outcome: 'CHANGED_NOTHING', match: 'WRONG_CODE' });
  });

  test('R23: beside the report by mail, before or after it, it is one story', async () => {
    const [one, two] = [await mailed(world, world.hq), await mailed(world, world.hq)];
    const byMail = ({ returnPath, to }: Mailed) =>
      recordReport(
        world.deps,
        report(returnPath, { ...NO_SUCH_USER, recipient: to }, { receivedAt: world.now() }),
      );
    await post(sns.notification(bounce(one)));
    expect(await byMail(one)).toMatchObject({ outcome: 'ALREADY_KNOWN' });
    expect(await byMail(two)).toMatchObject({ outcome: 'RECORDED' });
    await post(sns.notification(bounce(two)));
    expect(lastReport()).toMatchObject({ outcome: 'ALREADY_KNOWN' });
    for (const person of [one, two]) expect(await addressState(world, person)).toBe('SUSPECT');
  });

  test('R23: quicker than the reply to our own send, it is not lost', async () => {
    const person = await mailed(world, world.hq, async ({ envelopeFrom, messageId, to }) => {
      await post(
        sns.notification(bounce({ hq: world.hq, accountId: '', returnPath: envelopeFrom, messageId, to })),
      );
    });
    expect(await newestMail(world, person)).toMatchObject({ outcome: 'BOUNCED' });
  });

  test.each<[string, string, string]>([
    ['no JSON', 'hello', 'UNREADABLE'],
    [
      'what SES says to a new topic',
      'Successfully validated SNS topic for Amazon SES event publishing.',
      'NOT_A_REPORT',
    ],
    [
      'the test of a subscription',
      '{"notificationType":"AmazonSnsSubscriptionSucceeded","message":"…"}',
      'NOT_A_REPORT',
    ],
    ['a number', '1', 'UNREADABLE'],
    ['an empty object', '{}', 'UNREADABLE'],
    ['a bounce of nothing', '{"notificationType":"Bounce"}', 'UNREADABLE'],
    [
      'odd kinds everywhere',
      '{"eventType":"Bounce","bounce":{"bounceType":1,"bouncedRecipients":[1,null,{"emailAddress":[]}]},"mail":{"source":{},"headers":"x","commonHeaders":[]}}',
      'AUTO_REPLY',
    ],
    [
      'characters that cannot be stored',
      '{"eventType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"status":"5.1.1\\u0000","diagnosticCode":"550 \\ud800\\u0000 user unknown"}]},"mail":{"source":"b+\\u0000@x","commonHeaders":{"messageId":"<\\u0000@\\ud800>"}}}',
      'REPORT',
    ],
    ['nested without end', `${'['.repeat(5_000)}${']'.repeat(5_000)}`, 'UNREADABLE'],
  ])('%s is taken, and harms nothing', async (_name, message, reading) => {
    expect((await post(sns.notification(message))).status).toBe(200);
    expect(lastReport()).toMatchObject({ source: 'SES', reading });
  });

  test('neither addresses nor words of servers are logged', () => {
    expect(JSON.stringify(world.logLines)).not.toMatch(/b\+[a-z2-7]|User unknown|@example|123456789012/i);
  });
});

async function kept({ hq, accountId }: Mailed): Promise<number> {
  const rows = await world.deps.database.inTenant(hq.id, (tx) =>
    tx.query(
      'SELECT d.id FROM delivery_report d JOIN reminder r ON r.id = d.reminder_id WHERE r.account_id = $1',
      [accountId],
    ),
  );
  return rows.length;
}
