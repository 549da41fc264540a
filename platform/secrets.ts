/** Tells secrets that protect nothing: left out, printed in manuals, or made by leaning on one key. */
import { parseImapUrl } from './imap-url.js';
import { parseKeyRing } from './keys.js';

const WELL_KNOWN = [
  'postgres',
  'password',
  'passw0rd',
  'secret',
  'changeme',
  'change-me',
  'net119',
  'demo',
  'test',
  'admin',
];

/** Fewer different bytes than this in 32 are not random: less than one in 10²⁰ random keys. */
const LEAST_DIFFERENT_BYTES = 16;

/** Names of the settings whose secret would be guessed. Settings that are absent or malformed are another check's. */
export function wellKnownSecrets(values: Readonly<Record<string, string>>): string[] {
  const names: string[] = [];
  for (const name of ['DATABASE_URL', 'DATABASE_OWNER_URL']) {
    const value = values[name];
    if (value !== undefined && URL.canParse(value) && isGuessable(new URL(value))) names.push(name);
  }
  const mailbox = parseImapUrl(values['BOUNCE_IMAP_URL'] ?? '');
  if (mailbox !== null && isEasy(mailbox.user, mailbox.password)) names.push('BOUNCE_IMAP_URL');
  const ring = parseKeyRing(values['LINK_KEYS'] ?? '') ?? [];
  if (ring.some(({ secret }) => new Set(secret).size < LEAST_DIFFERENT_BYTES)) names.push('LINK_KEYS');
  return names;
}

function isGuessable({ username, password }: URL): boolean {
  return isEasy(username, decodeURIComponent(password));
}

function isEasy(user: string, password: string): boolean {
  return password === '' || password === user || WELL_KNOWN.includes(password.toLowerCase());
}
