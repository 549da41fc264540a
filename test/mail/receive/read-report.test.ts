import { describe, expect, test } from 'vitest';
import { readReport } from '../../../mail/receive/read-report.js';
import type { Finding } from '../../../mail/receive/report.js';
import { partsMail, statusPart, wordsMail } from './make-mail.js';

const TO = 'Final-Recipient: rfc822; a@example.jp';

function finding(action: Finding['action'], more: Partial<Finding> = {}): Finding {
  return { action, recipient: 'a@example.jp', status: null, diagnostic: null, remoteMta: null, ...more };
}

async function findingsOf(mail: Buffer): Promise<Finding[]> {
  const reading = await readReport(mail);
  return reading.what === 'REPORT' ? reading.findings : [];
}

describe('status fields: what became of the mail', () => {
  test.each<[string, Finding['action'] | null]>([
    ['Action: failed', 'FAILED'],
    ['Action: FAILURE', 'FAILED'],
    ['action: (x) Failed (y)', 'FAILED'],
    ['Action: failed\nStatus: 4.2.2', 'FAILED'],
    ['Action: delayed', 'DELAYED'],
    ['Action: delayed\nStatus: 4.4.1\nDiagnostic-Code: smtp; 451 try later', 'DELAYED'],
    ['Action: delayed\nStatus: 4.4.7\nDiagnostic-Code: x; Envelope expired', 'FAILED'],
    ['Action: delayed\nDiagnostic-Code: x; message has expired\nWill-Retry-Until: tomorrow', 'DELAYED'],
    ['Action: delayed\nDiagnostic-Code: smtp; 454 4.7.5 certificate expired', 'DELAYED'],
    ['Action: delivered', null],
    ['Action: relayed', null],
    ['Action: expanded', null],
    ['Action: delivered\nStatus: 5.0.0', null],
    ['Status: 5.1.1', 'FAILED'],
    ['Status: 4.2.1', 'DELAYED'],
    ['Status: 2.0.0', null],
    ['Action: dropped\nStatus: 5.1.1', 'FAILED'],
    ['Diagnostic-Code: smtp; 550 no such user', 'FAILED'],
    ['Diagnostic-Code: smtp; 451 later', 'DELAYED'],
    ['Diagnostic-Code: smtp; it did not work', null],
  ])('%s', async (fields, action) => {
    const [found] = await findingsOf(partsMail([statusPart(`${TO}\n${fields}`)]));
    expect(found?.action ?? null).toBe(action);
  });

  test.each(['delivered', 'relayed', 'expanded'])('%s is a success', async (action) => {
    const reading = await readReport(partsMail([statusPart(`${TO}\nAction: ${action}`)]));
    expect(reading.what).toBe('SUCCESS');
  });

  test('nothing is told: the words decide', async () => {
    const text = 'Content-Type: text/plain\n\nYour message could not be delivered for more than 4 hours.\n';
    expect(await findingsOf(partsMail([text, statusPart(TO)]))).toMatchObject([
      finding('DELAYED', { diagnostic: expect.any(String) }),
    ]);
    expect(await findingsOf(partsMail([statusPart(TO)]))).toEqual([]);
  });
});

