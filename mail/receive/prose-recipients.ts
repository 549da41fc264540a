/** Whom a report in words speaks of: an address at the beginning of a line, else one within a sentence. */

const ADDRESS = String.raw`(?:"[^"\s@]{1,64}"|[^\s<>()[\]:;,"'「」（）、。*@]{1,64})@[A-Za-z0-9.\-_*]{0,250}[A-Za-z0-9]`;
const LABEL = [
  String.raw`(?:final[ -]|original[ -]|failed[ -])?recipient(?: address)?`,
  'to',
  '(?:mail|e-?mail)? ?address',
  'could not be delivered to',
  'user unknown',
  'unknown user',
  'invalid final delivery userid',
  'user mailbox exceeds allowed size',
  'undeliverable to',
  'deliver to',
  '宛先(?:アドレス)?',
  '送信先(?:アドレス)?',
  '受信者',
  'あて先',
].join('|');
const AT_BEGINNING = new RegExp(
  String.raw`^(?:>(?:>>)? )?[\s*・●■•-]{0,20}(?:(${LABEL})[ \t]*[:：]\s*)?(?:\[smtp:)?[<"']?(${ADDRESS})[>"'\]]?(.*)$`,
  'i',
);
const WITHIN = new RegExp(
  String.raw`(?:\b(?:to|for|recipient|address|user|mailbox|rcpt to):?\s*[<*"'「 ]{0,4}|<)(${ADDRESS})`,
  'gi',
);
const BEFORE_PARTICLE = new RegExp(String.raw`(${ADDRESS})(?:[>"'」]{0,2}\s{0,2}(?:へ|に|宛|さん|様))`, 'g');
/** Lines about the mail or its sender. */
const OTHER_LINE = /\bmessage-id\b|^\s*(?:from|sender|reply-to|return-path)\b.{0,20}:/i;
/** A label that is the reason as well. */
const TELLS = /unknown|invalid|exceeds/i;
/** Whom to ask, not whom it was for. */
const STAFF = /^(?:postmaster|mailer-daemon|abuse|support|hostmaster|noc|help(?:desk)?)@/i;

export interface Named {
  recipient: string;
  /** What the line says after the address; the label before it, when only that tells something. */
  rest: string;
}

/** The line speaks of one recipient: nothing but a label stands before the address. */
export function namedOnLine(line: string, ours: readonly string[]): Named | null {
  if (!line.includes('@')) return null;
  const [, label = '', recipient = '', rest = ''] = AT_BEGINNING.exec(line) ?? [];
  if (recipient === '' || isOther(recipient, ours)) return null;
  const said = rest.replace(/^<?mailto:[^\s>]{0,300}>?/i, '').replace(/^[\s>:：,;.\])-]{1,20}/, '');
  return { recipient, rest: said === '' && TELLS.test(label) ? label : said };
}

export function namedWithin(lines: readonly string[], ours: readonly string[]): string[] {
  const found = lines
    .filter((line) => line.includes('@') && !OTHER_LINE.test(line))
    .flatMap((line) => [...line.matchAll(WITHIN), ...line.matchAll(BEFORE_PARTICLE)])
    .map((match) => match[1] ?? '')
    .filter((recipient) => !isOther(recipient, ours));
  return [...new Set(found)];
}

function isOther(address: string, ours: readonly string[]): boolean {
  return STAFF.test(address) || ours.includes(address.toLowerCase());
}
