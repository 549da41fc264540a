/** /accounts: register, list, search, read, change. */
import { changeAccount } from '../../usecases/change-account.js';
import { listAccounts, readAccount, searchAccounts } from '../../usecases/read-account.js';
import { registerAccount } from '../../usecases/register-account.js';
import {
  account,
  accountAnswer,
  accountChanges,
  accountPage,
  accountPageJson,
  accountParams,
  lapseCause,
  newAccount,
  status,
} from './account-schemas.js';
import { PREFIX } from './paths.js';
import { defineRoute } from './route.js';
import { pageBody, pageQuery, shortText } from './scalars.js';
import { z } from './zod.js';

const tag = 'Accounts';

export const accountRoutes = [
  defineRoute({
    method: 'post',
    path: '/accounts',
    operationId: 'registerAccount',
    tag,
    scope: 'accounts:write',
    summary: 'Register an account',
    description:
      'Starts the first cycle and the automatic reminders. Slots before this moment are not caught up. A check mail, without a name and without a word of NET119, asks whether mail arrives.',
    body: newAccount,
    idempotencyKey: true,
    problems: ['registration-number-taken'],
    answers: { 201: { description: 'Registered.', schema: account, headers: ['ETag', 'Location'] } },
    async handler({ deps, command, body }) {
      const view = await registerAccount(deps, command, body);
      const answer = accountAnswer(view, 201);
      return { ...answer, headers: { ...answer.headers, Location: `${PREFIX}/accounts/${view.id}` } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/accounts',
    operationId: 'listAccounts',
    tag,
    scope: 'accounts:read',
    summary: 'List accounts, soonest expiry first',
    query: z.strictObject({
      status: status.optional(),
      lapseCause: lapseCause.optional(),
      registrationNumber: z
        .string()
        .max(1_000, { error: 'is too long' })
        .optional()
        .openapi({ description: 'The whole number; gives at most one account.' }),
      ...pageQuery,
    }),
    answers: { 200: { description: 'A page of accounts.', schema: accountPage } },
    async handler({ deps, fireHqId, query }) {
      return { status: 200, body: accountPageJson(await listAccounts(deps, fireHqId, query)) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/accounts/search',
    operationId: 'searchAccounts',
    tag,
    scope: 'accounts:read',
    summary: 'Search accounts',
    description:
      'By the beginning of name, kana, registration number or mobile number, or by the whole mail address. A POST, so that names and addresses never stand in a URL. Writes nothing.',
    body: z
      .strictObject({
        q: shortText('れいじ', 'What to look for.').refine((q) => q.trim() !== '', {
          error: 'must not be empty',
        }),
        ...pageBody,
      })
      .openapi('AccountSearch'),
    answers: { 200: { description: 'A page of accounts.', schema: accountPage } },
    async handler({ deps, fireHqId, body }) {
      return { status: 200, body: accountPageJson(await searchAccounts(deps, fireHqId, body)) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/accounts/{accountId}',
    operationId: 'readAccount',
    tag,
    scope: 'accounts:read',
    summary: 'Read an account',
    params: accountParams,
    answers: { 200: { description: 'The account.', schema: account, headers: ['ETag'] } },
    async handler({ deps, fireHqId, params }) {
      return accountAnswer(await readAccount(deps, fireHqId, params.accountId));
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/accounts/{accountId}',
    operationId: 'changeAccount',
    tag,
    scope: 'accounts:write',
    summary: 'Change what is known of a person',
    description:
      'A merge patch: what is left out stays, null clears an optional field. While mail is proven to reach the present address, a new mailAddress waits as `pendingAddress` until its check mail is answered; another one takes its place, and the present address given again takes it back. Otherwise it becomes the present one at once: links mailed to the old one end, and inside the window the current request goes to the new one.',
    params: accountParams,
    body: accountChanges,
    bodyTypes: ['application/merge-patch+json'],
    ifMatch: true,
    answers: { 200: { description: 'Changed.', schema: account, headers: ['ETag'] } },
    async handler({ deps, command, params, body, expectedVersion }) {
      const { emergencyContacts, ...changes } = body;
      return accountAnswer(
        await changeAccount(deps, command, params.accountId, expectedVersion, {
          ...changes,
          ...(emergencyContacts === undefined ? {} : { emergencyContacts: emergencyContacts ?? [] }),
        }),
      );
    },
  }),
];
