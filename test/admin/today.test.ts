/** 対応が必要な人 (R30), as a clerk meets it in the morning. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jst } from '../domain/given.js';
import { PLACES } from '../../api/admin/shell/places.js';
import type { StaffClient } from './staff-client.js';
import type { Hq, World } from './world.js';
import { REGISTERED, createWorld } from './world.js';

const NOW = jst('2027-04-02 09:00');
const PLACE = '/admin/today';

let world: World;
let clerk: StaffClient;
beforeAll(async () => {
  world = await createWorld();
  clerk = await world.signedIn('CLERK');
});
afterAll(() => world.close());

const sql = (hq: Hq, text: string, values: unknown[]) =>
  world.deps.database.inTenant(hq.id, (tx) => tx.query(text, values));

/** Lapsed on 2027-04-01; two mails failed, the last one on 2027-03-28. */
async function undeliverable(hq: Hq, name: string): Promise<string> {
  world.setNow(REGISTERED);
  const id = await world.register(hq, { name });
  await sql(
    hq,
    `UPDATE mail_address SET state = 'UNDELIVERABLE', failures = 2, last_failed_at = '2027-03-28T01:00:00Z' WHERE account_id = $1`,
    [id],
  );
  await sql(
    hq,
    `INSERT INTO reminder (fire_hq_id, id, account_id, cycle, address_id, purpose, kind, slot, dedupe_key, created_at,
       requested_by, due_at, sent_at, attempts, outcome, bounced_at, bounce_class, conclusive)
     SELECT fire_hq_id, gen_random_uuid(), account_id, 1, id, 'REMINDER', 'AUTOMATIC', '2027-03-28', 'auto:1:2027-03-28', $2, 'system', $2, $2, 1,
       'BOUNCED', $2, 'UNKNOWN_OR_REFUSED', true FROM mail_address WHERE account_id = $1`,
    [id, '2027-03-28T01:00:00Z'],
  );
  world.setNow(NOW);
  return id;
}

test('a headquarters without anybody registered is led through its first steps, as far as the role goes', async () => {
  world.setNow(REGISTERED);
  for (const role of ['MANAGER', 'CLERK', 'VIEWER'] as const) {
    const page = await (await world.signedIn(role)).get(PLACE);
    expect(page.status).toBe(200);
    expect(page.text).toContain('はじめにすること');
    expect(page.text).not.toContain('今、対応が必要な人はいません。');
    const leads = (to: string) => page.html.includes(`<a href="${to}"`);
    expect([role, leads('/admin/people/new')]).toEqual([role, role !== 'VIEWER']);
  }
});

test('the main pages lead to their part of the 手引き, which is there', async () => {
  const manager = await world.signedIn('MANAGER');
  const guide = await manager.get('/admin/guide');
  const parts = [];
  for (const place of Object.values(PLACES).filter((each) => guide.html.includes(`href="${each}"`))) {
    const part = /href="\/admin\/guide#([a-z-]+)"/.exec((await manager.get(place)).html)?.[1];
    if (part === undefined) continue;
    expect([place, guide.html.includes(`id="${part}"`)]).toEqual([place, true]);
    parts.push(part);
  }
  expect(new Set(parts).size).toBe(11);
});

test('nobody: it says so kindly, and how today’s mail goes', async () => {
  world.setNow(REGISTERED);
  await world.register(world.hq, { name: '有効 零子', expiresOn: '2028-03-31' });
  clerk = await world.signedIn('CLERK');
  const page = await clerk.get(PLACE);
  expect(page.status).toBe(200);
  expect(page.text).toContain('今、対応が必要な人はいません。');
  expect(page.text).toContain('本日の自動送信：予定0、送信0');
});

