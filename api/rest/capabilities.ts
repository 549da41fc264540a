/** /capabilities: what works for a person now (R17), for call and dispatch consoles. */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { askCapabilities, askCapabilitiesAnywhere } from '../../usecases/ask-capabilities.js';
import type { CapabilitiesView } from '../../usecases/read-capabilities.js';
import { readCapabilities } from '../../usecases/read-capabilities.js';
import { accountParams } from './account-schemas.js';
import { defineRoute } from './route.js';
import { instant, iso, shortText } from './scalars.js';
import { z } from './zod.js';

const tag = 'Capabilities';

/** R17: consoles must never wait for us, nor stop anything because of us. */
export const CONSOLE_RULE =
  '**Rule for consoles: no answer within 1 second, a 404 or any 5xx means: allowed, state unknown.** Show 「メールの状態を確認できません。呼び返しは試せます」 and go on. Never ask during an emergency call in a way that could delay it.';

const capability = z
  .object({
    level: z.enum(['ok', 'warn', 'blocked']),
    reasonCode: z.enum([
      'ALWAYS_AVAILABLE',
      'NOT_DECIDED_HERE',
      'MAIL_REACHES',
      'MAIL_UNPROVEN',
      'LAPSED_UNDELIVERABLE',
      'WITHDRAWN',
      'ADDRESS_SUSPECT',
      'ADDRESS_UNDELIVERABLE',
      'ADDRESS_CHANGED_UNVERIFIED',
    ]),
    text: z.string().openapi({ description: 'Japanese, for the dispatcher.', example: '呼び返しできます。' }),
    alternatives: z
      .array(
        z.object({
          kind: z.enum(['CHAT', 'EMERGENCY_CONTACT', 'POSTAL_ADDRESS', 'FAX', 'MOBILE']),
          label: z.string().openapi({ example: '緊急連絡先 山田花子（妻）' }),
          value: z.string().nullable().openapi({ example: '090-0000-0000' }),
        }),
      )
      .openapi({
        description:
          'Other ways that exist for this person, in the order to try them; empty when all is well.',
      }),
  })
  .openapi('Capability');

const capabilities = z
  .object({
    emergencyReport: capability.openapi({ description: '緊急通報, by the resident: always `ok`.' }),
    practiceReport: capability.openapi({ description: '練習通報, by the resident: always `ok`.' }),
    callback: capability.openapi({ description: '呼び返し, by the fire side.' }),
    mailManagement: capability.openapi({ description: 'メール管理, by the fire side.' }),
    lastProvenAt: instant('When the person last answered a mail; null: never.').nullable(),
    lastFailedAt: instant(
      'When we last heard that a mail to the present address failed for a reason of the recipient; null: never.',
    ).nullable(),
  })
  .openapi('Capabilities');

const capabilitiesAnywhere = z
  .object({ fireHq: z.string().openapi({ description: 'Code of the headquarters.' }), capabilities })
  .openapi('CapabilitiesAnywhere');

const mobileNumber = shortText('090-0000-0000', 'The whole number, in any way of writing, also from +81.');
const ONE_PERSON =
  'One named person a call: the whole number, never a part of it. 404 also when several people have it; then ask by registration number.';

/**
 * Of each of the vendor's tokens, over all calls below: consoles ask for some people a minute; registration numbers tried
 * one after the other, which would give the list that no call gives, take days, and all mobile numbers centuries.
 */
const vendorLimit = new RateLimiterMemory({ points: 60, duration: 60 });
const VENDOR_LIMIT =
  "A vendor's token may ask at most 60 times a minute, all calls about capabilities together, found or not; then 429 with `Retry-After`, which means the same as no answer.";

const answers = { 200: { description: 'What works.', schema: capabilities } };

export const capabilityRoutes = [
  defineRoute({
    method: 'get',
    path: '/accounts/{accountId}/capabilities',
    operationId: 'readCapabilities',
    tag,
    scope: 'capabilities:read',
    summary: 'What works for a person now',
    description: CONSOLE_RULE,
    params: accountParams,
    answers,
    async handler({ deps, fireHqId, params }) {
      return {
        status: 200,
        body: capabilitiesJson(await readCapabilities(deps, fireHqId, params.accountId)),
      };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/capabilities',
    operationId: 'readCapabilitiesByNumber',
    tag,
    scope: 'capabilities:read',
    vendorScope: 'capabilities:any-hq',
    vendorLimit,
    summary: 'What works for a person now, by registration number',
    description: `${CONSOLE_RULE}\n\n${VENDOR_LIMIT}`,
    query: z.strictObject({
      registrationNumber: shortText('A-1024', 'The whole number.'),
      fireHq: shortText('mihon', "Code of the headquarters; only a vendor's token names one.").optional(),
    }),
    problems: ['not-found', 'too-many-requests'],
    answers,
    async handler({ deps, command, byVendor, query: { registrationNumber } }) {
      const view = await askCapabilities(deps, command, { registrationNumber }, { byVendor });
      return { status: 200, body: capabilitiesJson(view) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/capabilities/search',
    operationId: 'searchCapabilities',
    tag,
    scope: 'capabilities:read',
    vendorScope: 'capabilities:any-hq',
    vendorLimit,
    summary: 'What works for a person now, by mobile number',
    description: `${CONSOLE_RULE}\n\n${ONE_PERSON} A POST, so that the number stands in no log. ${VENDOR_LIMIT}`,
    query: z.strictObject({
      fireHq: shortText('mihon', "Code of the headquarters; only a vendor's token names one.").optional(),
    }),
    body: z.strictObject({ mobileNumber }).openapi('CapabilitySearch'),
    problems: ['not-found', 'too-many-requests'],
    answers,
    async handler({ deps, command, byVendor, body }) {
      return {
        status: 200,
        body: capabilitiesJson(await askCapabilities(deps, command, body, { byVendor })),
      };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/capabilities/any-hq',
    operationId: 'searchCapabilitiesAnywhere',
    tag,
    scope: null,
    vendorScope: 'capabilities:any-hq',
    vendorLimit,
    summary: 'What works for a caller on a trip, by mobile number, whichever the headquarters',
    description: `${CONSOLE_RULE}\n\n${ONE_PERSON} Each answer stands in the audit trail of that person's headquarters. ${VENDOR_LIMIT}`,
    body: z.strictObject({ mobileNumber }).openapi('CapabilitySearchAnywhere'),
    problems: ['not-found', 'too-many-requests'],
    answers: { 200: { description: 'Of whom, and what works.', schema: capabilitiesAnywhere } },
    async handler({ deps, command, body }) {
      const { fireHq, capabilities: view } = await askCapabilitiesAnywhere(deps, command, body.mobileNumber);
      return {
        status: 200,
        body: { fireHq, capabilities: capabilitiesJson(view) } satisfies z.infer<typeof capabilitiesAnywhere>,
      };
    },
  }),
];

function capabilitiesJson(view: CapabilitiesView): z.infer<typeof capabilities> {
  return { ...view, lastProvenAt: iso(view.lastProvenAt), lastFailedAt: iso(view.lastFailedAt) };
}
