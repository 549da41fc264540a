/** A mailbox being watched whose record is a double. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import type { Mailbox, MailboxLimits, MailboxOptions } from '../../intake/mailbox.js';
import { startMailbox } from '../../intake/mailbox.js';
import { createWatch } from '../../intake/watch.js';
import { systemClock } from '../../platform/clock.js';
import type { ImapPlace } from '../../platform/imap-url.js';
import { createLogger } from '../../platform/log.js';
import type { ReturnedMail } from '../../usecases/record-report.js';
import { RETURN_PATH, recordedAlways } from './world.js';

/** News come at once or not in this test; whatever waits for something else waits for little. */
const LIMITS: Partial<MailboxLimits> = {
  lookEvery: 600_000,
  away: { first: 20, most: 100 },
  refused: { first: 600_000, most: 600_000 },
  rest: { first: 20, most: 50 },
};

export interface TestMailbox extends Mailbox {
  /** What was handed on, in order. */
  got: ReturnedMail[];
  /** Their Message-IDs. */
  ids(): string[];
  /** What was logged of this event. */
  told(event: string): Record<string, unknown>[];
  logged: string[];
  count(name: string, labels?: Record<string, string>): Promise<number>;
}

export function mailbox(
  place: ImapPlace,
  options: { record?: MailboxOptions['record']; limits?: Partial<MailboxLimits> } = {},
): TestMailbox {
  const { record = recordedAlways, limits } = options;
  const got: ReturnedMail[] = [];
  const logged: string[] = [];
  const registry = new Registry();
  const log = createLogger('intake', 'debug', { write: (line: string) => void logged.push(line) });
  const started = startMailbox({
    place,
    doneFolder: 'Done',
    clock: systemClock,
    log,
    registry,
    watch: createWatch(registry, log),
    record: (mail) => {
      got.push(mail);
      return record(mail);
    },
    limits: { ...LIMITS, ...limits },
  });
  onTestFinished(() => started.stop());
  return {
    ...started,
    got,
    ids: () => got.map(({ raw }) => idOf(raw)),
    logged,
    told: (event) =>
      logged.map((one) => JSON.parse(one) as Record<string, unknown>).filter((one) => one['event'] === event),
    async count(name, labels = {}) {
      const metric = await registry.getSingleMetric(name)?.get();
      const found = metric?.values.find((one) =>
        Object.entries(labels).every(([label, value]) => one.labels[label] === value),
      );
      return found?.value ?? 0;
    },
  };
}

export function idOf(raw: Buffer): string {
  return /^Message-ID: (\S+)/m.exec(raw.toString('latin1'))?.[1] ?? '';
}

/** A mail as it lies in a mailbox: delivered to a return path. */
export function mailNamed(name: string, body = 'taro@example.jp: 550 5.1.1 no such user\r\n'): string {
  return [
    `Delivered-To: ${RETURN_PATH}`,
    'From: MAILER-DAEMON@mx.example.jp',
    `Message-ID: <${name}@mx.example.jp>`,
    'Subject: Undelivered Mail Returned to Sender',
    '',
    body,
  ].join('\r\n');
}

export const named = (...names: string[]): string[] => names.map((name) => `<${name}@mx.example.jp>`);

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
