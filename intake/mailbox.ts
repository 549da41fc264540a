/**
 * Reports from a mailbox: each message is taken in order, recorded, and moved to a folder only after the commit. Whatever
 * ends in between, it is found again where it lay, and recording it twice changes nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { HOUR, MINUTE, SECOND } from '../domain/calendar.js';
import type { Clock } from '../platform/clock.js';
import type { ImapPlace } from '../platform/imap-url.js';
import { SET_ASIDE_FOLDERS } from '../platform/imap-url.js';
import type { Logger } from '../platform/log.js';
import { isUnavailable } from '../store/database.js';
import type { ReturnedMail, WeighedReport } from '../usecases/record-report.js';
import type { MailboxLine } from './mailbox-line.js';
import { MailboxRefusedError, MessageRefusedError, openMailbox } from './mailbox-line.js';
import type { Aside } from './mailbox-watch.js';
import { watchMailbox } from './mailbox-watch.js';
import type { BackOff } from './tries.js';
import { backOff, createTries } from './tries.js';
import type { Watch } from './watch.js';

export interface MailboxLimits {
  /** Bytes of one message. */
  largest: number;
  /** The mailbox is looked at this often, news or not, in ms. */
  lookEvery: number;
  /** Without an answer for so long, the line counts as cut, in ms. */
  silence: number;
  /** While the server is away, and while the database is. */
  away: BackOff;
  /** While the server does not let us in: asking on would lock the account there. */
  refused: BackOff;
  /** A message that cannot be recorded for another reason. */
  rest: BackOff;
  /** After so many tries it is set aside. */
  tries: number;
  /** What the message under way gets when the process stops, in ms. */
  drain: number;
}

const LIMITS: MailboxLimits = {
  largest: 10 * 1024 * 1024,
  lookEvery: MINUTE,
  silence: 90 * SECOND,
  away: { first: SECOND, most: MINUTE },
  refused: { first: MINUTE, most: HOUR / 2 },
  rest: { first: 30 * SECOND, most: HOUR },
  tries: 5,
  drain: 4 * SECOND,
};

export interface MailboxOptions {
  place: ImapPlace;
  doneFolder: string;
  clock: Clock;
  log: Logger;
  registry: Registry;
  watch: Watch;
  /** Resolves when what the report says is committed; throws when it is to be tried again. */
  record: (mail: ReturnedMail) => Promise<WeighedReport>;
  /** Tests have smaller ones. */
  limits?: Partial<MailboxLimits>;
}

export interface Mailbox {
  /** Finishes the message under way, or leaves it where it lies when that takes too long. */
  stop(): Promise<void>;
}

