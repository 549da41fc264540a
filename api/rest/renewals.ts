/** /accounts/{id}/renewals: renewal by staff. */
import { renewByStaff } from '../../usecases/renew-account.js';
import { accountParams } from './account-schemas.js';
import { defineRoute } from './route.js';
import { civilDate, instant, iso, note } from './scalars.js';
import { z } from './zod.js';

const renewal = z
  .object({
    outcome: z.enum(['RENEWED', 'ALREADY_RENEWED', 'OTHER_CYCLE', 'TOO_EARLY', 'WITHDRAWN']).openapi({
      description:
        'RENEWED: this call renewed. Else nothing was written, and the rest tells the present state.',
    }),
    cycle: z.int().openapi({ description: 'The cycle that is open now.', example: 2 }),
    expiresOn: civilDate('Of the open cycle; null under a policy in exact time.').nullable(),
    expiresAt: instant('Of the open cycle, exclusive.'),
    windowOpensAt: instant('Of the open cycle.'),
  })
  .openapi('Renewal');

export const renewalRoutes = [
  defineRoute({
    method: 'post',
    path: '/accounts/{accountId}/renewals',
    operationId: 'renewAccount',
    tag: 'Renewal',
    scope: 'renewals:write',
    summary: 'Renew for a person (代理更新)',
    description:
      'For an answer that came by counter, FAX, post or a mail reply, or that a representative gave. Only `mailReply` proves that mail reaches the person; after any other channel an address in doubt stays in doubt (`mailUnconfirmed`). Name the `cycle` to be safe against a second click.',
    params: accountParams,
    body: z
      .strictObject({
        channel: z.enum(['counter', 'fax', 'post', 'proxy', 'mailReply']),
        note: note(1_000, 'Why, or what was said.').openapi({ example: '窓口で本人が答えた' }),
        evidence: note(1_000, 'What it rests on.').optional().openapi({ example: '障害者手帳で本人確認' }),
        cycle: z.int().min(1).max(1_000_000).optional().openapi({ description: 'The cycle that is meant.' }),
        early: z.boolean().optional().openapi({ description: 'Before the window; needs `cycle`.' }),
      })
      .openapi('StaffRenewal'),
    idempotencyKey: true,
    problems: ['renewal-too-early', 'renewal-nothing-gained', 'account-withdrawn'],
    answers: {
      201: { description: 'Renewed: the new cycle.', schema: renewal },
      200: {
        description: 'It was renewed already, or another cycle is open: the present state.',
        schema: renewal,
      },
    },
    async handler({ deps, command, params, body }) {
      const done = await renewByStaff(deps, command, params.accountId, body);
      const json: z.infer<typeof renewal> = {
        ...done,
        expiresAt: iso(done.expiresAt),
        windowOpensAt: iso(done.windowOpensAt),
      };
      return { status: done.outcome === 'RENEWED' ? 201 : 200, body: json };
    },
  }),
];
