/** Secrets that people carry: links, return paths, API tokens. Only their SHA-256 is ever stored (R25). */
import { createHash, createHmac, randomBytes } from 'node:crypto';

export interface LinkKey {
  id: string;
  secret: Uint8Array;
}

/** The first makes new links; all of them are still known (rotation). */
export type KeyRing = readonly LinkKey[];

/** `id:base64url-secret[,id:…]`; null when a part is malformed, an id comes twice or a secret is under 32 bytes. */
export function parseKeyRing(text: string): KeyRing | null {
  const ring: LinkKey[] = [];
  for (const part of text.split(',')) {
    const [, id, secret] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9_-]{43,})$/.exec(part.trim()) ?? [];
    if (id === undefined || secret === undefined || findKey(ring, id) !== undefined) return null;
    ring.push({ id, secret: Buffer.from(secret, 'base64url') });
  }
  return ring;
}

export function findKey(ring: KeyRing, id: string): LinkKey | undefined {
  return ring.find((key) => key.id === id);
}

/** 24 characters, 144 bits: the same row and key always give the same link (R21). */
export function linkToken(key: LinkKey, reminderId: string): string {
  return hmac(key, `renewal-link:${reminderId}`).subarray(0, 18).toString('base64url');
}

/** 26 lower-case letters and digits, 128 bits: on paper (R31), where a person may have to type it. */
export function paperLinkToken(key: LinkKey, letterId: string): string {
  return base32(hmac(key, `paper-link:${letterId}`).subarray(0, 16));
}

/** 26 lower-case letters and digits, 128 bits: survives servers that fold the case of a local part. */
export function returnPathCode(key: LinkKey, reminderId: string): string {
  return base32(hmac(key, `return-path:${reminderId}`).subarray(0, 16));
}

/** For signing the cookies of the staff site; the first signs, the others are still believed. */
export function sessionSecrets(ring: KeyRing): string[] {
  return ring.map((key) => hmac(key, 'staff-session').toString('base64url'));
}

export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** 256 random bits behind a prefix that secret scanners recognise. */
export function makeApiToken(): string {
  return `n119_${randomBytes(32).toString('base64url')}`;
}

function hmac(key: LinkKey, message: string): Buffer {
  return createHmac('sha256', key.secret).update(message, 'utf8').digest();
}

function base32(bytes: Uint8Array): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >>> bits) & 31];
    }
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text;
}
