/** One connection to a mailbox by IMAP: what lies there, one message of it, and moving that one. Nothing is ever sent. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import type { MailboxObject } from 'imapflow';
import { SECOND } from '../domain/calendar.js';
import { isThisMachine } from '../platform/env.js';
import type { ImapPlace } from '../platform/imap-url.js';

/** Above the largest message that is asked for: whatever a server sends beyond ends the connection. */
const ROOM_BESIDE = 1024 * 1024;

/** The server is there and does not let us work: a person must act. */
export class MailboxRefusedError extends Error {
  constructor(
    readonly why: 'SIGN_IN' | 'FOLDER' | 'READ_ONLY',
    cause?: unknown,
  ) {
    super(why, { cause });
  }
}

/** The server said no about one message; the connection goes on. */
export class MessageRefusedError extends Error {}

export interface Waiting {
  /** Ids of messages mean something together with this only (UIDVALIDITY). */
  validity: string;
  /** Oldest first; without what somebody has marked as deleted. */
  uids: number[];
}

export interface MailboxLine {
  /** Whatever else is done in the mailbox, the present state. */
  look(): Promise<Waiting>;
  /**
   * The message as it lies there, its marks untouched; null when it is gone. Not more than `largest` bytes are held:
   * TOO_LARGE. Throws MessageRefusedError.
   */
  read(uid: number, largest: number): Promise<Buffer | 'TOO_LARGE' | null>;
  /** To a folder that is made when it is missing. The message is never in neither. Throws MessageRefusedError. */
  move(uid: number, folder: string): Promise<void>;
  /** Resolves when there may be something new since the last look, after `atMost` ms, or when the signal says so. */
  news(atMost: number, stop: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface MailboxLineOptions {
  place: ImapPlace;
  /** As in `read`. */
  largest: number;
  /** Without an answer for so long, the line counts as cut, in ms. */
  silence: number;
}

/** Answers to a sign-in that pass by themselves (RFC 5530). */
const PASSING = ['UNAVAILABLE', 'INUSE', 'LIMIT', 'SERVERBUG'];

/** Throws MailboxRefusedError, or whatever a network may do. */
export async function openMailbox({ place, largest, silence }: MailboxLineOptions): Promise<MailboxLine> {
  const local = isThisMachine(`imap://${place.host.includes(':') ? `[${place.host}]` : place.host}`);
  const client = new ImapFlow({
    host: place.host,
    port: place.port,
    secure: place.secure,
    // A password never crosses a network in the clear.
    ...(place.secure || local ? {} : { doSTARTTLS: true }),
    tls: { rejectUnauthorized: !local },
    auth: { user: place.user, pass: place.password },
    // Its lines are full of addresses.
    logger: false,
    clientInfo: { name: 'net119-renewal-keeper' },
    disableAutoIdle: true,
    disableCompression: true,
    connectionTimeout: silence,
    greetingTimeout: silence,
    socketTimeout: silence,
    maxLiteralSize: largest + ROOM_BESIDE,
    maxLineLength: largest + ROOM_BESIDE,
    maxResponseSize: largest + 2 * ROOM_BESIDE,
  });
  const faults: Error[] = [];
  let fresh = false;
  let wake = () => {};
  // Without a listener it would end the process.
  client.on('error', (error) => void faults.push(error));
  client.on('close', () => wake());
  client.on('exists', ({ count, prevCount }) => {
    if (count <= prevCount) return;
    fresh = true;
    wake();
  });
  /** Refusals and lost lines look alike to the library: false. */
  const refuse = (): never => {
    if (client.usable) throw new MessageRefusedError();
    throw faults[0] ?? lostLine();
  };

  try {
    await client.connect();
  } catch (error) {
    client.close();
    throw isSignInRefused(error) ? new MailboxRefusedError('SIGN_IN', error) : (faults[0] ?? error);
  }

  async function open(): Promise<MailboxObject> {
    const mailbox = await client.mailboxOpen(place.folder).catch((error: unknown) => {
      throw saysNo(error) ? new MailboxRefusedError('FOLDER', error) : (faults[0] ?? error);
    });
    if (mailbox.readOnly) throw new MailboxRefusedError('READ_ONLY');
    return mailbox;
  }

  const made = new Set<string>();
  async function make(folder: string): Promise<void> {
    if (made.has(folder)) return;
    try {
      await client.mailboxCreate(folder);
    } catch (error) {
      // Not every server says that it is there already; when it is not, the move tells.
      if (!saysNo(error)) throw faults[0] ?? error;
    }
    made.add(folder);
  }

  async function tryToMove(uid: number, folder: string): Promise<boolean> {
    const range = String(uid);
    const by = { uid: true };
    const { capabilities } = client;
    if (capabilities.has('MOVE') || capabilities.has('UIDPLUS')) {
      return Boolean(await client.messageMove(range, folder, by));
    }
    // EXPUNGE alone would take away what others have marked as well: it stays marked, and we look past it.
    return (
      Boolean(await client.messageCopy(range, folder, by)) &&
      (await client.messageFlagsAdd(range, ['\\Deleted'], { ...by, silent: true }))
    );
  }

  return {
    async look() {
      fresh = false;
      const { uidValidity, exists } = await open();
      const uids = exists === 0 ? [] : await client.search({ deleted: false }, { uid: true });
      return { validity: String(uidValidity), uids: Array.isArray(uids) ? uids : refuse() };
    },
    async read(uid, most) {
      try {
        const announced = await client.fetchOne(uid, { uid: true, size: true }, { uid: true });
        if (announced === false) return null;
        if ((announced.size ?? 0) > most) return 'TOO_LARGE';
        const source = { start: 0, maxLength: most + 1 };
        const found = await client.fetchOne(uid, { uid: true, source }, { uid: true });
        // In spite of its type, the library has `false` for the text of a message that has just gone.
        const raw: unknown = found === false ? null : found.source;
        if (!Buffer.isBuffer(raw) || (raw.length === 0 && announced.size !== 0)) {
          const still = await client.fetchOne(uid, { uid: true }, { uid: true });
          return still === false ? null : refuse();
        }
        return raw.length > most ? 'TOO_LARGE' : raw;
      } catch (error) {
        if (saysNo(error)) throw new MessageRefusedError('', { cause: error });
        throw error;
      }
    },
    async move(uid, folder) {
      await make(folder);
      if (await tryToMove(uid, folder)) return;
      // Somebody may have taken the folder away.
      made.delete(folder);
      refuse();
    },
    async news(atMost, stop) {
      if (fresh || !client.usable || stop.aborted) return;
      const over = new AbortController();
      const woken = new Promise<void>((resolve) => (wake = resolve));
      // It ends when the next command is given; where the server cannot, there is the time.
      if (client.capabilities.has('IDLE')) void client.idle().catch(() => {});
      const signal = AbortSignal.any([stop, over.signal]);
      await Promise.race([woken, sleep(atMost, undefined, { signal }).catch(() => {})]);
      over.abort();
    },
    async close() {
      if (client.usable) await Promise.race([client.logout().catch(() => {}), sleep(SECOND)]);
      client.close();
    },
  };
}

function lostLine(): Error {
  return Object.assign(new Error('the line was cut'), { code: 'ECONNRESET' });
}

function isSignInRefused(error: unknown): boolean {
  const { authenticationFailed, serverResponseCode } = (error ?? {}) as Record<string, unknown>;
  return authenticationFailed === true && !PASSING.includes(String(serverResponseCode));
}

function saysNo(error: unknown): boolean {
  const { responseStatus } = (error ?? {}) as { responseStatus?: unknown };
  return responseStatus === 'NO' || responseStatus === 'BAD';
}
