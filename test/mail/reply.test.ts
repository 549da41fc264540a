import { describe, expect, test } from 'vitest';
import { judge, parseReply } from '../../mail/reply.js';
import type { SmtpStage } from '../../mail/transport.js';

const RECIPIENT = 'taro@example.jp';
const US = {
  hostName: 'bounce.example.org',
  senders: ['b+abc@bounce.example.org', 'net119@mail.example.com'],
};

function verdict(stage: SmtpStage, reply: string | null, silence: 'LOST' | 'TIMED_OUT' = 'LOST'): string {
  const result = judge({ stage, reply, silence }, RECIPIENT, US);
  if (result.verdict === 'BOUNCED') return result.bounceClass;
  return result.verdict === 'DEFERRED' ? result.why : result.verdict;
}

describe('R24, R37: answers to RCPT TO', () => {
  test.each([
    // About this recipient.
    ['550 5.1.1 <taro@example.jp>: Recipient address rejected: User unknown', 'UNKNOWN_ADDRESS'],
    ['550 5.1.2 bad destination system', 'DOMAIN_NOT_FOUND'],
    ['501 5.1.3 bad destination mailbox address syntax', 'UNKNOWN_ADDRESS'],
    ['551 5.1.6 has moved', 'UNKNOWN_ADDRESS'],
    ['550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found', 'UNKNOWN_ADDRESS'],
    ['550 5.2.1 mailbox disabled, not accepting messages', 'UNKNOWN_ADDRESS'],
    ['554 5.1.1 no such user', 'UNKNOWN_ADDRESS'],
    ['550 Unknown user taro@example.jp', 'UNKNOWN_ADDRESS'],
    ['550 Invalid recipient: <taro@example.jp>', 'UNKNOWN_ADDRESS'],
    ['551 User not local', 'UNKNOWN_ADDRESS'],
    ['553 mailbox name not allowed', 'UNKNOWN_ADDRESS'],
    ['550 5.0.0 no', 'UNKNOWN_OR_REFUSED'],
    ['550', 'UNKNOWN_OR_REFUSED'],
    ['550 5.1.1 unknown in relay recipient table', 'UNKNOWN_ADDRESS'],
    ['550 User unknown in relay recipient table', 'UNKNOWN_ADDRESS'],
    ['550 sorry, no mailbox here by that name (#5.1.1)', 'UNKNOWN_ADDRESS'],
    ['550-5.1.1 The account does not exist.\n550 5.1.1 Please check the address.', 'UNKNOWN_ADDRESS'],
    ['550 5.1.1 data.bounce.example.org.example: no such user', 'UNKNOWN_ADDRESS'],
    // A full mailbox is no proof that the person is gone.
    ['552 5.2.2 mailbox full', 'MAILBOX_FULL'],
    ['550 5.2.2 over quota', 'MAILBOX_FULL'],
    ['552 too much mail', 'MAILBOX_FULL'],
    // About us, or about nobody knows what: ours to mend.
    ['550 5.7.1 blocked by policy', 'FAILED'],
    ['550 5.7.26 unauthenticated sender', 'FAILED'],
    ['550 5.1.8 bad sender address', 'FAILED'],
    ['550 5.1.7 bad sender syntax', 'FAILED'],
    ['550 5.4.1 recipient address rejected: access denied', 'FAILED'],
    ['554 refused', 'FAILED'],
    ['500 what?', 'FAILED'],
    ['503 5.5.1 MAIL first', 'FAILED'],
    ['550 5.1.1 mail from bounce.example.org is not welcome', 'FAILED'],
    ['550 5.1.1 <b+abc@bounce.example.org> unknown', 'FAILED'],
    ['550 mx.mail.example.com is not allowed here', 'FAILED'],
    ['550 NET119@MAIL.EXAMPLE.COM refused', 'FAILED'],
    ['550 Your IP is listed', 'FAILED'],
    ['550 client host [192.0.2.7] rejected', 'FAILED'],
    ['550 192.0.2.7 has a bad name', 'FAILED'],
    ['550 listed at zen.spamhaus.org', 'FAILED'],
    ['550 blocked using a DNSBL', 'FAILED'],
    ['550 blacklisted', 'FAILED'],
    ['550 relay not permitted', 'FAILED'],
    ['550 Relaying denied', 'FAILED'],
    ['553 sorry, that domain is not in my list of allowed rcpthosts (#5.7.1)', 'FAILED'],
    ['550 authentication required', 'FAILED'],
    ['550 sender verify failed', 'FAILED'],
    ['550 SPF check failed', 'FAILED'],
    // Not now.
    ['450 4.2.1 greylisted', 'MAIL_SERVER_BUSY'],
    ['451 4.7.1 try again', 'MAIL_SERVER_BUSY'],
    ['452 4.2.2 mailbox full', 'MAIL_SERVER_BUSY'],
    ['421 4.3.2 closing', 'MAIL_SERVER_BUSY'],
    ['450 5.1.1 undecided', 'MAIL_SERVER_BUSY'],
  ])('%s: %s', (reply, expected) => {
    expect(verdict('RCPT_TO', reply)).toBe(expected);
  });

  test('our own domain in the recipient is no name of ours', () => {
    const us = { hostName: 'example.jp', senders: ['b+abc@example.jp', 'net119@example.jp'] };
    const talk = { stage: 'RCPT_TO', silence: 'LOST' } as const;
    expect(
      judge({ ...talk, reply: '550 5.1.1 <"Taro"@example.jp>: unknown at example.jp' }, RECIPIENT, us),
    ).toMatchObject({ verdict: 'BOUNCED', bounceClass: 'UNKNOWN_ADDRESS' });
    expect(judge({ ...talk, reply: '550 5.1.1 net119@example.jp unknown' }, RECIPIENT, us)).toMatchObject({
      verdict: 'FAILED',
    });
  });
});

