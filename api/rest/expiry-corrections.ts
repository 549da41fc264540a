/** /accounts/{id}/expiry-correction: 有効期限日時の訂正 (R39). */
import { LAPSE_CAUSES } from '../../domain/lapse.js';
import { PURPOSES } from '../../domain/delivery.js';
import type { CorrectedLife } from '../../usecases/correct-expiry.js';
import { correctExpiry } from '../../usecases/correct-expiry.js';
import { accountParams, status } from './account-schemas.js';
import { defineRoute } from './route.js';
import { civilDate, civilDateInput, instant, instantInput, iso, note } from './scalars.js';
import { z } from './zod.js';

const life = z
  .object({
    status,
    lapseCause: z.enum(LAPSE_CAUSES).nullable(),
    expiresOn: civilDate().nullable(),
    expiresAt: instant('Exclusive.'),
    windowOpensAt: instant(),
    autoStopsAt: instant(),
    autoMail: z.enum(['RUNNING', 'PROBING', 'HELD', 'STOPPED']),
    reminders: z
      .array(
        z.object({
          slot: z.string().nullable().openapi({ description: 'null: a mail outside the slots.' }),
          at: instant('When it goes, all included.'),
        }),
      )
      .openapi({ description: 'Mails that will go as things stand, next first, at most 50.' }),
  })
  .openapi('LifeUnderExpiry');

const correction = z
  .object({
    dryRun: z.boolean(),
    cycle: z.int().openapi({ description: 'It keeps its number and its links.', example: 1 }),
    before: life,
    after: life,
    dropped: z
      .array(z.object({ slot: z.string().nullable(), purpose: z.enum(PURPOSES), dueAt: instant() }))
      .openapi({ description: 'Mails that wait now and will not be sent any more.' }),
  })
  .openapi('ExpiryCorrection');

export const expiryCorrectionRoutes = [
  defineRoute({
    method: 'post',
    path: '/accounts/{accountId}/expiry-correction',
    operationId: 'correctExpiry',
    tag: 'Renewal',
    scope: 'expiry:write',
    summary: 'Correct a wrong expiry (有効期限日時の訂正)',
    description:
      'Not a renewal: the cycle keeps its number and its links, and nobody is mailed about it. Without `"dryRun": false` and a `reason` it is a preview that writes nothing. Window, reminders and the end of automatic mail follow the new expiry; reminders at or before this moment are not sent any more; status and cause follow. To undo it, correct again.',
    params: accountParams,
    body: z
      .strictObject({
        expiresOn: civilDateInput(
          'The right last valid day, for headquarters with a policy in days; at most 10 years ahead.',
        ).optional(),
        expiresAt: instantInput(
          'The right expiry, for headquarters with a policy in exact time only.',
        ).optional(),
        replaces: instantInput(
          'The `expiresAt` that is to be corrected; another one by now is answered with `expiry-changed`.',
        ).optional(),
        dryRun: z.boolean().default(true).openapi({ description: 'false corrects it, and needs `reason`.' }),
        reason: note(500, 'Why; needed when `dryRun` is false.')
          .optional()
          .openapi({ example: '入力の誤り' }),
      })
      .openapi('NewExpiryCorrection'),
    idempotencyKey: true,
    problems: ['account-withdrawn', 'expiry-changed'],
    answers: { 200: { description: 'What changes, or would.', schema: correction } },
    async handler({ deps, command, params, body }) {
      const result = await correctExpiry(deps, command, params.accountId, body);
      const json: z.infer<typeof correction> = {
        ...result,
        before: lifeJson(result.before),
        after: lifeJson(result.after),
        dropped: result.dropped.map((mail) => ({ ...mail, dueAt: iso(mail.dueAt) })),
      };
      return { status: 200, body: json };
    },
  }),
];

function lifeJson(of: CorrectedLife): z.infer<typeof life> {
  return {
    ...of,
    expiresAt: iso(of.expiresAt),
    windowOpensAt: iso(of.windowOpensAt),
    autoStopsAt: iso(of.autoStopsAt),
    reminders: of.reminders.map(({ slot, at }) => ({ slot, at: iso(at) })),
  };
}
