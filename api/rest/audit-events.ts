/** /audit-events: 操作履歴 (R34). */
import { listAuditEvents } from '../../usecases/read-audit.js';
import { defineRoute } from './route.js';
import { instant, iso, pageOf, pageQuery, uuid } from './scalars.js';
import { z } from './zod.js';

const details = z.record(z.string(), z.unknown()).nullable();

const auditEvent = z
  .object({
    id: z.int(),
    at: instant(),
    actor: z.string().openapi({
      description: '`token:<id>`, `resident`, `system`, `signal` or `operator`.',
      example: 'token:3f0d6a52-6f6f-4d43-9a55-0f7b0f3f7a10',
    }),
    action: z.string().openapi({ example: 'account.renewed' }),
    accountId: uuid.nullable(),
    before: details.openapi({ description: 'What it was, where something changed.' }),
    after: details.openapi({ description: 'What it became.' }),
  })
  .openapi('AuditEvent');

const auditEventPage = pageOf('AuditEventPage', auditEvent);

export const auditEventRoutes = [
  defineRoute({
    method: 'get',
    path: '/audit-events',
    operationId: 'listAuditEvents',
    tag: 'Audit trail',
    scope: 'audit:read',
    summary: 'Who did what (操作履歴), newest first',
    query: z.strictObject({ accountId: uuid.optional(), ...pageQuery }),
    answers: { 200: { description: 'A page of events.', schema: auditEventPage } },
    async handler({ deps, fireHqId, query }) {
      const page = await listAuditEvents(deps, fireHqId, query);
      const items = page.items.map((row): z.infer<typeof auditEvent> => ({
        ...row,
        at: iso(row.at),
        before: withIsoInstants(row.before) as z.infer<typeof details>,
        after: withIsoInstants(row.after) as z.infer<typeof details>,
      }));
      return { status: 200, body: { items, nextCursor: page.nextCursor } };
    },
  }),
];

/** The trail keeps instants as the code has them, epoch ms, in fields named `…At`, `at` or `until`. */
function withIsoInstants(details: unknown): unknown {
  if (details === null || details === undefined) return null;
  return JSON.parse(JSON.stringify(details), (key, value: unknown) =>
    typeof value === 'number' && /(^at|At|^until)$/.test(key) ? iso(value) : value,
  ) as unknown;
}