describe('R24: answers to anything else say nothing about the person', () => {
  const stages: [SmtpStage, string][] = [
    ['CONNECT', 'MAIL_SERVER_DOWN'],
    ['AUTH', 'MAIL_SERVER_DOWN'],
    ['MAIL_FROM', 'FAILED'],
    ['DATA', 'FAILED'],
  ];
  test.each(
    stages.flatMap(([stage, expected]) =>
      ['550 5.1.1 user unknown', '550 no', '554 5.7.1 no'].map((reply) => [stage, reply, expected] as const),
    ),
  )('%s %s: %s', (stage, reply, expected) => {
    expect(verdict(stage, reply)).toBe(expected);
  });
  test.each<[SmtpStage, string, string]>([
    ['DATA', '552 5.2.2 mailbox full', 'MAILBOX_FULL'],
    ['DATA', '554 5.2.2 mailbox full', 'MAILBOX_FULL'],
    ['MAIL_FROM', '552 5.3.4 message too big', 'FAILED'],
    ['CONNECT', '421 too many connections', 'MAIL_SERVER_BUSY'],
    ['AUTH', '454 4.7.0 temporary', 'MAIL_SERVER_BUSY'],
    ['MAIL_FROM', '451 4.3.0 later', 'MAIL_SERVER_BUSY'],
    ['DATA', '451 4.3.0 later', 'MAIL_SERVER_BUSY'],
  ])('%s %s: %s', (stage, reply, expected) => {
    expect(verdict(stage, reply)).toBe(expected);
  });
});

test.each<[SmtpStage, 'LOST' | 'TIMED_OUT', string]>([
  ['CONNECT', 'LOST', 'MAIL_SERVER_DOWN'],
  ['CONNECT', 'TIMED_OUT', 'MAIL_SERVER_DOWN'],
  ['AUTH', 'LOST', 'MAIL_SERVER_DOWN'],
  ['MAIL_FROM', 'LOST', 'CONNECTION_LOST'],
  ['RCPT_TO', 'TIMED_OUT', 'TIMED_OUT'],
  ['DATA', 'LOST', 'CONNECTION_LOST'],
  ['DATA', 'TIMED_OUT', 'TIMED_OUT'],
])('silence at %s, %s: %s', (stage, silence, expected) => {
  expect(verdict(stage, null, silence)).toBe(expected);
});

test.each([
  [null, null, null],
  ['', null, null],
  ['hello', null, null],
  ['250 2.0.0 Ok: queued as 7Q1', 250, '2.0.0'],
  ['250 Ok', 250, null],
  ['550-first\n550 5.1.10 second', 550, '5.1.10'],
  ['550 5.1.1.2 odd', 550, null],
])('parseReply(%j)', (text, code, enhanced) => {
  expect(parseReply(text)).toEqual({ code, enhanced, text });
});
