/** nodemailer sends unsigned, without a word, when it cannot use the DKIM key: so a test message is signed and verified. */
import { createPublicKey } from 'node:crypto';
import { ConfigError } from '../platform/env.js';
import type { BuildMessage, DkimKey } from './message.js';

/** Throws ConfigError unless a message built now carries a valid signature of that key. Asks no DNS. */
export async function checkDkim(build: BuildMessage, key: DkimKey): Promise<void> {
  const published = `v=DKIM1; k=rsa; p=${publicKeyOf(key.privateKey)}`;
  const message = await build({
    to: 'self-check@example.org',
    envelopeFrom: 'self-check@example.org',
    fromName: '起動時の確認',
    replyTo: 'self-check@example.org',
    messageId: '<self-check@example.org>',
    subject: '署名の確認',
    text: 'このメールは送りません。\n',
  });
  // Loaded only here: the package is large, and without DKIM it is not needed at all.
  const { dkimVerify } = await import('mailauth/lib/dkim/verify.js');
  const { results } = await dkimVerify(message, {
    resolver: (name) =>
      Promise.resolve(name === `${key.keySelector}._domainkey.${key.domainName}` ? [[published]] : []),
  });
  const verdict = results.find((each) => each.signingDomain === key.domainName)?.status.result ?? 'unsigned';
  if (verdict !== 'pass') {
    throw new ConfigError([
      `DKIM_*: a test message came out ${verdict === 'unsigned' ? 'unsigned' : `with the verdict "${verdict}"`}; an RSA key of 2048 bits in PEM is needed`,
    ]);
  }
}

function publicKeyOf(privateKey: string): string {
  try {
    return createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
  } catch {
    throw new ConfigError(['DKIM_PRIVATE_KEY is not a private key in PEM']);
  }
}
