/** 運用担当: their own sign-in, counts of all headquarters, and a headquarters' pages only while its manager lets them look. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../domain/calendar.js';
import { totpCode } from '../../platform/totp.js';
import {
  createVendorOperator,
  lockVendorOperator,
  readVendorEvents,
  recoverVendorOperator,
} from '../../usecases/vendor-operators.js';
import type { JoinedVendor } from './given-vendor.js';
import { joinVendor, lookIn, openTo } from './given-vendor.js';
import type { World } from './world.js';
import { IN_WINDOW, NAME, REGISTERED, createWorld } from './world.js';

let world: World;
let vendor: JoinedVendor;
let accountId: string;
let now = IN_WINDOW;
beforeAll(async () => {
  world = await createWorld();
  accountId = await world.register(world.hq);
  await world.register(world.hq, { name: '見本 次郎' });
  await world.register(world.otherHq, { name: '別見 花子' });
  world.setNow(now);
  vendor = await joinVendor(world, 'vendor.sato');
});
afterAll(() => world.close());
/** Each test has hours of its own: whatever the one before opened is over. */
beforeEach(() => {
  now += 9 * HOUR;
  world.setNow(now);
});

const trail = (fireHqId: string) =>
  world.deps.database.inTenant(fireHqId, (tx) =>
    tx.query<{ action: string; accountId: string | null; after: unknown }>(
      `SELECT action, account_id AS "accountId", after FROM audit_event
       WHERE fire_hq_id = current_fire_hq() AND actor = $1 ORDER BY id`,
      [`vendor:${vendor.id}`],
    ),
  );
const csrfOf = (html: string) => /name="csrf" value="([^"]*)"/.exec(html)?.[1] ?? '';

describe('signing in', () => {
  test('one-time code, own password, second factor at once; the next time password and code, each code once', async () => {
    const signInName = 'vendor.new';
    const { code } = await createVendorOperator(world.deps, world.owner, {
      signInName,
      displayName: '新 人',
    });
    const client = world.client();
    let page = await client.get('/admin/vendor/sign-in');
    let answer = await client.submit(page, '/admin/vendor/sign-in', { signInName, password: code });
    expect(answer.location).toBe('/admin/vendor/sign-in/password');
    // Nothing is open on the way.
    expect((await client.get('/admin/vendor')).location).toBe('/admin/vendor/sign-in');
    page = await client.get('/admin/vendor/sign-in/password');
    expect(
      (await client.submit(page, '/admin/vendor/sign-in/password', { password: 'x', passwordAgain: 'y' }))
        .status,
    ).toBe(422);
    const password = 'とても長い文のパスワードです';
    answer = await client.submit(page, '/admin/vendor/sign-in/password', {
      password,
      passwordAgain: password,
    });
    expect(answer.location).toBe('/admin/vendor/sign-in/second-factor');
    page = await client.get('/admin/vendor/sign-in/second-factor');
    const secret = (/class="to-type">([^<]*)</.exec(page.html)?.[1] ?? '').replaceAll(' ', '');
    const typed = { code: totpCode(secret, now) };
    answer = await client.submit(page, '/admin/vendor/sign-in/second-factor', typed);
    expect(answer.text).toContain('回復用の番号');
    expect((await client.get('/admin/vendor')).text).toContain('新 人');

    const again = world.client();
    page = await again.get('/admin/vendor/sign-in');
    expect((await again.submit(page, '/admin/vendor/sign-in', { signInName, password: code })).status).toBe(
      403,
    );
    answer = await again.submit(page, '/admin/vendor/sign-in', { signInName, password });
    expect(answer.location).toBe('/admin/vendor/sign-in/code');
    page = await again.get('/admin/vendor/sign-in/code');
    expect((await again.submit(page, '/admin/vendor/sign-in/code', typed)).text).toContain('もう使いました');
    expect((await again.submit(page, '/admin/vendor/sign-in/code', { code: '000000' })).status).toBe(403);
    world.setNow(now + MINUTE);
    answer = await again.submit(page, '/admin/vendor/sign-in/code', { code: totpCode(secret, now + MINUTE) });
    expect(answer.location).toBe('/admin/vendor');
    const events = await readVendorEvents(world.owner, 100);
    expect(events.filter((event) => event.signInName === signInName).map(({ action }) => action)).toEqual([
      'signed-in',
      'code-refused',
      'sign-in-failed',
      'signed-in',
      'second-factor-set',
      'password-chosen',
      'created',
    ]);
  });

  test('unknown, wrong and locked get one answer; a lock and a recovery end an open session with its next request', async () => {
    const other = await joinVendor(world, 'vendor.suzuki');
    const client = await other.signedIn();
    expect((await client.get('/admin/vendor')).status).toBe(200);
    await lockVendorOperator(world.deps, world.owner, 'vendor.suzuki');
    expect((await client.get('/admin/vendor')).location).toBe('/admin/vendor/sign-in');
    const stranger = world.client();
    const answers = [];
    for (const signInName of ['vendor.suzuki', 'vendor.nobody'])
      answers.push(await stranger.post('/admin/vendor/sign-in', { signInName, password: other.password }));
    answers.push(await stranger.post('/admin/vendor/sign-in', { signInName: 'vendor.sato', password: 'x' }));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    const { code } = await recoverVendorOperator(world.deps, world.owner, 'vendor.suzuki');
    const page = await stranger.get('/admin/vendor/sign-in');
    const typed = { signInName: 'vendor.suzuki', password: code };
    const answer = await stranger.submit(page, '/admin/vendor/sign-in', typed);
    expect(answer.location).toBe('/admin/vendor/sign-in/password');
  });

  test('neither name opens the other sign-in', async () => {
    const client = world.client();
    const staff = { signInName: 'mihon.manager', password: world.password(world.hq, 'MANAGER') };
    expect((await client.post('/admin/vendor/sign-in', staff)).status).toBe(403);
    const typed = { signInName: 'vendor.sato', password: vendor.password };
    expect((await client.post('/admin/sign-in', typed)).status).toBe(403);
  });
});

