/** /accounts/{id}/pending-addresses and /check-mails: a new address until it is proven, and asking whether mail arrives. */
import { requestCheckMail } from '../../usecases/check-mail.js';
import { switchToPending, takeBackPending } from '../../usecases/pending-address.js';
import { account, accountAnswer, accountParams } from './account-schemas.js';
import { PREFIX } from './paths.js';
import { reminder, reminderJson } from './reminders.js';
import { defineRoute } from './route.js';
import { note, uuid } from './scalars.js';
import { z } from './zod.js';

const tag = 'Addresses';

const pendingParams = z.strictObject({ ...accountParams.shape, addressId: uuid });

export const addressRoutes = [
  defineRoute({
    method: 'post',
    path: '/accounts/{accountId}/check-mails',
    operationId: 'sendCheckMail',
    tag,
    scope: 'reminders:send',
    summary: 'Ask whether mail arrives (check mail)',
    description:
      'A mail without a name and without a word of NET119, whose link proves the address. It goes to the pending address, or where there is none to the present one, in any status but WITHDRAWN; from 21:00 to 08:00 in Japan it waits until 08:00. At most one waits; one per 10 minutes. It is no reminder: the limits of those do not count it.',
    params: accountParams,
    idempotencyKey: true,
    problems: ['check-mail-too-soon', 'check-mail-already-waiting', 'account-withdrawn'],
    answers: { 202: { description: 'Queued.', schema: reminder, headers: ['Location'] } },
    async handler({ deps, command, params }) {
      const view = await requestCheckMail(deps, command, params.accountId);
      return {
        status: 202,
        body: reminderJson(view),
        headers: { Location: `${PREFIX}/accounts/${params.accountId}/reminders/${view.id}` },
      };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/accounts/{accountId}/pending-addresses/{addressId}/switch',
    operationId: 'switchToPendingAddress',
    tag,
    scope: 'accounts:write',
    summary: 'Make the pending address the present one at once',
    description:
      'Without waiting for its check mail to be answered, for a reason that stands in the audit trail. The address is unproven, so the fire side is warned until a mail is answered. The old address is told, links mailed to it end, and inside the window the current request goes to the new one. Done already, it changes nothing.',
    params: pendingParams,
    body: z
      .strictObject({
        reason: note(1_000, 'Why nobody waits for the person to answer.').openapi({
          example: '窓口で本人に確かめた',
        }),
      })
      .openapi('AddressSwitch'),
    idempotencyKey: true,
    problems: ['pending-address-ended'],
    answers: { 200: { description: 'It is the present address.', schema: account, headers: ['ETag'] } },
    async handler({ deps, command, params, body }) {
      const { accountId, addressId } = params;
      return accountAnswer(await switchToPending(deps, command, accountId, { addressId, ...body }));
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/accounts/{accountId}/pending-addresses/{addressId}',
    operationId: 'takeBackPendingAddress',
    tag,
    scope: 'accounts:write',
    summary: 'Take the pending address back',
    description: 'Its check mail can no longer be answered. Done already, it changes nothing.',
    params: pendingParams,
    problems: ['pending-address-ended'],
    answers: { 200: { description: 'It is not pending.', schema: account, headers: ['ETag'] } },
    async handler({ deps, command, params }) {
      return accountAnswer(await takeBackPending(deps, command, params.accountId, params.addressId));
    },
  }),
];
