import { afterAll, beforeAll, expect, test } from 'vitest';
import { listTokens } from '../../usecases/headquarters.js';
import type { World } from './world.js';
import { IN_WINDOW, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  world.setNow(IN_WINDOW);
});
afterAll(() => world.close());

const TYPED = { label: '指令台 <b>', until: '2027-12-31', scopes: ['capabilities:read', 'activities:write'] };
const asked = (token: string, path: string) =>
  fetch(`${world.origin}/v1${path}`, { headers: { authorization: `Bearer ${token}` } });

test('made once, shown once, does what was ticked, ends on its day or when it is stopped', async () => {
  const accountId = await world.register(world.hq);
  const client = await world.signedIn('MANAGER');
  const page = await client.get('/admin/tokens');
  const made = await client.submit(page, '/admin/tokens', TYPED);
  const token = /<code>([^<]+)<\/code>/.exec(made.html)?.[1] ?? '';
  expect(made.status).toBe(200);
  const again = await client.submit(page, '/admin/tokens', TYPED);
  expect(again.text).toContain('もう作ってあります');
  expect(await listTokens(world.deps, world.hq.id)).toHaveLength(1);
  expect((await client.get('/admin/tokens')).html).not.toContain(token);
  expect((await asked(token, `/accounts/${accountId}/capabilities`)).status).toBe(200);
  expect((await asked(token, '/accounts')).status).toBe(403);

  world.setNow(Date.parse('2027-12-31T14:59:59Z'));
  expect((await asked(token, `/accounts/${accountId}/capabilities`)).status).toBe(200);
  world.setNow(Date.parse('2027-12-31T15:00:00Z'));
  expect((await asked(token, `/accounts/${accountId}/capabilities`)).status).toBe(401);
  world.setNow(IN_WINDOW);
  const [row] = await listTokens(world.deps, world.hq.id);
  const stop = `/admin/tokens/${row!.id}/revoke`;
  const other = await world.signedIn('MANAGER', world.otherHq);
  const csrf = /name="csrf" value="([^"]*)"/.exec((await other.get('/admin/tokens')).html)?.[1] ?? '';
  expect((await other.post(stop, { csrf })).status).toBe(404);
  const list = await (await world.signedIn('MANAGER')).get('/admin/tokens');
  expect(list.text).toContain('呼び返しができるかを聞く、緊急通報・練習通報を知らせる');
  expect((await client.submit(await client.get('/admin/tokens'), stop)).status).toBe(303);
  expect((await asked(token, `/accounts/${accountId}/capabilities`)).status).toBe(401);
  expect(world.logLines.join()).not.toContain(token);
});

test.each([
  [{ label: '' }, '入れてください'],
  [{ until: '2027-01-31' }, 'もう過ぎています'],
  [{ until: '2031-01-01' }, '遠すぎる日です'],
  [{ until: '2027-02-30' }, '書き方がちがいます'],
  [{ scopes: [] }, '1つ以上選んでください'],
])('bad input %j is told in place and makes nothing', async (typed, text) => {
  const client = await world.signedIn('MANAGER');
  const before = await listTokens(world.deps, world.hq.id);
  const answer = await client.submit(await client.get('/admin/tokens'), '/admin/tokens', {
    ...TYPED,
    ...typed,
  });
  expect(answer.status).toBe(422);
  expect(answer.text).toContain(text);
  expect(await listTokens(world.deps, world.hq.id)).toEqual(before);
});

test('a scope that there is not is no form of ours', async () => {
  const client = await world.signedIn('MANAGER');
  const typed = { ...TYPED, scopes: ['capabilities:any-hq'] };
  expect((await client.submit(await client.get('/admin/tokens'), '/admin/tokens', typed)).status).toBe(400);
});
