/** 呼び返しの確認: can I 呼び返し this person, and if not, how else? */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE } from '../../domain/calendar.js';
import { jst } from '../domain/given.js';
import type { StaffClient } from './staff-client.js';
import type { World } from './world.js';
import { REGISTERED, createWorld, nameOf } from './world.js';

const PLACE = '/admin/look';
const NIGHT = jst('2027-04-02 03:00');

let world: World;
let viewer: StaffClient;
let blocked: string;
beforeAll(async () => {
  world = await createWorld();
  world.setNow(REGISTERED);
  blocked = await world.register(world.hq, {
    registrationNumber: 'A-1024',
    name: '山田 太郎',
    kana: 'やまだ たろう',
    mobileNumber: '090-1234-5678',
    fax: '000-111-2222',
    postalAddress: '見本市見本町1-2-3',
    emergencyContacts: [{ name: '山田花子', relation: '妻', phone: '090-0000-1111' }],
  });
  await world.register(world.hq, { registrationNumber: 'A-10245', name: '山田 次郎', kana: 'ヤマダ ジロウ' });
  await world.register(world.otherHq, {
    registrationNumber: 'B-1',
    name: '山田 秘密',
    mobileNumber: '080-9999-0000',
  });
  await world.deps.database.inTenant(world.hq.id, (tx) =>
    tx.query(
      `UPDATE mail_address SET state = 'UNDELIVERABLE', failures = 2, last_failed_at = '2026-09-03T01:00:00Z',
         last_proven_at = '2025-05-05T01:00:00Z' WHERE account_id = $1`,
      [blocked],
    ),
  );
  world.setNow(NIGHT);
  viewer = await world.signedIn('VIEWER');
});
afterAll(() => world.close());

const ask = async (q: string, client = viewer) => client.submit(await client.get(PLACE), PLACE, { q });

test('the field has the focus, nothing personal is in the address, and it works without script', async () => {
  const page = await viewer.get(PLACE);
  expect(page.html).toMatch(/<input id="q"[^>]*autofocus/);
  expect(page.html).toMatch(/<form id="look" method="post" action="\/admin\/look"/);
  expect((await viewer.get(`${PLACE}?q=A-1024`)).text).not.toContain('山田');
});

test('blocked: the words of the dispatcher, and the other ways in their order', async () => {
  const { text } = await ask('A-1024');
  expect(text).toContain('× 呼び返しできません');
  expect(text).toContain(
    '呼び返しできません（メールが届きません。最後の不達：2026年9月3日）。本人からの緊急通報は今もできます。',
  );
  const ways = [
    '通報の画面（チャット）がまだつながっていれば、そこで話す',
    '緊急連絡先 山田花子（妻） 090-0000-1111',
    '登録の住所 見本市見本町1-2-3',
    'FAX（自宅にいるとき） 000-111-2222',
  ];
  expect(ways.map((way) => text.indexOf(way)).sort((a, b) => a - b)).toEqual(
    ways.map((way) => text.indexOf(way)),
  );
  for (const way of ways) expect(text).toContain(way);
  expect(text).toContain('メール管理 × 使えません');
  expect(text).toContain('本人が最後にメールに答えた日 2025年5月5日');
});

describe.each([
  ['the whole number, full-width', 'Ａ－１０２４'],
  ['the number in small letters', 'a-1024'],
  ['the mobile number by its digits', '09012345678'],
  ['the mobile number with other hyphens, full-width', '０９０ー１２３４－５６７８'],
  ['the mobile number from abroad', '+81 90-1234-5678'],
  ['the whole name without a space', '山田太郎'],
  ['kana without a space', 'やまだたろう'],
  ['katakana, half-width', 'ﾔﾏﾀﾞ ﾀﾛｳ'],
])('found by %s', (_how, q) => {
  test('one answer', async () => {
    const { text } = await ask(q);
    expect(text).toContain('× 呼び返しできません');
    expect(text).toContain('山田 太郎');
    expect(text).not.toContain('山田 次郎');
  });
});

