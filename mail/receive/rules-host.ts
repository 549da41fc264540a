/**
 * Which host or domain an answer says was not found. Only when it is the domain of the address we wrote to is that
 * about the person: a relay, a mail host behind the provider's door, or one of our own names says nothing about them.
 */
export type MissingHost = 'ITS_DOMAIN' | 'ANOTHER' | 'UNNAMED';

const LABEL = '[a-z0-9_-]{1,63}';
const HOST_NAME = `${LABEL}(?:\\.${LABEL}){1,8}`;

/** Said to be the one that is missing; 「named」 and 「name=」 also of a host without dots. */
const SAID_TO_BE_MISSING: readonly RegExp[] = [
  /\b(?:name=|named '?|looking up (?:host )?)([a-z0-9_.-]{1,255})/g,
  new RegExp(`\\blook ?up (?:of |for |host |domain ){0,2}'?(${HOST_NAME})`, 'g'),
  new RegExp(`(?<!\\b(?:at|from|by) )\\b(?:domain|host|hostname)(?: name)?:? [('[]?(${HOST_NAME})`, 'g'),
  new RegExp(
    `(?<![a-z0-9_.-])(${HOST_NAME})[)'\\]]?[ :.]{1,5}(?:host |domain ){0,1}(?:name ){0,1}(?:is |was |does |could |has )?(?:unknown|not|un|no)`,
    'g',
  ),
  new RegExp(`ドメイン ?[「『'(]?(${HOST_NAME})`, 'g'),
];

/** Exchange’s words for its errors, which look like host names. */
const NO_HOST = /^(?:resolver|smtpsend|smtp|storedrv|transport|routing|queue|dns|agent|message)\./;

/** `text` in lower case on one line, with its addresses; `mailDomain` of the address we wrote to. */
export function missingHost(text: string, mailDomain: string): MissingHost {
  const bare = withoutSpeakers(text);
  const said = SAID_TO_BE_MISSING.flatMap((each) => namesBy(each, bare));
  if (said.length === 0 && /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/.test(bare)) return 'ANOTHER';
  const names = said.length > 0 ? said : namesBy(new RegExp(`(?<![a-z0-9_.-])(${HOST_NAME})`, 'g'), bare);
  if (names.length === 0) return 'UNNAMED';
  return names.every((name) => isOrHolds(name, mailDomain)) ? 'ITS_DOMAIN' : 'ANOTHER';
}

/** Links, whoever speaks, and the local part of an address are not what was looked for. */
function withoutSpeakers(text: string): string {
  return text
    .replace(/https?:\/\/[^ ]{0,2000}/g, '')
    .replace(/[^\s()[\],;:=@]{1,255}@(?=[a-z0-9_-])/g, '')
    .replace(/\[[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}\.outlook\.com[^\]]{0,80}\]/g, '')
    .replace(/\b(?:lastattemptedservername|reporting-mta|remote-mta)[=:][^\]\s]{0,255}/g, '')
    .replace(/\b(?:host|to|with) [\w.-]{1,255} ?\[[0-9a-f.:]{2,45}\](?::\d{1,5})?/g, '')
    .replace(/\bhost [\w.-]{1,255}(?= ?(?:said|replied|responded|returned|: ?[45]\d\d))/g, '');
}

function namesBy(wording: RegExp, text: string): string[] {
  return [...text.matchAll(wording)]
    .map(([, name]) => (name ?? '').replace(/^[.-]{1,99}|[.]{1,99}$/g, ''))
    .filter((name) => /(?:^|\.)[a-z][a-z0-9-]{1,62}$/.test(name) && !NO_HOST.test(name));
}

/** The domain itself, or one it lies in: `city.example.jp` is gone when `example.jp` is. */
function isOrHolds(name: string, mailDomain: string): boolean {
  return name === mailDomain || (name.includes('.') && mailDomain.endsWith(`.${name}`));
}
