/** SendGrid's signed events: ECDSA over the time and the body as it came. */
import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Instant } from '../../domain/calendar.js';
import { HOUR, MINUTE } from '../../domain/calendar.js';
import { RefusedCall } from './refused.js';

/**
 * SendGrid sends a batch again for 24 hours, and whether it signs anew is not written anywhere. A copy within that time
 * does no harm: what it tells is known.
 */
const OLDEST = 25 * HOUR;
/** Clocks differ. */
const AHEAD = 5 * MINUTE;

interface Signed {
  raw: Buffer;
  /** Of X-Twilio-Email-Event-Webhook-Signature, base64. */
  signature: string | undefined;
  /** Of X-Twilio-Email-Event-Webhook-Timestamp, in seconds. */
  timestamp: string | undefined;
}

/** Throws RefusedCall. */
export function proveSendgrid(
  key: KeyObject,
  { raw, signature, timestamp }: Signed,
  receivedAt: Instant,
): void {
  if (signature === undefined || timestamp === undefined || !/^\d{1,12}$/.test(timestamp))
    throw new RefusedCall('SIGNATURE');
  const signed = Buffer.concat([Buffer.from(timestamp), raw]);
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64'))) throw new RefusedCall('SIGNATURE');
  const age = receivedAt - Number(timestamp) * 1_000;
  if (!(age <= OLDEST && age >= -AHEAD)) throw new RefusedCall('TIME');
}
