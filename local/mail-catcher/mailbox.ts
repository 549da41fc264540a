/** What the catcher took: the newest messages in memory, each also in an append-only journal that a restart reads. */
import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import PostalMime from 'postal-mime';
import { addressKey } from '../../mail/addresses.js';

export interface Message {
  id: string;
  /** ISO instant, UTC: when the final dot came. */
  receivedAt: string;
  envelopeFrom: string;
  envelopeTo: string[];
  messageId: string;
  subject: string;
  /** Decoded plain text. */
  text: string;
  from: string;
  replyTo: string;
  /** As it came over the line. */
  source: string;
}

export interface Envelope {
  from: string;
  to: string[];
}

export interface Mailbox {
  /** Resolves when the message is in the journal. */
  add(envelope: Envelope, source: Buffer): Promise<Message>;
  /** Newest first. `to`: one address in any way of writing it; `since`: epoch ms, inclusive. */
  list(filter?: { to?: string | undefined; since?: number | undefined }): Message[];
  find(id: string): Message | null;
}

/** More are forgotten, oldest first; a message is a few kilobytes. */
const KEPT = 5_000;

export async function openMailbox(journal: string, kept = KEPT): Promise<Mailbox> {
  await mkdir(dirname(journal), { recursive: true, mode: 0o700 });
  const messages = await readJournal(journal, kept);
  let lastWrite: Promise<unknown> = Promise.resolve();
  return {
    async add(envelope, source) {
      const message = await messageOf(envelope, source);
      // One after the other, so that lines never mix.
      const write = lastWrite.then(() => appendFile(journal, `${JSON.stringify(message)}\n`));
      lastWrite = write.catch(() => {});
      await write;
      messages.push(message);
      if (messages.length > kept) messages.shift();
      return message;
    },
    list({ to, since } = {}) {
      const wanted = to === undefined ? null : addressKey(to.trim());
      return messages
        .filter((message) => since === undefined || Date.parse(message.receivedAt) >= since)
        .filter(({ envelopeTo }) => wanted === null || envelopeTo.some((one) => addressKey(one) === wanted))
        .reverse();
    },
    find: (id) => messages.find((message) => message.id === id) ?? null,
  };
}

/** A line cut off by a kill is left out; what is too old goes, so that the file does not grow for ever. */
async function readJournal(journal: string, kept: number): Promise<Message[]> {
  const text = await readFile(journal, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  const messages = lines.flatMap((line): Message[] => {
    try {
      return [JSON.parse(line) as Message];
    } catch {
      return [];
    }
  });
  const newest = messages.slice(-kept);
  if (newest.length !== lines.length || !text.endsWith('\n')) {
    await writeFile(`${journal}.new`, newest.map((message) => `${JSON.stringify(message)}\n`).join(''), {
      mode: 0o600,
    });
    await rename(`${journal}.new`, journal);
  }
  return newest;
}

async function messageOf(envelope: Envelope, source: Buffer): Promise<Message> {
  const mail = await PostalMime.parse(source);
  return {
    id: randomUUID(),
    receivedAt: new Date().toISOString(),
    envelopeFrom: envelope.from,
    envelopeTo: envelope.to,
    messageId: mail.messageId ?? '',
    subject: mail.subject ?? '',
    text: (mail.text ?? '').replaceAll('\r\n', '\n'),
    from: [mail.from?.name, mail.from?.address && `<${mail.from.address}>`].filter(Boolean).join(' '),
    replyTo: mail.replyTo?.map((one) => one.address ?? '').join(', ') ?? '',
    source: source.toString('utf8'),
  };
}
