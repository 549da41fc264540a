/** Secrets we must be able to read again, encrypted at rest with a key made of LINK_KEYS: AES-256-GCM. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyRing, LinkKey } from './keys.js';
import { findKey } from './keys.js';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** `<key id>.<base64url>`, by the first key of the ring. `of` names what it belongs to: elsewhere it cannot be opened. */
export function seal(ring: KeyRing, text: string, of: string): string {
  const key = ring[0];
  if (key === undefined) throw new Error('there is no key to seal with');
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyOf(key), iv).setAAD(Buffer.from(of));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return `${key.id}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
}

/** Null when its key is no longer in the ring, or it was not sealed for `of`. */
export function unseal(ring: KeyRing, sealed: string, of: string): string | null {
  const [id = '', body = ''] = sealed.split('.');
  const key = findKey(ring, id);
  if (key === undefined) return null;
  const bytes = Buffer.from(body, 'base64url');
  try {
    const decipher = createDecipheriv(ALGORITHM, keyOf(key), bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(of))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const text = [decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()];
    return Buffer.concat(text).toString('utf8');
  } catch {
    return null;
  }
}

/** By a key that is no longer the first: to be sealed anew, so that the old key can go some day. */
export function isSealedByOldKey(ring: KeyRing, sealed: string): boolean {
  return sealed.split('.')[0] !== ring[0]?.id;
}

function keyOf(key: LinkKey): Buffer {
  return Buffer.from(hkdfSync('sha256', key.secret, '', 'staff-second-factor', 32));
}
