import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepBeforeRedirect } from '../../api/admin/shell/session.js';
import { createSignInLimits } from '../../api/admin/sign-in/limits.js';
import { actionWords } from '../../api/admin/shell/words.js';
import { ACTIONS, ROLES, mayDo } from '../../domain/roles.js';
import { readReminders } from '../../usecases/read-account.js';
import { lockStaff } from '../../usecases/change-staff.js';
import { jst } from '../domain/given.js';
import { operatorOf } from './given-staff.js';
import type { World } from './world.js';
import { IN_WINDOW, NAME, REGISTERED, createWorld, nameOf } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const manuals = async (accountId: string) =>
  (await readReminders(world.deps, world.hq.id, accountId, { limit: 50 })).items.filter(
    ({ kind }) => kind === 'MANUAL',
  );

describe('signing in', () => {
  test('leads to 利用者管理; without it every page leads to サインイン', async () => {
    const client = world.client();
    const turnedAway = await client.get('/admin/people');
    expect([turnedAway.status, turnedAway.location]).toEqual([303, '/admin/sign-in?to=/admin/people']);
    const id = '00000000-0000-4000-8000-000000000000';
    const link = await client.get(`/admin/people/${id}/usage`);
    expect(link.location).toBe(`/admin/sign-in?to=/admin/people/${id}/usage`);
    expect((await client.get(link.location ?? '')).html).toContain(`value="/admin/people/${id}/usage"`);
    expect((await client.get('/admin/sign-in?to=//evil.example/')).html).not.toContain('evil');
    const lost = await client.post(`/admin/people/${id}/reminders`, {});
    expect((await client.get(lost.location ?? '')).text).toContain('何も送られていません');
    const signedIn = await client.signIn(nameOf(world.hq, 'CLERK'), world.password(world.hq, 'CLERK'));
    expect([signedIn.status, signedIn.location]).toEqual([303, '/admin/today']);
    const page = await client.get('/admin/people');
    expect(page.text).toContain('見本市消防本部');
    expect(page.text).toContain('担当者');
  });

  test('one answer for an unknown name, a wrong password and somebody locked', async () => {
    const { hq, deps } = world;
    const answers = [];
    answers.push(await world.client().signIn('nobody.here', 'x'));
    answers.push(await world.client().signIn(nameOf(hq, 'VIEWER'), 'wrong'));
    await lockStaff(deps, operatorOf(deps, hq.id), world.staffId(hq, 'VIEWER'));
    answers.push(await world.client().signIn(nameOf(hq, 'VIEWER'), world.password(hq, 'VIEWER')));
    expect(new Set(answers.map(({ html }) => html)).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    await expect(world.signedIn('VIEWER', world.otherHq)).resolves.toBeDefined();
  });

  test('a stranger who goes on guessing does not keep a colleague out, elsewhere or where she got in before', async () => {
    const name = nameOf(world.otherHq, 'VIEWER');
    const limits = createSignInLimits();
    for (let i = 0; i < 150; i += 1) await limits.begin(name, '198.51.100.1');
    expect(await limits.begin(name, '198.51.100.1')).toBeGreaterThan(0);
    expect(await limits.begin(name, '198.51.100.2')).toBeNull();
    await limits.succeeded(name, '198.51.100.2');
    for (let n = 0; n < 40; n += 1) for (let i = 0; i < 6; i += 1) await limits.begin(name, `203.0.113.${n}`);
    expect(await limits.begin(name, '203.0.113.99')).toBeGreaterThan(0);
    expect(await limits.begin(name, '198.51.100.2')).toBeNull();
  });

  test('what is told, and who is on the way in, is kept before the browser is sent on', () => {
    const kept: unknown[] = [];
    const req = {
      session: { told: { kind: 'good', text: 'x' }, save: (done: () => void) => (kept.push('kept'), done()) },
    };
    const res = { redirect: () => kept.push('sent on') };
    keepBeforeRedirect(req as never, res as never, () => {});
    (res.redirect as (status: number, to: string) => void)(303, '/admin/today');
    expect(kept).toEqual(['kept', 'sent on']);
  });

  test('wrong five times from one place waits; a colleague elsewhere still gets in', async () => {
    const { otherHq } = world;
    const name = nameOf(otherHq, 'MANAGER');
    const client = world.client();
    for (let i = 0; i < 5; i += 1) {
      expect((await client.post('/admin/sign-in', { signInName: name, password: 'x' })).status).toBe(403);
    }
    const right = { signInName: name, password: world.password(otherHq, 'MANAGER') };
    const tooOften = await client.post('/admin/sign-in', right);
    expect(tooOften.status).toBe(429);
    expect(Number(tooOften.headers.get('retry-after'))).toBeGreaterThan(0);
    const elsewhere = await client.post('/admin/sign-in', right, { 'x-forwarded-for': '203.0.113.9' });
    expect(elsewhere.status).toBe(303);
  });

  test('a session id that was there before the sign-in is worth nothing after it', async () => {
    const client = world.client();
    client.cookie = 'net119-staff=s%3Aplanted.by-somebody';
    await client.signIn(nameOf(world.hq, 'CLERK'), world.password(world.hq, 'CLERK'));
    expect(client.cookie).not.toContain('planted');
    const first = client.cookie;
    await client.signIn(nameOf(world.hq, 'CLERK'), world.password(world.hq, 'CLERK'));
    const second = client.cookie;
    expect(second).not.toBe(first);
    client.cookie = first;
    expect((await client.get('/admin/people')).location).toContain('/admin/sign-in');
  });

  test('the next request is refused after signing out, a lock, twelve hours', async () => {
    const { hq, deps } = world;
    world.setNow(REGISTERED);
    const leaver = await world.signedIn('CLERK');
    const cookie = leaver.cookie;
    await leaver.submit(await leaver.get('/admin/people'), '/admin/sign-out');
    leaver.cookie = cookie;
    expect((await leaver.get('/admin/people')).location).toContain('/admin/sign-in');

    const late = await world.signedIn('CLERK');
    world.setNow(REGISTERED + 12 * 3_600_000);
    expect((await late.get('/admin/people')).location).toContain('/admin/sign-in');

    const locked = await world.signedIn('MANAGER');
    await lockStaff(deps, operatorOf(deps, hq.id), world.staffId(hq, 'MANAGER'), { evenLast: true });
    expect((await locked.get('/admin/people')).location).toContain('/admin/sign-in');
    world.setNow(REGISTERED);
  });
});

describe('forms', () => {
  test('from another site, without our token, of another type: nothing is done', async () => {
    world.setNow(REGISTERED);
    const accountId = await world.register(world.hq);
    world.setNow(IN_WINDOW);
    const client = await world.signedIn('CLERK');
    const to = `/admin/people/${accountId}/reminders`;
    const page = await client.get(`/admin/people/${accountId}/usage`);
    const foreign = { origin: 'https://evil.example' };
    expect((await client.post(to, {}, foreign)).status).toBe(403);
    expect((await client.post(to, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await client.post(to, { csrf: 'guessed' })).status).toBe(403);
    expect((await client.post(to, {}, { 'content-type': 'text/plain' })).status).toBe(415);
    expect(await manuals(accountId)).toEqual([]);
    expect((await client.submit(page, to)).status).toBe(303);
    expect(await manuals(accountId)).toHaveLength(1);
  });
});

describe('利用者管理 → 氏名 → 利用状況 → リマインダーメールを送信する (R29)', () => {
  test('R22: pressed twice it is one mail, and the history says who asked', async () => {
    world.setNow(REGISTERED);
    const accountId = await world.register(world.hq, { name: '例題 花子' });
    world.setNow(IN_WINDOW);
    const client = await world.signedIn('CLERK');
    const list = await client.get('/admin/people?status=RENEWAL_PENDING');
    expect(list.text).toContain('例題 花子');
    const usage = await client.get(`/admin/people/${accountId}/usage`);
    expect(usage.text).toContain('2027年3月31日 23:59');
    const to = `/admin/people/${accountId}/reminders`;
    const [first, second] = [await client.submit(usage, to), await client.submit(usage, to)];
    expect([first.status, second.status]).toEqual([303, 303]);
    expect(await manuals(accountId)).toHaveLength(1);
    const after = await client.get(first.location ?? '');
    expect(after.text).toContain('送信を受け付けました');
    expect((await client.get(second.location ?? '')).text).not.toContain('送信を受け付けました');
    expect(after.text).toContain('送信待ち');
    expect(after.html).toMatch(/<button type="submit" disabled/);
    const history = await client.get(`/admin/people/${accountId}/history`);
    expect(history.text).toContain('mihon CLERK リマインダーメールの送信を頼みました');
  });

  test('R22: before the window the button says from when on; at night it asks when', async () => {
    world.setNow(REGISTERED);
    const accountId = await world.register(world.hq);
    const client = await world.signedIn('CLERK');
    const early = await client.get(`/admin/people/${accountId}/usage`);
    expect(early.text).toContain('更新の受付期間の前なので送れません（2026年12月31日から送れます）');
    expect(early.html).toMatch(/<button type="submit" disabled/);
    world.setNow(jst('2027-02-01 23:00'));
    const night = await world.signedIn('CLERK');
    const page = await night.get(`/admin/people/${accountId}/usage`);
    expect(page.text).toContain('朝8時に送る（2027年2月2日 8:00）');
    await night.submit(page, `/admin/people/${accountId}/reminders`);
    expect((await manuals(accountId))[0]?.dueAt).toBe(jst('2027-02-02 08:00'));
  });

  test('R22: within 24 hours it asks once more', async () => {
    world.setNow(REGISTERED);
    const accountId = await world.register(world.hq);
    world.setNow(IN_WINDOW);
    const client = await world.signedIn('CLERK');
    const to = `/admin/people/${accountId}/reminders`;
    await client.submit(await client.get(`/admin/people/${accountId}/usage`), to);
    await world.deps.database.inTenant(world.hq.id, (tx) =>
      tx.query("UPDATE reminder SET outcome = 'ACCEPTED' WHERE account_id = $1", [accountId]),
    );
    world.setNow(IN_WINDOW + 3_600_000);
    const page = await client.get(`/admin/people/${accountId}/usage`);
    const asked = await client.submit(page, to);
    expect(asked.status).toBe(409);
    expect(asked.text).toContain('24時間以内に1回送っています');
    expect((await client.submit(page, to, { confirm: 'yes', key: randomUUID() })).status).toBe(303);
    expect(await manuals(accountId)).toHaveLength(2);
  });
});

describe('roles and headquarters', () => {
  test('R34: what a role may not do has no button, no tab, and is refused', async () => {
    const { otherHq } = world;
    world.setNow(REGISTERED);
    const accountId = await world.register(otherHq);
    world.setNow(IN_WINDOW);
    const viewer = await world.signedIn('VIEWER', otherHq);
    const usage = await viewer.get(`/admin/people/${accountId}/usage`);
    expect(usage.text).not.toContain('リマインダーメールを送信する ');
    expect(usage.text).not.toContain('操作履歴');
    const { csrf = '' } = Object.fromEntries(
      [...usage.html.matchAll(/name="(csrf)" value="([^"]*)"/g)].map(([, k, v]) => [k, v]),
    );
    const refused = await viewer.post(`/admin/people/${accountId}/reminders`, { csrf });
    expect(refused.status).toBe(403);
    expect((await viewer.get(`/admin/people/${accountId}/history`)).status).toBe(404);
  });

  test("another headquarters' person is as unknown as any other", async () => {
    const { otherHq } = world;
    world.setNow(REGISTERED);
    const theirs = await world.register(otherHq, { name: '秘密 一郎' });
    world.setNow(IN_WINDOW);
    const client = await world.signedIn('CLERK');
    const own = await client.get('/admin/people');
    expect(own.text).not.toContain('秘密 一郎');
    for (const tab of ['basics', 'usage', 'history', 'nothing']) {
      const answer = await client.get(`/admin/people/${theirs}/${tab}`);
      expect(answer.status).toBe(404);
      expect(answer.text).not.toContain('秘密');
    }
    expect((await client.get('/admin/people/not-an-id/usage')).status).toBe(404);
    const found = await client.submit(own, '/admin/people/search', { q: '秘密' });
    expect(found.text).toContain('当てはまる人はいません');
  });

  test('every action names the roles that may do it, and managers may do all', () => {
    for (const action of ACTIONS) {
      expect(ROLES.some((role) => mayDo(role, action))).toBe(true);
      expect(mayDo('MANAGER', action)).toBe(true);
    }
  });
});

describe('bad input', () => {
  test('hostile names are shown as they are, and nowhere else', async () => {
    world.setNow(REGISTERED);
    const name = '"><b>𠮷田 髙子</b> 👩‍🚒';
    const accountId = await world.register(world.hq, { name });
    const client = await world.signedIn('CLERK');
    const page = await client.get(`/admin/people/${accountId}/basics`);
    expect(page.text).toContain('"><b>𠮷田 髙子</b> 👩‍🚒');
    expect(page.html).not.toContain('<b>𠮷田');
    expect(world.logLines.join('')).not.toContain('𠮷田');
    expect(world.logLines.join('')).not.toContain(NAME);
  });

  test('control characters are left out, also before anybody has signed in', async () => {
    const client = await world.signedIn('CLERK');
    const page = await client.get('/admin/people');
    expect((await client.submit(page, '/admin/people/search', { q: '\u0000' })).status).toBe(200);
    const nobody = await world
      .client()
      .post('/admin/sign-in', { signInName: 'a\u0000b', password: '\u0000' });
    expect(nobody.status).toBe(403);
  });

  test('many wrong passwords at once are counted too', async () => {
    const name = nameOf(world.hq, 'CLERK');
    const headers = { 'x-forwarded-for': '203.0.113.77' };
    const tries = Array.from({ length: 12 }, () =>
      world.client().post('/admin/sign-in', { signInName: name, password: 'x' }, headers),
    );
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 403)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(7);
  });

  test('a cursor or filter that is none, a field that comes twice, a huge form', async () => {
    const client = await world.signedIn('CLERK');
    expect((await client.get('/admin/people?cursor=rubbish')).status).toBe(200);
    expect((await client.get('/admin/people?status=NOPE&status=LAPSED')).status).toBe(200);
    const page = await client.get('/admin/people');
    const huge = await client.submit(page, '/admin/people/search', { q: 'あ'.repeat(100_000) });
    expect(huge.status).toBe(413);
  });

  test('the database away: a page that says so, and 503', async () => {
    const client = await world.signedIn('CLERK');
    const working = world.deps.database.inTenant;
    world.deps.database.inTenant = () =>
      Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    try {
      const answer = await client.get('/admin/people');
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('30');
      expect(answer.text).toContain('今は使えません');
    } finally {
      world.deps.database.inTenant = working;
    }
    expect((await client.get('/admin/people')).status).toBe(200);
  });
});

test('R34: every act of every use case has Japanese words', async () => {
  const files = await readdir('usecases');
  const sources = await Promise.all(files.map((file) => readFile(join('usecases', file), 'utf8')));
  const actions = new Set(
    sources.flatMap((source) => source.match(/'[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*'/g) ?? []),
  );
  expect(actions.size).toBeGreaterThan(30);
  const unknown = actionWords('no.such-act');
  expect([...actions].filter((action) => actionWords(action.slice(1, -1)) === unknown)).toEqual([]);
});
