/** Which of our mails a report is about: first by the return path it came to, then by the Message-ID it quotes. */
import type { Instant } from '../domain/calendar.js';
import { DAY } from '../domain/calendar.js';
import { tokenHash } from '../platform/keys.js';
import type { Tx } from '../store/database.js';
import type { ReportedMail } from '../store/reports.js';
import { lookupMessageId, lookupReturnPath } from '../store/reports.js';

/** A return path is good for so long after its mail was sent; what comes later changes nothing. */
const RETURN_PATH_KEPT = 90 * DAY;

export type Match =
  | { found: 'MAIL'; mail: ReportedMail; by: 'RETURN_PATH' | 'MESSAGE_ID' }
  /** It came to a return path that is none of ours, or no longer good. */
  | { found: 'WRONG_CODE' | 'TOO_OLD' }
  /** The return path says one mail of ours, the returned original another: somebody has mixed them. */
  | { found: 'CONTRADICTION' }
  | { found: 'NOTHING' };

export interface Named {
  /** Of return paths (`codesOf`). */
  codes: readonly string[];
  /** Of the original, with its angle brackets. */
  messageId: string | null;
  receivedAt: Instant;
}

/** Lookups only; the tenant is not known yet. */
export async function matchReport(tx: Tx, { codes, messageId, receivedAt }: Named): Promise<Match> {
  const byCode: ReportedMail[] = [];
  for (const code of codes) {
    const mail = await lookupReturnPath(tx, tokenHash(code));
    if (mail) byCode.push(mail);
  }
  if (codes.length > 0 && byCode.length === 0) return { found: 'WRONG_CODE' };
  const quoted = messageId === null ? null : await lookupMessageId(tx, messageId.trim().toLowerCase());
  const [mail] = byCode;
  if (!mail) {
    return quoted === null ? { found: 'NOTHING' } : inTime(receivedAt, { mail: quoted, by: 'MESSAGE_ID' });
  }
  if ([...byCode, quoted ?? mail].some(({ reminderId }) => reminderId !== mail.reminderId))
    return { found: 'CONTRADICTION' };
  return inTime(receivedAt, { mail, by: 'RETURN_PATH' });
}

function inTime(
  receivedAt: Instant,
  { mail, by }: { mail: ReportedMail; by: 'RETURN_PATH' | 'MESSAGE_ID' },
): Match {
  return receivedAt - mail.sentAt > RETURN_PATH_KEPT ? { found: 'TOO_OLD' } : { found: 'MAIL', mail, by };
}

/** How many recipients are looked at: a report goes to one. */
const MOST_CODES = 10;

/** The codes of return paths among addresses, as they are stored: some servers fold the case of a local part, or drop its `+`. */
export function codesOf(recipients: readonly string[]): string[] {
  const codes = recipients.flatMap((address) => {
    const local = address
      .slice(0, address.lastIndexOf('@'))
      .toLowerCase()
      .replace(/[<"\s\p{Cc}]/gu, '');
    // Whatever begins like a return path is taken for one, so that an altered one is told from none at all.
    const code = /^b\+(.+)$/.exec(local)?.[1] ?? /^b([a-z2-7]{26})$/.exec(local)?.[1];
    return code === undefined ? [] : [code];
  });
  return [...new Set(codes)].slice(0, MOST_CODES);
}

const HEADER_AT_MOST = 64 * 1024;

/** Where the envelope is not known, the header tells what a mail was delivered to. */
export function recipientsInHeader(raw: Buffer): string[] {
  const text = raw.subarray(0, HEADER_AT_MOST).toString('latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const lines = text
    .slice(0, end)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/);
  const named = lines.filter((line) => /^(delivered-to|x-original-to|envelope-to|to)[ \t]*:/i.test(line));
  return named.flatMap((line) => line.match(/[^\s<>,;:"]{1,64}@[^\s<>,;:"]{1,255}/g) ?? []);
}
