/** Which of our mails a report speaks of, by the Message-ID of the original it returns. */
import { readGroups } from './fields.js';
import type { OpenedMail } from './open-mail.js';

const RETURNED = new Set([
  'message/rfc822',
  'message/global',
  'text/rfc822-headers',
  'message/global-headers',
  'message/rfc822-headers',
  'text/rfc822',
]);
const ADDRESS = /(?:"[^"\s@]{1,64}"|[^\s<>"(),:;@]{1,64})@[^\s<>"(),:;@]{1,255}/g;
/** RFC 5322: no longer than a line. */
const MESSAGE_ID = /<[^\s\p{Cc}<>@]{1,250}@[^\s\p{Cc}<>@]{1,250}>/u;

/** With its angle brackets. `copy` is the original quoted in the words of the report, if there is one. */
export function originalMessageId(mail: OpenedMail, copy: string): string | null {
  for (const { type, text } of mail.parts) {
    const id = RETURNED.has(type) ? idInHeader(text) : null;
    if (id !== null) return id;
  }
  // Sun's servers and some of Exchange's name the original's header in the middle of their words.
  return idInCopy(copy) ?? idInCopy(mail.text) ?? idOfAnswered(mail);
}

/** The only one the original was for, lower case; null when it is not told, or there are several. */
export function originalRecipient(mail: OpenedMail, copy: string): string | null {
  const headers = mail.parts.filter(({ type }) => RETURNED.has(type)).map(({ text }) => readGroups(text)[0]);
  const to = headers.find((header) => header?.has('to'))?.get('to') ?? toInCopy(copy);
  const [only, ...others] = to.slice(0, 2_000).match(ADDRESS) ?? [];
  return others.length === 0 ? (only?.toLowerCase() ?? null) : null;
}

function toInCopy(copy: string): string {
  return /^[ \t>|]{0,10}to[ \t]{0,5}:(.{0,800})/im.exec(copy)?.[1] ?? '';
}

/** Whether a whole mail comes back, or at least its header. */
export function returnsOriginal(mail: OpenedMail, copy: string): boolean {
  return (
    idInCopy(copy) !== null || mail.parts.some(({ type, text }) => RETURNED.has(type) && idInHeader(text))
  );
}

function idInHeader(text: string): string | null {
  return messageIdIn(readGroups(text)[0]?.get('message-id'));
}

/** The copy may be quoted or indented, and the header may begin anywhere below the line that announces it. */
function idInCopy(copy: string): string | null {
  const at = /^[ \t>|]{0,10}(?:x-original-)?message-id[ \t]{0,5}:/im.exec(copy)?.index;
  return at === undefined ? null : messageIdIn(copy.slice(at, at + 800));
}

/** What the report itself calls the mail it answers (Gmail, Exchange; RFC 8098 in receipts). */
function idOfAnswered(mail: OpenedMail): string | null {
  const named = mail.parts
    .filter(({ type }) => type.startsWith('message/'))
    .map(({ text }) => /^(?:x-)?original-message-id[ \t]{0,5}:(.{0,800})/im.exec(text)?.[1]);
  return (
    [...named, mail.header('in-reply-to'), mail.header('references').split('>')[0] + '>']
      .map(messageIdIn)
      .find((id) => id !== null) ?? null
  );
}

/** The first one in a text, with its angle brackets. */
export function messageIdIn(text: string | undefined): string | null {
  return MESSAGE_ID.exec(text ?? '')?.[0] ?? null;
}