/** Returns at once; neither the mail server nor the database need be there. */
export function startMailbox(options: MailboxOptions): Mailbox {
  const { place, doneFolder, clock, log, registry, watch, record } = options;
  const limits = { ...LIMITS, ...options.limits };
  const { largest, silence } = limits;
  const mailboxWatch = watchMailbox(registry, log);
  const tries = createTries(limits.rest);
  const folders: Record<Aside, string> = {
    DONE: doneFolder,
    TOO_LARGE: SET_ASIDE_FOLDERS.tooLarge,
    FAILED: SET_ASIDE_FOLDERS.failed,
  };
  const stopping = new AbortController();
  const stop = stopping.signal;
  const pause = (ms: number) => sleep(ms, undefined, { signal: stop }).catch(() => {});
  let line: MailboxLine | null = null;
  let lineFailures = 0;
  let databaseFailures = 0;

  async function attendForever(): Promise<void> {
    while (!stop.aborted) {
      try {
        line = await openMailbox({ place, largest, silence });
        await attend(line);
      } catch (error) {
        lineFailures += 1;
        mailboxWatch.lost(error);
        await pause(
          backOff(error instanceof MailboxRefusedError ? limits.refused : limits.away, lineFailures),
        );
      } finally {
        await line?.close();
        line = null;
      }
    }
  }

  async function attend(opened: MailboxLine): Promise<void> {
    for (let first = true; !stop.aborted; first = false) {
      const next = await empty(opened, first);
      if (next.deaf) await pause(next.after);
      else await opened.news(next.after, stop);
    }
  }

  /** One walk over all that lies there. Says when to look again, and whether news may make it sooner. */
  async function empty(opened: MailboxLine, first: boolean): Promise<{ after: number; deaf: boolean }> {
    const waiting = await opened.look();
    if (first) mailboxWatch.opened();
    lineFailures = 0;
    tries.keep(waiting);
    let left = waiting.uids.length;
    let after = limits.lookEvery;
    mailboxWatch.waiting(left);
    for (const uid of waiting.uids) {
      if (stop.aborted) break;
      const became = isResting(uid) ? 'LEFT' : await take(opened, uid);
      if (became === 'DATABASE_AWAY') {
        databaseFailures += 1;
        return { after: backOff(limits.away, databaseFailures), deaf: true };
      }
      if (became === 'LEFT') after = Math.min(after, Math.max(0, tries.restsUntil(uid) - clock.now()));
      else mailboxWatch.waiting((left -= 1));
    }
    return { after, deaf: false };
  }

  const isResting = (uid: number) => tries.restsUntil(uid) > clock.now();

  async function take(opened: MailboxLine, uid: number): Promise<'TAKEN' | 'LEFT' | 'DATABASE_AWAY'> {
    try {
      // It cut the line again and again: unread, then.
      if (tries.failures(uid) >= limits.tries) return await put(opened, uid, 'FAILED');
      const raw = await read(opened, uid);
      if (raw === null) return 'TAKEN';
      if (raw === 'TOO_LARGE') {
        watch.refused('SIZE');
        return await put(opened, uid, 'TOO_LARGE');
      }
      const fault = await tryToRecord(raw);
      if (fault === 'DATABASE') return 'DATABASE_AWAY';
      databaseFailures = 0;
      if (fault === null) return await put(opened, uid, 'DONE');
      tries.failed(uid, clock.now());
      return tries.failures(uid) < limits.tries ? 'LEFT' : await put(opened, uid, 'FAILED');
    } catch (error) {
      if (!(error instanceof MessageRefusedError)) throw error;
      tries.failed(uid, clock.now());
      mailboxWatch.messageRefused(tries.failures(uid) < limits.tries);
      return 'LEFT';
    }
  }

  async function read(opened: MailboxLine, uid: number): Promise<Buffer | 'TOO_LARGE' | null> {
    try {
      return await opened.read(uid, largest);
    } catch (error) {
      if (!(error instanceof MessageRefusedError)) tries.failed(uid, clock.now());
      throw error;
    }
  }

  async function put(opened: MailboxLine, uid: number, aside: Aside): Promise<'TAKEN'> {
    await opened.move(uid, folders[aside]);
    mailboxWatch.moved(aside);
    return 'TAKEN';
  }

  async function tryToRecord(raw: Buffer): Promise<'DATABASE' | 'DEFECT' | null> {
    const receivedAt = clock.now();
    // The envelope is not known: what it was delivered to stands in the header.
    const mail: ReturnedMail = { raw, recipients: [], source: 'REPORT_IMAP', receivedAt };
    try {
      watch.recorded(await record(mail), mail, (clock.now() - receivedAt) / SECOND);
      return null;
    } catch (error) {
      const why = isUnavailable(error) ? 'DATABASE' : 'DEFECT';
      watch.refused(why, error);
      return why;
    }
  }

  const attending = attendForever();
  return {
    async stop() {
      stopping.abort();
      const over = new AbortController();
      const drained = sleep(limits.drain, undefined, { signal: over.signal }).catch(() => {});
      await Promise.race([attending, drained]);
      over.abort();
      await line?.close();
    },
  };
}
