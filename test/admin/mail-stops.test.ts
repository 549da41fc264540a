import { afterAll, beforeAll, expect, test } from 'vitest';
import { listMailStops } from '../../usecases/mail-stop.js';
import type { World } from './world.js';
import { IN_WINDOW, REGISTERED, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.register(world.hq, { mailAddress: 'a@docomo.ne.jp' });
  await world.register(world.hq, { mailAddress: 'b@ezweb.ne.jp' });
  world.setNow(IN_WINDOW);
});
afterAll(() => world.close());

test('R36: set after a look at how many it concerns, a banner on every page while it lasts, ended', async () => {
  const client = await world.signedIn('MANAGER');
  const typed = { mailDomain: '＠docomo.ne.jp', until: '2027-02-10', reason: '障害の調査 <b>' };
  const preview = await client.submit(
    await client.get('/admin/mail-stops'),
    '/admin/mail-stops/preview',
    typed,
  );
  expect(preview.text).toContain('「docomo.ne.jp」のアドレスの人（1人）');
  expect(preview.text).toContain('2027年2月11日 0:00まで');
  expect(await listMailStops(world.deps, world.hq.id)).toEqual([]);
  const set = () => client.submit(preview, '/admin/mail-stops');
  expect([(await set()).status, (await set()).status]).toEqual([303, 303]);
  expect(await listMailStops(world.deps, world.hq.id)).toHaveLength(1);
  const viewer = await world.signedIn('VIEWER');
  const banner = '「docomo.ne.jp」あての自動送信を止めています';
  expect((await viewer.get('/admin/people')).text).toContain(banner);
  expect((await viewer.get('/admin/mail-stops')).html).not.toContain('/end"');
  const stranger = await world.signedIn('MANAGER', world.otherHq);
  expect((await stranger.get('/admin/people')).text).not.toContain(banner);
  const [stop] = await listMailStops(world.deps, world.hq.id);
  const end = `/admin/mail-stops/${stop!.id}/end`;
  expect((await stranger.submit(await stranger.get('/admin/people'), '/admin/sign-out')).status).toBe(303);
  const page = await client.get('/admin/mail-stops');
  expect((await client.submit(page, end)).location).toBe('/admin/mail-stops');
  expect((await client.get('/admin/people')).text).not.toContain(banner);
  expect((await client.get('/admin/mail-stops')).text).toContain('これまでに止めたもの');
});

test('it is over when its day is over', async () => {
  const client = await world.signedIn('MANAGER');
  const typed = { until: '2027-02-02', reason: '点検' };
  const preview = await client.submit(
    await client.get('/admin/mail-stops'),
    '/admin/mail-stops/preview',
    typed,
  );
  expect(preview.text).toContain('この消防本部の全員（2人）');
  await client.submit(preview, '/admin/mail-stops');
  expect((await client.get('/admin/people')).text).toContain('自動送信を止めています');
  world.setNow(Date.parse('2027-02-02T15:00:00Z'));
  const later = await world.signedIn('CLERK');
  expect((await later.get('/admin/people')).text).not.toContain('自動送信を止めています');
  world.setNow(IN_WINDOW);
});

test.each([
  [{ reason: '' }, '入れてください'],
  [{ reason: 'x', until: '2027-02-30' }, '書き方がちがいます'],
  [{ reason: 'x', until: '2026-01-01' }, 'もう過ぎています'],
  [{ reason: 'x', mailDomain: 'どこも' }, '書き方がちがいます'],
])('bad input %j is told in place, and nothing stops', async (typed, text) => {
  const client = await world.signedIn('MANAGER');
  const before = await listMailStops(world.deps, world.hq.id);
  const page = await client.get('/admin/mail-stops');
  let answer = await client.submit(page, '/admin/mail-stops/preview', typed);
  if (answer.status === 200) answer = await client.submit(answer, '/admin/mail-stops');
  expect(answer.status).toBe(422);
  expect(answer.text).toContain(text);
  expect(await listMailStops(world.deps, world.hq.id)).toEqual(before);
});

test('a stop of another headquarters, or none, cannot be ended', async () => {
  world.setNow(REGISTERED);
  const client = await world.signedIn('MANAGER', world.otherHq);
  const csrf = /name="csrf" value="([^"]*)"/.exec((await client.get('/admin/mail-stops')).html)?.[1] ?? '';
  const [stop] = await listMailStops(world.deps, world.hq.id);
  for (const id of [stop!.id, 'x']) {
    expect((await client.post(`/admin/mail-stops/${id}/end`, { csrf })).status).toBe(404);
  }
  world.setNow(IN_WINDOW);
});
