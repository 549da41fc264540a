/** A real SMTP server on loopback that keeps what it took and answers as it is told. */
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';

export interface Taken {
  from: string;
  to: string[];
  raw: Buffer;
  mail: Email;
}

export interface Sink {
  url: string;
  taken: Taken[];
  close(): Promise<void>;
}

/** `options` replace single handlers; whatever was received completely is kept. */
export async function startSink(options: SMTPServerOptions = {}): Promise<Sink> {
  const taken: Taken[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    lenientAddressParsing: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks);
        const { mailFrom, rcptTo } = session.envelope;
        void PostalMime.parse(raw).then((mail) => {
          taken.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map((to) => to.address),
            raw,
            mail,
          });
          done(null, '2.0.0 Ok: queued as 7Q1');
        });
      });
    },
    ...options,
  });
  // A client that goes away in the middle is what some tests are about.
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => resolve((listening.address() as AddressInfo).port));
  });
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export interface RawServer {
  url: string;
  /** All that clients said, in order. */
  heard: string[];
  connections: number;
  /** Connections that have ended. */
  closed: number;
  close(): Promise<void>;
}

/**
 * A server of bare sockets, for what a decent one never does. `answer` is called with each line (null: just connected)
 * and returns the reply, '' for silence, or null to cut the line. After a 354 it sees the message line by line.
 */
export async function startRawServer(
  answer: (line: string | null, socket: Socket) => string | null,
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    state.connections += 1;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      state.closed += 1;
    });
    const reply = (line: string | null) => {
      const text = answer(line, socket);
      if (text === null) socket.destroy();
      else if (text !== '') socket.write(`${text}\r\n`);
    };
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        state.heard.push(line);
        reply(line);
      }
    });
    reply(null);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const state: RawServer = {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: [],
    connections: 0,
    closed: 0,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  return state;
}

/** Answers like a plain server; `special` has the first word for what differs. */
export function politely(
  special: (line: string) => string | null | undefined,
): (line: string | null) => string | null {
  let inMessage = false;
  return (line) => {
    if (line === null) {
      const greeting = special('CONNECT');
      return greeting === undefined ? '220 mx.example ESMTP' : greeting;
    }
    if (inMessage && line !== '.') return '';
    const own = special(line);
    if (own !== undefined) return own;
    if (line === '.') {
      inMessage = false;
      return '250 2.0.0 Ok: queued as 7Q1';
    }
    if (line === 'DATA') {
      inMessage = true;
      return '354 go ahead';
    }
    return line === 'QUIT' ? '221 bye' : '250 2.1.0 Ok';
  };
}
