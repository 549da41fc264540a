/** The message as it goes over the line: headers, encoding, signature. */
import { createTransport } from 'nodemailer';
import type { Clock } from '../platform/clock.js';
import type { OutgoingMail } from './transport.js';

export interface DkimKey {
  domainName: string;
  keySelector: string;
  /** PEM. */
  privateKey: string;
}

export type BuildMessage = (mail: OutgoingMail) => Promise<Buffer>;

/** Auto-Submitted is not among the headers that nodemailer signs by itself. */
export const SIGNED_HEADERS = [
  'From',
  'Reply-To',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'Auto-Submitted',
];

/** `mailFrom` is the one sender of all headquarters. A key that cannot sign leaves the message unsigned: see dkim-check. */
export function messageBuilder(mailFrom: string, clock: Clock, dkim: DkimKey | null): BuildMessage {
  const builder = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    ...(dkim ? { dkim: { ...dkim, headerFieldNames: SIGNED_HEADERS.join(':') } } : {}),
  });
  return async (mail) => {
    const { message } = await builder.sendMail({
      from: { name: mail.fromName, address: mailFrom },
      replyTo: { name: '', address: mail.replyTo },
      to: { name: '', address: mail.to },
      subject: mail.subject,
      text: mail.text,
      textEncoding: 'base64',
      messageId: mail.messageId,
      date: new Date(clock.now()),
      headers: { 'Auto-Submitted': 'auto-generated' },
      xMailer: false,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    if (!Buffer.isBuffer(message)) throw new Error('the message was not built in memory');
    return message;
  };
}
