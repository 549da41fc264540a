/** 本人からの連絡 as staff's own systems see it (R28), and what 廃止 does to it (R15). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { announceChange, submitStopRequest } from '../../usecases/resident-request.js';
import type { Ids } from './samples.js';
import { linkOf, seed } from './samples.js';
import type { World } from './world.js';
import { createWorld } from './world.js';

let world: World;
let ids: Ids;
beforeAll(async () => {
  world = await createWorld();
  ids = await seed(world, world.hq);
});
afterAll(() => world.close());

const link = () => linkOf(world, world.hq, ids);
const resident = () => ({ fireHqId: world.hq.id, actor: 'resident' as const, receivedAt: world.now() });
const close = (id: string) =>
  world.call('patch', `/v1/requests/${id}`, {
    body: { state: 'DONE' },
    headers: { 'Content-Type': 'application/merge-patch+json' },
  });
async function open(token = world.hq.token) {
  const answer = await world.call('get', '/v1/requests?state=OPEN', { token });
  return (answer.body as { items: { id: string; items: string[] }[] }).items;
}

test('R28: ② without a word more is listed with no items, for its own headquarters', async () => {
  await close(ids.requestId);
  const { id } = await announceChange(world.deps, resident(), await link());
  expect(await open()).toMatchObject([{ id, kind: 'CHANGE', items: [], message: null, version: 1 }]);
  expect(await open(world.otherHq.token)).toEqual([]);
  expect((await close(id)).body).toMatchObject({ state: 'DONE', items: [] });
});

test('R15 R36: 廃止 closes ③ as done; after it there is nothing to hold', async () => {
  const { id } = await submitStopRequest(world.deps, resident(), await link());
  await world.call('post', `/v1/accounts/${ids.accountId}/withdrawal`, { body: { reason: '本人の申し出' } });
  expect(await open()).toEqual([]);
  expect((await close(id)).body).toMatchObject({ type: '/problems/request-already-closed' });
  const held = await world.call('put', `/v1/accounts/${ids.accountId}/hold`, {
    body: { until: '2026-12-01T00:00:00+09:00', reason: '入院中' },
  });
  expect(held.status).toBe(409);
  expect(held.body).toMatchObject({ type: '/problems/account-withdrawn' });
});
