/** Codes that stand in for a password until the person has chosen one; handed over on paper, never mailed. */
import type { Instant } from '../domain/calendar.js';
import { DAY } from '../domain/calendar.js';
import { tokenHash } from '../platform/keys.js';
import { bareCode, makeCode } from '../platform/passwords.js';

/** A one-time code is good for so long. */
const CODE_LASTS = 7 * DAY;
/** 97 bits. */
const CODE_GROUPS = 4;

/** To be handed over; returned once and stored nowhere. */
export interface OneTimeCode {
  code: string;
  until: Instant;
}

export function makeOneTimeCode(now: Instant): OneTimeCode & { hash: Buffer } {
  const code = makeCode(CODE_GROUPS);
  return { code, until: now + CODE_LASTS, hash: tokenHash(bareCode(code)) };
}

/** As it was typed, perhaps from paper. */
export function oneTimeHash(typed: string): Buffer {
  return tokenHash(bareCode(typed));
}
