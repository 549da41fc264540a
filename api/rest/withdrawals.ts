/** /accounts/{id}/withdrawal and /hold: 廃止 and 保留. */
import { holdAccount, releaseHold } from '../../usecases/hold-account.js';
import { undoWithdrawal, withdrawAccount } from '../../usecases/withdraw-account.js';
import { account, accountAnswer, accountParams } from './account-schemas.js';
import { defineRoute } from './route.js';
import { instantInput, note } from './scalars.js';
import { z } from './zod.js';

const tag = 'Withdrawal and hold';
const answers = {
  200: { description: 'The account as it is now.', schema: account, headers: ['ETag'] as const },
};

export const withdrawalRoutes = [
  defineRoute({
    method: 'post',
    path: '/accounts/{accountId}/withdrawal',
    operationId: 'withdrawAccount',
    tag,
    scope: 'withdrawals:write',
    summary: 'Withdraw an account (廃止)',
    description:
      'Stops all mail at once; can be undone for 30 days. Closes an open STOP of the person (see Requests) as DONE; the undo leaves it closed. A second withdrawal changes nothing.',
    params: accountParams,
    body: z
      .strictObject({ reason: note(500, 'Why.').openapi({ example: '本人の申し出' }) })
      .openapi('NewWithdrawal'),
    idempotencyKey: true,
    answers,
    async handler({ deps, command, params, body }) {
      return accountAnswer(await withdrawAccount(deps, command, params.accountId, body));
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/accounts/{accountId}/withdrawal',
    operationId: 'undoWithdrawal',
    tag,
    scope: 'withdrawals:write',
    summary: 'Undo a withdrawal',
    description:
      'Within 30 days, with the same cycle and dates. Mail that was skipped meanwhile is not revived.',
    params: accountParams,
    problems: ['account-not-withdrawn', 'withdrawal-undo-too-late'],
    answers,
    async handler({ deps, command, params }) {
      return accountAnswer(await undoWithdrawal(deps, command, params.accountId));
    },
  }),
  defineRoute({
    method: 'put',
    path: '/accounts/{accountId}/hold',
    operationId: 'holdAccount',
    tag,
    scope: 'holds:write',
    summary: 'Hold automatic mail of one person (保留)',
    description: 'Automatic mail rests until then; the expiry runs on. A second hold replaces the first.',
    params: accountParams,
    body: z
      .strictObject({
        until: instantInput('Exclusive; must lie in the future.'),
        reason: note(500, 'Why.').openapi({ example: '入院中' }),
      })
      .openapi('NewHold'),
    problems: ['account-withdrawn'],
    answers,
    async handler({ deps, command, params, body }) {
      return accountAnswer(await holdAccount(deps, command, params.accountId, body));
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/accounts/{accountId}/hold',
    operationId: 'releaseHold',
    tag,
    scope: 'holds:write',
    summary: 'Release a hold',
    description:
      'Of several slots that fell due meanwhile only the latest is sent. Releasing what is not held changes nothing.',
    params: accountParams,
    answers,
    async handler({ deps, command, params }) {
      return accountAnswer(await releaseHold(deps, command, params.accountId));
    },
  }),
];
