/**
 * From a mailbox of a real Dovecot, through the intake as a process of its own, to what staff see: two headquarters. The
 * process is killed between commit and move, and the database and the mail server go away and come back.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { DAY } from '../../domain/calendar.js';
import type { OutgoingMail } from '../../mail/transport.js';
import type { AccountRef } from '../../usecases/life-events.js';
import { readAccount, readReminders } from '../../usecases/read-account.js';
import { until } from '../local/folder.js';
import { startServer } from '../support/postgres.js';
import type { TestPostgres } from '../support/postgres.js';
import { NO_SUCH_USER, report } from '../usecases/returned.js';
import type { World } from '../usecases/world.js';
import { createWorld } from '../usecases/world.js';
import type { Dovecot } from './dovecot.js';
import { canRunDovecot, startDovecot } from './dovecot.js';
import { freePort } from './mailbox-world.js';
import { wireTo } from './wire.js';

interface Intake {
  metric(line: RegExp): Promise<number>;
  ready(): Promise<number>;
  output(): string;
  /** kill −9, and it is gone. */
  kill(): Promise<void>;
  stop(): Promise<number | null>;
}

let postgres: TestPostgres;
let world: World;
let dovecot: Dovecot;
let folder: string;

async function start(port = dovecot.place.port): Promise<Intake> {
  const { user, password } = dovecot.place;
  const secret = join(folder, 'mailbox');
  await writeFile(secret, `imap://${user}:${password}@127.0.0.1:${port}/INBOX\n`, { mode: 0o600 });
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'intake/main.ts'], {
    env: {
      PATH: process.env['PATH'],
      TZ: 'UTC',
      NET119_LOCAL_STACK: '1',
      DATABASE_URL: world.urls.databaseUrl,
      BOUNCE_DOMAIN: world.deps.bounceDomain,
      MAIL_FROM: 'net119@mail.example.jp',
      BOUNCE_SMTP_PORT: '0',
      BOUNCE_IMAP_URL_FILE: secret,
      METRICS_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += String(chunk)));
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await ended)[0];
  };
  onTestFinished(async () => {
    await end('SIGKILL');
  });
  await until('the intake has started', () => output.includes('"event":"started"'), 60_000);
  const started = output.split('\n').find((line) => line.includes('"event":"started"'));
  const { metricsPort } = JSON.parse(started ?? '') as { metricsPort: number };
  const ask = (path: string) => fetch(`http://127.0.0.1:${metricsPort}${path}`);
  return {
    output: () => output,
    async metric(line) {
      const text = await (await ask('/metrics')).text();
      const found = text.split('\n').find((one) => line.test(one));
      return Number(found?.split(' ').at(-1) ?? 0);
    },
    ready: async () => (await ask('/readyz')).status,
    async kill() {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
  };
}

interface Mailed extends AccountRef {
  mail: OutgoingMail;
}

/** Registered today, and asked for the first time; the process has a clock of its own, which does not mind. */
async function mailed(fireHqId: string): Promise<Mailed> {
  world.setNow(Date.now());
  const { accountId } = await world.register(fireHqId);
  const before = world.sent.length;
  await world.walk({ fireHqId, accountId }, Date.now() + 290 * DAY);
  const [first] = world.sent.slice(before);
  if (!first) throw new Error('no mail went out');
  world.setNow(Date.now());
  return { fireHqId, accountId, mail: first.mail };
}

/** As a mail server puts it into a mailbox for all addresses of the bounce domain. */
function delivered({ mail }: Mailed): string {
  const { raw } = report(mail.envelopeFrom, { ...NO_SUCH_USER, recipient: mail.to }, { receivedAt: 0 });
  return `Delivered-To: reports@example.jp\r\nX-Original-To: ${mail.envelopeFrom}\r\n${raw.toString()}`;
}

const outcome = async ({ fireHqId, accountId }: AccountRef) =>
  (await readReminders(world.deps, fireHqId, accountId, { limit: 50 })).items.at(-1)?.outcome;
const state = async ({ fireHqId, accountId }: AccountRef) =>
  (await readAccount(world.deps, fireHqId, accountId)).addressState;
