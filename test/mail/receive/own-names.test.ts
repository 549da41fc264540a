/** R24: whether an answer that names us is about us or about the recipient. */
import { describe, expect, test } from 'vitest';
import { isConclusive } from '../../../domain/bounce.js';
import { classify } from '../../../mail/receive/classify.js';
import { classifyFor } from '../../../mail/receive/own-names.js';
import { readReport } from '../../../mail/receive/read-report.js';
import { EXPECTED, readCorpus } from './corpus/expected.js';

const RECIPIENT = 'Kakuu.Taro@example.ne.jp';
const US = { hostName: 'bounce.example.jp', senders: ['net119@shobo.example.jp'] };
const OURS = 'SENDER_BLOCKED';

function judge(diagnostic: string, more: { status?: string; recipient?: string } = {}) {
  const { status = null, recipient = RECIPIENT } = more;
  return classifyFor(recipient, { diagnostic, status, code: null, action: 'FAILED', stage: null }, US);
}

describe('about us', () => {
  test.each([
    '550 5.1.1 <b+gezdgnbvgy3tqojqgezdgnbvgy@bounce.example.jp>: User unknown',
    'host mx.example.ne.jp[192.0.2.1] said: 550 5.1.1 <B+K7Q2@BOUNCE.EXAMPLE.JP>: User unknown (in reply to RCPT TO command)',
    // The reporting server begins with the recipient; what is unknown is ours.
    '<kakuu.taro@example.ne.jp>: host mx.example.ne.jp said: 550 5.1.1 <b+k7q2@bounce.example.jp>: User unknown (in reply to RCPT TO command)',
    '550 5.1.1 User unknown (b+k7q2@bounce.example.jp)',
    '<kakuu.taro@example.ne.jp>: 550 5.1.1 User unknown (b+k7q2@bounce.example.jp)',
    '550 5.1.1 unknown user net119@shobo.example.jp',
    '550 5.1.1 <b+k7q2@bounce.example.jp> - User unknown',
    '550 5.1.1 User unknown [b+k7q2@bounce.example.jp]',
    'net119@shobo.example.jp からのメールは受信拒否されました',
    '550 5.1.2 bounce.example.jp: host not found',
    '550 5.1.1 from=<b+k7q2@bounce.example.jp> to=<kakuu.taro@example.ne.jp>: User unknown',
    '550 <kakuu.taro@example.ne.jp>; no such user: "net119"@shobo.example.jp',
    '550 5.1.1 kakuu.taro@example.ne.jp; mail from shobo.example.jp is not welcome',
  ])('%s', (diagnostic) => {
    expect(judge(diagnostic)).toEqual({ bounceClass: OURS, rule: 'our-own-name' });
  });
});

describe('about the recipient, and we are merely quoted', () => {
  test.each([
    '550 5.1.1 <kakuu.taro@example.ne.jp>: Recipient address rejected: User unknown in virtual mailbox table; from=<b+k7q2@bounce.example.jp> to=<kakuu.taro@example.ne.jp> proto=ESMTP helo=<bounce.example.jp>',
    '550 5.1.1 <kakuu.taro@example.ne.jp> User unknown. Message from <b+k7q2@bounce.example.jp> was not delivered',
    '550 5.1.1 User unknown; from=<b+k7q2@bounce.example.jp> to=<kakuu.taro@example.ne.jp>',
    '550 5.1.1 Recipient address rejected: User unknown (mail from net119@shobo.example.jp)',
    '550 5.1.1 宛先のユーザは存在しません。（差出人 net119@shobo.example.jp）',
    '550 5.1.1 "Kakuu.Taro"@example.ne.jp: no such user',
    '550 5.1.1 User unknown',
    '550 5.1.1 Mailbox <kakuu.taro@example.ne.jp> does not exist - mail from <b+k7q2@bounce.example.jp> rejected',
    '550 5.1.1 <kakuu.taro@example.ne.jp>: Recipient address rejected: User unknown [from b+k7q2@bounce.example.jp]',
    '550 5.1.1 <kakuu.taro@example.ne.jp>: unknown at data.bounce.example.jp.example',
  ])('%s', (diagnostic) => {
    expect(judge(diagnostic)).toMatchObject({ bounceClass: 'UNKNOWN_ADDRESS' });
  });

  test.each([
    "550 5.7.1 net119@shobo.example.jp: refused by recipient's own filter",
    '550 5.7.1 受信者の設定により net119@shobo.example.jp からのメールは受信拒否されました',
  ])('whom the own filter of the recipient keeps out is us, of course: %s', (diagnostic) => {
    expect(judge(diagnostic)).toMatchObject({ bounceClass: 'REFUSED' });
  });

  test('docomo says the same for refused and unknown, also beside a quotation', () => {
    const said = '550 Unknown user kakuu@docomo.ne.jp; from=<b+k7q2@bounce.example.jp>';
    expect(judge(said, { recipient: 'kakuu@docomo.ne.jp' })).toMatchObject({
      bounceClass: 'UNKNOWN_OR_REFUSED',
    });
  });

  test('an address of our own domain is the recipient’s, not ours', () => {
    expect(
      judge('550 5.1.1 <k@shobo.example.jp>: unknown', { recipient: 'k@shobo.example.jp' }),
    ).toMatchObject({
      bounceClass: 'UNKNOWN_ADDRESS',
    });
  });
});

test('the number of the whole answer proves nothing about a part of it', () => {
  const said = '550 kakuu.taro@example.ne.jp. Rejected b+k7q2@bounce.example.jp';
  expect(judge(said, { status: '5.1.1' })).toMatchObject({ bounceClass: OURS });
});

test('what is not conclusive stays what it is', () => {
  expect(judge('552 5.2.2 Mailbox full; from=<b+k7q2@bounce.example.jp>')).toMatchObject({
    bounceClass: 'MAILBOX_FULL',
  });
});

test('no report of the corpus that is about a person becomes one about us, save those that name us', async () => {
  const changed: string[] = [];
  for (const name of Object.keys(EXPECTED)) {
    const reading = await readReport(readCorpus(name));
    for (const { status, diagnostic, action, recipient } of reading.what === 'REPORT'
      ? reading.findings
      : []) {
      const told = { status, diagnostic, action, code: null, stage: null } as const;
      const to = recipient?.includes('@') ? recipient : RECIPIENT;
      const mailDomain = to.slice(to.lastIndexOf('@') + 1).toLowerCase();
      const { bounceClass } = classify({ ...told, mailDomain });
      if (isConclusive(bounceClass) && classifyFor(to, told, US).bounceClass !== bounceClass)
        changed.push(name);
    }
  }
  expect(changed).toEqual(['own-path-unknown']);
});
