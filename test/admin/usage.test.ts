/** 利用状況 and what is done there: the mail beforehand, 代理更新, records of contact (R22, R23, R18, R32). */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY } from '../../domain/calendar.js';
import { readAccount } from '../../usecases/read-account.js';
import { listContacts } from '../../usecases/record-contact.js';
import { renewByLink, renewByStaff } from '../../usecases/renew-account.js';
import { PLACE_OF_LINK } from '../../usecases/request-resend.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import { NO_SUCH_USER, mailedLink, resident, sendAll } from './mailing.js';
import type { World } from './world.js';
import { IN_WINDOW, REGISTERED, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function person(more = {}): Promise<string> {
  world.setNow(REGISTERED);
  const id = await world.register(world.hq, { checkMail: false, ...more });
  world.setNow(IN_WINDOW);
  return id;
}
const usageOf = (id: string) => `/admin/people/${id}/usage`;
const read = (id: string) => readAccount(world.deps, world.hq.id, id);
const operator = () => ({
  fireHqId: world.hq.id,
  actor: 'operator' as const,
  receivedAt: world.deps.clock.now(),
});
const textOf = (html: string) =>
  (/<p class="mail">(.*?)<\/p>/s.exec(html)?.[1] ?? '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

describe('送る内容を見る', () => {
  test.each([
    ['before the date', IN_WINDOW, '期限がすぎても'],
    ['after the date, never asked', jst('2027-04-10 12:00'), 'すぎました'],
  ])('R22: %s it is the very mail that goes, without a link that works', async (_when, now, word) => {
    const name = '<b>"山田"</b> 太郎';
    const id = await person({ name });
    world.setNow(now);
    const client = await world.signedIn('CLERK');
    const page = await client.get(usageOf(id));
    const shown = textOf(page.html);
    expect(shown).toContain(word);
    expect(shown).toContain(PLACE_OF_LINK);
    expect(page.html).not.toContain('/r/');
    await client.submit(page, `/admin/people/${id}/reminders`);
    const [mail] = await sendAll(world, world.hq, id);
    expect(mail?.text.replace(/https:\S+/, PLACE_OF_LINK).trimEnd()).toBe(shown);
    expect(page.text).toContain(mail?.subject);
    expect(page.text).toContain(`差出人 ${mail?.fromName}`);
  });

  test('R22: before the window there is none; what waits is told with who asked for it', async () => {
    world.setNow(REGISTERED);
    const id = await world.register(world.hq, { checkMail: false });
    const client = await world.signedIn('CLERK');
    expect((await client.get(usageOf(id))).text).not.toContain('送る内容を見る');
    world.setNow(jst('2027-02-01 23:30'));
    const night = await world.signedIn('CLERK');
    await night.submit(await night.get(usageOf(id)), `/admin/people/${id}/reminders`);
    const after = await night.get(usageOf(id));
    expect(after.text).toContain(
      '送信待ちのメール：mihon CLERKが2027年2月1日 23:30に頼みました。送る予定は2027年2月2日 8:00',
    );
    expect(after.text).toContain('10分あとから');
    expect(after.text).toContain('72時間たっても');
  });
});

describe('リマインダー履歴', () => {
  test('R23: by 手続き: the present one open, the one before folded with how it was renewed', async () => {
    const id = await person();
    await renewByLink(world.deps, resident(world, world.hq), await mailedLink(world, world.hq, id));
    const client = await world.signedIn('VIEWER');
    const page = await client.get(usageOf(id));
    expect(page.text).toContain(
      '今回の手続き（2028年3月31日期限） 今回の手続きでは、まだメールを送っていません。',
    );
    expect(page.text).toContain(
      '前の手続き（2027年3月31日期限） 3通 2027年2月1日に更新（本人がメールのリンクで）',
    );
    expect(page.html).not.toContain('<form method="post" action="/admin/people');
  });

  test('R23: what has no room is paged by key, without gaps', async () => {
    const id = await person();
    await world.deps.database.inTenant(world.hq.id, (tx) =>
      tx.query(
        `INSERT INTO reminder (fire_hq_id, id, account_id, cycle, address_id, purpose, kind, dedupe_key, created_at,
           requested_by, due_at, attempts, outcome, conclusive)
         SELECT current_fire_hq(), gen_random_uuid(), $1, 1, m.id, 'REMINDER', 'MANUAL', 'manual:' || n,
           to_timestamp($2::float8 / 1000), 'operator', to_timestamp($2::float8 / 1000), 0, 'SKIPPED', false
         FROM generate_series(1, 70) n, mail_address m WHERE m.account_id = $1`,
        [id, IN_WINDOW],
      ),
    );
    const client = await world.signedIn('CLERK');
    let at: string | undefined = usageOf(id);
    const rows: number[] = [];
    while (at !== undefined) {
      const page = await client.get(at);
      expect(page.status).toBe(200);
      rows.push((page.html.match(/data-label="送り先"/g) ?? []).length);
      at = /href="(\/admin\/people\/[^"]*reminders\?cursor=[^"]*)"/.exec(page.html)?.[1];
    }
    expect(rows).toEqual([30, 30, 10]);
  });
});

describe('代理更新', () => {
  const at = (id: string) => `/admin/people/${id}/renewal`;
  const SAID = { channel: 'fax', evidence: '返信用紙', note: '本人から「同じ」' };

  test('R18: the new date is shown before; renewed once however often it is sent; mail stays unproven', async () => {
    const id = await person();
    await sendAll(world, world.hq, id, NO_SUCH_USER);
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    expect(page.text).toContain('新しい有効期限日時 2028年3月31日 23:59');
    expect(page.text).toContain('メールが届くことは、まだ確認できていません');
    expect(page.html).not.toMatch(/name="channel"[^>]* checked/);
    const answers = [await client.submit(page, at(id), SAID), await client.submit(page, at(id), SAID)];
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect(await read(id)).toMatchObject({ cycle: 2, expiresOn: '2028-03-31', mailUnconfirmed: true });
    const after = await client.get(answers[0]?.location ?? '');
    expect(after.text).toContain('新しい有効期限日時は、2028年3月31日 23:59です。メールが届くことは、まだ');
  });

  test('R8: renewed meanwhile by somebody else: the present state is told and nothing is done', async () => {
    const id = await person();
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    await renewByStaff(world.deps, operator(), id, { channel: 'counter', note: '窓口' });
    const late = await client.submit(page, at(id), SAID);
    expect(late.status).toBe(303);
    expect((await client.get(late.location ?? '')).text).toContain('もう済んでいました');
    expect(await read(id)).toMatchObject({ cycle: 2 });
  });

  test('R8: early only with the cycle named and ticked; nothing to gain is told', async () => {
    world.setNow(REGISTERED);
    const id = await world.register(world.hq, { expiresOn: '2027-03-31' });
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    expect(page.text).toContain('今回の手続き（2027年3月31日期限）を、早めに更新する');
    expect(page.text).toContain('新しい有効期限日時 2027年6月1日 23:59');
    const refused = await client.submit(page, at(id), SAID);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('四角に印をつけてください');
    expect(refused.html).toContain('返信用紙</textarea>');
    expect(await read(id)).toMatchObject({ cycle: 1 });
    expect((await client.submit(refused, at(id), { ...SAID, early: 'yes' })).status).toBe(303);
    expect(await read(id)).toMatchObject({ cycle: 2, expiresOn: '2027-06-01' });
    const again = await client.get(at(id));
    expect(again.text).toContain('先に延びません');
    expect(again.html).not.toContain(`action="${at(id)}"`);
  });

  test('what is missing or too long is told beside its field, and kept as typed', async () => {
    const id = await person();
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    const empty = await client.submit(page, at(id), { note: '  ' });
    expect(empty.status).toBe(422);
    expect(empty.text).toContain('直すところが3つあります');
    const long = await client.submit(page, at(id), { ...SAID, note: 'あ'.repeat(1_001) });
    expect([long.status, long.text.includes('メモ：長すぎます')]).toEqual([422, true]);
    expect((await client.submit(page, at(id), { ...SAID, cycle: '99' })).status).toBe(303);
    expect((await client.submit(page, at(id), { ...SAID, cycle: 'x' })).status).toBe(400);
    expect(await read(id)).toMatchObject({ cycle: 1 });
  });

  test('R15: not for somebody withdrawn; not by a viewer; not of another headquarters', async () => {
    const id = await person();
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    await withdrawAccount(world.deps, operator(), id, { reason: '転出' });
    expect((await client.submit(page, at(id), SAID)).text).toContain('廃止された利用者なので');
    expect((await (await world.signedIn('VIEWER')).get(at(id))).status).toBe(403);
    const theirs = await world.register(world.otherHq);
    expect((await client.get(at(theirs))).status).toBe(404);
    expect((await client.submit(page, at(id), SAID)).status).toBe(409);
  });
});

describe('連絡の記録', () => {
  const at = (id: string) => `/admin/people/${id}/contacts`;

  test('R32: written once, with its day and by whom; 「同じ」 leads to 代理更新', async () => {
    const id = await person();
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    const said = { kind: 'ANSWERED', said: 'SAME', at: '2027/1/30', note: '<b>FAX</b>\n「同じです」' };
    const answers = [await client.submit(page, at(id), said), await client.submit(page, at(id), said)];
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect(await listContacts(world.deps, world.hq.id, id)).toMatchObject([
      { kind: 'ANSWERED', said: 'SAME', note: said.note, at: jst('2027-01-30 12:00') },
    ]);
    const usage = await client.get(answers[0]?.location ?? '');
    expect(usage.text).toContain(
      '2027年1月30日 返信があった（FAX・郵便） 同じ（変わっていない） mihon CLERK（2027年2月1日',
    );
    expect(usage.text).toContain('<b>FAX</b>');
    expect(usage.html).toContain(`次にすること：<a href="/admin/people/${id}/renewal">代理更新をする</a>`);
    await renewByStaff(world.deps, operator(), id, { channel: 'fax', note: 'FAX' });
    expect((await client.get(usageOf(id))).text).not.toContain('代理更新をする。');
    expect((await client.get(usageOf(id))).text).not.toContain('次にすること： 代理更新をする');
  });

  test.each([
    ['CHANGED', 'edit', '登録を直す'],
    ['NOT_USED', 'withdraw', '廃止の手続きをする'],
    ['DECEASED', 'withdraw', '廃止の手続きをする'],
  ])('R32: %s leads to %s', async (said, deed, word) => {
    const id = await person();
    const client = await world.signedIn('CLERK');
    await client.submit(await client.get(at(id)), at(id), { kind: 'COUNTER_FAMILY', said });
    const usage = await client.get(usageOf(id));
    expect(usage.html).toContain(`<a href="/admin/people/${id}/${deed}">${word}</a>`);
    expect((await (await world.signedIn('VIEWER')).get(usageOf(id))).html).not.toContain(`${id}/${deed}"`);
  });

  test('R32: no kind, a day that is none or lies ahead, a long note: told, nothing written', async () => {
    const id = await person();
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    const send = (fields: Record<string, string>) => client.submit(page, at(id), fields);
    expect((await send({})).text).toContain('したこと、あったこと：入れてください');
    expect((await send({ kind: 'FAX_SENT', at: '2027-02-30' })).text).toContain('日時：書き方がちがいます');
    expect((await send({ kind: 'FAX_SENT', at: '2027-02-02' })).text).toContain('これから先の日時');
    const long = await send({ kind: 'FAX_SENT', note: 'あ'.repeat(1_001) });
    expect([long.status, long.html.includes('value="FAX_SENT" checked')]).toEqual([422, true]);
    expect((await send({ kind: 'NONSENSE' })).status).toBe(400);
    expect(await listContacts(world.deps, world.hq.id, id)).toEqual([]);
  });

  test('R32 R37: a mistaken one is cancelled, once, with a reason; it stays to be read and counts no more', async () => {
    const id = await person();
    await sendAll(world, world.hq, id, NO_SUCH_USER);
    const client = await world.signedIn('CLERK');
    await client.submit(await client.get(at(id)), at(id), { kind: 'MAIL_REPLY', said: 'CHANGED' });
    expect(await read(id)).toMatchObject({ addressState: 'OK' });
    const to = `${at(id)}/cancellation`;
    const page = await client.get(at(id));
    expect((await client.submit(page, to)).text).toContain('取り消していません。理由を入れてください。');
    const sent = [1, 2].map(() => client.submit(page, to, { reason: '別の人の返信', key: randomUUID() }));
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([303, 303]);
    const after = await client.get(at(id));
    expect(after.text).toContain('取り消し メールの返信があった');
    expect(after.text).toContain('理由： 別の人の返信');
    expect(after.html).not.toContain(`action="${to}"`);
    expect(await read(id)).toMatchObject({ addressState: 'SUSPECT' });
    const usage = (await client.get(usageOf(id))).text;
    expect(usage).not.toContain('「変わった」と答えがありました');
    expect(usage).toContain('有効期限までは、呼び返しとメール管理は使えます');
    // The window is open already.
    expect(usage).not.toContain('更新の受付期間になったら');
    const history = await client.get(`/admin/people/${id}/history`);
    expect(history.text.match(/連絡の記録を取り消しました/g)).toHaveLength(1);
  });

  test("another headquarters' record and person are unknown; a viewer reads only", async () => {
    const id = await person();
    const client = await world.signedIn('CLERK');
    await client.submit(await client.get(at(id)), at(id), { kind: 'FAX_SENT' });
    const [mine] = await listContacts(world.deps, world.hq.id, id);
    const theirs = await world.signedIn('CLERK', world.otherHq);
    const theirPerson = await world.register(world.otherHq);
    expect((await theirs.get(at(id))).status).toBe(404);
    await theirs.submit(await theirs.get(at(theirPerson)), at(theirPerson), { kind: 'FAX_SENT' });
    const page = await theirs.get(at(theirPerson));
    const stolen = { contactId: mine?.id ?? '', reason: 'x' };
    expect((await theirs.submit(page, `${at(theirPerson)}/cancellation`, stolen)).status).toBe(404);
    expect((await listContacts(world.deps, world.hq.id, id))[0]?.cancelled).toBeNull();
    const viewer = await world.signedIn('VIEWER');
    const seen = await viewer.get(at(id));
    expect(seen.text).toContain('FAXを送った');
    expect(seen.html).not.toContain(`action="${at(id)}`);
  });

  test('R32: many are paged by key', async () => {
    const id = await person();
    await world.deps.database.inTenant(world.hq.id, (tx) =>
      tx.query(
        `INSERT INTO contact_record (fire_hq_id, id, account_id, kind, at, recorded_by, created_at)
         SELECT current_fire_hq(), gen_random_uuid(), $1, 'NO_ANSWER', to_timestamp($2::float8 / 1000), 'operator',
           to_timestamp($2::float8 / 1000) FROM generate_series(1, 25)`,
        [id, IN_WINDOW - DAY],
      ),
    );
    const client = await world.signedIn('CLERK');
    const first = await client.get(at(id));
    const next = /href="([^"]*contacts\?cursor=[^"]*)"/.exec(first.html)?.[1] ?? '';
    const second = await client.get(next);
    expect([first, second].map(({ html }) => html.match(/<summary>取り消す/g)?.length)).toEqual([20, 5]);
    expect((await client.get(`${at(id)}?cursor=rubbish`)).status).toBe(404);
  });
});