describe('all headquarters', () => {
  test('counts by headquarters, and not a word about a person', async () => {
    const client = await vendor.signedIn();
    const page = await client.get('/admin/vendor');
    expect(page.text).toMatch(/mihon 見本市消防本部 2人/);
    expect(page.text).toMatch(/betsu 別見本町消防本部 1人/);
    expect(page.html).not.toMatch(/太郎|次郎|花子|@example/);
    world.setNow(Date.parse('2027-04-02T00:00:00Z'));
    // As the workflow records it when the expiry has passed.
    await world.owner.withoutTenant((tx) =>
      tx.query(`UPDATE renewal_cycle SET lapse_cause = 'UNDELIVERABLE' WHERE account_id = $1`, [accountId]),
    );
    const later = await (await vendor.signedIn()).get('/admin/vendor');
    expect(later.text).toMatch(/見本市消防本部 2人 2人（不達1、不明1）/);
    world.setNow(now);
  });

  test('R24 R36: stops in force, outbox and mail by counts; 未照合 without content', async () => {
    const id = 'aaaaaaaa-0000-4000-8000-000000000001';
    await world.owner.withoutTenant(async (tx) => {
      await tx.query(
        `INSERT INTO mail_stop (id, fire_hq_id, reason, created_by, created_at) VALUES ($1, $2, '山田さんの件', 'x', '2026-06-01')`,
        [id, world.hq.id],
      );
      await tx.query(
        `INSERT INTO quarantine_report (id, received_at, source, what, why, codes, raw_hash, raw, delete_after)
         VALUES ($1, '2027-01-31', 'REPORT_SMTP', 'REPORT', 'NO_MATCH', '{}', '\\x01', 'secret@example.jp', '2027-03-01')`,
        [id],
      );
    });
    const client = await vendor.signedIn();
    const health = await client.get('/admin/vendor/health');
    expect(health.text).toMatch(/mihon 人 1件/);
    expect(health.text).toMatch(/待っている 3件/);
    expect(health.html).not.toContain('山田');
    const quarantine = await client.get('/admin/vendor/quarantine');
    expect(quarantine.text).toMatch(/届かなかった知らせ 合うメールがない .* aaaaaaaa/);
    expect(quarantine.html).not.toContain('secret');
    await world.owner.withoutTenant((tx) => tx.query('DELETE FROM mail_stop WHERE id = $1', [id]));
  });
});