describe('status fields: to whom, and why', () => {
  test.each([
    ['Final-Recipient: rfc822;a@example.jp', 'a@example.jp'],
    ['FINAL-RECIPIENT : RFC822; <a@example.jp> (Hanako)', 'a@example.jp'],
    ['Final-Recipient: a@example.jp', 'a@example.jp'],
    ['Final-Recipient: rfc822; b@example.org\nOriginal-Recipient: rfc822; a@example.jp', 'a@example.jp'],
    ['Original-Recipient: rfc822; unknown\nFinal-Recipient: rfc822; a@example.jp', 'a@example.jp'],
    ['Final-Recipient: utf-8; \\x{67B6}\\x{7A7A}@\\x{4F8B}.jp', '架空@例.jp'],
    ['Final-Recipient: utf-8; \\x{FFFFFF}@example.jp', '\\x{FFFFFF}@example.jp'],
    ['Final-Recipient: rfc822; a', 'a'],
    ['Final-Recipient:', null],
  ])('%s', async (fields, recipient) => {
    expect(await findingsOf(partsMail([statusPart(`${fields}\nAction: failed`)]))).toMatchObject([
      { recipient },
    ]);
  });

  test.each<[string, Partial<Finding>]>([
    ['Status: 5.1.1', { status: '5.1.1' }],
    ['Status: 5.1.1 (bad (very) mailbox)', { status: '5.1.1' }],
    ['Status: 550', { status: null }],
    ['Diagnostic-Code: smtp; 550 5.2.2 full', { status: '5.2.2', diagnostic: '550 5.2.2 full' }],
    [
      'Status: 5.0.0\nDiagnostic-Code: smtp; 550 5.2.2 full',
      { status: '5.0.0', diagnostic: '550 5.2.2 full' },
    ],
    ['Diagnostic-Code: smtp; 550 blocked, see 192.5.1.1', { status: null }],
    ['Diagnostic-Code: X-Postfix; unknown host', { diagnostic: 'unknown host' }],
    ['Diagnostic-Code: 550; no', { diagnostic: '550; no' }],
    ['Diagnostic-Code: smtp; 550\n  no\n\tsuch   user', { diagnostic: '550 no such user' }],
    ['Diagnostic-Code: smtp; a\u0007\u202eb\u200bc', { diagnostic: 'abc' }],
    ['Diagnostic-Code: smtp; =?UTF-8?B?5a6b5YWI?=', { diagnostic: '宛先' }],
    ['Diagnostic-Code:\nX-Supplementary-Info: <mx #5.1.1>', { diagnostic: '<mx #5.1.1>', status: '5.1.1' }],
    ['Remote-MTA: dns; mx.example.jp (192.0.2.1)', { remoteMta: 'mx.example.jp' }],
  ])('%s', async (fields, expected) => {
    expect(await findingsOf(partsMail([statusPart(`${TO}\nAction: failed\n${fields}`)]))).toMatchObject([
      expected,
    ]);
  });

  test('a diagnostic in ISO-2022-JP or Shift_JIS inside the fields', async () => {
    for (const octets of [
      [0x1b, 0x24, 0x42, 0x30, 0x38, 0x40, 0x68, 0x1b, 0x28, 0x42],
      [0x88, 0xb6, 0x90, 0xe6],
    ]) {
      const [head, tail] = partsMail([statusPart(`${TO}\nAction: failed\nDiagnostic-Code: smtp; 550 @@`)])
        .toString('latin1')
        .split('@@');
      const mail = Buffer.concat([Buffer.from(head ?? ''), Buffer.from(octets), Buffer.from(tail ?? '')]);
      expect(await findingsOf(mail)).toMatchObject([{ diagnostic: '550 宛先' }]);
    }
  });

  test('no diagnostic: the words about the same recipient are one', async () => {
    const words =
      'Content-Type: text/plain\n\nCould not be delivered to:\n\n<b@example.jp>: 552 full\n\n<a@example.jp>: 550 no user\n';
    const fields = statusPart(
      `${TO}\nAction: failed\n\nFinal-Recipient: rfc822; b@example.jp\nAction: failed`,
    );
    expect(await findingsOf(partsMail([words, fields]))).toMatchObject([
      { recipient: 'a@example.jp', diagnostic: '550 no user' },
      { recipient: 'b@example.jp', diagnostic: '552 full' },
    ]);
  });

  test('a text of 2,000 characters at most, none cut in half', async () => {
    const [found] = await findingsOf(
      partsMail([statusPart(`${TO}\nAction: failed\nDiagnostic-Code: smtp; ${'𠮷'.repeat(5_000)}`)]),
    );
    expect(found?.diagnostic).toBe('𠮷'.repeat(2_000));
  });
});

