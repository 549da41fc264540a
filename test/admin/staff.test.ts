/** 職員 and 引き継ぎ, as a manager uses them. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEED_WORDS } from '../../api/admin/staff/words.js';
import { ROLE_WORDS } from '../../api/admin/shell/words.js';
import { ACTIONS, ROLES, mayDo } from '../../domain/roles.js';
import { holdAccount } from '../../usecases/hold-account.js';
import { listAuditEvents } from '../../usecases/read-audit.js';
import { readAllStaff } from '../../usecases/staff.js';
import { joinStaff, operatorOf } from './given-staff.js';
import type { StaffClient } from './staff-client.js';
import type { World } from './world.js';
import { REGISTERED, createWorld, nameOf } from './world.js';

let world: World;
let manager: StaffClient;
beforeAll(async () => {
  world = await createWorld();
  manager = await world.signedIn('MANAGER');
});
afterAll(() => world.close());

const idOf = async (signInName: string) =>
  (await readAllStaff(world.deps, world.hq.id)).find((each) => each.signInName === signInName)?.id ?? '';
const newest = async () => (await listAuditEvents(world.deps, world.hq.id, { limit: 1 })).items[0];
const deed = async (id: string, name: string, fields: Record<string, string> = {}) =>
  manager.submit(await manager.get(`/admin/staff/${id}/${name}`), `/admin/staff/${id}/${name}`, fields);

test('招待: the code is shown once, kept nowhere, and works; pressed twice it is one person', async () => {
  const form = await manager.get('/admin/staff/new');
  const fields = { signInName: 'Ｍｉｈｏｎ.Yamada', displayName: '山田 花子', role: 'CLERK' };
  const made = await manager.submit(form, '/admin/staff/new', fields);
  expect(made.status).toBe(200);
  const code = /[a-z2-9]{5}(-[a-z2-9]{5}){3}/.exec(made.text)?.[0] ?? '';
  expect(made.text).toContain('2026年6月8日 12:00まで');
  const again = await manager.submit(form, '/admin/staff/new', fields);
  expect(again.text).toContain('番号は、もう作ってあります');
  expect(again.text).not.toContain(code);
  expect(await idOf('mihon.yamada')).not.toBe('');
  const kept = await world.deps.database.inTenant(world.hq.id, (tx) =>
    tx.query<{ found: boolean }>(
      `SELECT bool_or(t::text LIKE '%' || $1 || '%') AS found FROM
         (SELECT s::text AS t FROM staff s UNION ALL SELECT i::text FROM idempotency_key i UNION ALL SELECT e::text FROM audit_event e) x`,
      [code],
    ),
  );
  expect(kept[0]?.found).toBe(false);
  expect((await manager.get('/admin/staff')).text).toContain('招待中（番号は2026年6月8日 12:00まで）');
  expect((await world.client().signIn('mihon.yamada', code)).location).toBe('/admin/sign-in/password');
});

test('招待: faults beside their fields, a name that is taken elsewhere too', async () => {
  const form = await manager.get('/admin/staff/new');
  const bad = await manager.submit(form, '/admin/staff/new', { signInName: 'a b', displayName: '' });
  expect(bad.status).toBe(422);
  const worse = await manager.submit(form, '/admin/staff/new', {
    signInName: 'a b',
    displayName: '',
    role: 'CLERK',
  });
  expect(worse.text).toContain('半角の英小文字と数字');
  expect(worse.text).toContain('1文字から40文字');
  const taken = await manager.submit(form, '/admin/staff/new', {
    signInName: nameOf(world.otherHq, 'CLERK'),
    displayName: '"><b>𠮷田 髙子</b>',
    role: 'VIEWER',
  });
  expect(taken.text).toContain('ほかで使われています');
  expect(taken.html).toContain('&quot;>&lt;b>𠮷田');
});

test('取りやめ: the code is worth nothing, and what is not open cannot be withdrawn', async () => {
  const form = await manager.get('/admin/staff/new');
  const made = await manager.submit(form, '/admin/staff/new', {
    signInName: 'mihon.sato',
    displayName: '佐藤',
    role: 'VIEWER',
  });
  const code = /[a-z2-9]{5}(-[a-z2-9]{5}){3}/.exec(made.text)?.[0] ?? '';
  const id = await idOf('mihon.sato');
  expect((await deed(id, 'withdraw')).status).toBe(303);
  expect((await newest())?.action).toBe('staff.invitation-withdrawn');
  expect((await world.client().signIn('mihon.sato', code)).status).toBe(403);
  const twice = await deed(id, 'withdraw');
  expect([twice.status, twice.text.includes('先にこの職員を変えました')]).toEqual([409, true]);
});

test('every deed is told before it is done, and in the trail afterwards', async () => {
  const { id } = await joinStaff(world.deps, world.hq.id, {
    signInName: 'mihon.deeds',
    displayName: '仕事 太郎',
    role: 'CLERK',
  });
  const before = (await newest())?.id;
  for (const name of ['role', 'code', 'second-factor', 'lock', 'unlock'])
    expect((await manager.get(`/admin/staff/${id}/${name}`)).text).toContain('今の役割：担当者');
  expect((await newest())?.id).toBe(before);
  const stale = await manager.get(`/admin/staff/${id}/role`);
  expect((await deed(id, 'role', { role: 'MANAGER' })).status).toBe(303);
  expect(await newest()).toMatchObject({
    action: 'staff.role-changed',
    before: { role: 'CLERK' },
    after: { staffId: id, role: 'MANAGER' },
  });
  const collided = await manager.submit(stale, `/admin/staff/${id}/role`, { role: 'VIEWER' });
  expect([collided.status, collided.text.includes('先にこの職員を変えました')]).toEqual([409, true]);
  expect((await deed(id, 'lock')).status).toBe(303);
  expect((await manager.get('/admin/staff')).text).toContain('サインインを止めている人（2人）');
  expect((await deed(id, 'unlock')).status).toBe(303);
  const page = await manager.get(`/admin/staff/${id}/code`);
  const first = await manager.submit(page, `/admin/staff/${id}/code`);
  expect(first.text).toMatch(/[a-z2-9]{5}(-[a-z2-9]{5}){3}/);
  const second = await manager.submit(page, `/admin/staff/${id}/code`);
  expect(second.text).toContain('番号は、もう作ってあります');
  const named = await manager.submit(await manager.get(`/admin/staff/${id}`), `/admin/staff/${id}`, {
    displayName: '仕事 次郎',
  });
  expect(named.status).toBe(303);
  expect((await newest())?.action).toBe('staff.renamed');
  expect((await manager.get(`/admin/staff/${id}/nothing`)).status).toBe(404);
});

test('nobody does it to oneself, nor to another headquarters, and only managers do', async () => {
  const own = world.staffId(world.hq, 'MANAGER');
  expect((await manager.get(`/admin/staff/${own}`)).text).toContain('これは、あなたです');
  for (const [name, fields] of [
    ['role', { role: 'VIEWER' }],
    ['lock', {}],
    ['code', {}],
    ['second-factor', {}],
  ] as const) {
    const answer = await deed(own, name, fields);
    expect([answer.status, answer.text.includes('自分には')]).toEqual([409, true]);
  }
  const theirs = world.staffId(world.otherHq, 'CLERK');
  expect((await manager.get(`/admin/staff/${theirs}`)).status).toBe(404);
  expect((await manager.get(`/admin/staff/${theirs}/lock`)).status).toBe(404);
  for (const role of ['VIEWER', 'CLERK'] as const) {
    const client = await world.signedIn(role);
    for (const path of ['/admin/staff', '/admin/staff/new', `/admin/staff/${own}`])
      expect((await client.get(path)).status).toBe(403);
    expect((await client.get('/admin/staff/roles')).status).toBe(200);
  }
});

test('who must give a second factor is set by the vendor where it was lifted', async () => {
  const list = await manager.get('/admin/staff');
  expect(list.text).toContain('閉じたネットワーク');
  const { csrf = '' } = Object.fromEntries(
    [...list.html.matchAll(/name="(csrf)" value="([^"]*)"/g)].map(([, k, v]) => [k, v]),
  );
  const answer = await manager.post('/admin/staff/second-factor', { csrf, rule: 'EVERYBODY' });
  expect((await manager.get(answer.location ?? '')).text).toContain('できません');
  expect((await newest())?.action).not.toBe('staff.second-factor-rule-set');
});

test('引き継ぎ: what rests, who has access, and of that only what the role may know', async () => {
  const accountId = await world.register(world.hq, { name: '保留 花子' });
  const until = REGISTERED + 30 * 86_400_000;
  await holdAccount(world.deps, operatorOf(world.deps, world.hq.id), accountId, { until, reason: '入院中' });
  const page = await manager.get('/admin/handover');
  for (const text of ['保留 花子', '入院中', '2026年7月1日 12:00', '山田 花子', '招待中', 'mihon MANAGER'])
    expect(page.text).toContain(text);
  const viewer = await (await world.signedIn('VIEWER')).get('/admin/handover');
  expect(viewer.text).toContain('保留 花子');
  expect(viewer.text).not.toContain('mihon MANAGER');
  expect(viewer.text).not.toContain('betsu');
});

test('docs/roles.md is the table of domain/roles.ts', async () => {
  const cell = (on: boolean) => (on ? '○' : '–');
  const rows = ACTIONS.map(
    (action) =>
      `| ${DEED_WORDS[action]} | \`${action}\` | ${ROLES.map((role) => cell(mayDo(role, action))).join(' | ')} |`,
  );
  const head = [
    `| すること | action | ${ROLES.map((role) => `${ROLE_WORDS[role]} \`${role}\``).join(' | ')} |`,
    '|---|---|---|---|---|',
  ];
  expect(await readFile('docs/roles.md', 'utf8')).toContain([...head, ...rows].join('\n'));
});