describe('運用担当に見せる', () => {
  test('opened with a reason: a banner for all staff, pages as 閲覧, each in the trail, closed at once', async () => {
    const client = await vendor.signedIn();
    expect((await client.get(`/admin/people/${accountId}/usage`)).status).toBe(403);
    const manager = await world.signedIn('MANAGER');
    const page = await manager.get('/admin/vendor-access');
    const refused = await manager.submit(page, '/admin/vendor-access', { hours: '9', reason: '' });
    expect(refused.status).toBe(422);
    const opened = await manager.submit(page, '/admin/vendor-access', { hours: '2', reason: '表示が変' });
    expect(opened.location).toBe('/admin/vendor-access');
    // Sent twice by a tired finger: one opening.
    await manager.submit(page, '/admin/vendor-access', { hours: '2', reason: '表示が変' });
    const banner = '運用担当が見られる状態です（';
    expect((await (await world.signedIn('VIEWER')).get('/admin/people')).text).toContain(banner);
    const stranger = await world.signedIn('MANAGER', world.otherHq);
    expect((await stranger.get('/admin/people')).text).not.toContain(banner);

    // Not gone into yet: still nothing.
    expect((await client.get('/admin/people')).status).toBe(403);
    const before = (await trail(world.hq.id)).length;
    await lookIn(client, world.hq);
    const seen = await client.get(`/admin/people/${accountId}/usage`);
    expect(seen.text).toContain(NAME);
    expect(seen.text).toContain('運用担当。見るだけ');
    expect(seen.html).not.toContain('サインアウト');
    expect((await client.get('/admin/history')).status).toBe(403);
    expect((await client.get('/admin/me')).status).toBe(403);
    const csrf = csrfOf(seen.html);
    const note = await client.post(`/admin/people/${accountId}/note`, { csrf, note: 'x' });
    expect(note.status).toBe(403);
    const events = (await trail(world.hq.id)).slice(before);
    expect(events.map(({ action }) => action)).toEqual([
      'vendor.look-begun',
      'vendor.page-viewed',
      'account.viewed',
    ]);
    expect(events[1]).toMatchObject({ accountId, after: { page: '/people/:accountId/:tab' } });
    expect(await trail(world.otherHq.id)).toEqual([]);

    const shown = await manager.get('/admin/vendor-access');
    expect(shown.text).toMatch(/運用 一郎 利用者管理 この人のページ/);
    const history = await manager.get('/admin/history');
    expect(history.text).toContain('運用担当');
    expect(history.text).not.toContain('accountId');
    const close = /action="([^"]*\/close)"/.exec(shown.html)?.[1] ?? '';
    expect((await manager.submit(shown, close)).status).toBe(303);
    const over = await client.get('/admin/people');
    expect(over.status).toBe(403);
    expect(over.text).toContain('この消防本部のページは見られません');
    expect((await manager.get('/admin/people')).text).not.toContain(banner);
    // A later opening is gone into anew.
    await openTo(world, world.hq, 1);
    expect((await client.get('/admin/people')).status).toBe(403);
  });

  test('ends by itself: the next request is refused, and another may be opened', async () => {
    await openTo(world, world.hq, 1);
    const client = await vendor.signedIn();
    await lookIn(client, world.hq);
    world.setNow(now + HOUR - 1);
    expect((await client.get('/admin/people')).status).toBe(200);
    world.setNow(now + HOUR);
    expect((await client.get('/admin/people')).status).toBe(403);
    await openTo(world, world.hq, 8);
    await expect(openTo(world, world.hq, 1)).rejects.toMatchObject({ refusal: { code: 'validation' } });
  });

  test('one headquarters that opened says nothing about the other', async () => {
    await openTo(world, world.hq, 1);
    const client = await vendor.signedIn();
    const csrf = csrfOf((await client.get('/admin/vendor')).html);
    const refused = await client.post('/admin/vendor/look', { csrf, code: world.otherHq.code });
    expect(refused.location).toBe('/admin/vendor');
    expect((await client.get('/admin/vendor')).text).toContain('今は見られません');
    await lookIn(client, world.hq);
    const left = await client.post('/admin/vendor/leave', { csrf });
    expect(left.location).toBe('/admin/vendor');
    expect((await client.get('/admin/people')).status).toBe(403);
  });

  test.each(['VIEWER', 'CLERK'] as const)('%s may neither open nor see it', async (role) => {
    const client = await world.signedIn(role);
    expect((await client.get('/admin/vendor-access')).status).toBe(403);
    expect((await client.get('/admin/people')).html).not.toContain('/admin/vendor-access');
  });

  test('signed out: the session is worth nothing', async () => {
    const client = await vendor.signedIn();
    const page = await client.get('/admin/vendor');
    expect((await client.submit(page, '/admin/vendor/sign-out')).location).toBe('/admin/vendor/sign-in');
    expect((await client.get('/admin/vendor')).location).toBe('/admin/vendor/sign-in');
  });
});

test('no name and no page of a person is in the log', () => {
  expect(REGISTERED).toBeLessThan(now);
  expect(world.logLines.join('\n')).not.toMatch(/太郎|花子|vendor\.sato/);
});
