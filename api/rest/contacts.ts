/** /accounts/{id}/activities and /contacts: calls that were made, and what staff did to reach a person. */
import type { ContactRow } from '../../store/contacts.js';
import { CONTACT_KINDS, CONTACT_SAID } from '../../store/contacts.js';
import { recordActivity } from '../../usecases/record-activity.js';
import { cancelContact, listContacts, recordContact } from '../../usecases/record-contact.js';
import { accountParams } from './account-schemas.js';
import { defineRoute } from './route.js';
import { instant, instantInput, iso, note, uuid } from './scalars.js';
import { z } from './zod.js';

const kind = z.enum(CONTACT_KINDS).openapi('ContactKind', {
  description:
    'FAX_SENT FAXを送った, ANSWERED 返信があった, POST_SENT 郵送した, POST_RETURNED 手紙が戻った（宛所不明）, COUNTER_PERSON 窓口で確認（本人）, COUNTER_FAMILY 窓口で確認（家族）, NO_ANSWER 返事なし, MAIL_REPLY メールの返信 (of the person: it proves that mail reaches them), MAIL_SENT メールを送った (by staff).',
});
const said = z.enum(CONTACT_SAID).openapi({
  description: 'SAME 同じ, CHANGED 変わった, NOT_USED 使わない, DECEASED 亡くなった.',
});

const contact = z
  .object({
    id: uuid,
    kind,
    said: said.nullable(),
    note: z.string().nullable(),
    at: instant('When it happened.'),
    recordedBy: z.string().openapi({ example: 'token:3f0d6a52-6f6f-4d43-9a55-0f7b0f3f7a10' }),
    createdAt: instant('When it was recorded.'),
    cancelled: z
      .object({ at: instant(), by: z.string(), reason: z.string() })
      .nullable()
      .openapi({ description: 'It was a mistake: it stays in the list, and counts for nothing.' }),
  })
  .openapi('Contact');

const contactList = z.object({ items: z.array(contact), nextCursor: z.null() }).openapi('ContactList');

export const contactRoutes = [
  defineRoute({
    method: 'post',
    path: '/accounts/{accountId}/activities',
    operationId: 'recordActivity',
    tag: 'Activities and contacts',
    scope: 'activities:write',
    summary: 'Report an emergency or practice call',
    description:
      'From the side that takes the calls. Updates `lastActivityAt`; renews nothing, stops nothing. Reports may come late, twice and out of order. Send it after the call, never as part of one.',
    params: accountParams,
    body: z
      .strictObject({
        kind: z.enum(['EMERGENCY', 'PRACTICE']).openapi({ description: '緊急通報, 練習通報.' }),
        at: instantInput('When the call was made.'),
      })
      .openapi('NewActivity'),
    idempotencyKey: true,
    answers: { 204: { description: 'Recorded.' } },
    async handler({ deps, command, params, body }) {
      await recordActivity(deps, command, params.accountId, body);
      return { status: 204 };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/accounts/{accountId}/contacts',
    operationId: 'recordContact',
    tag: 'Activities and contacts',
    scope: 'contacts:write',
    summary: 'Record a contact by FAX, post, counter or mail',
    params: accountParams,
    body: z
      .strictObject({
        kind,
        said: said.optional(),
        note: note(1_000, 'In words.').optional(),
        at: instantInput('When it happened; left out: now.').optional(),
      })
      .openapi('NewContact'),
    idempotencyKey: true,
    answers: { 201: { description: 'Recorded.', schema: contact } },
    async handler({ deps, command, params, body }) {
      return { status: 201, body: contactJson(await recordContact(deps, command, params.accountId, body)) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/accounts/{accountId}/contacts/{contactId}/cancellation',
    operationId: 'cancelContact',
    tag: 'Activities and contacts',
    scope: 'contacts:write',
    summary: 'Cancel a mistaken contact (取り消し)',
    description:
      'The record stays in the list with `cancelled`. What a MAIL_REPLY had proven is taken back. Cancelled already, nothing changes.',
    params: accountParams.extend({ contactId: uuid }),
    body: z.strictObject({ reason: note(1_000, 'What was wrong with it.') }).openapi('ContactCancellation'),
    idempotencyKey: true,
    answers: { 200: { description: 'Cancelled.', schema: contact } },
    async handler({ deps, command, params, body }) {
      const { accountId, contactId } = params;
      const done = await cancelContact(deps, command, accountId, { contactId, ...body });
      return { status: 200, body: contactJson(done) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/accounts/{accountId}/contacts',
    operationId: 'listContacts',
    tag: 'Activities and contacts',
    scope: 'accounts:read',
    summary: 'List the last 200 contacts, latest first',
    params: accountParams,
    answers: { 200: { description: 'The contacts.', schema: contactList } },
    async handler({ deps, fireHqId, params }) {
      const items = (await listContacts(deps, fireHqId, params.accountId)).map(contactJson);
      return { status: 200, body: { items, nextCursor: null } satisfies z.infer<typeof contactList> };
    },
  }),
];

function contactJson(row: ContactRow): z.infer<typeof contact> {
  return {
    ...row,
    at: iso(row.at),
    createdAt: iso(row.createdAt),
    cancelled: row.cancelled && { ...row.cancelled, at: iso(row.cancelled.at) },
  };
}
