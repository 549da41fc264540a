/** The SMTP side: takes everything, unless a rule says otherwise. No sign-in, no TLS: it listens on this machine only. */
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerSession } from 'smtp-server';
import type { Mailbox } from './mailbox.js';
import type { Reporter } from './reporter.js';
import type { Rule, Rules, Stage } from './rules.js';

/** Longer than any delay a rule may ask for. */
const SOCKET_TIMEOUT_MS = 660_000;

type Answer = (error?: Error | null) => void;

export function createSmtpServer(mailbox: Mailbox, rules: Rules, reporter: Reporter): SMTPServer {
  const sockets = new Map<number, Socket>();
  const cutLine = (session: SMTPServerSession) => sockets.get(session.remotePort)?.destroy();

  /** Answers as the rule says, or accepts. */
  async function obey(rule: Rule | null, session: SMTPServerSession, answer: Answer): Promise<void> {
    // With a report it is the report that comes later.
    if (rule?.delayMs !== undefined && rule.report === undefined) await sleep(rule.delayMs);
    if (rule?.cut !== undefined) cutLine(session);
    else answer(rule?.reply === undefined ? null : replyError(rule.reply));
  }
  const atStage = (stage: Stage, address: string, session: SMTPServerSession, answer: Answer) =>
    void obey(rules.take(stage, address), session, answer);

  const server = new SMTPServer({
    banner: 'mail catcher',
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    // a..b@docomo.ne.jp and the like are real.
    lenientAddressParsing: true,
    // Rules give whole replies; the server would put a second enhanced code in front.
    hideENHANCEDSTATUSCODES: true,
    logger: false,
    socketTimeout: SOCKET_TIMEOUT_MS,
    closeTimeout: 200,
    onMailFrom: (from, session, answer) => atStage('MAIL', from.address, session, answer),
    onRcptTo: (to, session, answer) => atStage('RCPT', to.address, session, answer),
    onData(stream, session, answer) {
      const { mailFrom, rcptTo } = session.envelope;
      const to = rcptTo.map(({ address }) => unquoted(address));
      const first = to[0] ?? '';
      if (rules.take('BODY', first)) {
        stream.resume();
        cutLine(session);
        return;
      }
      void buffer(stream).then(async (source) => {
        const rule = rules.take('DATA', first);
        if (rule?.reply === undefined) {
          await mailbox.add({ from: mailFrom ? unquoted(mailFrom.address) : '', to }, source);
        }
        if (rule?.report !== undefined) {
          const returnPath = mailFrom ? mailFrom.address : '';
          reporter.report(
            rule.report,
            { recipient: first, returnPath, source: source.toString() },
            rule.delayMs,
          );
        }
        await obey(rule, session, answer);
      }, answer);
    },
  });
  server.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.once('close', () => sockets.delete(port));
  });
  // A line that breaks is the client's business, or a rule's.
  server.on('error', () => {});
  return server;
}

function replyError(reply: string): Error {
  return Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) });
}

function unquoted(address: string): string {
  return address.replace(/^"(.+)"@/, '$1@');
}
