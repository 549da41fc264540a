/** What a person watching the mailbox must see; the mails themselves are counted with those of all ways in. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Logger } from '../platform/log.js';
import { MailboxRefusedError } from './mailbox-line.js';

export type Aside = 'DONE' | 'TOO_LARGE' | 'FAILED';

export interface MailboxWatch {
  opened(): void;
  /** Not by us. Told once until it is open again: away may last, and nothing is lost by it. */
  lost(error: unknown): void;
  waiting(messages: number): void;
  moved(to: Aside): void;
  /** The server did not hand it out, or did not move it; `again` is false when that was the last of its tries. */
  messageRefused(again: boolean): void;
}

export function watchMailbox(registry: Registry, log: Logger): MailboxWatch {
  const open = new Gauge({
    name: 'net119_mailbox_open',
    help: '1: the mailbox of reports is being watched.',
    registers: [registry],
  });
  const waiting = new Gauge({
    name: 'net119_mailbox_waiting',
    help: 'Messages that lay in the mailbox at the last look.',
    registers: [registry],
  });
  const moved = new Counter({
    name: 'net119_mailbox_moved_total',
    help: 'Messages moved: DONE once recorded, TOO_LARGE unread, FAILED after several tries.',
    labelNames: ['to'],
    registers: [registry],
  });
  let told = '';
  return {
    opened() {
      open.set(1);
      told = '';
      log.info({ event: 'mailbox-open' });
    },
    lost(error) {
      open.set(0);
      const why = error instanceof MailboxRefusedError ? error.why : 'AWAY';
      if (why === told) return;
      told = why;
      if (why === 'AWAY') log.warn({ event: 'mailbox-away', err: error });
      else log.error({ event: 'mailbox-refused', why, err: error });
    },
    waiting: (messages) => waiting.set(messages),
    moved(to) {
      moved.inc({ to });
      if (to === 'TOO_LARGE') log.warn({ event: 'report-too-large' });
      if (to === 'FAILED') log.error({ event: 'report-set-aside' });
    },
    messageRefused(again) {
      const event = 'mailbox-message-refused';
      if (again) log.warn({ event });
      else log.error({ event });
    },
  };
}
