/**
 * Events of SendGrid's event webhook. What the server said decides, as in a report by mail.
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
 */
import { z } from 'zod';
import type { Reading } from './report.js';
import type { ServiceEvent } from './service-event.js';
import { delayOf, failureOf, keptBack, ourMessageId, text } from './service-event.js';

const sendgridEvent = z.object({
  event: text,
  email: text,
  'smtp-id': text,
  reason: text,
  response: text,
  status: text,
  type: text,
});

/** Never throws; `value` is one element of the batch. */
export function readSendgridEvent(value: unknown): ServiceEvent {
  const { data } = sendgridEvent.safeParse(value);
  const reading: Reading = data ? readingOf(data) : { what: 'UNREADABLE', messageId: null };
  // Its mails have a return path of its own.
  return { reading, returnPath: null };
}

function readingOf(event: z.infer<typeof sendgridEvent>): Reading {
  const messageId = ourMessageId(event['smtp-id']);
  const told = { recipient: event.email, status: event.status, diagnostic: event.reason };
  switch (event.event) {
    case 'bounce':
    case 'blocked': {
      const passing = event.event === 'blocked' || event.type === 'blocked';
      return { what: 'REPORT', findings: [failureOf(told, { passing })], messageId, originalTo: null };
    }
    case 'dropped':
      return { what: 'REPORT', findings: [keptBack(told)], messageId, originalTo: null };
    case 'deferred':
      return {
        what: 'REPORT',
        findings: [delayOf({ ...told, diagnostic: event.response })],
        messageId,
        originalTo: null,
      };
    case 'spamreport':
      return { what: 'COMPLAINT', messageId };
    case 'delivered':
      return { what: 'SUCCESS', messageId };
    case 'processed':
    case 'open':
    case 'click':
    case 'unsubscribe':
    case 'group_unsubscribe':
    case 'group_resubscribe':
    case 'account_status_change':
      return { what: 'NOT_A_REPORT', messageId };
    default:
      return { what: 'UNREADABLE', messageId };
  }
}
