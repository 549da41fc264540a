/** /bounces: a mail that came back, handed over by a mail server or by whatever reads a mailbox. */
import { recordReport } from '../../usecases/record-report.js';
import { defineRoute } from './route.js';
import { z } from './zod.js';

const LARGEST = 10 * 1024 * 1024;

export const recordedReport = z
  .object({
    outcome: z.enum(['RECORDED', 'ALREADY_KNOWN', 'CHANGED_NOTHING', 'QUARANTINED']).openapi({
      description:
        'RECORDED: it changed what is known of a mail. ALREADY_KNOWN: it came before. CHANGED_NOTHING: it is no report of a failure or delay, its return path is none of ours or over 90 days old, or something stronger is known. QUARANTINED: a report that belongs to no mail of ours; operators can look at it for 30 days.',
    }),
    reading: z
      .enum([
        'REPORT',
        'AUTO_REPLY',
        'SUCCESS',
        'COMPLAINT',
        'READ_RECEIPT',
        'CHALLENGE',
        'NOT_A_REPORT',
        'UNREADABLE',
      ])
      .openapi({
        description:
          'What the mail is. Only a REPORT changes the mail and its address; a COMPLAINT is noted beside the mail.',
      }),
  })
  .openapi('RecordedReport');

export const bounceRoutes = [
  defineRoute({
    method: 'post',
    path: '/bounces',
    operationId: 'recordReport',
    tag: 'Reports',
    scope: null,
    vendorScope: 'bounces:write',
    summary: 'Hand over a mail that came back (bounce, delay notice)',
    description:
      'The whole mail as it was received. It is matched to the mail it is about by the return path it came to: tell that in `Envelope-Recipient`, else the headers `Delivered-To`, `X-Original-To`, `Envelope-To` and `To` are read; failing that by the Message-ID of the returned original. Repeating a call does no harm. 202 means that what it says is stored; at 503 hand it over again later. Usable from a pipe of Postfix: end with `exit 75` unless the answer is 202, and the mail stays in its queue.',
    rawBody: { type: 'message/rfc822', largest: LARGEST, description: 'At most 10 MB.' },
    headers: z.object({
      // In a header and not in the URL: who knows a return path can say that its mail failed.
      'envelope-recipient': z.string().max(2_000, { error: 'is too long' }).optional().openapi({
        description: 'The address it was delivered to; several with commas between them.',
        example: 'b+gezdgnbvgy3tqojqgezdgnbvgy@bounce.example.jp',
      }),
    }),
    answers: { 202: { description: 'Stored.', schema: recordedReport } },
    async handler({ deps, tellReport, command, headers, raw }) {
      const given = headers['envelope-recipient'] ?? '';
      const report = await recordReport(deps, {
        raw,
        recipients: given
          .split(',')
          .map((address) => address.trim())
          .filter((address) => address !== ''),
        source: 'REPORT_HTTP',
        receivedAt: command.receivedAt,
      });
      tellReport('REPORT_HTTP', report);
      const { outcome, reading } = report;
      return { status: 202, body: { outcome, reading } satisfies z.infer<typeof recordedReport> };
    },
  }),
];
