/** /mail-stops: 自動送信の停止 (R36). */
import type { MailStopView } from '../../usecases/mail-stop.js';
import { createMailStop, endMailStop, listMailStops } from '../../usecases/mail-stop.js';
import { defineRoute } from './route.js';
import { instant, instantInput, iso, note, shortText, uuid } from './scalars.js';
import { z } from './zod.js';

const tag = 'Mail stops';

const mailStop = z
  .object({
    id: uuid,
    scope: z.enum(['ALL', 'FIRE_HQ', 'MAIL_DOMAIN']).openapi({
      description:
        'ALL is set by the operator, for every headquarters; only the operator ends it. It is also the scope of a pause of all mail.',
    }),
    cause: z.enum(['STAFF', 'MASS_FAILURE']).openapi({
      description:
        'STAFF: set by people; manual mail and receipts go on. MASS_FAILURE: a pause that the system set for every headquarters because many mails failed at once. No mail goes, manual mail and receipts neither; one is tried every 10 minutes, and once it is accepted the pause ends.',
    }),
    mailDomain: z.string().nullable(),
    reason: z.string(),
    until: instant('Exclusive; null: until it is ended.').nullable(),
    createdAt: instant(),
    createdBy: z.string(),
    endedAt: instant().nullable(),
  })
  .openapi('MailStop');

const mailStopList = z.object({ items: z.array(mailStop), nextCursor: z.null() }).openapi('MailStopList');

export const mailStopRoutes = [
  defineRoute({
    method: 'get',
    path: '/mail-stops',
    operationId: 'listMailStops',
    tag,
    scope: 'mail-stops:read',
    summary: 'List stops of automatic mail, and pauses, newest first',
    answers: { 200: { description: 'The stops.', schema: mailStopList } },
    async handler({ deps, fireHqId }) {
      const items = (await listMailStops(deps, fireHqId)).map(mailStopJson);
      return { status: 200, body: { items, nextCursor: null } satisfies z.infer<typeof mailStopList> };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/mail-stops',
    operationId: 'createMailStop',
    tag,
    scope: 'mail-stops:write',
    summary: 'Stop automatic mail',
    description:
      'Of the whole headquarters, or to one mail domain of it. Effective within 60 seconds, at the moment of sending. Afterwards only the latest slot that fell due is sent.',
    body: z
      .strictObject({
        mailDomain: shortText('example.jp', 'Left out: the whole headquarters.').optional(),
        until: instantInput('Exclusive; left out: until it is ended.').optional(),
        reason: note(500, 'Why.').openapi({ example: 'メールサーバの障害' }),
      })
      .openapi('NewMailStop'),
    idempotencyKey: true,
    answers: { 201: { description: 'Stopped.', schema: mailStop } },
    async handler({ deps, command, body }) {
      return { status: 201, body: mailStopJson(await createMailStop(deps, command, body)) };
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/mail-stops/{mailStopId}',
    operationId: 'endMailStop',
    tag,
    scope: 'mail-stops:write',
    summary: 'End a stop',
    description:
      'Ending one that has ended changes nothing. A pause (MASS_FAILURE) ends for this headquarters alone: failures count again, and for 24 hours no pause of that scope binds it.',
    params: z.strictObject({ mailStopId: uuid }),
    answers: { 200: { description: 'Ended.', schema: mailStop } },
    async handler({ deps, command, params }) {
      return { status: 200, body: mailStopJson(await endMailStop(deps, command, params.mailStopId)) };
    },
  }),
];

function mailStopJson(view: MailStopView): z.infer<typeof mailStop> {
  return { ...view, until: iso(view.until), createdAt: iso(view.createdAt), endedAt: iso(view.endedAt) };
}
