/** Requests that are wrong in one way each: the answer names the field, and nothing is written. */
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { boundWords, faultsOf } from '../../api/rest/faults.js';
import { z } from '../../api/rest/zod.js';
import type { Ids } from './samples.js';
import { etagOf, seed } from './samples.js';
import type { World } from './world.js';
import { PERSON, createWorld } from './world.js';

let world: World;
let ids: Ids;
let before: number;

beforeAll(async () => {
  world = await createWorld();
  ids = await seed(world, world.hq);
});
afterAll(() => world.close());

async function auditCount(): Promise<number> {
  const page = (await world.call('get', '/v1/audit-events?limit=200')).body as { items: unknown[] };
  return page.items.length;
}
beforeEach(async () => {
  before = await auditCount();
});
afterEach(async () => {
  expect(await auditCount()).toBe(before);
});

const NUL = 'a\u0000b';
const LONE = 'a\ud800b';

const newAccounts: [string, object, string][] = [
  ['no number', { registrationNumber: undefined }, 'registrationNumber'],
  ['a number with a slash at its head', { registrationNumber: '/1' }, 'registrationNumber'],
  ['a number that is a number', { registrationNumber: 1 }, 'registrationNumber'],
  ['no name', { name: ' ' }, 'name'],
  ['a name of null', { name: null }, 'name'],
  ['a name with NUL', { name: NUL }, 'name'],
  ['a name with half a character', { name: LONE }, 'name'],
  ['a very long name', { name: '例'.repeat(1_001) }, 'name'],
  ['an address that cannot exist', { mailAddress: 'taro' }, 'mailAddress'],
  ['an address as a list', { mailAddress: ['a@example.jp', 'b@example.jp'] }, 'mailAddress'],
  ['a day that is none', { expiresOn: '2027-02-29' }, 'expiresOn'],
  ['a day with a time', { expiresOn: '2027-03-31T00:00:00Z' }, 'expiresOn'],
  ['a day too far ahead', { expiresOn: '2036-06-02' }, 'expiresOn'],
  ['a year before our time', { expiresOn: '0001-01-01' }, 'expiresOn'],
  ['an instant under a policy in days', { expiresAt: '2027-03-31T15:00:00Z' }, 'expiresAt'],
  ['an instant without a zone', { registeredAt: '2026-05-01T00:00:00' }, 'registeredAt'],
  ['an instant that is a number', { registeredAt: 1_780_000_000_000 }, 'registeredAt'],
  ['an instant on the 30th of February', { registeredAt: '2026-02-30T00:00:00Z' }, 'registeredAt'],
  ['an instant in the year 0', { registeredAt: '0000-01-01T00:00:00Z' }, 'registeredAt'],
  ['an instant in the future', { registeredAt: '2026-06-01T03:00:00.001Z' }, 'registeredAt'],
  [
    'a contact without a relation',
    { emergencyContacts: [{ name: '例示 花子' }] },
    'emergencyContacts[0].relation',
  ],
  [
    'a contact with a wrong address',
    { emergencyContacts: [{ name: 'a', relation: 'b', mail: '@' }] },
    'emergencyContacts[0].mail',
  ],
  [
    'a contact with an unknown field',
    { emergencyContacts: [{ name: 'a', relation: 'b', age: 3 }] },
    'emergencyContacts[0].age',
  ],
  ['an unknown field', { status: 'ACTIVE' }, 'status'],
];
test.each(newAccounts)('a new account with %s', async (_name, change, field) => {
  const answer = await world.call('post', '/v1/accounts', {
    body: { ...PERSON, registrationNumber: 'Z-1', ...change },
  });
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({ type: '/problems/validation', status: 422 });
  const { errors } = answer.body as { errors: { field: string; code: string; message: string }[] };
  expect(errors.map((fault) => fault.field)).toContain(field);
  for (const fault of errors) expect(fault.message).toMatch(/^.{5,}\.$/s);
});

test('every fault is told at once', async () => {
  const answer = await world.call('post', '/v1/accounts', {
    body: { name: 3, expiresOn: 'tomorrow', colour: 'red' },
  });
  const { errors } = answer.body as { errors: { field: string; code: string }[] };
  expect(errors.map(({ field, code }) => `${field} ${code}`).sort()).toEqual([
    'colour unknown-field',
    'expiresOn malformed',
    'kana required',
    'mailAddress required',
    'name wrong-type',
    'registrationNumber required',
  ]);
});