describe('somebody', () => {
  let id: string;
  beforeAll(async () => {
    id = await undeliverable(world.hq, '不達 一郎');
    await undeliverable(world.otherHq, '秘密 二郎');
    clerk = await world.signedIn('CLERK');
  });

  test('why with the date, what to do and where; each number leads to its people', async () => {
    const page = await clerk.get(PLACE);
    expect(page.text).toContain('不達 一郎');
    expect(page.text).not.toContain('秘密');
    expect(page.text).toContain('2027年3月28日のメールが届きませんでした（受信拒否か、アドレスがない）');
    expect(page.text).toContain('呼び返しとメール管理は使えません');
    expect(page.text).toContain('次にすること：FAXか郵送で');
    expect(page.text).toContain('全員 1人');
    expect(page.text).toContain('1人をいちばん急ぐ理由で1回だけ数えた');
    expect(page.text).toContain('不達・不達の疑い 1人');
    expect(page.text).toContain('新しく失効中 0人');
    expect(page.html).toContain(`href="/admin/people/${id}/usage"`);
    expect((await clerk.get(`${PLACE}?reason=UNREACHABLE`)).text).toContain('不達 一郎');
    const other = await clerk.get(`${PLACE}?reason=REQUEST`);
    expect(other.text).not.toContain('不達 一郎');
    expect(other.text).toContain('この理由の人はいません');
    expect((await clerk.get(`${PLACE}?reason=NOPE`)).text).toContain('不達 一郎');
    expect((await clerk.get(`${PLACE}?cursor=rubbish`)).status).toBe(404);
  });

  test('yesterday’s 不達 is found at once', async () => {
    world.setNow(jst('2027-03-29 09:00'));
    clerk = await world.signedIn('CLERK');
    expect((await clerk.get(`${PLACE}?only=recent`)).text).toContain('不達 一郎');
    world.setNow(NOW);
    clerk = await world.signedIn('CLERK');
    expect((await clerk.get(`${PLACE}?only=recent`)).text).toContain('届かなかったメールはありません');
  });

  test('taken: colleagues see who is on it', async () => {
    const take = `/admin/people/${id}/take`;
    expect((await clerk.submit(await clerk.get(PLACE), take)).location).toBe(PLACE);
    const mine = await clerk.get(PLACE);
    expect(mine.text).toContain('あなたが対応しています');
    expect(mine.text).toContain('「わたしが対応する」にしました');
    const manager = await world.signedIn('MANAGER');
    const seen = await manager.get(PLACE);
    expect(seen.text).toContain('mihon CLERKさんが対応しています');
    expect(seen.html).not.toContain(take);
    await clerk.submit(await clerk.get(PLACE), `/admin/people/${id}/release`);
    expect((await manager.get(PLACE)).text).toContain('わたしが対応する');
  });

  test('a viewer sees it, and has no button', async () => {
    const viewer = await world.signedIn('VIEWER');
    const page = await viewer.get(PLACE);
    expect(page.text).toContain('不達 一郎');
    expect(page.html).not.toContain(`action="/admin/people/${id}`);
    const usage = await viewer.get(`/admin/people/${id}/usage`);
    expect(usage.text).toContain('対応の記録');
    expect(usage.html).not.toContain(`/people/${id}/note"`);
    const csrf = /name="csrf" value="([^"]*)"/.exec(page.html)?.[1] ?? '';
    for (const deed of ['note', 'note-undo', 'take', 'release'])
      expect((await viewer.post(`/admin/people/${id}/${deed}`, { csrf })).status).toBe(403);
  });

  test('a note without what is needed comes back as typed, with its faults', async () => {
    const to = `/admin/people/${id}/note`;
    const page = await clerk.get(PLACE);
    const refused = await clerk.submit(page, to, { note: '', lookAgainOn: '2027-04-02' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('直すところが2つあります');
    expect(refused.text).toContain('これから先の日を入れてください');
    expect(refused.html).toContain('value="2027-04-02"');
    const strange = await clerk.submit(page, to, { note: 'a', version: 'x', seenUntil: '-' });
    expect(strange.status).toBe(409);
  });

  test('noted on the list it is gone until that day, and is told on the person’s page; undone it is back', async () => {
    const to = `/admin/people/${id}/note`;
    const page = await clerk.get(PLACE);
    const colleague = await world.signedIn('MANAGER');
    const stale = await colleague.get(PLACE);
    const said = { note: 'FAXを送った <b>返事待ち</b>', lookAgainOn: '2027-04-20' };
    const noted = await clerk.submit(page, to, said);
    expect(noted.location).toBe(PLACE);
    expect((await clerk.submit(page, to, said)).status).toBe(303);
    const after = await clerk.get(PLACE);
    expect(after.text).toContain('記録しました');
    expect(after.text).toContain('今、対応が必要な人はいません。');
    const late = await colleague.submit(stale, to, { ...said, note: 'わたしも' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('ほかの職員が、先に記録を変えました');
    expect(late.text).toContain('返事待ち');
    expect(late.html).toContain('わたしも</textarea>');

    const usage = await clerk.get(`/admin/people/${id}/usage`);
    expect(usage.text).toContain('FAXを送った <b>返事待ち</b>');
    expect(usage.html).not.toContain('<b>返事待ち');
    expect(usage.text).toContain('2027年4月20日');
    await clerk.submit(usage, `/admin/people/${id}/note-undo`);
    expect((await clerk.get(PLACE)).text).toContain('不達 一郎');
    const again = await clerk.get(`/admin/people/${id}/usage`);
    expect(again.text).toContain('取り消しました');
    const history = await clerk.get(`/admin/people/${id}/history`);
    expect(history.text).toContain('対応の記録を書きました');
    expect(history.text).toContain('対応の記録を取り消しました');
    expect(world.logLines.join('')).not.toContain('返事待ち');
  });

  test('from the person’s page it leads back there', async () => {
    const usage = await clerk.get(`/admin/people/${id}/usage`);
    const noted = await clerk.submit(usage, `/admin/people/${id}/note`, {
      note: '電話リレー',
      lookAgainOn: '2027-04-05',
    });
    expect(noted.location).toBe(`/admin/people/${id}/usage`);
    world.setNow(jst('2027-04-05 00:00'));
    clerk = await world.signedIn('CLERK');
    const back = await clerk.get(PLACE);
    expect(back.text).toContain('不達・不達の疑い');
    expect(back.text).toContain('確認日（2027年4月5日）が来ました');
    expect(back.text).toContain('電話リレー');
    world.setNow(NOW);
  });

  test("another headquarters' person cannot be noted or taken", async () => {
    const theirs = await undeliverable(world.otherHq, '秘密 三郎');
    clerk = await world.signedIn('CLERK');
    const csrf = /name="csrf" value="([^"]*)"/.exec((await clerk.get(PLACE)).html)?.[1] ?? '';
    const key = '3f0d6a52-6f6f-4d43-9a55-0f7b0f3f7a10';
    const fields = {
      csrf,
      key,
      note: 'a',
      lookAgainOn: '2027-04-20',
      version: '0',
      seenUntil: '0',
      noteId: key,
    };
    for (const deed of ['note', 'note-undo', 'take', 'release'])
      expect((await clerk.post(`/admin/people/${theirs}/${deed}`, fields)).status).toBe(404);
  });
});

test('many: pages of bounded size that lose nobody', async () => {
  const names = Array.from({ length: 30 }, (_, i) => `長い名前${'の人'.repeat(20)} ${i}番`);
  for (const name of names) await undeliverable(world.hq, name);
  clerk = await world.signedIn('CLERK');
  const seen: string[] = [];
  for (let to = PLACE; ;) {
    const page = await clerk.get(to);
    seen.push(...names.filter((name) => page.text.includes(`${name} `)));
    const next = /href="([^"]*)">次のページ/.exec(page.html)?.[1];
    if (next === undefined) break;
    to = next.replaceAll('&amp;', '&');
  }
  expect([...seen].sort()).toEqual([...names].sort());
});
