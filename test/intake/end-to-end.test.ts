/** A report by SMTP, through the real use case, to what staff see: two headquarters on a real database. */
import nodemailer from 'nodemailer';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Intake } from '../../intake/smtp.js';
import { startIntake } from '../../intake/smtp.js';
import { createWatch } from '../../intake/watch.js';
import type { Failure } from '../../local/mail-catcher/failures.js';
import { reportOf } from '../../local/mail-catcher/failures.js';
import type { OutgoingMail } from '../../mail/transport.js';
import { createLogger } from '../../platform/log.js';
import { openDatabase } from '../../store/database.js';
import type { AccountRef } from '../../usecases/life-events.js';
import { readAccount } from '../../usecases/read-account.js';
import { recordReport } from '../../usecases/record-report.js';
import { ACCEPTED, US, createWorld } from '../usecases/world.js';
import type { World } from '../usecases/world.js';

let world: World;
let intake: Intake;
let registry: Registry;
const logged: string[] = [];
/** Nothing answers on this port. */
const nowhere = openDatabase('postgres://nobody@127.0.0.1:9/net119', { max: 1 });
let databaseIsAway = false;

beforeAll(async () => {
  world = await createWorld();
  registry = new Registry();
  const { clock, database, bounceDomain } = world.deps;
  const log = createLogger('intake', 'debug', { write: (line: string) => void logged.push(line) });
  intake = await startIntake({
    host: '127.0.0.1',
    port: 0,
    bounceDomain,
    clock,
    log,
    registry,
    watch: createWatch(registry, log),
    // As the process has it: without keys.
    record: (mail) => recordReport({ us: US, database: databaseIsAway ? nowhere : database }, mail),
  });
});
afterAll(async () => {
  await intake.stop();
  await nowhere.close();
  await world.close();
});
beforeEach(() => {
  world.answer(ACCEPTED);
  databaseIsAway = false;
});

interface Mailed extends AccountRef {
  mail: OutgoingMail;
}

/** Registered, and asked once. */
async function mailed(fireHqId: string): Promise<Mailed> {
  world.setNow('2026-06-01 12:00');
  const { accountId } = await world.register(fireHqId);
  const before = world.sent.length;
  await world.walk({ fireHqId, accountId }, '2027-03-05 12:00');
  const [first] = world.sent.slice(before);
  if (!first) throw new Error('no mail went out');
  return { fireHqId, accountId, mail: first.mail };
}

function report(failure: Failure, { to, envelopeFrom, messageId }: OutgoingMail): string {
  const source = `From: net119@mail.example.jp\r\nTo: ${to}\r\nMessage-ID: ${messageId}\r\nSubject: x\r\n\r\nx\r\n`;
  return reportOf(
    failure,
    { recipient: to, returnPath: envelopeFrom, source },
    new Date(world.deps.clock.now()),
  );
}

async function comesBack(raw: string, ...to: string[]): Promise<void> {
  await nodemailer
    .createTransport({ host: '127.0.0.1', port: intake.port })
    .sendMail({ envelope: { from: '', to }, raw });
}

const outcome = async ({ accountId }: AccountRef) => (await world.ledger(accountId))[0]?.outcome;
const account = ({ fireHqId, accountId }: AccountRef) => readAccount(world.deps, fireHqId, accountId);
const counted = async (labels: Record<string, string>) => {
  const metric = await registry.getSingleMetric('net119_reports_total')?.get();
  return (metric?.values ?? [])
    .filter(({ labels: own }) => Object.entries(labels).every(([name, value]) => own[name] === value))
    .reduce((sum, { value }) => sum + value, 0);
};

describe('a report by SMTP', () => {
  it('R23 R37: makes its mail 不達 and its address doubtful, and touches nobody else in either headquarters', async () => {
    const [one, neighbour] = [await mailed(world.hq), await mailed(world.hq)];
    const other = await mailed(world.otherHq);
    await comesBack(report('unknown-address', one.mail), one.mail.envelopeFrom);
    expect(await outcome(one)).toBe('BOUNCED');
    expect((await account(one)).addressState).toBe('SUSPECT');
    for (const untouched of [neighbour, other]) {
      expect(await outcome(untouched)).toBe('ACCEPTED');
      expect((await account(untouched)).addressState).toBe('UNVERIFIED');
    }
    await comesBack(report('refused', other.mail), other.mail.envelopeFrom);
    expect(await outcome(other)).toBe('BOUNCED');
    expect(await outcome(neighbour)).toBe('ACCEPTED');
  });

  it('finds its mail by a return path in capitals and without its plus', async () => {
    const one = await mailed(world.otherHq);
    const changed = one.mail.envelopeFrom.toUpperCase().replace('+', '');
    await comesBack(report('unknown-address', one.mail), changed);
    expect(await outcome(one)).toBe('BOUNCED');
  });

  it('says nothing new when it comes again', async () => {
    const one = await mailed(world.hq);
    const raw = report('unknown-address', one.mail);
    await comesBack(raw, one.mail.envelopeFrom);
    const known = await counted({ outcome: 'ALREADY_KNOWN' });
    await comesBack(raw, one.mail.envelopeFrom);
    expect(await counted({ outcome: 'ALREADY_KNOWN' })).toBe(known + 1);
    expect((await account(one)).addressState).toBe('SUSPECT');
  });

  it('changes nothing under a code that is nobody’s, and is counted', async () => {
    const one = await mailed(world.hq);
    const forged = one.mail.envelopeFrom.replace(/\+(.)/, (_all, first) => `+${first === 'a' ? 'b' : 'a'}`);
    await comesBack(report('unknown-address', one.mail), forged);
    expect(await outcome(one)).toBe('ACCEPTED');
    expect(await counted({ match: 'WRONG_CODE' })).toBeGreaterThan(0);
  });

  it('R23: of a delay makes 一時エラー; an auto reply and a person change nothing', async () => {
    const [late, away] = [await mailed(world.hq), await mailed(world.otherHq)];
    await comesBack(report('delayed', late.mail), late.mail.envelopeFrom);
    expect(await outcome(late)).toBe('DELAYED');
    await comesBack(report('auto-reply', away.mail), away.mail.envelopeFrom);
    const person = `From: <${away.mail.to}>\r\nSubject: Re: x\r\n\r\n> 550 5.1.1 User unknown\r\nI got this.\r\n`;
    await comesBack(person, away.mail.envelopeFrom);
    expect(await outcome(away)).toBe('ACCEPTED');
    expect((await account(away)).addressState).toBe('UNVERIFIED');
  });

  it('waits at its sender while the database is away, and is recorded then', async () => {
    const one = await mailed(world.hq);
    databaseIsAway = true;
    const raw = report('unknown-address', one.mail);
    await expect(comesBack(raw, one.mail.envelopeFrom)).rejects.toMatchObject({
      response: /^451 4\.3\.0 /,
    });
    expect(await outcome(one)).toBe('ACCEPTED');
    databaseIsAway = false;
    await comesBack(raw, one.mail.envelopeFrom);
    expect(await outcome(one)).toBe('BOUNCED');
  });

  it('leaves no address in the log', () => {
    expect(logged.filter((line) => line.includes('"event":"report"')).length).toBeGreaterThan(5);
    expect(logged.join('')).not.toContain('@');
  });
});
