/** A code that was typed, held against somebody's second factor; and the recovery codes beside it. Pure but for random numbers. */
import type { Instant } from '../domain/calendar.js';
import { codeWaitUntil } from '../domain/second-factor.js';
import type { KeyRing } from '../platform/keys.js';
import { tokenHash } from '../platform/keys.js';
import { bareCode, makeCode } from '../platform/passwords.js';
import { isSealedByOldKey, seal, unseal } from '../platform/sealed.js';
import { checkTotp } from '../platform/totp.js';
import type { SecondFactorRow } from '../store/staff-secrets.js';

export type CodeVerdict =
  | { verdict: 'RIGHT' }
  | { verdict: 'WRONG' }
  /** Right, but taken already: the next one, in half a minute at most, will do. */
  | { verdict: 'USED' }
  /** Too many wrong ones in a row; until then none is looked at. */
  | { verdict: 'WAIT'; until: Instant };

/** What is to be written when it is right. */
export type WeighedCode =
  | Exclude<CodeVerdict, { verdict: 'RIGHT' }>
  | { verdict: 'RIGHT'; by: 'AUTHENTICATOR'; step: number; sealed: string }
  | { verdict: 'RIGHT'; by: 'RECOVERY_CODE'; hash: Buffer };

const RECOVERY_CODES = 10;
/** 72 bits each. */
const RECOVERY_GROUPS = 3;

/** `ownerId`: whose factor it is; its secret was sealed for that id. */
export function weighCode(
  keys: KeyRing,
  factor: SecondFactorRow,
  { ownerId, typed, now }: { ownerId: string; typed: string; now: Instant },
): WeighedCode {
  const until = codeWaitUntil(factor.wrongCodes, factor.wrongCodeAt, now);
  if (until !== null) return { verdict: 'WAIT', until };
  const code = bareCode(typed);
  const { sealed } = factor;
  const secret = sealed === null ? null : unseal(keys, sealed, ownerId);
  if (sealed !== null && secret !== null) {
    const found = checkTotp(secret, { code, now, lastStep: factor.step });
    if (found.verdict === 'USED') return found;
    if (found.verdict === 'RIGHT') {
      const anew = isSealedByOldKey(keys, sealed) ? seal(keys, secret, ownerId) : sealed;
      return { verdict: 'RIGHT', by: 'AUTHENTICATOR', step: found.step, sealed: anew };
    }
  }
  const hash = recoveryHash(ownerId, code);
  const isRecovery = factor.recoveryHashes.some((each) => each.equals(hash));
  return isRecovery ? { verdict: 'RIGHT', by: 'RECOVERY_CODE', hash } : { verdict: 'WRONG' };
}

/** To be shown once, and what is kept of them. */
export function makeRecoveryCodes(ownerId: string): { codes: string[]; hashes: Buffer[] } {
  const codes = Array.from({ length: RECOVERY_CODES }, () => makeCode(RECOVERY_GROUPS));
  return { codes, hashes: codes.map((code) => recoveryHash(ownerId, bareCode(code))) };
}

function recoveryHash(ownerId: string, bare: string): Buffer {
  return tokenHash(`${ownerId}:${bare}`);
}