describe('our recipient has the mail, and only an address behind it failed', () => {
  const OK = (fields: string, action = 'delivered') => `${fields}\nAction: ${action}\nStatus: 2.0.0\n`;
  const BAD = (fields: string) => `${fields}\nAction: failed\nStatus: 5.1.1\n`;
  const OTHER = 'Final-Recipient: rfc822; b@example.org';
  const returned = (to: string) => `Content-Type: message/rfc822\n\nTo: ${to}\nMessage-ID: <x@y>\n\nz\n`;
  const OURS = 'Original-Recipient: rfc822; a@example.jp';

  test.each<[string, string[], string | null, boolean]>([
    ['delivered, another failed', [OK(TO), BAD(OTHER)], 'A@example.jp', false],
    ['relayed, another failed', [OK(TO, 'relayed'), BAD(OTHER)], '"K, A" <a@example.jp>', false],
    ['expanded, another failed', [OK(TO, 'expanded'), BAD(OTHER)], 'a@example.jp', false],
    ['the other one first', [BAD(OTHER), OK(TO)], 'a@example.jp', false],
    ['nothing was returned', [OK(TO), BAD(OTHER)], null, false],
    ['the original names nobody of them', [OK(TO), BAD(OTHER)], 'list@example.net', false],
    ['the failed one is the one we wrote to', [OK(OTHER), BAD(TO)], 'a@example.jp', true],
    ['the failed one stands for ours', [OK(TO), BAD(`${OURS}\n${OTHER}`)], null, true],
    [
      'the failed one stands for ours, by the original',
      [OK(OTHER), BAD(`${OURS}\n${OTHER}x`)],
      'a@example.jp',
      true,
    ],
    ['both failed', [BAD(TO), BAD(OTHER)], 'a@example.jp', true],
    ['one group, of another', [BAD(OTHER)], 'a@example.jp', true],
    ['one group, nothing returned', [BAD(TO)], null, true],
  ])('%s', async (_what, groups, to, isFailure) => {
    const parts = [statusPart(groups.join('\n')), ...(to === null ? [] : [returned(to)])];
    expect((await readReport(partsMail(parts))).what).toBe(isFailure ? 'REPORT' : 'SUCCESS');
  });

  test('in words', async () => {
    const words = [
      '--- The following addresses had successful delivery notifications ---\n<a@example.jp>\n',
      '--- The following addresses had permanent fatal errors ---\n<b@example.org>\n',
    ];
    expect((await readReport(wordsMail(words.join('\n')))).what).toBe('SUCCESS');
    const copy = '--- Original message follows ---\n\nReceived: x\nTo: b@example.org\nMessage-ID: <x@y>\n';
    expect((await readReport(wordsMail([...words, copy].join('\n')))).what).toBe('REPORT');
  });
});

