/** The catcher's reports are read as what they are named after: the demonstration shows what it says it shows. */
import { describe, expect, it } from 'vitest';
import { FAILURES, failureNamedBy, reportOf } from '../../local/mail-catcher/failures.js';
import type { Failure } from '../../local/mail-catcher/failures.js';
import { classify } from '../../mail/receive/classify.js';
import { readReport } from '../../mail/receive/read-report.js';

const MESSAGE_ID = '<0b0e7c1e-0000-4000-8000-000000000001@bounce.example.jp>';
const SOURCE = [
  'From: =?UTF-8?B?6KaL5pys5biC5raI6Ziy5pys6YOo?= <net119@mail.example.jp>',
  'To: someone@example.jp',
  `Message-ID: ${MESSAGE_ID}`,
  'Subject: x',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: base64',
  '',
  '5bGx55Sw5aSq6YOO44GV44G+Cg==',
  '',
].join('\r\n');

async function heard(failure: Failure) {
  const domain = failure === 'unknown-or-refused' ? 'docomo.ne.jp' : 'keitai.example.jp';
  const recipient = `${failure}@${domain}`;
  const raw = reportOf(
    failure,
    { recipient, returnPath: 'b+x@bounce.example.jp', source: SOURCE },
    new Date(0),
  );
  const reading = await readReport(Buffer.from(raw));
  if (reading.what !== 'REPORT') return { what: reading.what };
  const [finding] = reading.findings;
  if (reading.findings.length !== 1 || !finding) return { what: `${reading.findings.length} findings` };
  expect(finding.recipient).toBe(recipient);
  expect(reading.messageId).toBe(MESSAGE_ID);
  const { action, status, diagnostic } = finding;
  const { bounceClass } = classify({
    status,
    code: null,
    diagnostic,
    mailDomain: domain,
    action,
    stage: null,
  });
  return { what: action, ...(action === 'FAILED' ? { bounceClass } : {}) };
}

describe('a report of the catcher', () => {
  it.each<[Failure, object]>([
    ['unknown-address', { what: 'FAILED', bounceClass: 'UNKNOWN_ADDRESS' }],
    ['refused', { what: 'FAILED', bounceClass: 'REFUSED' }],
    ['unknown-or-refused', { what: 'FAILED', bounceClass: 'UNKNOWN_OR_REFUSED' }],
    ['mailbox-full', { what: 'FAILED', bounceClass: 'MAILBOX_FULL' }],
    ['expired', { what: 'FAILED', bounceClass: 'EXPIRED' }],
    ['domain-not-found', { what: 'FAILED', bounceClass: 'DOMAIN_NOT_FOUND' }],
    ['sender-blocked', { what: 'FAILED', bounceClass: 'SENDER_BLOCKED' }],
    ['delayed', { what: 'DELAYED' }],
    ['auto-reply', { what: 'AUTO_REPLY' }],
  ])('%s is read as such', async (failure, expected) => {
    expect(await heard(failure)).toEqual(expected);
  });

  it('is there for every failure named', () => {
    for (const failure of FAILURES) expect(failureNamedBy(`${failure}@example.jp`)).toBe(failure);
    expect(failureNamedBy('Mailbox-Full.2@example.jp')).toBe('mailbox-full');
    expect(failureNamedBy('expired.hanako@docomo.ne.jp')).toBe('expired');
    for (const other of ['refusedhanako@example.jp', 'hanako.refused@example.jp', 'hanako@refused.jp']) {
      expect(failureNamedBy(other)).toBeNull();
    }
  });
});
