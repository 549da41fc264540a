/** /policy: the headquarters' rules of time (R4, R12, R13). */
import { applyPolicy } from '../../usecases/apply-policy.js';
import type { AppliedChange } from '../../usecases/apply-policy.js';
import { putPolicy, readPolicy } from '../../usecases/policy.js';
import type { PolicyView } from '../../usecases/policy.js';
import { etagOf } from '../middleware/preconditions.js';
import { policyDocument, policyInput } from './policy-schemas.js';
import type { Answer } from './route.js';
import { defineRoute } from './route.js';
import { instant, iso, note, uuid } from './scalars.js';
import { z } from './zod.js';

const tag = 'Policy';

const policyVersion = z
  .object({
    version: z.int(),
    basis: z
      .enum(['date', 'time'])
      .openapi({ description: '`date`: in days, the ordinary kind. `time`: in exact instants.' }),
    policy: policyDocument,
    reason: z.string(),
    createdBy: z.string(),
    createdAt: instant(),
  })
  .openapi('PolicyVersion');

const cyclePlan = z
  .object({
    windowOpensAt: instant(),
    autoStopsAt: instant(),
    nextReminderAt: instant().nullable(),
    reminders: z
      .array(
        z.object({
          slot: z.string().nullable().openapi({ description: 'null: a mail outside the slots.' }),
          at: instant('When it goes, all included.'),
        }),
      )
      .openapi({ description: 'Mails that will go as things stand, next first, at most 50.' }),
  })
  .openapi('CyclePlan');

const application = z
  .object({
    version: z.int(),
    dryRun: z.boolean(),
    accounts: z.int().openapi({ description: 'Accounts whose running cycle is under another version.' }),
    changed: z
      .array(
        z.object({ accountId: uuid, registrationNumber: z.string(), before: cyclePlan, after: cyclePlan }),
      )
      .openapi({ description: 'The first 200 of them.' }),
  })
  .openapi('PolicyApplication');

export const policyRoutes = [
  defineRoute({
    method: 'get',
    path: '/policy',
    operationId: 'readPolicy',
    tag,
    scope: 'policy:read',
    summary: 'Read the present policy',
    answers: { 200: { description: 'The newest version.', schema: policyVersion, headers: ['ETag'] } },
    async handler({ deps, fireHqId }) {
      return policyAnswer(await readPolicy(deps, fireHqId));
    },
  }),
  defineRoute({
    method: 'put',
    path: '/policy',
    operationId: 'putPolicy',
    tag,
    scope: 'policy:write',
    summary: 'Put a new version of the policy',
    description:
      'For cycles that begin from now on. Running cycles keep the version they began with; see `POST /policy/apply`.',
    body: z
      .strictObject({ policy: policyInput, reason: note(500, 'Why.').openapi({ example: '部内決定' }) })
      .openapi('NewPolicy'),
    ifMatch: true,
    problems: ['policy-basis-in-use'],
    answers: { 200: { description: 'The new version.', schema: policyVersion, headers: ['ETag'] } },
    async handler({ deps, command, body, expectedVersion }) {
      return policyAnswer(await putPolicy(deps, command, expectedVersion, body));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/policy/apply',
    operationId: 'applyPolicy',
    tag,
    scope: 'policy:write',
    summary: 'Apply the present policy to running cycles',
    description:
      'Without `"dryRun": false` and a `reason` it is a preview: it writes nothing and tells who gets which mail. Moves slots, window and stop, never an expiry; past slots are never sent again, an opened window stays open, a stopped run stays stopped.',
    body: z
      .strictObject({
        dryRun: z
          .boolean()
          .default(true)
          .openapi({ description: 'false changes running cycles, and needs `reason`.' }),
        reason: note(500, 'Why; needed when `dryRun` is false.').optional(),
      })
      .openapi('ApplyPolicy'),
    idempotencyKey: true,
    answers: { 200: { description: 'What changes, or would.', schema: application } },
    async handler({ deps, command, body }) {
      const result = await applyPolicy(deps, command, body);
      const json: z.infer<typeof application> = { ...result, changed: result.changed.map(changeJson) };
      return { status: 200, body: json };
    },
  }),
];

function policyAnswer({ document, ...view }: PolicyView): Answer {
  const json: z.infer<typeof policyVersion> = { ...view, policy: document, createdAt: iso(view.createdAt) };
  return { status: 200, body: json, headers: { ETag: etagOf(view.version) } };
}

function changeJson(change: AppliedChange): z.infer<typeof application>['changed'][number] {
  return { ...change, before: planJson(change.before), after: planJson(change.after) };
}

function planJson(plan: AppliedChange['before']): z.infer<typeof cyclePlan> {
  return {
    windowOpensAt: iso(plan.windowOpensAt),
    autoStopsAt: iso(plan.autoStopsAt),
    nextReminderAt: iso(plan.nextReminderAt),
    reminders: plan.reminders.map(({ slot, at }) => ({ slot, at: iso(at) })),
  };
}
