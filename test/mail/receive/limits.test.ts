import { describe, expect, test } from 'vitest';
import { readReport } from '../../../mail/receive/read-report.js';
import { thin } from '../../../mail/receive/thin.js';
import { partsMail, statusPart, wordsMail } from './make-mail.js';

const TEN_MB = 10 * 1024 * 1024;
const FAILED = statusPart('Final-Recipient: rfc822; a@example.jp\nAction: failed\nStatus: 5.1.1');

/** What a parser holds: octets, lines, and lines that may begin a part. */
function sizeOf(octets: Buffer): { octets: number; lines: number; parts: number } {
  const lines = octets.toString('latin1').split('\n');
  return {
    octets: octets.length,
    lines: lines.length,
    parts: lines.filter((line) => line.startsWith('--')).length,
  };
}

describe('a mail of 10 MB becomes small before it is parsed', () => {
  test.each<[string, Buffer]>([
    ['blank lines', Buffer.concat([Buffer.from('Subject: x\n'), Buffer.alloc(TEN_MB, '\n')])],
    ['one line', Buffer.concat([Buffer.from('Subject: x\n\n'), Buffer.alloc(TEN_MB, 'x')])],
    ['boundaries', Buffer.concat([Buffer.from('Subject: x\n\n'), Buffer.alloc(TEN_MB, '--=_b\n')])],
    ['headers', Buffer.alloc(TEN_MB, 'X-A: b\n')],
    ['a fold without end', Buffer.concat([Buffer.from('Subject: x\n'), Buffer.alloc(TEN_MB, ' y\n')])],
    ['opening brackets', wordsMail('<'.repeat(TEN_MB), { 'Content-Type': 'text/html' })],
    ['comments', wordsMail('<!--'.repeat(TEN_MB / 4), { 'Content-Type': 'text/html' })],
    ['at signs', wordsMail(`Could not be delivered\n${'a@'.repeat(400)}\n`.repeat(12_000))],
    ['addresses', wordsMail(`Could not be delivered\n${'<a@b.jp>\n'.repeat(1_000_000)}`)],
    ['parentheses', partsMail([statusPart(`Final-Recipient: ${'('.repeat(TEN_MB)}`)])],
  ])('%s', async (_what, mail) => {
    const { octets, lines, parts } = sizeOf(thin(mail));
    expect(octets).toBeLessThan(500_000);
    expect(lines).toBeLessThan(15_000);
    expect(parts).toBeLessThan(1_000);
    const reading = await readReport(mail);
    expect(JSON.stringify(reading).length).toBeLessThan(300_000);
  });

  test('nested without end it is unreadable, and nothing more', async () => {
    const nested = Array.from(
      { length: 200 },
      (_, i) => `Content-Type: multipart/mixed; boundary="b${i}"\n\n--b${i}\n`,
    );
    expect(
      await readReport(
        wordsMail(nested.join(''), {
          'MIME-Version': '1.0',
          'Content-Type': 'multipart/mixed; boundary="b0"',
        }),
      ),
    ).toEqual({ what: 'UNREADABLE', messageId: null });
  });

  test('what stands after a long part is still read', async () => {
    const long = `Content-Type: text/plain\n\n${'A long line of words.\n'.repeat(400_000)}`;
    const original = `Content-Type: message/rfc822\n\nMessage-ID: <x@y>\n\n${'z\n'.repeat(400_000)}`;
    expect(await readReport(partsMail([long, FAILED, original]))).toMatchObject({
      what: 'REPORT',
      messageId: '<x@y>',
      findings: [{ action: 'FAILED', recipient: 'a@example.jp' }],
    });
  });

  test('100 findings at most, in fields and in words', async () => {
    const fields = Array.from(
      { length: 500 },
      (_, i) => `Final-Recipient: rfc822; a${i}@example.jp\nAction: failed\n`,
    );
    const words = Array.from({ length: 500 }, (_, i) => `<a${i}@example.jp>: no such user\n`);
    for (const mail of [
      partsMail([statusPart(fields.join('\n'))]),
      wordsMail(`Could not be delivered:\n\n${words.join('\n')}`),
    ]) {
      const reading = await readReport(mail);
      expect(reading.what === 'REPORT' ? reading.findings.length : 0).toBe(100);
    }
  });
});

test('of a line without end the beginning is kept', () => {
  expect(thin(Buffer.concat([Buffer.from('A: b\n\nwords '), Buffer.alloc(TEN_MB, 'x')])).toString()).toMatch(
    /^A: b\n\nwords x{32000}/,
  );
});

describe('line ends and what stands before the header', () => {
  test('LF, CRLF, and CRCRLF', () => {
    expect(thin(Buffer.from('A: b\r\nC: d\n\r\r\nx\r')).toString()).toBe('A: b\nC: d\n\nx\n');
  });

  test('blank lines and an mbox line are left out', () => {
    expect(thin(Buffer.from('\r\n \nFrom MAILER-DAEMON Tue Mar 2\nA: b\n')).toString()).toBe('A: b\n');
    expect(thin(Buffer.from('From MAILER')).toString()).toBe('From MAILER\n');
  });
});

test.each(['', '\n\n', 'words', ': x\n', '\u0000\u0001', 'X y z\n\nA: b'])(
  '%j is unreadable',
  async (text) => {
    expect(await readReport(Buffer.from(text))).toEqual({ what: 'UNREADABLE', messageId: null });
  },
);
