/** The keys that Amazon SNS signs with: fetched once from the topic's own host, and kept. */
import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Instant } from '../../domain/calendar.js';
import type { HttpGet } from './http-get.js';
import { RefusedCall } from './refused.js';

/** Changes every few months; there is one a region. */
const KEPT = 16;
/** Anybody can name certificates that there are not: so many are asked for, and no more. */
const FETCHES = { points: 20, duration: 60 };

/** Rejects with RefusedCall. `host` is where the certificate must lie. */
export type Certificates = (url: string, host: string, now: Instant) => Promise<KeyObject>;

export function createCertificates(get: HttpGet): Certificates {
  const kept = new Map<string, Promise<X509Certificate>>();
  const fetches = new RateLimiterMemory(FETCHES);

  function certificateAt(url: string): Promise<X509Certificate> {
    const known = kept.get(url);
    if (known) return known;
    const fetched = fetchCertificate(url, get, fetches);
    kept.set(url, fetched);
    fetched.catch(() => kept.delete(url));
    for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest);
    return fetched;
  }

  return async (url, host, now) => {
    if (!isPinned(url, host)) throw new RefusedCall('CERTIFICATE_URL');
    const certificate = await certificateAt(url);
    const isInTime = Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
    if (!isInTime || certificate.publicKey.asymmetricKeyType !== 'rsa') throw new RefusedCall('SIGNATURE');
    return certificate.publicKey;
  };
}

/** As one text: whatever a URL parser would forgive is not of Amazon. */
function isPinned(url: string, host: string): boolean {
  const path = url.startsWith(`https://${host}/`) ? url.slice(`https://${host}/`.length) : '';
  return /^SimpleNotificationService-[0-9A-Za-z]{1,100}\.pem$/.test(path);
}

async function fetchCertificate(
  url: string,
  get: HttpGet,
  fetches: RateLimiterMemory,
): Promise<X509Certificate> {
  try {
    await fetches.consume('');
    const { status, text } = await get(url);
    if (status === 200) return new X509Certificate(text);
  } catch {
    // Away, or not a certificate: the same for who calls.
  }
  throw new RefusedCall('SERVICE_AWAY');
}
