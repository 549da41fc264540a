/**
 * The whole way of a failure with a real mail server: product → Postfix → an exchanger that answers per address →
 * Postfix's own report → our listener → the ledger. Needs Debian's Postfix and root, as CI has.
 */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startIntake } from '../../intake/smtp.js';
import { createWatch } from '../../intake/watch.js';
import type { Intake } from '../../intake/smtp.js';
import { createSmtpTransport } from '../../mail/smtp-transport.js';
import type { SmtpTransport } from '../../mail/smtp-transport.js';
import { systemClock } from '../../platform/clock.js';
import { createLogger } from '../../platform/log.js';
import { createHeadquarters } from '../../usecases/headquarters.js';
import type { AccountRef } from '../../usecases/life-events.js';
import { lookAt } from '../../usecases/life-events.js';
import { readAccount, readReminders } from '../../usecases/read-account.js';
import { recordReport } from '../../usecases/record-report.js';
import { sendDue } from '../../usecases/send-mail.js';
import type { Sink } from '../faults/sink.js';
import { startSink } from '../faults/sink.js';
import { until } from '../local/folder.js';
import type { World } from '../usecases/world.js';
import { createWorld } from '../usecases/world.js';
import type { Postfix } from './postfix.js';
import { canRunPostfix, startPostfix } from './postfix.js';

/** The window opens a second after registration. */
const POLICY = {
  validity: 'PT600S',
  remindBefore: 'PT599S',
  reminders: { offsets: ['-PT599S'] },
  autoStopAfter: 'PT900S',
  retryAfterFailure: 'PT600S',
  longUnusedAfter: 'PT6000S',
};

/** What the exchanger says to RCPT TO, by the local part; anybody else gets mail. */
const ANSWERS: Record<string, string> = {
  inai: '550 5.1.1 <inai@example.com>: Recipient address rejected: User unknown in virtual mailbox table',
  'kyohi.kamo': '550 Unknown user kyohi.kamo@docomo.ne.jp',
  ippai: '552 5.2.2 <ippai@example.com>: mailbox is full',
  okure: '451 4.3.0 <okure@example.com>: try again later',
  shadan: '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.example; listed',
};

let world: World;
let sink: Sink;
let intake: Intake;
let postfix: Postfix;
let transport: SmtpTransport;
let hqs: string[];

const cleanUp: (() => unknown)[] = [];
beforeAll(async () => {
  if (!canRunPostfix) return;
  world = await createWorld();
  cleanUp.push(() => world.close());
  sink = await startSink();
  cleanUp.push(() => sink.leave());
  sink.answer = ({ stage, to }) => (stage === 'RCPT' ? (ANSWERS[to.split('@')[0] ?? ''] ?? null) : null);
  const { bounceDomain } = world.deps;
  const log = createLogger('intake', 'fatal');
  const registry = new Registry();
  intake = await startIntake({
    host: '127.0.0.1',
    port: 0,
    bounceDomain,
    clock: systemClock,
    log,
    registry,
    watch: createWatch(registry, log),
    record: (mail) => recordReport(world.deps, mail),
  });
  cleanUp.push(() => intake.stop());
  postfix = await startPostfix({
    port: await freePort(),
    exchangerPort: Number(new URL(sink.url).port),
    bounceDomain,
    bouncePort: intake.port,
  });
  cleanUp.push(() => postfix.stop());
  transport = await createSmtpTransport(
    {
      SMTP_URL: postfix.url,
      SMTP_CONNECTIONS: 5,
      MAIL_FROM: 'net119@example.jp',
      BOUNCE_DOMAIN: bounceDomain,
      DKIM_DOMAIN: undefined,
      DKIM_SELECTOR: undefined,
      DKIM_PRIVATE_KEY: undefined,
    },
    systemClock,
  );
  cleanUp.push(() => transport.close());
  world.setNow(Date.now());
  hqs = [];
  for (const code of ['pfone', 'pftwo']) {
    hqs.push(
      await createHeadquarters(world.deps, {
        code,
        displayName: `${code}消防本部`,
        shortName: code,
        replyTo: 'kyoku@example.jp',
        fax: '000-000-0000',
        counter: '窓口',
        policy: POLICY,
      }),
    );
  }
});
afterAll(async () => {
  for (const end of cleanUp.reverse()) await end();
});

async function mailed(mailAddress: string, hq: number): Promise<AccountRef> {
  const { id } = await world.register(hqs[hq], { mailAddress });
  const ref = { fireHqId: hqs[hq] ?? '', accountId: id };
  const deps = { ...world.deps, clock: systemClock, transport };
  await until('the window opens', async () => {
    const step = await lookAt(deps, ref, Date.now());
    if (!step?.mail || step.mail.at > Date.now()) return false;
    await sendDue(deps, ref, step.mail.key, Date.now());
    return true;
  });
  return ref;
}

const lastMail = async ({ fireHqId, accountId }: AccountRef) =>
  (await readReminders(world.deps, fireHqId, accountId, { limit: 10 })).items[0];
const account = ({ fireHqId, accountId }: AccountRef) =>
  readAccount({ ...world.deps, clock: systemClock }, fireHqId, accountId);

test.skipIf(!canRunPostfix)(
  'R23 R24 R37: what a real mail server reports reaches the right mail, and only failures count',
  { timeout: 90_000 },
  async () => {
    const [unknown, docomo, full, late, blocked, fine] = await Promise.all([
      mailed('inai@example.com', 0),
      mailed('kyohi.kamo@docomo.ne.jp', 1),
      mailed('ippai@example.com', 0),
      mailed('okure@example.com', 1),
      mailed('shadan@example.com', 0),
      mailed('todoku@example.com', 1),
    ]);
    expect((await lastMail(late))?.outcome).toBe('ACCEPTED');
    // Postfix tells that it still tries, and when it gives up.
    await until('the delay is told', async () => (await lastMail(late))?.outcome === 'DELAYED', 30_000);
    await until('it is given up', async () => (await lastMail(late))?.outcome === 'BOUNCED', 40_000);
    expect((await lastMail(late))?.bounce).toMatchObject({ class: 'EXPIRED', source: 'REPORT_SMTP' });
    expect((await lastMail(unknown))?.bounce).toMatchObject({
      class: 'UNKNOWN_ADDRESS',
      status: '5.1.1',
      permanent: true,
    });
    expect((await lastMail(docomo))?.bounce).toMatchObject({ class: 'UNKNOWN_OR_REFUSED' });
    expect((await lastMail(full))?.bounce).toMatchObject({ class: 'MAILBOX_FULL' });
    expect(await lastMail(blocked)).toMatchObject({ outcome: 'FAILED', bounce: { class: 'SENDER_BLOCKED' } });
    expect(await lastMail(fine)).toMatchObject({ outcome: 'ACCEPTED' });
    const states = await Promise.all(
      [unknown, docomo, full, late, blocked, fine].map(async (one) => (await account(one)).addressState),
    );
    expect(states).toEqual(['SUSPECT', 'SUSPECT', 'UNVERIFIED', 'UNVERIFIED', 'UNVERIFIED', 'UNVERIFIED']);
  },
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
