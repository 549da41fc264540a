/** 更新の一覧と一括送信: what a clerk, a manager and a viewer can do there. */
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readReminders } from '../../usecases/read-account.js';
import { runBulkSends } from '../../usecases/run-bulk-send.js';
import { registerAccount } from '../../usecases/register-account.js';
import type { StaffClient } from './staff-client.js';
import type { World } from './world.js';
import { IN_WINDOW, NAME, REGISTERED, createWorld } from './world.js';

const LAPSED_NOW = IN_WINDOW;
const NOBODY = '00000000-0000-4000-8000-000000000000';
let world: World;
let clerk: StaffClient;
let manager: StaffClient;
let viewer: StaffClient;
/** 更新待ち, more than a page and more than a clerk may send to at once. */
let pending: string[];
let lapsed: string;

beforeAll(async () => {
  world = await createWorld();
  world.setNow(REGISTERED);
  pending = [];
  for (let i = 0; i < 33; i += 1)
    pending.push(await world.register(world.hq, { name: `例題 ${i}番`, kana: 'れいだい' }));
  lapsed = await world.register(world.hq, {
    name: '失効 した人',
    expiresOn: '2026-12-31',
    municipality: '見本町',
    mailAddress: 'shikkou@carrier.example.jp',
  });
  await world.register(world.otherHq, { name: 'よその 人' });
  world.setNow(IN_WINDOW);
  clerk = await world.signedIn('CLERK');
  manager = await world.signedIn('MANAGER');
  viewer = await world.signedIn('VIEWER');
});
afterAll(() => world.close());

const boxes = (html: string) =>
  [...html.matchAll(/name="person" value="([^"]+)"/g)].map(([, id]) => id ?? '');
const manualsOf = async (id: string) =>
  (await readReminders(world.deps, world.hq.id, id, { limit: 50 })).items.filter(
    ({ kind }) => kind === 'MANUAL',
  );

describe('the lists', () => {
  test('say how many there are, and lead to each', async () => {
    const page = await viewer.get('/admin/lists');
    expect(page.text).toMatch(/更新待ち 33人/);
    expect(page.text).toMatch(/失効中 1人/);
    for (const list of ['pending', 'lapsed', 'unconfirmed', 'unused'])
      expect((await viewer.get(`/admin/lists/${list}`)).status).toBe(200);
    expect(page.text).not.toContain('よその');
  });

  test('a row says since when, what was mailed, what comes next, and what to do', async () => {
    const { text } = await clerk.get('/admin/lists/lapsed');
    expect(text).toContain('失効 した人');
    expect(text).toContain('2027年1月1日');
    expect(text).toContain('31日前');
    expect(text).toContain('次にすること');
  });

  test('R28: the row of who told 「もう使わない」 says that the person waits for us, and no mail among many goes', async () => {
    const change = (sql: string) =>
      world.deps.database.inTenant(world.hq.id, (tx) => tx.query(sql, [lapsed]));
    await change(
      `INSERT INTO resident_request
         (fire_hq_id, id, account_id, cycle, reminder_id, kind, state, items, created_at, version)
       SELECT current_fire_hq(), gen_random_uuid(), $1, 1, gen_random_uuid(), 'STOP', 'OPEN', '{}', now(), 1`,
    );
    const list = await clerk.get('/admin/lists/lapsed');
    expect(list.text).toContain('本人の「もう使わない」という連絡に答える');
    expect(list.text).not.toContain('お願いのメールは自動で送ります');
    const made = await clerk.submit(list, '/admin/lists/choose', { who: 'chosen', person: [lapsed] });
    const preview = await clerk.get(made.location ?? '');
    expect(preview.text).toContain('本人が「もう使わない」と答えています。先に、その連絡に答えてください');
    expect(preview.text).toContain('今、送れる人はいません');
    await change(`UPDATE resident_request SET state = 'TAKEN_BACK', closed_at = now() WHERE account_id = $1`);
  });

  test('pages without gaps; a place that is none leads to the beginning, with a word', async () => {
    const first = await clerk.get('/admin/lists/pending');
    const next = /href="(\/admin\/lists\/pending\?cursor=[^"]+)"/.exec(first.html)?.[1] ?? '';
    const second = await clerk.get(next);
    expect([...boxes(first.html), ...boxes(second.html)].sort()).toEqual([...pending].sort());
    for (const path of ['/admin/lists/pending?cursor=rubbish', '/admin/people?cursor=rubbish']) {
      const lost = await clerk.get(path);
      expect([lost.status, lost.text.includes('はじめから出しています')]).toEqual([200, true]);
    }
  });

  test('filters stand in the address and in the form again; what cannot be read is told and never means everybody', async () => {
    const found = await clerk.get(
      '/admin/lists/lapsed?from=30&to=３１&domain=@CARRIER.example.jp&municipality=見本町',
    );
    expect(boxes(found.html)).toEqual([lapsed]);
    expect(found.html).toContain('value="carrier.example.jp"');
    expect(boxes((await clerk.get('/admin/lists/lapsed?from=32')).html)).toEqual([]);
    expect(boxes((await clerk.get('/admin/lists/lapsed?cause=UNDELIVERABLE')).html)).toEqual([]);
    const odd = await clerk.get('/admin/lists/lapsed?from=-1&domain=taro@example.jp&cause=NOPE');
    expect(odd.text).toContain(
      '読めない条件があったので、使っていません：失効の原因、日数（から）、メールの＠より後ろ',
    );
    expect(odd.html).not.toContain('taro@example.jp');
    const form = await clerk.get('/admin/lists/lapsed');
    const refused = await clerk.submit(form, '/admin/lists/choose', { who: 'all', from: 'ten' });
    expect([refused.status, refused.text.includes('条件が読めませんでした')]).toEqual([409, true]);
  });
});

