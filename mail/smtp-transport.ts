/** The one SMTP server that takes our mail: a pool of connections, one attempt a call, every ending told as a result. */
import type { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import type {
  NodemailerError,
  SendMailOptions,
  SMTPPoolOptions,
  SMTPPoolSentMessageInfo,
  Transporter,
} from 'nodemailer';
import type { Instant } from '../domain/calendar.js';
import { MINUTE, SECOND } from '../domain/calendar.js';
import type { Clock } from '../platform/clock.js';
import type { WorkerEnv } from '../platform/env.js';
import { isThisMachine } from '../platform/env.js';
import { parseMailAddress } from './addresses.js';
import { createBreaker } from './breaker.js';
import type { Progress } from './deadline.js';
import { untilDeadline } from './deadline.js';
import { checkDkim } from './dkim-check.js';
import { messageBuilder } from './message.js';
import type { BuildMessage, DkimKey } from './message.js';
import { parseReply } from './reply.js';
import type { OurSide } from './receive/own-names.js';
import { NOTHING_SAID, outcomeOf } from './smtp-outcome.js';
import type { Outcome } from './smtp-outcome.js';
import type { MailTransport, OutgoingMail, SendResult } from './transport.js';

export type SmtpSettings = Pick<
  WorkerEnv,
  | 'SMTP_URL'
  | 'SMTP_CONNECTIONS'
  | 'MAIL_FROM'
  | 'BOUNCE_DOMAIN'
  | 'DKIM_DOMAIN'
  | 'DKIM_SELECTOR'
  | 'DKIM_PRIVATE_KEY'
>;

export interface SmtpTransport extends MailTransport {
  /** For a metric: the server counts as down, and most mails wait. */
  isServerDown(): boolean;
  /** Idle connections end at once, busy ones after their mail. */
  close(): void;
}

/** Connecting, TLS and greeting together; well below the minute that one attempt has. */
const CONNECT_WITHIN = 10 * SECOND;
/**
 * A server that has the whole message may think long about it, and an answer missed there is a mail sent twice (R21):
 * so it is waited for past the attempt's own end. Before that point the attempt's deadline ends every silence.
 */
export const LATE_REPLY_WITHIN = 5 * MINUTE;
/** Closed by us before servers grow tired of an idle line and cut it under the next mail. */
const IDLE_FOR = 15 * SECOND;

/** Throws ConfigError when a DKIM key is given that does not sign. */
export async function createSmtpTransport(settings: SmtpSettings, clock: Clock): Promise<SmtpTransport> {
  const dkim = dkimKeyOf(settings);
  const build = messageBuilder(settings.MAIL_FROM, clock, dkim);
  if (dkim) await checkDkim(build, dkim);
  const pool = openPool(settings);
  const breaker = createBreaker(clock);
  return {
    async send(mail, deadline, onLateReply) {
      const us = { hostName: settings.BOUNCE_DOMAIN, senders: [mail.envelopeFrom, settings.MAIL_FROM] };
      const tried = await breaker.run(() => attempt(pool, build, clock, mail, deadline, us, onLateReply));
      return tried?.result ?? { ...NOTHING_SAID, verdict: 'DEFERRED', why: 'MAIL_SERVER_DOWN' };
    },
    isServerDown: () => breaker.isOpen(),
    close: () => pool.close(),
  };
}

function dkimKeyOf(settings: SmtpSettings): DkimKey | null {
  const { DKIM_DOMAIN: domainName, DKIM_SELECTOR: keySelector, DKIM_PRIVATE_KEY: pem } = settings;
  if (domainName === undefined || keySelector === undefined || pem === undefined) return null;
  // An environment file has one line a value.
  return { domainName, keySelector, privateKey: pem.replaceAll('\\n', '\n') };
}

type Pool = Transporter<SMTPPoolSentMessageInfo, SMTPPoolOptions>;

function openPool(settings: SmtpSettings): Pool {
  const url = new URL(settings.SMTP_URL);
  const local = isThisMachine(settings.SMTP_URL);
  const user = decodeURIComponent(url.username);
  const secure = url.protocol === 'smtps:';
  const pool = createTransport({
    pool: true,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    // A password never crosses the network in the clear; without one, STARTTLS is used when it is offered.
    requireTLS: user !== '' && !local,
    tls: { rejectUnauthorized: !local },
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) }, forceAuth: true }),
    name: settings.BOUNCE_DOMAIN,
    maxConnections: settings.SMTP_CONNECTIONS,
    // One attempt a call: trying again is a step of the account's plan.
    maxRequeues: 0,
    idleTimeout: IDLE_FOR,
    dnsTimeout: CONNECT_WITHIN,
    connectionTimeout: CONNECT_WITHIN,
    greetingTimeout: CONNECT_WITHIN,
    socketTimeout: LATE_REPLY_WITHIN,
  });
  pool.use('stream', (mail, done) => {
    const { gate } = mail.data as GatedMail;
    mail.message.processFunc(gate);
    done();
  });
  return pool;
}

type GatedMail = SendMailOptions & { gate: (input: Readable) => Readable };

async function attempt(
  pool: Pool,
  build: BuildMessage,
  clock: Clock,
  mail: OutgoingMail,
  deadline: Instant,
  us: OurSide,
  onLateReply: ((result: SendResult) => void) | undefined,
): Promise<Outcome> {
  const isOver = () => clock.now() >= deadline;
  const progress: Progress = { began: false, bodyBegan: false, complete: false, cut: false };
  // Exactly one recipient (R20): a list would be taken apart further down.
  const to = parseMailAddress(mail.to);
  if (!to.ok) return { result: { ...NOTHING_SAID, verdict: 'FAILED' }, reach: 'UNKNOWN' };
  const raw = await build({ ...mail, to: to.address });
  if (isOver()) return { result: { ...NOTHING_SAID, verdict: 'EXPIRED' }, reach: 'UNKNOWN' };
  const giveUp = new AbortController();
  const gated: GatedMail = {
    raw,
    envelope: { from: mail.envelopeFrom, to: [to.address] },
    signal: giveUp.signal,
    gate: (input) => untilDeadline(input, progress, isOver),
  };
  const talk = pool.sendMail(gated).then(
    ({ response }): Outcome => ({
      result: { ...parseReply(response), verdict: 'ACCEPTED' },
      reach: 'REACHED',
    }),
    (error: unknown) => outcomeOf(error as NodemailerError, progress, to.address, us),
  );
  const outcome = await beforeDeadline(talk, deadline - clock.now());
  if (outcome !== null) return outcome;
  if (!progress.complete) {
    giveUp.abort();
    return talk;
  }
  void talk.then(({ result }) => onLateReply?.(result));
  return { result: { ...NOTHING_SAID, verdict: 'DEFERRED', why: 'TIMED_OUT' }, reach: 'UNKNOWN' };
}

/** Null when `ms` pass first. */
async function beforeDeadline<T>(talk: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<null>((resolve) => {
    // After a freeze the timer comes first: one turn later, so that a reply that is already here is still read.
    timer = setTimeout(() => setImmediate(() => resolve(null)), ms);
  });
  try {
    return await Promise.race([talk, passed]);
  } finally {
    clearTimeout(timer);
  }
}