test('several: which one?', async () => {
  const page = await ask('やまだ');
  expect(page.text).toContain('どの人ですか');
  expect(page.text).toContain('山田 太郎');
  expect(page.text).toContain('山田 次郎');
  expect(page.text).not.toContain('秘密');
  const csrf = /name="csrf" value="([^"]*)"/.exec(page.html)?.[1] ?? '';
  const chosen = await viewer.post(PLACE, { csrf, q: 'やまだ', person: blocked });
  expect(chosen.text).toContain('× 呼び返しできません');
});

test('ok and warn; with the year where it is another one', async () => {
  expect((await ask('山田次郎')).text).toContain('○ 呼び返しできます');
  const suspect = await (async () => {
    world.setNow(REGISTERED);
    const id = await world.register(world.hq, {
      registrationNumber: 'A-3',
      emergencyContacts: [{ name: '例示花子', relation: '母', phone: '090-0000-2222' }],
    });
    await world.deps.database.inTenant(world.hq.id, (tx) =>
      tx.query(
        `UPDATE mail_address SET state = 'SUSPECT', failures = 1, last_failed_at = '2027-03-03T01:00:00Z' WHERE account_id = $1`,
        [id],
      ),
    );
    world.setNow(NIGHT);
    return id;
  })();
  viewer = await world.signedIn('VIEWER');
  const { text } = await ask('A-3');
  expect(text).toContain('△ 注意');
  expect(text).toContain(
    '呼び返しできます。ただし最近のメールが届いていません（3月3日）。返事がなければ緊急連絡先へ。',
  );
  expect(suspect).toBeDefined();
});

test('nobody, of another headquarters, empty, or hostile: a friendly answer', async () => {
  for (const q of ['B-1', '080-9999-0000', '山田秘密', '<b>x', "' OR 1=1 --", '%', '1'.repeat(5_000)]) {
    const answer = await ask(q);
    expect([q.slice(0, 9), answer.status]).toEqual([q.slice(0, 9), 200]);
    expect(answer.text).toContain('当てはまる人がいません');
    expect(answer.text).toContain('呼び返しは試せます');
  }
  expect((await ask('')).text).not.toContain('当てはまる人がいません');
  expect((await ask('　 ')).text).not.toContain('山田');
});

test('R34: a view stands in the trail once in ten minutes and person who looks, also from the person’s page', async () => {
  const views = () =>
    world.deps.database.inTenant(world.hq.id, (tx) =>
      tx.query<{ actor: string }>(
        `SELECT actor FROM audit_event WHERE account_id = $1 AND action = 'account.viewed' AND at >= $2`,
        [blocked, new Date(NIGHT + 20 * MINUTE)],
      ),
    );
  world.setNow(NIGHT + 20 * MINUTE);
  const clerk = await world.signedIn('CLERK');
  await Promise.all([ask('A-1024', clerk), ask('A-1024', clerk)]);
  await clerk.get(`/admin/people/${blocked}/usage`);
  expect(await views()).toHaveLength(1);
  await viewer.get(`/admin/people/${blocked}/basics`);
  expect(await views()).toHaveLength(2);
  world.setNow(NIGHT + 30 * MINUTE);
  await ask('A-1024', clerk);
  expect(await views()).toHaveLength(3);
  const history = await clerk.get(`/admin/people/${blocked}/history`);
  expect(history.text).toContain(`${world.hq.code} CLERK 情報を見ました`);
  expect(nameOf(world.hq, 'CLERK')).toBeDefined();
});

test('the database away: 呼び返しは試せます', async () => {
  const page = await viewer.get(PLACE);
  const working = world.deps.database.inTenant;
  world.deps.database.inTenant = () =>
    Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
  try {
    const answer = await viewer.submit(page, PLACE, { q: 'A-1024' });
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('メールの状態を確認できません。呼び返しは試せます');
  } finally {
    world.deps.database.inTenant = working;
  }
  expect(world.logLines.join('')).not.toContain('山田');
});