describe('リマインダーメールを送信する（まとめて）', () => {
  test('R22: choose, preview, send; once, however often it is pressed', async () => {
    const list = await clerk.get('/admin/lists/pending');
    const two = boxes(list.html).slice(0, 2);
    const choice = { who: 'chosen', person: two };
    const made = await clerk.submit(list, '/admin/lists/choose', choice);
    expect((await clerk.submit(list, '/admin/lists/choose', choice)).location).toBe(made.location);
    const place = made.location ?? '';
    const preview = await clerk.get(place);
    expect(preview.text).toContain('まだ送っていません');
    expect(preview.text).toContain('送る人 2人');
    expect(await manualsOf(two[0] ?? '')).toEqual([]);
    const [first, second] = [
      await clerk.submit(preview, `${place}/start`),
      await clerk.submit(preview, `${place}/start`),
    ];
    expect([first.location, second.location]).toEqual([place, place]);
    while (await runBulkSends(world.deps));
    const after = await clerk.get(place);
    expect(after.text).toContain('2人のうち2人が済みました');
    expect(after.text).toContain('送信待ち 2人');
    for (const id of two) expect(await manualsOf(id)).toHaveLength(1);
    expect((await clerk.get('/admin/lists')).text).toContain('mihon CLERK');
    expect((await viewer.get(place)).status).toBe(200);
  });

  test('a clerk may choose twenty, and a manager the whole list; who was left out stands there with the reason', async () => {
    const list = await clerk.get('/admin/lists/pending');
    expect(list.html).not.toContain('value="all"');
    const tooMany = await clerk.submit(list, '/admin/lists/choose', {
      who: 'chosen',
      person: pending.slice(0, 21),
    });
    expect([tooMany.status, tooMany.text.includes('20人まで')]).toEqual([409, true]);
    const all = await clerk.submit(list, '/admin/lists/choose', { who: 'all' });
    expect(all.status).toBe(409);
    const none = await clerk.submit(list, '/admin/lists/choose', { who: 'chosen' });
    expect(none.text).toContain('だれも選ばれていません');

    const whole = await manager.submit(await manager.get('/admin/lists/pending'), '/admin/lists/choose', {
      who: 'all',
    });
    const place = whole.location ?? '';
    const preview = await manager.get(place);
    expect(preview.text).toContain('選んだ人 33人');
    expect(preview.text).toContain('前に頼んだメールが、まだ送信待ち 2人');
    const leftOut = await manager.get(`${place}?view=left-out`);
    expect(leftOut.text).toContain('送りません：前に頼んだメールが、まだ送信待ちです');
    // The link of a manager's preview in the hands of a clerk.
    const seen = await clerk.get(place);
    expect(seen.html).not.toContain(`${place}/start`);
    const csrf = /name="csrf" value="([^"]+)"/.exec(seen.html)?.[1] ?? '';
    const refused = await clerk.post(`${place}/start`, { csrf, key: NOBODY });
    expect([refused.status, refused.text.includes('20人まで')]).toEqual([409, true]);
    await manager.submit(preview, `${place}/start`);
    const running = await manager.get(place);
    expect(running.text).toContain('順に送っています');
    await manager.submit(running, `${place}/stop`);
    expect((await manager.get(place)).text).toContain('やめたので送らない人 33人');
    expect(await runBulkSends(world.deps)).toBe(false);
  });

  test('a viewer sees the lists and has no box, no button and no way around them', async () => {
    const page = await viewer.get('/admin/lists/pending');
    expect(boxes(page.html)).toEqual([]);
    expect(page.html).not.toMatch(/\/admin\/lists\/(choose|pending\/csv)/);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const key = NOBODY;
    expect(
      (await viewer.post('/admin/lists/choose', { csrf, key, list: 'pending', who: 'all' })).status,
    ).toBe(403);
    expect((await viewer.post('/admin/lists/pending/csv', { csrf })).status).toBe(403);
    expect((await viewer.post(`/admin/lists/sends/${key}/start`, { csrf, key })).status).toBe(403);
  });

  test('another headquarters sees nothing of it; ids that are none are not here', async () => {
    const list = await clerk.get('/admin/lists/lapsed');
    const made = await clerk.submit(list, '/admin/lists/choose', { who: 'chosen', person: [lapsed] });
    const theirs = await world.signedIn('MANAGER', world.otherHq);
    expect((await theirs.get(made.location ?? '')).status).toBe(404);
    for (const id of ['x', NOBODY]) expect((await clerk.get(`/admin/lists/sends/${id}`)).status).toBe(404);
    const ownForm = await theirs.get('/admin/lists/pending');
    const foreign = await theirs.submit(ownForm, '/admin/lists/choose', { who: 'chosen', person: [lapsed] });
    expect(foreign.text).toContain('だれも選ばれていません');
  });
});

