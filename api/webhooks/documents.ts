/** What the documentation tells of the webhooks: their callers prove themselves by a signature, not by a token. */
import { z } from '../rest/zod.js';
import type { ProblemCode } from '../rest/problem-kinds.js';

/** SNS carries 256 KB, and JSON inside JSON grows. */
export const LARGEST_SNS = 1024 * 1024;
/** SendGrid says that its batches have up to 768 KB. */
export const LARGEST_BATCH = 2 * 1024 * 1024;

export const SENDGRID_HEADERS = {
  signature: 'X-Twilio-Email-Event-Webhook-Signature',
  timestamp: 'X-Twilio-Email-Event-Webhook-Timestamp',
} as const;

export interface WebhookDocument {
  /** Below /v1. */
  path: string;
  operationId: string;
  summary: string;
  description: string;
  headers: z.ZodObject | null;
  bodyTypes: readonly string[];
  body: z.ZodType;
  problems: readonly ProblemCode[];
}

export const taken = z
  .object({ taken: z.int().openapi({ description: 'How many events there were in the call.' }) })
  .openapi('TakenEvents');

const COMMON_PROBLEMS = [
  'signature-refused',
  'unknown-path',
  'method-not-allowed',
  'body-too-large',
  'unsupported-media-type',
  'internal',
] as const;

export const WEBHOOKS: readonly WebhookDocument[] = [
  {
    path: '/webhooks/ses',
    operationId: 'takeSesEvent',
    summary: 'Take an event of Amazon SES through Amazon SNS',
    description:
      'There only when `SES_SNS_TOPIC_ARNS` is set; else 404. Called by Amazon SNS, without raw message delivery. Versions 1 and 2 of its signature are taken, of the topics in that setting alone, within an hour of their `Timestamp`. A subscription of such a topic is confirmed at once. Bounce, Complaint, DeliveryDelay and Reject are recorded like reports that come by mail; Delivery and the rest change nothing and are not kept. Repeating a call does no harm. At most 1 MB.',
    headers: null,
    bodyTypes: ['text/plain', 'application/json'],
    body: z.string().openapi({ description: 'A message of SNS as JSON.' }),
    problems: [...COMMON_PROBLEMS, 'sender-not-verifiable', 'unavailable'],
  },
  {
    path: '/webhooks/sendgrid',
    operationId: 'takeSendgridEvents',
    summary: "Take a batch of SendGrid's signed events",
    description:
      'There only when `SENDGRID_WEBHOOK_PUBLIC_KEY` is set; else 404. The signature must fit, within 25 hours of its timestamp. bounce, blocked, dropped, deferred and spamreport are recorded like reports that come by mail; the rest change nothing and are not kept. Each event is recorded by itself; at 503 the database is away and the whole batch is to come again, which does no harm. At most 2 MB.',
    headers: z.object({
      [SENDGRID_HEADERS.signature]: z.string().openapi({
        description: 'ECDSA with SHA-256 over timestamp and body, DER in base64.',
      }),
      [SENDGRID_HEADERS.timestamp]: z.string().openapi({ description: 'In seconds.', example: '1798761600' }),
    }),
    bodyTypes: ['application/json'],
    body: z.array(z.looseObject({})).openapi({ description: 'Events.' }),
    problems: [...COMMON_PROBLEMS, 'malformed-request', 'unavailable'],
  },
];
