/**
 * The SMTP listener for what comes back to the bounce domain: takes it, hands it on, and answers only when it is
 * committed. It never sends a mail and has no sign-in; STARTTLS is offered to whoever wants it.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { MINUTE, SECOND } from '../domain/calendar.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/log.js';
import { isUnavailable } from '../store/database.js';
import type { ReturnedMail, WeighedReport } from '../usecases/record-report.js';
import { NoRoomError, createRoom } from './body.js';
import type { CallerLimits } from './callers.js';
import { createCallers, isOurNetwork } from './callers.js';
import type { Certificate } from './certificate.js';
import { createGate } from './gate.js';
import { returnPathOf } from './return-path.js';
import { createTalks } from './talks.js';
import type { Watch } from './watch.js';
import { watchConnections } from './watch.js';

export interface IntakeLimits extends CallerLimits {
  /** Bytes of one message. */
  largest: number;
  /** Bytes of all messages under way together. */
  held: number;
  connections: number;
  /** A report is about one mail; a relay may put a few together. */
  recipients: number;
  /** Without a byte from the sender, in ms. RFC 5321 wishes for minutes; but who reports has the report at hand. */
  idle: number;
  /** Of a whole conversation, in ms. */
  talk: number;
  /** What messages under way get when the process stops, in ms. */
  drain: number;
}

const LIMITS: IntakeLimits = {
  largest: 10 * 1024 * 1024,
  held: 40 * 1024 * 1024,
  connections: 50,
  connectionsPerAddress: 20,
  messagesPerMinutePerAddress: 600,
  isOurs: isOurNetwork,
  recipients: 10,
  idle: 60 * SECOND,
  talk: 10 * MINUTE,
  drain: 4 * SECOND,
};

/** Reports recorded at once, each with a database connection. */
export const RECORDED_AT_ONCE = 8;

export interface IntakeOptions {
  host: string;
  /** 0: any free one. */
  port: number;
  bounceDomain: string;
  clock: Clock;
  log: Logger;
  registry: Registry;
  watch: Watch;
  /** For STARTTLS, which is not offered without. */
  certificate?: Certificate | undefined;
  /** Resolves when what the report says is committed; throws when it is to come again. */
  record: (mail: ReturnedMail) => Promise<WeighedReport>;
  /** Tests have smaller ones. */
  limits?: Partial<IntakeLimits>;
}

export interface Intake {
  port: number;
  /** For callers from now on; there was one before. */
  renew(certificate: Certificate): void;
  /** No new message; those under way are finished, or cut when they take too long. */
  stop(): Promise<void>;
}

/** Rejects when the port cannot be had. */
export async function startIntake(options: IntakeOptions): Promise<Intake> {
  const { bounceDomain, clock, record, log, registry, watch, certificate } = options;
  const limits = { ...LIMITS, ...options.limits };
  watchConnections(registry, () => server.connections.size);
  const callers = createCallers(limits);
  const talks = createTalks(limits.talk, () => server);
  const room = createRoom(limits.held);
  const gate = createGate(RECORDED_AT_ONCE);

  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const message = await room.collect(stream, limits.largest);
    // The server itself answers what is too large.
    if (message === null) return watch.refused('SIZE');
    const receivedAt = clock.now();
    const { raw, release } = message;
    const recipients = returnPathsOf(session, bounceDomain);
    try {
      const hasNoSender = session.envelope.mailFrom !== false && session.envelope.mailFrom.address === '';
      const mail: ReturnedMail = { raw, recipients, hasNoSender, source: 'REPORT_SMTP', receivedAt };
      const result = await gate(() => record(mail));
      watch.recorded(result, mail, (clock.now() - receivedAt) / SECOND);
    } finally {
      release();
    }
  }

  const server: SMTPServer = new SMTPServer({
    name: bounceDomain,
    heloResponse: '%s',
    // The three at the end are jokes of the library.
    disabledCommands: ['AUTH', 'WIZ', 'SHELL', 'KILL', ...(certificate ? [] : ['STARTTLS'])],
    ...(certificate ? { ...certificate, minVersion: 'TLSv1.2' } : {}),
    disableReverseLookup: true,
    // Senders with addresses that the standard forbids are real; recipients are ours to judge.
    lenientAddressParsing: true,
    hideENHANCEDSTATUSCODES: false,
    logger: false,
    size: limits.largest,
    rejectOversized: true,
    maxClients: limits.connections,
    maxRecipients: limits.recipients,
    socketTimeout: limits.idle,
    closeTimeout: limits.drain,
    onConnect(session, answer) {
      talks.began(session);
      if (callers.enter(session)) return answer();
      watch.refused('CALLER');
      answer(reply(421, 'Too many connections of yours, come again later'));
    },
    onClose(session) {
      callers.left(session);
      talks.over(session);
    },
    onMailFrom(_sender, session, answer) {
      void callers.mayBring(session).then((may) => {
        if (may) return answer();
        watch.refused('CALLER');
        answer(reply(450, 'Too many messages of yours, come again later'));
      });
    },
    onRcptTo({ address }, session, answer) {
      if (returnPathOf(address, bounceDomain) !== null) return answer();
      watch.refused('RECIPIENT');
      answer(talks.refused(session) ? reply(421, 'Too many of them') : reply(550, 'No such address here'));
    },
    onData(stream, session, answer) {
      void talks.during(session, take(stream, session)).then(
        () => answer(null, 'Taken'),
        (error: unknown) => {
          if (!isLostLine(error)) watch.refused(whyOf(error), error);
          answer(reply(451, 'Cannot be recorded now, come again later'));
        },
      );
    },
  });
  // Told to go away, but not gone yet: they do not count as connections above.
  server.server.maxConnections = 2 * limits.connections;
  // A line that breaks is the sender's business: it comes again.
  server.on('error', () => {});

  const listener = server.listen(options.port, options.host);
  await once(listener, 'listening');
  listener.on('error', (error) => log.error({ event: 'listener-failed', err: error }));
  return {
    port: (listener.address() as AddressInfo).port,
    renew: (fresh) => server.updateSecureContext({ ...fresh }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        talks.endAll();
      }),
  };
}

/** Each once: the same return path may have been written in two ways. */
function returnPathsOf(session: SMTPServerSession, bounceDomain: string): string[] {
  const all = session.envelope.rcptTo.map(({ address }) => returnPathOf(address, bounceDomain));
  return [...new Set(all.filter((one) => one !== null))];
}

function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

function whyOf(error: unknown): 'NO_ROOM' | 'DATABASE' | 'DEFECT' {
  if (error instanceof NoRoomError) return 'NO_ROOM';
  return isUnavailable(error) ? 'DATABASE' : 'DEFECT';
}

/** The sender went away in the middle of its message. */
function isLostLine(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'ECONNECTION' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}
