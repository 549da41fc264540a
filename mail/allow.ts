/** Whom mail may go to outside production: a rehearsal must not reach real people. */
import type { MailAllow } from '../platform/env.js';
import { addressKey } from './addresses.js';

/** Entries are whole addresses, or `@domain` for everybody there (not its subdomains). */
export function isAllowed(address: string, allow: MailAllow): boolean {
  if (allow === 'everybody') return true;
  if (allow === 'nobody') return false;
  const key = addressKey(address);
  const domain = key.slice(key.lastIndexOf('@'));
  return allow.some((entry) => [key, domain].includes(addressKey(entry)));
}
