/** Calls of Amazon SNS: proven to be of a topic of ours, or refused; subscriptions of such topics are confirmed. */
import { verify } from 'node:crypto';
import type { Instant } from '../../domain/calendar.js';
import { HOUR, MINUTE } from '../../domain/calendar.js';
import type { HttpGet } from './http-get.js';
import { RefusedCall } from './refused.js';
import { createCertificates } from './sns-certificates.js';
import type { SnsMessage } from './sns-message.js';
import { hostOf, parseSnsMessage, signedText } from './sns-message.js';

/** SNS tries an endpoint for an hour at most: whatever is older was sent by somebody else. */
const OLDEST = HOUR;
/** Clocks differ. */
const AHEAD = 5 * MINUTE;
const HASH = { '1': 'sha1', '2': 'sha256' } as const;

export interface Sns {
  /** Rejects with RefusedCall. */
  prove(raw: Buffer, receivedAt: Instant): Promise<SnsMessage>;
  /** Of a proven message. Rejects with RefusedCall when SNS cannot be reached, so that it asks again. */
  confirm(message: Extract<SnsMessage, { Type: 'SubscriptionConfirmation' }>): Promise<void>;
}

export function createSns(topics: readonly string[], get: HttpGet): Sns {
  const certificates = createCertificates(get);
  return {
    async prove(raw, receivedAt) {
      const message = parseSnsMessage(raw);
      if (message === null) throw new RefusedCall('SIGNATURE');
      const host = hostOf(message.TopicArn);
      if (host === null || !topics.includes(message.TopicArn)) throw new RefusedCall('TOPIC');
      const age = receivedAt - Date.parse(message.Timestamp);
      if (!(age <= OLDEST && age >= -AHEAD)) throw new RefusedCall('TIME');
      const key = await certificates(message.SigningCertURL, host, receivedAt);
      const signature = Buffer.from(message.Signature, 'base64');
      if (!verify(HASH[message.SignatureVersion], Buffer.from(signedText(message)), key, signature))
        throw new RefusedCall('SIGNATURE');
      return message;
    },
    async confirm({ SubscribeURL, TopicArn, Token }) {
      const asked = URL.canParse(SubscribeURL) ? new URL(SubscribeURL).searchParams : null;
      if (asked?.get('TopicArn') !== TopicArn || asked.get('Token') !== Token) throw new RefusedCall('TOPIC');
      // Put together anew, so that nothing but this can be asked for.
      const query = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn, Token });
      const answer = await get(`https://${hostOf(TopicArn)}/?${query}`).catch(() => null);
      if (answer?.status !== 200) throw new RefusedCall('SERVICE_AWAY');
    },
  };
}
