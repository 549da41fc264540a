/** A message of Amazon SNS as it comes by HTTP, and the text that its signature is about. */
import { z } from 'zod';

const common = {
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
};
const confirmation = { Token: z.string(), SubscribeURL: z.string() };
const snsMessage = z.discriminatedUnion('Type', [
  z.object({ Type: z.literal('Notification'), ...common, Subject: z.string().nullish() }),
  z.object({ Type: z.literal('SubscriptionConfirmation'), ...common, ...confirmation }),
  z.object({ Type: z.literal('UnsubscribeConfirmation'), ...common, ...confirmation }),
]);

export type SnsMessage = z.infer<typeof snsMessage>;

/** null: it is none. */
export function parseSnsMessage(raw: Buffer): SnsMessage | null {
  try {
    return snsMessage.safeParse(JSON.parse(raw.toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** Name and value on lines of their own, in alphabetical order; which ones depends on the type. */
export function signedText(message: SnsMessage): string {
  const { Message, MessageId, Timestamp, TopicArn, Type } = message;
  const signed: Record<string, string> =
    message.Type === 'Notification'
      ? { Message, MessageId, ...subjectOf(message), Timestamp, TopicArn, Type }
      : {
          Message,
          MessageId,
          SubscribeURL: message.SubscribeURL,
          Timestamp,
          Token: message.Token,
          TopicArn,
          Type,
        };
  return Object.entries(signed)
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('');
}

function subjectOf({ Subject }: { Subject?: string | null | undefined }): Record<string, string> {
  return Subject === undefined || Subject === null ? {} : { Subject };
}

/** The one host that speaks for a topic; null when the name is none of a topic. */
export function hostOf(topicArn: string): string | null {
  const region = /^arn:aws:sns:([a-z0-9-]{1,40}):\d{12}:/.exec(topicArn)?.[1];
  return region === undefined ? null : `sns.${region}.amazonaws.com`;
}