describe('CSV', () => {
  const rowsOf = (text: string) =>
    parse<Record<string, string>>(text, { columns: true, bom: true, relax_quotes: false });
  const take = async (client: StaffClient, list: string, fields: Record<string, string> = {}) =>
    client.submit(await client.get(`/admin/lists/${list}`), `/admin/lists/${list}/csv`, fields);

  test('UTF-8 with a mark, CRLF; quotes, commas, line ends, 𠮷 and formulas come out as they are, and harmless', async () => {
    const command = { fireHqId: world.otherHq.id, actor: 'operator' as const, receivedAt: REGISTERED };
    world.setNow(REGISTERED);
    const names = [
      '𠮷田 "太",郎',
      '=HYPERLINK("http://evil.example","押す")',
      '+1',
      '-1',
      '@SUM(A1)',
      '＝1',
      '髙﨑 はしご',
      '<b>太</b>',
    ];
    for (const [i, name] of names.entries()) {
      await registerAccount(world.deps, command, {
        registrationNumber: `0${i}`,
        name,
        kana: 'てすと',
        mailAddress: `csv${i}@example.jp`,
        mobileNumber: '090-0000-000' + String(i),
        postalAddress: `見本市${i}番地`,
        expiresOn: '2026-12-31',
      });
    }
    world.setNow(LAPSED_NOW);
    const theirs = await world.signedIn('MANAGER', world.otherHq);
    const answer = await take(theirs, 'lapsed', { addresses: 'yes' });
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename=net119-lapsed-2027-02-01.csv',
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const page = await theirs.get('/admin/lists/lapsed');
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const raw = await fetch(`${world.origin}/admin/lists/lapsed/csv`, {
      method: 'POST',
      headers: { cookie: theirs.cookie ?? '' },
      body: new URLSearchParams({ csrf }),
    });
    const bytes = Buffer.from(await raw.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString().split('\r\n')).toHaveLength(names.length + 2);
    const rows = rowsOf(answer.html);
    expect(rows.map((row) => row['氏名']).sort()).toEqual(
      names.map((name) => (/^[=+\-@＝]/.test(name) ? `'${name}` : name)).sort(),
    );
    expect(rows.find((row) => row['登録番号'] === '00')).toMatchObject({
      氏名: '𠮷田 "太",郎',
      メールアドレス: 'csv0@example.jp',
      住所: '見本市0番地',
      携帯電話番号: '090-0000-0000',
      有効期限日: '2026-12-31',
      登録日: '2026-06-01',
      利用状況: '失効中',
    });
  });

  test('a clerk gets no addresses, also when the box is sent; the trail says who took how many, and nothing of it', async () => {
    const { html } = await take(clerk, 'lapsed', { addresses: 'yes' });
    const [row] = rowsOf(html);
    expect(row?.['氏名']).toBe('失効 した人');
    expect(Object.keys(row ?? {})).not.toContain('メールアドレス');
    expect(Object.keys(row ?? {})).not.toContain('住所');
    expect(html).not.toContain('shikkou@');
    const trail = await world.deps.database.inTenant(world.hq.id, (tx) =>
      tx.query<{ after: unknown }>(
        `SELECT after FROM audit_event WHERE action = 'people.exported' ORDER BY id`,
      ),
    );
    expect(trail).toEqual([{ after: { count: 1, withAddresses: false, filter: { list: 'lapsed' } } }]);
    expect(world.logLines.join('')).not.toContain('失効 した人');
  });

  test('a list of more people than are read at once is whole; an empty one has its heads', async () => {
    const { html } = await take(manager, 'pending');
    expect(new Set(rowsOf(html).map((row) => row['登録番号'])).size).toBe(33);
    const page = await manager.get('/admin/lists/pending');
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const empty = await manager.post('/admin/lists/unused/csv', { csrf });
    expect(empty.html).toMatch(/^\ufeff?登録番号,氏名,かな,携帯電話番号.*\r\n$/);
  });
});

describe('the search of 利用者管理', () => {
  test.each([
    ['かな', 'みほんたろう'],
    ['かな in katakana', 'ミホン　タロウ'],
    ['かな in half width', 'ﾐﾎﾝ'],
    ['the name without its space', '見本太郎'],
    ['the mobile number without hyphens', '09077778888'],
    ['the mobile number in double width', '０９０－７７７７'],
    ['the mobile number as from abroad', '+81 90-7777-8888'],
    ['the number in small letters', 'kk-77'],
    ['the number in double width', 'ＫＫ－７７'],
    ['the mail address', 'Sagasu@Example.jp'],
  ])('finds by %s', async (_what, q) => {
    world.setNow(REGISTERED);
    await world
      .register(world.hq, {
        registrationNumber: 'KK-77',
        name: NAME,
        mobileNumber: '090-7777-8888',
        mailAddress: 'sagasu@example.jp',
      })
      .catch(() => null);
    world.setNow(IN_WINDOW);
    const page = await clerk.submit(await clerk.get('/admin/people'), '/admin/people/search', { q });
    expect(page.text).toContain('KK-77');
    expect(page.text).not.toContain('例題 1番');
  });
});