describe('only a machine or a declared report is believed', () => {
  const WORDS = 'Your message could not be delivered to:\n\n<a@example.jp>: 550 5.1.1 no such user\n';

  test.each<[string, Record<string, string>, boolean]>([
    ['a daemon', { From: 'Mailer-Daemon@mx.example.jp' }, true],
    ['a postmaster', { From: 'Postmaster <postmaster@example.jp>' }, true],
    ['a bounce address', { From: '<bounce+7q2@example.jp>' }, true],
    ['Exchange', { From: 'MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.jp' }, true],
    ['a name of a machine', { From: 'Mail Delivery System <admin@example.jp>' }, true],
    ['a Japanese name of a machine', { From: 'メール配信システム <a@example.ne.jp>' }, true],
    ['no address', { From: 'Somebody <@>' }, true],
    ['a carrier that sends from no-reply', { From: 'no-reply@dion.ne.jp' }, true],
    ['no return path', { From: 'gateway@example.jp', 'Return-Path': '<>' }, true],
    ['no return path, and a person', { From: 'hanako@example.jp', 'Return-Path': '<>' }, false],
    ['a person who calls himself postmaster', { From: '"postmaster@example.jp" <a@example.com>' }, true],
    ['a machine that sends to many', { From: 'bounces@example.jp', 'List-Id': '<x>' }, false],
    [
      'a header that names the failed',
      { From: 'gateway@example.jp', 'X-Failed-Recipients': 'a@example.jp' },
      true,
    ],
    ['a person', { From: 'Hanako <hanako@example.jp>' }, false],
    ['a shop', { From: 'no-reply@shop.example.jp' }, false],
    ['a list', { From: 'ml-bounces@example.jp' }, false],
    ['nobody at all', { From: '' }, false],
    ['an answer by a postmaster', { From: 'postmaster@example.jp', Subject: 'Re: mail' }, false],
    ['a forwarded report', { From: 'postmaster@example.jp', Subject: '転送: 不達' }, false],
    [
      'a vacation note',
      { From: 'hanako@example.jp', 'Return-Path': '<>', 'Auto-Submitted': 'auto-replied' },
      false,
    ],
  ])('%s', async (_who, headers, isBelieved) => {
    const found = [finding('FAILED', { status: '5.1.1', diagnostic: '550 5.1.1 no such user' })];
    expect(await findingsOf(wordsMail(WORDS, headers))).toEqual(isBelieved ? found : []);
  });

  test('status fields in a mail of a person are not', async () => {
    const part = statusPart(`${TO}\nAction: failed`);
    const person = { From: 'hanako@example.jp', 'Content-Type': 'multipart/mixed; boundary="=_b"' };
    expect(await readReport(partsMail([part], person))).toMatchObject({ what: 'NOT_A_REPORT' });
    expect(await findingsOf(partsMail([part], { From: 'hanako@example.jp' }))).toHaveLength(1);
  });

  test.each(['feedback-report', 'disposition-notification', 'x-unknown'])(
    'a %s of anybody is no failure',
    async (kind) => {
      const headers = {
        From: 'a@example.jp',
        'Content-Type': `multipart/report; report-type=${kind}; boundary="=_b"`,
      };
      expect(await findingsOf(partsMail([statusPart(`${TO}\nAction: failed`)], headers))).toEqual([]);
    },
  );

  test('words in a declared report count whoever sent it, in one of no kind only from a machine', async () => {
    const part = `Content-Type: text/plain\n\n${WORDS}`;
    const anybody = { From: 'gateway@example.jp' };
    expect(await findingsOf(partsMail([part], anybody))).toHaveLength(1);
    const kindless = { ...anybody, 'Content-Type': 'multipart/report; boundary="=_b"' };
    expect(await findingsOf(partsMail([part], kindless))).toEqual([]);
  });

  test.each<[string, Record<string, string>, boolean]>([
    ['a system administrator without a real address', { From: '"System Administrator"@example.jp' }, true],
    ['what makes reports only', { From: 'ndr@example.jp' }, true],
    [
      'sendmail’s word for no return path',
      { From: 'gateway@example.jp', 'Return-Path': '<MAILER-DAEMON>' },
      true,
    ],
    [
      'a heading and a reply, from nobody',
      { From: 'x@example.jp', 'Return-Path': '<>', Subject: 'Undeliverable: x' },
      true,
    ],
    ['the same from somebody', { From: 'x@example.jp', Subject: 'Undeliverable: x' }, false],
    [
      'the same in answer to a mail',
      {
        From: 'x@example.jp',
        'Return-Path': '<>',
        Subject: 'Undeliverable: x',
        'Auto-Submitted': 'auto-replied',
      },
      false,
    ],
  ])('%s', async (_who, headers, isBelieved) => {
    expect(await findingsOf(wordsMail(WORDS, headers))).toHaveLength(isBelieved ? 1 : 0);
  });

  test('the envelope tells what no header does', async () => {
    const mail = wordsMail(WORDS, { From: 'gateway@example.jp' });
    expect((await readReport(mail)).what).toBe('NOT_A_REPORT');
    expect((await readReport(mail, true)).what).toBe('REPORT');
    const delivered = wordsMail(WORDS, { From: 'gateway@example.jp', 'Return-Path': '<a@example.jp>' });
    expect((await readReport(delivered, true)).what).toBe('NOT_A_REPORT');
  });

  test('a machine that answers by itself that a mailbox is gone is no server', async () => {
    const mail = wordsMail('The mailbox a@example.jp no longer exists; your mail was not delivered.', {
      From: 'noreply@example.jp',
      'Return-Path': '<>',
      'Auto-Submitted': 'auto-replied',
    });
    expect((await readReport(mail)).what).toBe('AUTO_REPLY');
  });

  test('what only calls itself a mail system must name somebody', async () => {
    const From = 'Mail Delivery <gift@example.com>';
    expect(await findingsOf(wordsMail('Mail could not be delivered.', { From }))).toEqual([]);
    expect(await findingsOf(wordsMail(WORDS, { From }))).toHaveLength(1);
  });

  test('without a return path, the returned mail or a status part tells a report', async () => {
    const anybody = { From: 'info@example.com', 'Return-Path': '<>' };
    const copy = '\n--- Below this line is a copy of the message.\n\nMessage-ID: <x@bounce.example.jp>\n';
    expect(await findingsOf(wordsMail(WORDS + copy, anybody))).toHaveLength(1);
    const mixed = { ...anybody, 'Content-Type': 'multipart/mixed; boundary="=_b"' };
    const part = statusPart(`${TO}\nAction: failed`);
    expect(await findingsOf(partsMail([part], mixed))).toHaveLength(1);
    expect(await findingsOf(partsMail([part], { ...mixed, Subject: 'Fw: x' }))).toEqual([]);
  });

  test('Exim’s header names the recipient that the words do not', async () => {
    const words = 'Your message could not be delivered.';
    expect(await findingsOf(wordsMail(words, { 'X-Failed-Recipients': 'a@example.jp' }))).toMatchObject([
      { recipient: 'a@example.jp' },
    ]);
    expect(
      await findingsOf(wordsMail(words, { 'X-Failed-Recipients': 'a@example.jp, b@example.jp' })),
    ).toMatchObject([{ recipient: null }]);
  });
});

