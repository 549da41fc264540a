/** Mails that come back, as Postfix writes them, about mails that a world has sent. */
import type { ReturnedMail } from '../../usecases/record-report.js';

export interface Said {
  action?: 'failed' | 'delayed';
  status?: string;
  diagnostic?: string;
  /** Final-Recipient. */
  recipient?: string;
  /** Of the returned original; null leaves it out. */
  messageId?: string | null;
  /** `To` of the returned original; left out when undefined. */
  originalTo?: string;
}

export const NO_SUCH_USER: Said = { status: '5.1.1', diagnostic: '550 5.1.1 User unknown' };
export const FULL: Said = { status: '5.2.2', diagnostic: '552 5.2.2 Mailbox full' };
export const BLOCKED: Said = {
  status: '5.7.1',
  diagnostic: '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using dnsbl.example',
};
export const DELAYED: Said = {
  action: 'delayed',
  status: '4.4.1',
  diagnostic: 'connect to mx.example.jp[192.0.2.7]:25: Connection timed out',
};

let serial = 0;

/** A delivery report (RFC 3464) to a return path; each is a mail of its own. */
export function report(
  returnPath: string,
  said: Said,
  mail: Partial<Omit<ReturnedMail, 'raw'>> & { receivedAt: number },
): ReturnedMail {
  serial += 1;
  const { action = 'failed', status = '5.0.0', diagnostic = null, recipient = 'someone@example.jp' } = said;
  const boundary = `B${serial}/mail.example.net`;
  const original = said.messageId === undefined ? `<${serial}@elsewhere.example>` : said.messageId;
  const lines = [
    `Received: by mail.example.net (Postfix) id ${serial}`,
    'From: MAILER-DAEMON@mail.example.net (Mail Delivery System)',
    'Subject: Undelivered Mail Returned to Sender',
    `To: ${returnPath}`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    `Message-Id: <report-${serial}@mail.example.net>`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is the mail system at host mail.example.net.',
    '',
    `<${recipient}>: ${diagnostic ?? 'failed'}`,
    '',
    `--${boundary}`,
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mail.example.net',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    ...(diagnostic === null ? [] : [`Diagnostic-Code: smtp; ${diagnostic}`]),
    '',
    `--${boundary}`,
    'Content-Type: message/rfc822',
    '',
    `Return-Path: <${returnPath}>`,
    ...(original === null ? [] : [`Message-ID: ${original}`]),
    ...(said.originalTo === undefined ? [] : [`To: ${said.originalTo}`]),
    'Subject: the original',
    '',
    'text',
    '',
    `--${boundary}--`,
    '',
  ];
  return {
    raw: Buffer.from(lines.join('\r\n')),
    recipients: [returnPath],
    source: 'REPORT_SMTP',
    ...mail,
  };
}
