/** Codes of an authenticator (RFC 6238): six digits, a new one each 30 seconds. Instants are epoch ms. */
import { generateSecret, generateSync, generateURI, verifySync } from 'otplib';

const PERIOD_SECONDS = 30;

/** 160 bits in base32. */
export function makeTotpSecret(): string {
  return generateSecret();
}

/** What the QR code says. `label` stands under the issuer in the authenticator. */
export function totpUri(secret: string, { issuer, label }: { issuer: string; label: string }): string {
  return generateURI({ secret, issuer, label });
}

export function totpCode(secret: string, now: number): string {
  return generateSync({ secret, epoch: Math.floor(now / 1000) });
}

export type TotpVerdict = { verdict: 'RIGHT'; step: number } | { verdict: 'USED' } | { verdict: 'WRONG' };

/**
 * A clock may be one step off to either side. `lastStep`: the last step whose code was taken; that one and earlier ones are
 * `USED`, though they would be right.
 */
export function checkTotp(
  secret: string,
  { code, now, lastStep }: { code: string; now: number; lastStep: number | null },
): TotpVerdict {
  if (!/^\d{6}$/.test(code)) return { verdict: 'WRONG' };
  const found = verifySync({
    secret,
    token: code,
    epoch: Math.floor(now / 1000),
    epochTolerance: PERIOD_SECONDS,
  });
  if (!found.valid || !('timeStep' in found)) return { verdict: 'WRONG' };
  if (lastStep !== null && found.timeStep <= lastStep) return { verdict: 'USED' };
  return { verdict: 'RIGHT', step: found.timeStep };
}
