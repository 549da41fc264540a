/** How a policy looks in JSON. What it may say is decided by the domain (R4, R12), with words that tell how to mend it. */
import { DEFAULT_POLICY } from '../../domain/policy.js';
import { z } from './zod.js';

const duration = (description: string) =>
  z.string().openapi({ description: `${description} ISO 8601 duration.` });

export const policyDocument = z
  .object({
    validity: duration(
      'How long a renewal lasts. With a time part (`PT600S`) the whole policy is in exact instants.',
    ),
    remindBefore: duration('The window opens this long before the expiry, with the first reminder.'),
    reminders: z
      .union([z.object({ offsets: z.array(z.string()) }), z.object({ every: z.string() })])
      .openapi({
        description: 'Slots from the expiry, negative ones before it; or one each so often, from the first.',
      }),
    sendAt: z
      .string()
      .optional()
      .openapi({ description: 'Time of day in Japan, HH:MM, from 08:00 to before 21:00. In days only.' }),
    spreadOver: duration('Mails of a day are spread over this long. In days only.').optional(),
    autoStopAfter: duration('Automatic mail ends after this long.'),
    autoStopFrom: z
      .enum(['firstReminder', 'expiry'])
      .openapi({ description: 'What autoStopAfter is counted from.' }),
    failuresToUndeliverable: z
      .int()
      .openapi({ description: 'Failures in a row that make an address UNDELIVERABLE.' }),
    retryAfterFailure: duration('After a first failure one more mail goes this long later.'),
    onUndeliverable: z.enum(['probe', 'stop', 'continue']),
    longUnusedAfter: duration('An account without a call for this long is 長期間未利用.'),
  })
  .openapi('Policy', { example: DEFAULT_POLICY });

/** The domain reads it itself and tells every fault; here it only must be there. For the document it is a Policy. */
export const policyInput = z
  .unknown()
  .refine((policy) => policy !== undefined, { error: 'must be given' })
  .openapi({ allOf: [{ $ref: '#/components/schemas/PolicyInput' }], description: 'The whole policy.' });

/** In days, what is left out takes the default; in exact time more must be given (R12). */
export const policyInputDocument = policyDocument.partial().openapi('PolicyInput', {
  description:
    'In days everything has a default. In exact time remindBefore, reminders, autoStopAfter, retryAfterFailure and longUnusedAfter must be given, sendAt and spreadOver left out.',
  additionalProperties: false,
  example: { validity: 'P1Y', sendAt: '10:00' },
});
