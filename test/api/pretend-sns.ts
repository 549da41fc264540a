/** Amazon SNS as a webhook sees it: signs messages, has its certificate fetched and its subscriptions confirmed. */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { HttpGet } from '../../api/webhooks/http-get.js';

export const TOPIC = 'arn:aws:sns:ap-northeast-1:123456789012:net119-mail-events';
const HOST = 'https://sns.ap-northeast-1.amazonaws.com';
export const CERTIFICATE_URL = `${HOST}/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem`;

export interface PretendSns {
  get: HttpGet;
  /** What was fetched, in order. */
  fetched: string[];
  /** How the next fetches end. */
  answer(how: HttpGet | null): void;
  notification(message: string | object, more?: Overrides): Record<string, string>;
  confirmation(more?: Overrides): Record<string, string>;
  unsubscription(more?: Overrides): Record<string, string>;
}

/** Set before it is signed; `after` replaces fields of the signed message. */
export interface Overrides {
  set?: Record<string, string>;
  after?: Record<string, string>;
  key?: KeyObject;
}

export function pretendSns(now: () => number, validity?: { from: string; to: string }): PretendSns {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = selfSigned(privateKey, publicKey, validity);
  const fetched: string[] = [];
  let how: HttpGet | null = null;

  function signed(fields: Record<string, string>, names: readonly string[], more: Overrides = {}) {
    const { set = {}, after = {}, key = privateKey } = more;
    const message: Record<string, string> = {
      MessageId: randomUUID(),
      TopicArn: TOPIC,
      Timestamp: new Date(now()).toISOString(),
      SignatureVersion: '1',
      SigningCertURL: CERTIFICATE_URL,
      ...fields,
      ...set,
    };
    const text = names
      .filter((name) => message[name] !== undefined)
      .map((name) => `${name}\n${message[name]}\n`)
      .join('');
    const hash = message['SignatureVersion'] === '2' ? 'sha256' : 'sha1';
    return { ...message, Signature: sign(hash, Buffer.from(text), key).toString('base64'), ...after };
  }
  const confirms = (Type: string, more?: Overrides) => {
    const Token = 'a'.repeat(64);
    const query = new URLSearchParams({
      Action: 'ConfirmSubscription',
      TopicArn: more?.set?.['TopicArn'] ?? TOPIC,
      Token,
    });
    return signed(
      { Type, Message: 'You have chosen to subscribe', Token, SubscribeURL: `${HOST}/?${query}` },
      ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
      more,
    );
  };
  return {
    fetched,
    async get(url) {
      fetched.push(url);
      if (how) return how(url);
      return { status: 200, text: url === CERTIFICATE_URL ? certificate : '<ConfirmSubscriptionResponse/>' };
    },
    answer: (next) => (how = next),
    notification: (message, more) =>
      signed(
        { Type: 'Notification', Message: typeof message === 'string' ? message : JSON.stringify(message) },
        ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
        more,
      ),
    confirmation: (more) => confirms('SubscriptionConfirmation', more),
    unsubscription: (more) => confirms('UnsubscribeConfirmation', more),
  };
}

/** X.509 by hand, since Node makes none: just enough to be read. */
function selfSigned(
  privateKey: KeyObject,
  publicKey: KeyObject,
  { from, to } = { from: '250101000000Z', to: '350101000000Z' },
): string {
  const tlv = (tag: number, ...parts: Buffer[]): Buffer => {
    const content = Buffer.concat(parts);
    const { length } = content;
    const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
    return Buffer.concat([Buffer.from([tag, ...size]), content]);
  };
  const sequence = (...parts: Buffer[]) => tlv(0x30, ...parts);
  const oid = (...octets: number[]) => tlv(0x06, Buffer.from(octets));
  const sha256Rsa = sequence(oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), tlv(0x05));
  const name = sequence(
    tlv(0x31, sequence(oid(0x55, 0x04, 0x03), tlv(0x0c, Buffer.from('sns.amazonaws.com')))),
  );
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([1])),
    sha256Rsa,
    name,
    sequence(tlv(0x17, Buffer.from(from)), tlv(0x17, Buffer.from(to))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const der = sequence(body, sha256Rsa, tlv(0x03, Buffer.from([0]), sign('sha256', body, privateKey)));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