const deeds: [string, 'post' | 'put' | 'patch', string, object, string][] = [
  [
    'a renewal by an unknown channel',
    'post',
    '/accounts/{id}/renewals',
    { channel: 'link', note: 'x' },
    'channel',
  ],
  ['a renewal with a blank note', 'post', '/accounts/{id}/renewals', { channel: 'fax', note: ' \n' }, 'note'],
  ['a renewal with NUL', 'post', '/accounts/{id}/renewals', { channel: 'fax', note: NUL }, 'note'],
  [
    'a renewal of cycle 0',
    'post',
    '/accounts/{id}/renewals',
    { channel: 'fax', note: 'x', cycle: 0 },
    'cycle',
  ],
  [
    'a renewal of cycle 1.5',
    'post',
    '/accounts/{id}/renewals',
    { channel: 'fax', note: 'x', cycle: 1.5 },
    'cycle',
  ],
  ['a resend at noon', 'post', '/accounts/{id}/reminders', { when: 'noon' }, 'when'],
  ['a resend with "true"', 'post', '/accounts/{id}/reminders', { confirm: 'true' }, 'confirm'],
  ['a withdrawal without a reason', 'post', '/accounts/{id}/withdrawal', {}, 'reason'],
  [
    'a withdrawal with a long reason',
    'post',
    '/accounts/{id}/withdrawal',
    { reason: '長'.repeat(501) },
    'reason',
  ],
  [
    'a hold until yesterday',
    'put',
    '/accounts/{id}/hold',
    { until: '2026-05-31T00:00:00Z', reason: 'x' },
    'until',
  ],
  ['a hold until a day', 'put', '/accounts/{id}/hold', { until: '2026-12-01', reason: 'x' }, 'until'],
  [
    'a call of tomorrow',
    'post',
    '/accounts/{id}/activities',
    { kind: 'EMERGENCY', at: '2026-06-02T00:00:00Z' },
    'at',
  ],
  ['a contact by smoke', 'post', '/accounts/{id}/contacts', { kind: 'SMOKE' }, 'kind'],
  [
    'a contact with half a character',
    'post',
    '/accounts/{id}/contacts',
    { kind: 'FAX_SENT', note: LONE },
    'note',
  ],
  [
    'a contact of tomorrow',
    'post',
    '/accounts/{id}/contacts',
    { kind: 'FAX_SENT', at: '2026-06-02T00:00:00Z' },
    'at',
  ],
  ['a request closed as taken back', 'patch', '/requests/{request}', { state: 'TAKEN_BACK' }, 'state'],
  [
    'a mail stop for no domain',
    'post',
    '/mail-stops',
    { mailDomain: 'localhost', reason: 'x' },
    'mailDomain',
  ],
  [
    'a mail stop until yesterday',
    'post',
    '/mail-stops',
    { until: '2026-05-31T00:00:00Z', reason: 'x' },
    'until',
  ],
  ['a patch of nothing', 'patch', '/accounts/{id}', {}, 'body'],
  ['a patch of the number', 'patch', '/accounts/{id}', { registrationNumber: 'B-1' }, 'registrationNumber'],
  ['a patch that clears the name', 'patch', '/accounts/{id}', { name: null }, 'name'],
  ['a patch with a telephone in words', 'patch', '/accounts/{id}', { fax: 'ふぁっくす' }, 'fax'],
  ['a search for nothing', 'post', '/accounts/search', { q: ' ' }, 'q'],
  ['a search for NUL', 'post', '/accounts/search', { q: NUL }, 'q'],
  ['a search of 201', 'post', '/accounts/search', { q: 'a', limit: 201 }, 'limit'],
  ['a search with a broken cursor', 'post', '/accounts/search', { q: 'a', cursor: 'xyz' }, 'cursor'],
  ['a policy that is none', 'put', '/policy', { policy: [], reason: 'x' }, 'policy'],
  ['a policy of null', 'put', '/policy', { policy: null, reason: 'x' }, 'policy'],
  ['no policy', 'put', '/policy', { reason: 'x' }, 'policy'],
  [
    'R4: a first slot elsewhere',
    'put',
    '/policy',
    { policy: { remindBefore: 'P80D' }, reason: 'x' },
    'policy.reminders.offsets',
  ],
  ['R9: mail at night', 'put', '/policy', { policy: { sendAt: '22:00' }, reason: 'x' }, 'policy.sendAt'],
  [
    'a policy with an unknown setting',
    'put',
    '/policy',
    { policy: { colour: 'red' }, reason: 'x' },
    'policy.colour',
  ],
  ['a preview without an expiry', 'post', '/schedule-preview', {}, 'expiresOn'],
  [
    'a preview of the other basis',
    'post',
    '/schedule-preview',
    { expiresOn: '2027-03-31', expiresAt: '2027-03-31T15:00:00Z' },
    'expiresAt',
  ],
  [
    'a preview with an unknown slot',
    'post',
    '/schedule-preview',
    {
      expiresOn: '2027-03-31',
      handled: [{ slot: '2027-01-01', kind: 'AUTOMATIC', at: '2027-01-01T01:00:00Z' }],
    },
    'handled[0].slot',
  ],
];
test.each(deeds)('%s', async (_name, method, path, body, field) => {
  const at = path.replace('{id}', ids.accountId).replace('{request}', ids.requestId);
  const headers = { 'If-Match': etagOf({ path: at }) };
  const answer = await world.call(method, `/v1${at}`, { body, headers });
  expect(answer.status).toBe(422);
  const { errors } = answer.body as { errors: { field: string }[] };
  expect(errors.map((fault) => fault.field)).toContain(field);
});

