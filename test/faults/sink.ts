/**
 * The mail server of the faults: it keeps a journal of what it took, whoever may hear of it, and breaks a talk at any
 * point it is told to. Bare sockets, since a decent server never does such things.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import PostalMime from 'postal-mime';

/** A mail whose last byte arrived: from then on it counts as delivered, with or without a reply. */
export interface TakenMail {
  /** Epoch ms. */
  at: number;
  messageId: string;
  from: string;
  to: string[];
  subject: string;
  /** The resident's link; null in a receipt. */
  link: string | null;
}

/** The client's words that are answered; END is the dot, when the mail stands in the journal. */
export type Stage = 'CONNECT' | 'MAIL' | 'RCPT' | 'DATA' | 'END';

export interface Moment {
  stage: Stage;
  /** '' until RCPT. */
  to: string;
  /** Set at END. */
  messageId: string;
}

/** A reply; CUT ends the line without one; null is what a decent server says. */
export type Answer = string | typeof CUT | null;
export const CUT = Symbol('cut');

export interface Sink {
  url: string;
  journal: TakenMail[];
  /** Asked at every stage; may take its time. */
  answer: (moment: Moment) => Answer | Promise<Answer>;
  to(address: string): TakenMail[];
  /** Nobody listens any more, and every line is cut. */
  leave(): Promise<void>;
  comeBack(): Promise<void>;
}

const POLITE: Record<Stage, string> = {
  CONNECT: '220 mx.example ESMTP',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  DATA: '354 go ahead',
  END: '250 2.0.0 Ok: queued',
};

export async function startSink(): Promise<Sink> {
  const sockets = new Set<Socket>();
  const journal: TakenMail[] = [];
  let server: Server;
  const listen = async (port: number) => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
      // A line that breaks is what these tests are about.
      talk(socket).catch(() => socket.destroy());
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const sink: Sink = {
    url: `smtp://127.0.0.1:${port}`,
    journal,
    answer: () => null,
    to: (address) => journal.filter((mail) => mail.to.includes(address)),
    async leave() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await sleep(0);
    },
    async comeBack() {
      await listen(port);
    },
  };
  return sink;

  async function talk(socket: Socket): Promise<void> {
    let from = '';
    let to: string[] = [];
    let message: string[] | null = null;
    const reply = async (stage: Stage, messageId = ''): Promise<void> => {
      const answer = await sink.answer({ stage, to: to[0] ?? '', messageId });
      if (answer === CUT) socket.destroy();
      else if (!socket.destroyed) socket.write(`${answer ?? POLITE[stage]}\r\n`);
    };
    // Lines that come while an answer is held wait in the reader.
    const lines = createInterface({ input: socket, crlfDelay: Infinity });
    const read = lines[Symbol.asyncIterator]();
    await reply('CONNECT');
    for (let next = await read.next(); next.done !== true; next = await read.next()) {
      const line = next.value;
      if (message !== null && line !== '.') {
        message.push(line.replace(/^\.\./, '.'));
      } else if (message !== null) {
        const taken = await readMail(message, { at: Date.now(), from, to });
        message = null;
        journal.push(taken);
        await reply('END', taken.messageId);
      } else if (/^MAIL FROM:/i.test(line)) {
        from = addressIn(line);
        to = [];
        await reply('MAIL');
      } else if (/^RCPT TO:/i.test(line)) {
        to.push(addressIn(line));
        await reply('RCPT');
      } else if (/^DATA$/i.test(line)) {
        message = [];
        await reply('DATA');
      } else if (/^QUIT$/i.test(line)) {
        socket.end('221 2.0.0 bye\r\n');
      } else {
        socket.write('250 2.0.0 Ok\r\n');
      }
    }
  }
}

/**
 * Holds the answers at these points. `all` resolves when every talk has come to its point; `letGo` gives all of them
 * what was said before this.
 */
export function holdAt(
  sink: Sink,
  points: readonly { to: string; stage: Stage }[],
): { all: Promise<unknown>; letGo(): void } {
  const before = sink.answer;
  let letGo = () => {};
  const released = new Promise<void>((resolve) => (letGo = resolve));
  const reach = new Map<string, () => void>();
  const name = ({ to, stage }: { to: string; stage: Stage }) => `${stage} ${to}`;
  const all = Promise.all(points.map((point) => new Promise<void>((come) => reach.set(name(point), come))));
  sink.answer = async (moment) => {
    const come = reach.get(name(moment));
    if (come) {
      come();
      await released;
    }
    return before(moment);
  };
  return {
    all,
    letGo() {
      sink.answer = before;
      letGo();
    },
  };
}

async function readMail(
  lines: string[],
  envelope: Pick<TakenMail, 'at' | 'from' | 'to'>,
): Promise<TakenMail> {
  const { messageId = '', subject = '', text = '' } = await PostalMime.parse(lines.join('\r\n'));
  return { ...envelope, messageId, subject, link: /https?:\S+\/r\/\S+/.exec(text)?.[0] ?? null };
}

function addressIn(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? '';
}