describe('a report within, and one that was passed on', () => {
  const INNER = [
    'From: postmaster@mx.example.jp',
    'Content-Type: multipart/report; report-type=delivery-status;',
    ' boundary="=_i"',
    '',
    '--=_i',
    statusPart(`${TO}\nAction: failed\nStatus: 5.1.1`),
    '--=_i--',
  ].join('\n');
  const WRAPPED = [
    `Content-Type: message/rfc822\n\n${INNER}`,
    'Content-Type: text/plain\n\nThis is confidential.',
  ];
  const MIXED = { 'Content-Type': 'multipart/mixed; boundary="=_b"' };

  test('a gateway wraps the report of a server', async () => {
    expect(await findingsOf(partsMail(WRAPPED, MIXED))).toEqual([finding('FAILED', { status: '5.1.1' })]);
  });

  test('a person who sends one on is none', async () => {
    expect(await findingsOf(partsMail(WRAPPED, { ...MIXED, From: 'hanako@example.jp' }))).toEqual([]);
    expect(await findingsOf(partsMail(WRAPPED, { ...MIXED, Subject: 'Fwd: x' }))).toEqual([]);
  });

  test('whom it was for stands beside whom it was passed on to', async () => {
    const words =
      'Content-Type: text/plain\n\nIt could not be delivered to:\n\n<b@isp.example> (expanded from <a@example.jp>): 550 no\n';
    const status = statusPart('Final-Recipient: rfc822; b@isp.example\nAction: failed\nStatus: 5.1.1');
    expect(await findingsOf(partsMail([words, status]))).toMatchObject([{ recipient: 'a@example.jp' }]);
  });

  test('a reason that is a comment beside the number', async () => {
    const status = statusPart(`${TO}\nAction: failed\nStatus: 5.4.4 (unable to route: no mail hosts)`);
    expect(await findingsOf(partsMail([status]))).toMatchObject([
      { status: '5.4.4', diagnostic: 'unable to route: no mail hosts' },
    ]);
  });
});

describe('the Message-ID of the original', () => {
  const ID = '<0f8fad5b-d9cb-469f-a165-70867728950e@bounce.example.jp>';
  const FIELDS = statusPart(`${TO}\nAction: failed`);

  test.each([
    'message/rfc822',
    'message/global',
    'text/rfc822-headers',
    'message/global-headers',
    'text/rfc822',
  ])('in %s', async (type) => {
    const part = `Content-Type: ${type}\n\nSubject: x\nmessage-id:\n ${ID}\n\nMessage-ID: <other@example.jp>\n`;
    expect(await readReport(partsMail([FIELDS, part]))).toMatchObject({ messageId: ID });
  });

  test.each([
    [
      'below the marker',
      `Could not be delivered.\n\n--- Below this line is a copy of the message.\n\nMessage-ID: ${ID}`,
    ],
    ['quoted', `Could not be delivered.\n\nOriginal message\n\n> Message-Id: ${ID}`],
    ['named in the words', `Could not be delivered.\n\n  Message-id: ${ID}\n`],
  ])('%s', async (_where, text) => {
    expect(await readReport(wordsMail(text))).toMatchObject({ what: 'REPORT', messageId: ID });
  });

  test.each<Record<string, string>>([{ 'In-Reply-To': ID }, { References: `${ID} <x@y>` }])(
    '%j',
    async (headers) => {
      expect(await readReport(partsMail([FIELDS], headers))).toMatchObject({
        messageId: ID,
      });
    },
  );

  test('never that of the report itself, and never what is none', async () => {
    expect(await readReport(partsMail([FIELDS], { 'Message-ID': ID }))).toMatchObject({ messageId: null });
    const other = 'Content-Type: application/octet-stream\n\nMessage-ID: <x@example.jp>\n';
    expect(await readReport(partsMail([FIELDS, other]))).toMatchObject({ messageId: null });
    const part = 'Content-Type: text/rfc822-headers\n\nMessage-ID: <no id at all>\n';
    expect(await readReport(partsMail([FIELDS, part]))).toMatchObject({ messageId: null });
  });

  test('a receipt names it in a field of its own', async () => {
    const receipt = `Content-Type: message/disposition-notification\n\nOriginal-Message-ID: ${ID}\nDisposition: x; displayed\n`;
    expect(await readReport(partsMail([receipt]))).toEqual({ what: 'READ_RECEIPT', messageId: ID });
  });
});
