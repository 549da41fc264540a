import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { afterEach, describe, expect, test } from 'vitest';
import { SIGNED_HEADERS } from '../../mail/message.js';
import { createSmtpTransport } from '../../mail/smtp-transport.js';
import { ConfigError } from '../../platform/env.js';
import { inTenSeconds, outgoing, realClock, settingsFor } from './given.js';
import { startSink } from './smtp-sink.js';
import type { Sink } from './smtp-sink.js';

const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
const GOOD = rsa(2048);
const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

let sink: Sink | null = null;
afterEach(async () => {
  await sink?.close();
  sink = null;
});

const keyed = (DKIM_PRIVATE_KEY: string) =>
  settingsFor(sink?.url ?? 'smtp://127.0.0.1:1', {
    DKIM_DOMAIN: 'mail.example.org',
    DKIM_SELECTOR: 's1',
    DKIM_PRIVATE_KEY,
  });

describe('a good key', () => {
  test.each([
    ['as PEM', GOOD],
    ['as PEM in one line', GOOD.replaceAll('\n', '\\n')],
  ])('%s signs what arrives, Auto-Submitted included, and a changed text shows', async (_how, key) => {
    sink = await startSink();
    const transport = await createSmtpTransport(keyed(key), realClock);
    await transport.send(outgoing({ text: `${outgoing().text}.\n..\n` }), inTenSeconds());
    transport.close();
    const raw = sink.taken[0]?.raw ?? Buffer.alloc(0);
    const published = createPublicKey(GOOD).export({ type: 'spki', format: 'der' }).toString('base64');
    const verify = async (message: string) =>
      (await dkimVerify(message, { resolver: () => Promise.resolve([[`v=DKIM1; k=rsa; p=${published}`]]) }))
        .results;
    const message = raw.toString('latin1');
    expect(
      (await verify(message)).map((each) => [each.signingDomain, each.selector, each.status.result]),
    ).toEqual([['mail.example.org', 's1', 'pass']]);
    const signed = /[; ]h=([^;]+);/
      .exec(message.replace(/\r\n[ \t]+/g, ''))?.[1]
      ?.toLowerCase()
      .split(':');
    expect(signed).toEqual(expect.arrayContaining(SIGNED_HEADERS.map((name) => name.toLowerCase())));
    const changed = await verify(message.replace('auto-generated', 'no'));
    expect(changed[0]?.status.result).not.toBe('pass');
  });
});

test.each([
  ['garbage', 'garbage'],
  ['a PEM cut short', GOOD.slice(0, 400)],
  ['a public key', createPublicKey(GOOD).export({ type: 'spki', format: 'pem' }).toString()],
  ['an ed25519 key', ed25519],
  ['a key of 512 bits', rsa(512)],
])('%s: does not start, and does not show the key', async (_what, key) => {
  const started = createSmtpTransport(keyed(key), realClock);
  await expect(started).rejects.toThrow(ConfigError);
  await expect(started).rejects.toThrow(/DKIM_/);
  await started.catch((error: unknown) => expect(String(error)).not.toContain(key.split('\n')[1] ?? key));
});

test('without a key mails go out unsigned: the relay may sign', async () => {
  sink = await startSink();
  const transport = await createSmtpTransport(settingsFor(sink.url), realClock);
  await transport.send(outgoing(), inTenSeconds());
  transport.close();
  expect(sink.taken[0]?.raw.toString()).not.toMatch(/^DKIM-Signature/im);
});
