/** /accounts/{id}/schedule and /schedule-preview: planned dates that explain themselves (R14). */
import { previewSchedule } from '../../usecases/preview-schedule.js';
import { readSchedule } from '../../usecases/read-account.js';
import { accountParams, status } from './account-schemas.js';
import { policyInput } from './policy-schemas.js';
import { reminderKind } from './reminders.js';
import { defineRoute } from './route.js';
import { civilDate, civilDateInput, instant, instantInput, iso } from './scalars.js';
import { z } from './zod.js';

const tag = 'Schedule';

const state = z.enum(['PLANNED', 'DUE', 'HANDLED', 'SKIPPED', 'SUPERSEDED']).openapi('StepState', {
  description:
    'HANDLED: there is a mail for it, see the reminders. SKIPPED, SUPERSEDED: none goes or went, for the `reason`.',
});
const dates = {
  status,
  windowOpensAt: instant('The window opens.'),
  expiresAt: instant('Exclusive.'),
  autoStopsAt: instant(
    'Automatic mail ends, exclusive; in exact time a slot on this very instant may go up to 60 s late.',
  ),
};

const schedule = z
  .object({
    ...dates,
    steps: z.array(
      z.object({
        what: z.enum(['SLOT', 'MAIL', 'LAPSE', 'AUTO_STOP']).openapi({
          description:
            'SLOT: a planned reminder. MAIL: another mail that waits or is planned. LAPSE: 失効. AUTO_STOP: 自動配信終了.',
        }),
        slot: z.string().nullable(),
        kind: reminderKind.nullable(),
        at: instant('Planned, without spread.'),
        latestAt: instant('`at` plus the whole spread.').nullable(),
        state,
        reason: z.string().nullable().openapi({
          description:
            "Why it is so; of a slot that ended without a mail the ledger's reason, like NEWER_SLOT_DUE. Of a MAIL without another reason what it is: MANUAL, RETRY, RECEIPT, CHECK, PROBE (a check mail while mail does not arrive), NOTICE, …",
          example: 'ON_SCHEDULE',
        }),
        goesAt: instant('When it goes or went, all included; null: it does not go.').nullable(),
      }),
    ),
  })
  .openapi('Schedule');

const preview = z
  .object({
    ...dates,
    steps: z.array(
      z.object({
        slot: z.string().openapi({
          description: "The slot's name: its planned day in Japan, or its instant.",
          example: '2026-12-31',
        }),
        kind: reminderKind,
        at: instant('Planned, without spread.'),
        latestAt: instant('`at` plus `spreadOver`.'),
        state,
        reason: z.string().openapi({ example: 'ON_SCHEDULE' }),
      }),
    ),
    due: z
      .object({
        slot: z.string(),
        kind: reminderKind,
        at: instant('The first moment it may go, without spread.'),
      })
      .nullable()
      .openapi({ description: 'What is to be sent now or next of what is due.' }),
    renewal: z
      .object({
        expiresOn: civilDate().nullable(),
        expiresAt: instant('Exclusive.'),
        windowOpensAt: instant(),
      })
      .nullable()
      .openapi({
        description: 'What an answer at `renewedAt` gives; null without one, or before the window.',
      }),
  })
  .openapi('SchedulePreview');

const slotName = z
  .string()
  .max(40, { error: 'is too long' })
  .nullable()
  .openapi({ description: 'Planned day in Japan, or instant; null: a manual mail.' });

export const scheduleRoutes = [
  defineRoute({
    method: 'get',
    path: '/accounts/{accountId}/schedule',
    operationId: 'readSchedule',
    tag,
    scope: 'accounts:read',
    summary: 'What is planned for an account, oldest first',
    params: accountParams,
    answers: { 200: { description: 'The plan of the open cycle.', schema: schedule } },
    async handler({ deps, fireHqId, params }) {
      const view = await readSchedule(deps, fireHqId, params.accountId);
      const json: z.infer<typeof schedule> = {
        ...datesJson(view),
        steps: view.steps.map((step) => ({
          ...step,
          at: iso(step.at),
          latestAt: iso(step.latestAt),
          goesAt: iso(step.goesAt),
        })),
      };
      return { status: 200, body: json };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/schedule-preview',
    operationId: 'previewSchedule',
    tag,
    scope: 'policy:read',
    summary: 'What a policy does to an expiry',
    description:
      'One step per slot, oldest first, for any moment. Writes nothing. The policy may be of either basis.',
    body: z
      .strictObject({
        policy: policyInput.optional().openapi({ description: 'Left out: the present policy.' }),
        expiresOn: civilDateInput('For a policy in days.').optional(),
        expiresAt: instantInput('For a policy in exact time.').optional(),
        createdAt: instantInput('Left out: the account is older than its window.').optional(),
        handled: z
          .array(z.strictObject({ slot: slotName, kind: reminderKind, at: instantInput('When it went.') }))
          .max(1_000, { error: 'has too many entries' })
          .optional()
          .openapi({ description: 'Mails that were dealt with.' }),
        now: instantInput('Left out: now.').optional(),
        renewedAt: instantInput('When the person answered.').optional(),
      })
      .openapi('SchedulePreviewRequest'),
    answers: { 200: { description: 'The plan.', schema: preview } },
    async handler({ deps, fireHqId, body }) {
      const view = await previewSchedule(deps, fireHqId, body);
      const json: z.infer<typeof preview> = {
        ...datesJson(view),
        steps: view.steps.map((step) => ({ ...step, at: iso(step.at), latestAt: iso(step.latestAt) })),
        due: view.due && { ...view.due, at: iso(view.due.at) },
        renewal: view.renewal && {
          ...view.renewal,
          expiresAt: iso(view.renewal.expiresAt),
          windowOpensAt: iso(view.renewal.windowOpensAt),
        },
      };
      return { status: 200, body: json };
    },
  }),
];

function datesJson(view: {
  status: z.infer<typeof status>;
  windowOpensAt: number;
  expiresAt: number;
  autoStopsAt: number;
}): z.infer<z.ZodObject<typeof dates>> {
  return {
    status: view.status,
    windowOpensAt: iso(view.windowOpensAt),
    expiresAt: iso(view.expiresAt),
    autoStopsAt: iso(view.autoStopsAt),
  };
}
