/** Who sent a mail that came back: a mail server, or somebody who has an address. */
import { hasReply } from './fate.js';
import type { OpenedMail } from './open-mail.js';
import { SUBJECTS } from './prose-phrases.js';

/**
 * SERVER: comes from a mail server's own address. LIKELY: only its name, its role or its form says so, and anybody can
 * write those. ANYBODY: a person, a shop, a list; whatever such a mail tells in words is no report.
 */
export type Sender = 'SERVER' | 'LIKELY' | 'ANYBODY';

const SERVER_LOCAL =
  /(?:^|[<\s"'])(?:mailer[-_.]?daemon|post[-_.]?master|mail[-_.]?daemon|mail[-_.]?system|mail[-_.]?delivery(?:[-_.]system)?|ndr|imss|system[-_. ]administrator|mdaemon|mmdf|daemon|bounces?|delivery[-_.]?(?:status|subsystem)|microsoftexchange[\w.-]{0,64})(?:\+[\w.=-]{0,64})?"?(?:@|>|$)/i;
const SERVER_NAME =
  /mail(?:er)?[ -]?(?:daemon|delivery|deliver|system|server|router|administrator)|postmaster|delivery (?:sub)?system|internet mail|mail gateway|system administrator|メール(?:配信|配送|システム)|ポストマスター/i;
/** Addresses of machines and of those who keep them; a newsletter has some of them too. */
const ROLE_LOCAL =
  /^(?:no-?reply|do-?not-?reply|(?:mail-?)?gateway|mta|mx|smtp|relay|mail(?:er|server|host)?|system|server|root|admin(?:istrator)?|notif(?:y|ications?)|anti-?(?:spam|virus))[\d-]{0,4}@/i;
/** KDDI's gateways have no other sender. */
const CARRIER_NO_REPLY =
  /no-?reply@(?:[a-z0-9-]{1,63}\.){0,4}(?:dion|ezweb|auone-net|kddi)\.(?:ne\.jp|jp|com)/i;
const ANSWERED_OR_FORWARDED = /^\s*(?:re|fwd?|wg|tr|転送|返信)\s*[:：]/i;
/** Sent to many: no server reports so. */
const MASS_HEADERS = ['list-unsubscribe', 'list-id', 'list-post'];

/** `returnsOriginal`: the mail has a copy of a mail in it, header and all. */
export function senderOf(mail: OpenedMail, returnsOriginal: boolean): Sender {
  if (isAnswer(mail)) return 'ANYBODY';
  if (mail.header('x-failed-recipients') !== '') return 'SERVER';
  if (MASS_HEADERS.some((name) => mail.header(name) !== '')) return 'ANYBODY';
  const from = mail.header('from').slice(0, 500);
  // A name may look like an address: 「"postmaster@example.jp" <deal@shop.example>」.
  const address = from.slice(from.lastIndexOf('<') + 1).trim();
  if (
    // Courier: a name, and no address.
    /<\s*@?\s*>\s*$/.test(from) ||
    SERVER_LOCAL.test(address) ||
    CARRIER_NO_REPLY.test(address)
  ) {
    return 'SERVER';
  }
  if (SERVER_NAME.test(from.split('<')[0] ?? '')) return 'LIKELY';
  // Vacation notes of persons have no return path either: it says that nobody waits for an answer, not who wrote.
  if (!hasNullReturnPath(mail) || isAutomaticAnswer(mail)) return 'ANYBODY';
  return ROLE_LOCAL.test(address) || returnsOriginal || tellsOfRefusal(mail) ? 'LIKELY' : 'ANYBODY';
}

/** sendmail writes its own daemon where there was none. Whoever delivers writes the header: over SMTP to us nobody has. */
export function hasNullReturnPath(mail: OpenedMail): boolean {
  const path = mail.header('return-path');
  if (path === '') return mail.hasNoSender;
  return /^\s*<\s*(?:mailer-daemon(?:@[^\s<>]{0,255})?)?>/i.test(path);
}

/** An answer to a mail by its own word. Exim says so of its reports too, but names the recipient in a header. */
function isAutomaticAnswer(mail: OpenedMail): boolean {
  return /^\s*auto-replied\b/i.test(mail.header('auto-submitted'));
}

export function isAnswer(mail: OpenedMail): boolean {
  return ANSWERED_OR_FORWARDED.test(mail.header('subject'));
}

/** By its heading a report of a failure, with what a server said in it. */
function tellsOfRefusal(mail: OpenedMail): boolean {
  const subject = mail.header('subject').slice(0, 500);
  return (
    SUBJECTS.some(({ says, action }) => action === 'FAILED' && says.test(subject)) &&
    hasReply(mail.text.slice(0, 3_000))
  );
}
