/** How fast reports of failure are taken in, and what a very large one costs. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import nodemailer from 'nodemailer';
import { DAY } from '../../domain/calendar.js';
import { returnPathCode, tokenHash } from '../../platform/keys.js';
import { insertDeliveryReport } from '../../store/reports.js';
import type { Figure } from './figure.js';
import { atLeast, atMost, beside, perSecond, ratio } from './figure.js';
import { drive } from './load.js';
import { addFirstMails, addPeople, datesIn, makeHq } from './people.js';
import type { Stack } from './stack.js';
import { withStack } from './stack.js';

const REPORTS = 2_000;
/** The first slot is ten days past. */
const DAYS_LEFT = 80;
const LARGE = 10 * 1024 * 1024 - 4_096;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

interface Mail {
  reminderId: string;
  returnPath: string;
}

export function measureReports(): Promise<Figure[]> {
  return withStack(['intake'], async (stack) => {
    const hq = await makeHq(stack, 'bench', {});
    const mails = await sentMails(stack, hq);
    const plain = await drive(mails, ({ reminderId }, n) => insertRow(stack, hq, reminderId, n));
    await stack.owner.query('TRUNCATE delivery_report');

    const transport = nodemailer.createTransport({
      url: stack.settings.bounceSmtpUrl,
      pool: true,
      maxConnections: 32,
      maxMessages: Infinity,
    });
    const send = ({ returnPath }: Mail, raw: Buffer) =>
      transport.sendMail({ envelope: { from: '', to: returnPath }, raw });
    const reports = await drive(mails, (mail, n) => send(mail, report(mail, n)));
    const recorded = await stack.owner.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM reminder WHERE outcome = 'BOUNCED' AND bounce_class = 'UNKNOWN_ADDRESS'",
    );
    if (recorded.rows[0]?.n !== REPORTS) throw new Error(`only ${recorded.rows[0]?.n} reports counted`);

    const before = peakBytes(stack.pid('intake'));
    const [large] = mails;
    if (!large) throw new Error('there are no mails');
    await send(large, report(large, REPORTS, LARGE));
    const more = peakBytes(stack.pid('intake')) - before;
    transport.close();
    return [
      atLeast('reports through the SMTP intake', reports, 100, perSecond),
      beside('reports ÷ plain inserts of the same rows', reports / plain, ratio),
      atMost('more memory for a report of 10 MB', more, 150e6, megabytes),
    ];
  });
}

/** Accepted by each person's mail server, and reports about them find them. */
async function sentMails(stack: Stack, hq: string): Promise<Mail[]> {
  const [key] = stack.deps.keys;
  if (!key) throw new Error('there is no key');
  const dates = datesIn(DAYS_LEFT);
  await addPeople(stack, hq, { count: REPORTS, dates });
  await addFirstMails(stack, hq, dates);
  const { rows } = await stack.owner.query<{ id: string }>('SELECT id FROM reminder');
  const mails = rows.map(({ id }) => ({ id, code: returnPathCode(key, id) }));
  await stack.owner.query(
    `UPDATE reminder SET return_path_hash = made.hash, sent_at = accepted_at
     FROM unnest($1::uuid[], $2::bytea[]) AS made (id, hash) WHERE reminder.id = made.id`,
    [mails.map(({ id }) => id), mails.map(({ code }) => tokenHash(code))],
  );
  await stack.owner.query('ANALYZE');
  return mails.map(({ id, code }) => ({
    reminderId: id,
    returnPath: `b+${code}@${stack.settings.bounceDomain}`,
  }));
}

function insertRow({ deps }: Stack, hq: string, reminderId: string, n: number): Promise<unknown> {
  const raw = report({ reminderId, returnPath: 'b@example.jp' }, n);
  return deps.database.inTenant(hq, (tx) =>
    insertDeliveryReport(tx, {
      id: randomUUID(),
      reminderId,
      receivedAt: deps.clock.now(),
      source: 'REPORT_SMTP',
      matchedBy: 'RETURN_PATH',
      what: 'REPORT',
      action: 'FAILED',
      status: '5.1.1',
      diagnostic: '550 5.1.1 User unknown',
      bounceClass: 'UNKNOWN_ADDRESS',
      rule: 'bench',
      rawHash: tokenHash(reminderId),
      raw,
      rawDeleteAfter: deps.clock.now() + 30 * DAY,
    }),
  );
}

/** As a mail server writes it; `size` bytes with the returned original, where that is asked for. */
function report({ returnPath }: Mail, n: number, size = 0): Buffer {
  const recipient = `b-${String(n).padStart(6, '0')}@example.jp`;
  const head = [
    'From: MAILER-DAEMON@mx.example.jp (Mail Delivery System)',
    `To: ${returnPath}`,
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
    '',
    '--b1',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    "I'm sorry to have to inform you that your message could not be delivered to one or more recipients.",
    `<${recipient}>: host mx.example.jp said: 550 5.1.1 <${recipient}>: User unknown`,
    '',
    '--b1',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.jp',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    'Action: failed',
    'Status: 5.1.1',
    `Diagnostic-Code: smtp; 550 5.1.1 <${recipient}>: User unknown`,
    '',
    '--b1',
    'Content-Type: message/rfc822',
    '',
    'Subject: returned',
    '',
  ].join('\r\n');
  const line = `${'x'.repeat(76)}\r\n`;
  const filling = line.repeat(Math.max(1, Math.floor((size - head.length) / line.length)));
  return Buffer.from(`${head}\r\n${filling}--b1--\r\n`);
}

/** The most that was ever resident. */
function peakBytes(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}
