/** Who sent a mail that came back: a mail server, or somebody who has an address. */
import type { OpenedMail } from './open-mail.js';

const MACHINE_LOCAL =
  /(?:^|[<\s"'])(?:mailer[-_.]?daemon|postmaster|mail[-_.]?daemon|mail[-_.]?system|maildelivery|mdaemon|mmdf|daemon|bounces?|delivery[-_.]?(?:status|subsystem)|microsoftexchange[\w.-]{0,64})(?:\+[\w.=-]{0,64})?(?:@|>|$)/i;
const MACHINE_NAME =
  /mail(?:er)?[ -]?(?:daemon|delivery|deliver|system|server|router|administrator)|postmaster|delivery (?:sub)?system|internet mail|mail gateway|system administrator|メール(?:配信|配送|システム)|ポストマスター/i;
/** KDDI's gateways have no other sender. */
const CARRIER_NO_REPLY =
  /no-?reply@(?:[a-z0-9-]{1,63}\.){0,4}(?:dion|ezweb|auone-net|kddi)\.(?:ne\.jp|jp|com)/i;
const ANSWERED_OR_FORWARDED = /^\s*(?:re|fwd?|wg|tr|転送|返信)\s*[:：]/i;

/** Only a machine reports in words; a person who quotes or forwards such words reports nothing. */
export function isFromMachine(mail: OpenedMail): boolean {
  if (ANSWERED_OR_FORWARDED.test(mail.header('subject'))) return false;
  if (mail.header('x-failed-recipients') !== '') return true;
  // Vacation notes have no return path either, but say that nobody wrote them.
  if (/^\s*<\s*>/.test(mail.header('return-path')) && mail.header('auto-submitted') === '') return true;
  const from = mail.header('from').slice(0, 500);
  return (
    // Courier: a name, and no address.
    /<\s*@?\s*>\s*$/.test(from) ||
    MACHINE_LOCAL.test(from) ||
    CARRIER_NO_REPLY.test(from) ||
    MACHINE_NAME.test(from.split('<')[0] ?? '')
  );
}