test.each([
  ['post', '/accounts/{id}/renewals', { channel: 'fax', note: 'x', cycle: 0 }, 'cycle must be 1 or more.'],
  [
    'post',
    '/accounts/{id}/renewals',
    { channel: 'fax', note: 'x', cycle: 1_000_001 },
    'cycle must be 1000000 or less.',
  ],
  ['post', '/accounts/search', { q: 'a', limit: 0 }, 'limit must be a whole number from 1 to 200.'],
  [
    'patch',
    '/accounts/{id}',
    { emergencyContacts: Array(101).fill({ name: 'a', relation: 'b' }) },
    'emergencyContacts has too many entries.',
  ],
] as const)('%s %s: the words of a bound', async (method, path, body, message) => {
  const answer = await world.call(method, `/v1${path.replace('{id}', ids.accountId)}`, {
    body,
    headers: { 'If-Match': '"1"' },
  });
  expect(answer.body).toMatchObject({ errors: [{ message }] });
});

test.each([
  [z.object({ n: z.number().min(2) }), { n: 1 }, 'n must be 2 or more.'],
  [z.object({ n: z.number().gt(2) }), { n: 2 }, 'n must be more than 2.'],
  [z.object({ n: z.number().max(2) }), { n: 3 }, 'n must be 2 or less.'],
  [z.object({ n: z.number().lt(2) }), { n: 2 }, 'n must be less than 2.'],
  [z.object({ n: z.array(z.int()).min(1) }), { n: [] }, 'n must have 1 or more entries.'],
  [z.object({ n: z.array(z.int()).max(1) }), { n: [1, 2] }, 'n must have 1 or fewer entries.'],
  [z.object({ n: z.string().min(2) }), { n: 'a' }, 'n must have 2 or more characters.'],
  [z.object({ n: z.string().max(1) }), { n: 'ab' }, 'n must have 1 or fewer characters.'],
])('faults of a bound without words of its own: %#', (schema, value, message) => {
  const { error } = schema.safeParse(value, { error: boundWords });
  expect(error && faultsOf(error)).toMatchObject([{ field: 'n', message }]);
});

describe('R12: a policy of the other basis', () => {
  test('is 409 while there are accounts', async () => {
    const policy = {
      validity: 'PT600S',
      remindBefore: 'PT60S',
      reminders: { every: 'PT20S' },
      autoStopAfter: 'PT120S',
      retryAfterFailure: 'PT5S',
      longUnusedAfter: 'PT600S',
    };
    const answer = await world.call('put', '/v1/policy', {
      body: { policy, reason: '試験' },
      headers: { 'If-Match': '"1"' },
    });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ type: '/problems/policy-basis-in-use' });
  });
});

test.each([
  ['limit=0', 'limit'],
  ['limit=201', 'limit'],
  ['limit=ten', 'limit'],
  ['limit=1&limit=2', 'limit'],
  ['status=GONE', 'status'],
  ['cursor=xyz', 'cursor'],
  ['cursor=W10', 'cursor'],
  ['registrationNumber=%00', 'registrationNumber'],
])('GET /accounts?%s is 400', async (query, field) => {
  const answer = await world.call('get', `/v1/accounts?${query}`);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ type: '/problems/malformed-request', errors: [{ field }] });
});

test('a body without end is refused before anything walks it', async () => {
  const deep = `{"policy":${'['.repeat(50_000)}${']'.repeat(50_000)},"reason":"x"}`;
  const answer = await world.call('put', '/v1/policy', {
    body: deep,
    headers: { 'Content-Type': 'application/json', 'If-Match': '"1"', 'Idempotency-Key': 'deep' },
  });
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({ errors: [{ code: 'too-deep' }] });
});

test('paths that are none', async () => {
  expect((await world.call('get', '/v1/nothing')).body).toMatchObject({
    type: '/problems/unknown-path',
    status: 404,
  });
  expect((await world.call('get', '/nothing', { token: null })).body).toMatchObject({
    type: '/problems/unknown-path',
  });
  expect((await world.call('get', '/v1/accounts/%zz')).body).toMatchObject({
    type: '/problems/malformed-request',
    status: 400,
  });
  expect((await world.call('get', '/assets/../app.ts', { token: null })).status).toBe(404);
  expect((await world.call('get', '/docs/package.json', { token: null })).status).toBe(404);
});

test('the policy and the other tokens were left alone', async () => {
  expect((await world.call('get', '/v1/policy')).body).toMatchObject({ version: 1 });
});
