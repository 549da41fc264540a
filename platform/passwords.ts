/** Passwords of staff: argon2id. */
import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** 19 MiB, two passes, one lane: what OWASP asks for at least, and the package's own default. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

let nobodys: Promise<string> | undefined;

/** `passwordHash` null: there is no such person; it takes as long, so that nobody learns who there is. */
export async function isPassword(passwordHash: string | null, password: string): Promise<boolean> {
  nobodys ??= hashPassword(randomBytes(32).toString('base64url'));
  const matches = await verify(passwordHash ?? (await nobodys), password);
  return passwordHash !== null && matches;
}

/** `groups` of five letters each, 24 bits a group, to be read out and typed: no letter that looks like another. */
export function makeCode(groups: number): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const letters: string[] = [];
  while (letters.length < groups * 5) {
    for (const byte of randomBytes(32)) {
      // Bytes past the last whole multiple would make some letters likelier.
      if (byte < 248 && letters.length < groups * 5) letters.push(alphabet[byte % alphabet.length] ?? '');
    }
  }
  return (letters.join('').match(/.{5}/g) ?? []).join('-');
}

/** A code as typed from paper: full-width letters, capitals, signs and spaces are as if they were not. */
export function bareCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
