import { describe, expect, test } from 'vitest';
import type { Reach } from '../../mail/breaker.js';
import type { Progress } from '../../mail/deadline.js';
import { outcomeOf } from '../../mail/smtp-outcome.js';

const US = { hostName: 'bounce.example.org', senders: ['net119@mail.example.org'] };
const NOT_BEGUN: Progress = { began: false, bodyBegan: false, complete: false, cut: false };
const BEGUN: Progress = { began: true, bodyBegan: false, complete: false, cut: false };
const IN_BODY: Progress = { began: true, bodyBegan: true, complete: false, cut: false };

interface Trouble {
  code?: string;
  command?: string;
  response?: string;
}

function outcome(trouble: Trouble, progress: Progress) {
  return outcomeOf(Object.assign(new Error('as nodemailer says'), trouble), progress, 'taro@example.jp', US);
}

describe('the same error means different things, as far as the mail had come', () => {
  test.each<[string, Trouble, Progress, object, Reach]>([
    [
      'no such host',
      { code: 'EDNS', command: 'CONN' },
      NOT_BEGUN,
      { why: 'MAIL_SERVER_DOWN' },
      'UNREACHABLE',
    ],
    ['refused', { code: 'ESOCKET', command: 'CONN' }, NOT_BEGUN, { why: 'MAIL_SERVER_DOWN' }, 'UNREACHABLE'],
    [
      'no greeting',
      { code: 'ETIMEDOUT', command: 'CONN' },
      NOT_BEGUN,
      { why: 'MAIL_SERVER_DOWN' },
      'UNREACHABLE',
    ],
    ['silent', { code: 'ETIMEDOUT', command: 'CONN' }, BEGUN, { why: 'TIMED_OUT' }, 'UNREACHABLE'],
    [
      'silent after the dot',
      { code: 'ETIMEDOUT', command: 'CONN' },
      IN_BODY,
      { why: 'TIMED_OUT' },
      'UNKNOWN',
    ],
    ['cut', { code: 'ECONNECTION', command: 'CONN' }, BEGUN, { why: 'CONNECTION_LOST' }, 'UNKNOWN'],
    [
      'cut after the dot',
      { code: 'ECONNECTION', command: 'CONN' },
      IN_BODY,
      { why: 'CONNECTION_LOST' },
      'UNKNOWN',
    ],
    [
      'cut within a refusal',
      { code: 'ECONNECTION', command: 'CONN', response: '550 5.1.1 us' },
      IN_BODY,
      { why: 'CONNECTION_LOST', text: null },
      'UNKNOWN',
    ],
    [
      'sent away',
      { code: 'ECONNECTION', command: 'CONN', response: '421 later' },
      IN_BODY,
      { why: 'MAIL_SERVER_BUSY', code: 421 },
      'REACHED',
    ],
    [
      'EENVELOPE at MAIL FROM',
      { code: 'EENVELOPE', command: 'MAIL FROM', response: '550 5.1.1 no' },
      BEGUN,
      { verdict: 'FAILED' },
      'REACHED',
    ],
    [
      'EENVELOPE at RCPT TO',
      { code: 'EENVELOPE', command: 'RCPT TO', response: '550 5.1.1 no' },
      BEGUN,
      { verdict: 'BOUNCED' },
      'REACHED',
    ],
    [
      'a bad certificate',
      { code: 'ETLS', command: 'CONN' },
      NOT_BEGUN,
      { why: 'MAIL_SERVER_DOWN' },
      'UNREACHABLE',
    ],
    [
      'no STARTTLS',
      { code: 'ETLS', command: 'STARTTLS', response: '502 no' },
      NOT_BEGUN,
      { why: 'MAIL_SERVER_DOWN' },
      'UNREACHABLE',
    ],
    [
      'a refused password',
      { code: 'EAUTH', command: 'AUTH PLAIN', response: '535 5.7.8 no' },
      NOT_BEGUN,
      { verdict: 'DEFERRED', code: 535 },
      'UNREACHABLE',
    ],
    ['the pool was closed', {}, NOT_BEGUN, { why: 'MAIL_SERVER_DOWN' }, 'UNREACHABLE'],
    ['too big for the server', { code: 'EMESSAGE', command: 'API' }, BEGUN, { verdict: 'FAILED' }, 'UNKNOWN'],
    ['given up before SMTP', { code: 'EABORT' }, NOT_BEGUN, { verdict: 'EXPIRED' }, 'UNKNOWN'],
    ['given up after it began', { code: 'EABORT' }, IN_BODY, { why: 'TIMED_OUT' }, 'UNKNOWN'],
    ['gate closed at once', { code: 'ESTREAM' }, { ...BEGUN, cut: true }, { verdict: 'EXPIRED' }, 'UNKNOWN'],
    [
      'gate closed on the way',
      { code: 'ESTREAM' },
      { ...IN_BODY, cut: true },
      { why: 'TIMED_OUT' },
      'UNKNOWN',
    ],
  ])('%s', (_what, trouble, progress, result, reach) => {
    const got = outcome(trouble, progress);
    expect(got.result).toMatchObject(result);
    expect(got.reach).toBe(reach);
  });
});
