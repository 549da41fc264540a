/** /requests: 本人からの連絡 (R28), told on the page of a link, answered by staff. */
import { CHANGE_ITEMS, REACH_BY, REQUEST_STATES } from '../../store/requests.js';
import type { RequestView } from '../../usecases/resident-request.js';
import { closeRequest, listRequests } from '../../usecases/resident-request.js';
import { defineRoute } from './route.js';
import { instant, iso, note, pageOf, pageQuery, uuid } from './scalars.js';
import { z } from './zod.js';

const tag = 'Requests';

const request = z
  .object({
    id: uuid,
    accountId: uuid,
    cycle: z.int().openapi({ description: 'The cycle whose link was used.' }),
    kind: z.enum(['CHANGE', 'STOP']).openapi({
      description:
        'CHANGE 変わったものがある; there from the moment that is answered. STOP もう使わない: automatic mail rests until it is closed; the account is not withdrawn by it.',
    }),
    state: z.enum(REQUEST_STATES),
    items: z.array(z.enum(CHANGE_ITEMS)).openapi({
      description:
        'What changed. Empty in a CHANGE: the person has not said what (yet); later it is filled in here.',
    }),
    newMailAddress: z.string().nullable(),
    newAddress: z
      .object({
        state: z.enum(['NOT_ENTERED', 'PENDING', 'NOT_ANSWERED', 'REPLACED', 'PRESENT', 'FORMER']),
        until: instant('Exclusive; only while PENDING.').nullable(),
      })
      .nullable()
      .openapi({
        description:
          'What became of `newMailAddress`; null when none was told. It is entered by itself: PENDING its check mail can still be answered, NOT_ANSWERED it was not in time, REPLACED by another one or taken back, PRESENT it is the address of the account, FORMER it was. NOT_ENTERED: one too many for a day, so staff enter it.',
      }),
    reachBy: z.enum(REACH_BY).nullable().openapi({ description: 'How the person wants to be reached.' }),
    message: z.string().nullable(),
    createdAt: instant(),
    closedAt: instant().nullable(),
    closedBy: z.string().nullable(),
    staffNote: z.string().nullable(),
    version: z.int(),
  })
  .openapi('ResidentRequest');

const requestPage = pageOf('ResidentRequestPage', request);

export const requestRoutes = [
  defineRoute({
    method: 'get',
    path: '/requests',
    operationId: 'listRequests',
    tag,
    scope: 'requests:read',
    summary: 'List what residents told us (本人からの連絡), newest first',
    query: z.strictObject({ state: z.enum(REQUEST_STATES).optional(), ...pageQuery }),
    answers: { 200: { description: 'A page of requests.', schema: requestPage } },
    async handler({ deps, fireHqId, query }) {
      const page = await listRequests(deps, fireHqId, query);
      return { status: 200, body: { items: page.items.map(requestJson), nextCursor: page.nextCursor } };
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/requests/{requestId}',
    operationId: 'closeRequest',
    tag,
    scope: 'requests:write',
    summary: 'Close a request',
    description:
      'Changes nothing else: change the account by its own call first. A closed STOP lets automatic mail go on; withdrawing the account closes it by itself.',
    params: z.strictObject({ requestId: uuid }),
    body: z
      .strictObject({
        state: z.enum(['DONE', 'DECLINED']),
        staffNote: note(1_000, 'For colleagues.').optional(),
      })
      .openapi('RequestAnswer'),
    bodyTypes: ['application/merge-patch+json'],
    problems: ['request-already-closed'],
    answers: { 200: { description: 'Closed.', schema: request } },
    async handler({ deps, command, params, body }) {
      return { status: 200, body: requestJson(await closeRequest(deps, command, params.requestId, body)) };
    },
  }),
];

function requestJson(view: RequestView): z.infer<typeof request> {
  return {
    ...view,
    newAddress: view.newAddress && { ...view.newAddress, until: iso(view.newAddress.until) },
    createdAt: iso(view.createdAt),
    closedAt: iso(view.closedAt),
  };
}
