/**
 * Events of Amazon SES, as notifications and event publishing write them. Bounce types only help: what the server said
 * decides, as in a report by mail. https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
 */
import { z } from 'zod';
import { hasGivenUp } from './fate.js';
import type { Finding, Reading } from './report.js';
import type { ServiceEvent, Told } from './service-event.js';
import { delayOf, failureOf, keptBack, ourMessageId, text } from './service-event.js';

const RECIPIENTS = 100;

const recipient = z.object({ emailAddress: text, action: text, status: text, diagnosticCode: text });
type Recipient = z.infer<typeof recipient>;

const recipients = z
  .array(z.unknown())
  .catch([])
  .transform((all) => all.slice(0, RECIPIENTS).flatMap((one) => recipient.safeParse(one).data ?? []));
const header = z.object({ name: text, value: text });
const headers = z
  .array(z.unknown())
  .catch([])
  .transform((all) => all.flatMap((one) => header.safeParse(one).data ?? []));

const sesEvent = z.object({
  notificationType: text,
  eventType: text,
  mail: z
    .object({
      source: text,
      headers,
      commonHeaders: z.object({ messageId: text }).catch({ messageId: null }),
    })
    .catch({ source: null, headers: [], commonHeaders: { messageId: null } }),
  bounce: z
    .object({ bounceType: text, bounceSubType: text, bouncedRecipients: recipients })
    .nullish()
    .catch(null),
  complaint: z
    .object({ complaintSubType: text, complaintFeedbackType: text, complainedRecipients: recipients })
    .nullish()
    .catch(null),
  deliveryDelay: z.object({ delayedRecipients: recipients }).nullish().catch(null),
  reject: z.object({ reason: text }).nullish().catch(null),
});
type SesEvent = z.infer<typeof sesEvent>;

/** Never throws; `message` is the text that SNS carries. */
export function readSesEvent(message: string): ServiceEvent {
  // What SES sends when a topic is chosen for events.
  if (message.startsWith('Successfully validated SNS topic')) {
    return { reading: { what: 'NOT_A_REPORT', messageId: null }, returnPath: null };
  }
  const parsed = sesEvent.safeParse(parseJson(message));
  if (!parsed.success) return { reading: { what: 'UNREADABLE', messageId: null }, returnPath: null };
  return { reading: readingOf(parsed.data), returnPath: parsed.data.mail.source };
}

function parseJson(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return null;
  }
}

function readingOf(event: SesEvent): Reading {
  const messageId = messageIdOf(event);
  const nothing = (what: Exclude<Reading['what'], 'REPORT'>): Reading => ({ what, messageId });
  const report = (findings: Finding[]): Reading => ({
    what: 'REPORT',
    findings,
    messageId,
    originalTo: null,
  });
  switch (event.eventType ?? event.notificationType) {
    case 'Bounce':
      return event.bounce ? bounceReading(event.bounce, nothing, report) : nothing('UNREADABLE');
    case 'Complaint':
      return event.complaint ? complaintReading(event.complaint, nothing, report) : nothing('UNREADABLE');
    case 'DeliveryDelay':
      return event.deliveryDelay
        ? report(orUnnamed(event.deliveryDelay.delayedRecipients).map((one) => delayOf(toldBy(one))))
        : nothing('UNREADABLE');
    case 'Reject':
      // Its own check of what we send (a virus): it never left.
      return report([keptBack({ recipient: null, status: null, diagnostic: event.reject?.reason ?? null })]);
    case 'Delivery':
      return nothing('SUCCESS');
    case 'Send':
    case 'Open':
    case 'Click':
    case 'Subscription':
    case 'AmazonSnsSubscriptionSucceeded':
      return nothing('NOT_A_REPORT');
    default:
      return nothing('UNREADABLE');
  }
}

type Nothing = (what: Exclude<Reading['what'], 'REPORT'>) => Reading;
type Report = (findings: Finding[]) => Reading;

/** Lists of the account and of SES as a whole: the server of the recipient was not asked. */
const ITS_OWN_LIST = /suppress|unsubscribed/i;
const WORDS: Readonly<Record<string, string>> = {
  MailboxFull: 'Mailbox full',
  MessageTooLarge: 'Message too large',
  ContentRejected: 'Message content rejected',
  AttachmentRejected: 'Attachment rejected',
};

function bounceReading(bounce: NonNullable<SesEvent['bounce']>, nothing: Nothing, report: Report): Reading {
  const { bounceType, bounceSubType, bouncedRecipients } = bounce;
  const all = orUnnamed(bouncedRecipients);
  if (ITS_OWN_LIST.test(bounceSubType ?? '')) return report(all.map((one) => keptBack(toldBy(one))));
  const words = WORDS[bounceSubType ?? ''] ?? null;
  const isPermanent = bounceType === 'Permanent';
  // SES takes an absence note for a passing bounce; a server that refuses says at least a number.
  if (!isPermanent && words === null && !all.some(saysSomething)) return nothing('AUTO_REPLY');
  const findings = all
    .filter(({ action }) => isPermanent || !/^(?:delivered|relayed|expanded)/i.test(action ?? ''))
    .map((one) => {
      const isDelay =
        !isPermanent && /^delay/i.test(one.action ?? '') && !hasGivenUp(one.diagnosticCode ?? '');
      return isDelay
        ? delayOf(toldBy(one))
        : failureOf(toldBy(one), { words, passing: bounceType === 'Transient' });
    });
  return findings.length > 0 ? report(findings) : nothing('SUCCESS');
}

function complaintReading(
  complaint: NonNullable<SesEvent['complaint']>,
  nothing: Nothing,
  report: Report,
): Reading {
  const { complaintSubType, complaintFeedbackType, complainedRecipients } = complaint;
  // Nobody complained about this mail: an older complaint is on the list, and it was not sent.
  if (ITS_OWN_LIST.test(complaintSubType ?? ''))
    return report(orUnnamed(complainedRecipients).map((one) => keptBack(toldBy(one))));
  return nothing(complaintFeedbackType === 'not-spam' ? 'NOT_A_REPORT' : 'COMPLAINT');
}

const UNNAMED: Recipient = { emailAddress: null, action: null, status: null, diagnosticCode: null };

function orUnnamed(all: readonly Recipient[]): readonly Recipient[] {
  return all.length > 0 ? all : [UNNAMED];
}

function saysSomething({ action, status, diagnosticCode }: Recipient): boolean {
  return [action, status, diagnosticCode].some((said) => (said ?? '').trim() !== '');
}

function toldBy({ emailAddress, status, diagnosticCode }: Recipient): Told {
  return { recipient: emailAddress, status, diagnostic: diagnosticCode };
}

/** SES gives each mail an id of its own; ours is in the headers as they came to it. */
function messageIdOf({ mail }: SesEvent): string | null {
  const inHeaders = mail.headers.find(({ name }) => name?.toLowerCase() === 'message-id')?.value ?? null;
  return ourMessageId(mail.commonHeaders.messageId) ?? ourMessageId(inHeaders);
}