const isBounced = (person: AccountRef) => async () => (await outcome(person)) === 'BOUNCED';
const liesIn = (name: string, count: number) =>
  until(`${name} holds ${count}`, async () => (await dovecot.list(name)).length === count);
const ALREADY_KNOWN = /^net119_reports_total\{outcome="ALREADY_KNOWN"/;
const RECORDED = /^net119_reports_total\{outcome="RECORDED"/;

describe.skipIf(!canRunDovecot)('reports in a mailbox', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'net119-imap-'));
    postgres = await startServer();
    world = await createWorld(postgres.url);
    dovecot = await startDovecot({ port: await freePort() });
  });
  afterAll(async () => {
    await dovecot.stop();
    await world.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('R23 R37: make their mail 不達 by the return path in the header, in each headquarters its own', async () => {
    const [one, other] = [await mailed(world.hq), await mailed(world.otherHq)];
    const intake = await start();
    await dovecot.append(delivered(one));
    await until('it is 不達', isBounced(one));
    expect([await state(one), await state(other)]).toEqual(['SUSPECT', 'UNVERIFIED']);
    expect(await outcome(other)).toBe('ACCEPTED');
    await dovecot.append(delivered(other));
    await until('so is the other', isBounced(other));
    await liesIn('Done', 2);
    expect(await dovecot.list()).toEqual([]);
    const [item] = (await readReminders(world.deps, one.fireHqId, one.accountId, { limit: 50 })).items.slice(
      -1,
    );
    expect(item).toMatchObject({ bounce: { class: 'UNKNOWN_ADDRESS', source: 'REPORT_IMAP' } });
    expect(await intake.stop()).toBe(0);
    expect(intake.output()).not.toMatch(/@|kaeri/);
  });

  it('killed between commit and move: the next process finds the mail again, and it changes nothing', async () => {
    const one = await mailed(world.hq);
    const done = (await dovecot.list('Done')).length;
    const wire = await wireTo(dovecot.place.port);
    wire.holdAt(/UID MOVE/);
    const first = await start(wire.port);
    await dovecot.append(delivered(one));
    await wire.held();
    expect(await outcome(one)).toBe('BOUNCED');
    await first.kill();
    expect(await dovecot.list()).toHaveLength(1);
    const audit = await world.audit(one.accountId, 'mail.report-recorded');
    expect(audit).toHaveLength(1);

    const second = await start();
    await liesIn('Done', done + 1);
    expect(await dovecot.list()).toEqual([]);
    expect(await second.metric(ALREADY_KNOWN)).toBe(1);
    expect(await second.metric(RECORDED)).toBe(0);
    expect(await world.audit(one.accountId, 'mail.report-recorded')).toEqual(audit);
    expect(await state(one)).toBe('SUSPECT');
  });

  it('come after the mail server was away; the intake takes reports by SMTP meanwhile', async () => {
    const one = await mailed(world.otherHq);
    await dovecot.append(delivered(one));
    await dovecot.halt();
    const intake = await start();
    await until('it is told', () => intake.output().includes('"event":"mailbox-away"'));
    expect(await intake.ready()).toBe(200);
    await dovecot.resume();
    await until('it is 不達', isBounced(one));
    await until('nothing lies there', async () => (await dovecot.list()).length === 0);
    expect(await intake.stop()).toBe(0);
  });

  // The last: what asks the database beside the application does not survive this.
  it('wait in the mailbox while the database is away, and are recorded when it is back', async () => {
    const [one, other] = [await mailed(world.hq), await mailed(world.otherHq)];
    const done = (await dovecot.list('Done')).length;
    const intake = await start();
    await until('the mailbox is open', async () => (await intake.metric(/^net119_mailbox_open/)) === 1);
    await postgres.halt();
    for (const person of [one, other]) await dovecot.append(delivered(person));
    await until('it has asked', async () => (await intake.metric(/refused_total\{why="DATABASE"/)) > 1);
    expect(await intake.ready()).toBe(503);
    expect(await dovecot.list()).toHaveLength(2);
    await postgres.resume();
    await liesIn('Done', done + 2);
    expect(await dovecot.list()).toEqual([]);
    for (const person of [one, other]) expect(await outcome(person)).toBe('BOUNCED');
  });
});
