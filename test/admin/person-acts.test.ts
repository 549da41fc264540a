/** 保留, 廃止 and 有効期限日時の訂正 on the staff site: said before, done once, and undone. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DAY } from '../../domain/calendar.js';
import { readAccount } from '../../usecases/read-account.js';
import { renewByStaff } from '../../usecases/renew-account.js';
import { jst } from '../domain/given.js';
import type { World } from './world.js';
import { IN_WINDOW, REGISTERED, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.setNow(REGISTERED));

const person = (accountId: string) => readAccount(world.deps, world.hq.id, accountId);
const place = (accountId: string, deed: string) => `/admin/people/${accountId}/${deed}`;

describe('保留 (R36)', () => {
  test('to the end of a day, with a reason; shown on top; changed and released', async () => {
    const accountId = await world.register(world.hq);
    const client = await world.signedIn('CLERK');
    const to = place(accountId, 'hold');
    expect((await client.get(place(accountId, 'usage'))).html).toContain(`href="${to}"`);
    const page = await client.get(to);
    expect(page.text).toContain('有効期限日時（2027年3月31日 23:59）は変わりません');
    const held = await client.submit(page, to, { until: '2026-07-31', reason: '入院中' });
    expect([held.status, held.location]).toEqual([303, place(accountId, 'usage')]);
    expect((await person(accountId)).hold).toEqual({ until: jst('2026-08-01 00:00'), reason: '入院中' });
    const viewer = await world.signedIn('VIEWER');
    const shown = await viewer.get(place(accountId, 'basics'));
    expect(shown.text).toContain('2026年8月1日 0:00まで、自動送信を止めています（理由：入院中）');
    const again = await client.get(to);
    expect((await client.submit(again, place(accountId, 'hold-release'))).status).toBe(303);
    expect((await person(accountId)).hold).toBeNull();
  });

  test('bad input: no day, a day that is none or past, no reason; everything kept as typed', async () => {
    const accountId = await world.register(world.hq);
    const client = await world.signedIn('CLERK');
    const to = place(accountId, 'hold');
    for (const [until, reason, faults] of [
      ['', '', ['until', 'reason']],
      ['2026-02-30', '入院中', ['until']],
      ['2026-05-31', '<b>入院中</b>', ['until']],
      ['2026-07-31', 'あ'.repeat(501), ['reason']],
    ] as const) {
      const answer = await client.submit(await client.get(to), to, { until, reason });
      expect(answer.status).toBe(422);
      for (const field of faults) expect(answer.html).toContain(`id="${field}-fault"`);
      if (reason !== '') expect(answer.html).toContain(`value="${reason.replaceAll('<', '&lt;')}"`);
    }
    expect((await person(accountId)).hold).toBeNull();
  });
});

describe('two clerks on one 保留 (R36)', () => {
  test('the second sees the hold of the first, by whom and when, and may go on', async () => {
    const accountId = await world.register(world.hq);
    const [first, second] = [await world.signedIn('CLERK'), await world.signedIn('CLERK')];
    const [to, release] = [place(accountId, 'hold'), place(accountId, 'hold-release')];
    const stale = await second.get(to);
    await first.submit(await first.get(to), to, { until: '2026-07-31', reason: '入院中' });
    const refused = await second.submit(stale, to, { until: '2026-06-30', reason: '旅行' });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('ほかの人が保留を変えました');
    expect(refused.text).toContain('入院中');
    expect(refused.text).toMatch(/2026年6月1日 .*に、保留にしました/);
    expect(refused.html).toContain('value="旅行"');
    expect((await person(accountId)).hold?.reason).toBe('入院中');
    expect((await second.submit(refused, to)).status).toBe(303);
    expect((await person(accountId)).hold?.reason).toBe('旅行');

    const old = await first.get(to);
    await second.submit(await second.get(to), to, { until: '2026-08-31', reason: '転院' });
    expect((await first.submit(old, release)).status).toBe(409);
    expect((await person(accountId)).hold?.reason).toBe('転院');
    const before = await first.get(to);
    expect((await second.submit(await second.get(to), release)).status).toBe(303);
    expect((await first.submit(before, release)).status).toBe(303);
    const again = await first.submit(before, to, { until: '2026-09-30', reason: '入院' });
    expect(again.status).toBe(409);
    expect(again.text).toMatch(/保留を終えました/);
    expect((await person(accountId)).hold).toBeNull();
  });
});

describe('廃止 (R15)', () => {
  test('a page of its own says what it does; done with a reason; undone within 30 days', async () => {
    const accountId = await world.register(world.hq);
    const client = await world.signedIn('CLERK');
    const to = place(accountId, 'withdraw');
    const page = await client.get(to);
    for (const words of [
      '30日のあいだは、取り消せます',
      '待っているメールも送りません',
      '記録は、消えません',
    ])
      expect(page.text).toContain(words);
    expect((await client.submit(page, to)).status).toBe(422);
    expect((await person(accountId)).status).toBe('ACTIVE');
    expect((await client.submit(page, to, { reason: '転出' })).status).toBe(303);
    const usage = await client.get(place(accountId, 'usage'));
    expect(usage.text).toContain(
      '廃止しました。メールは、もう送りません。2026年7月1日 12:00まで、取り消せます。',
    );
    expect(usage.text).toContain('■ 廃止');
    expect(usage.text).toContain('（理由：転出）');
    expect(usage.html).not.toMatch(/\/(hold|expiry)"/);
    for (const deed of ['hold', 'expiry'] as const) {
      const manager = await world.signedIn('MANAGER');
      const other = await manager.get(place(accountId, deed));
      expect(other.status).toBe(200);
    }
    const undo = await client.get(to);
    expect(undo.text).toContain('有効期限日時は、廃止の前と同じ（2027年3月31日 23:59）です');
    expect((await client.submit(undo, place(accountId, 'withdraw-undo'))).status).toBe(303);
    expect(await person(accountId)).toMatchObject({ status: 'ACTIVE', expiresOn: '2027-03-31' });
    const late = await client.submit(undo, place(accountId, 'withdraw-undo'), {
      key: '00000000-0000-4000-8000-000000000000',
    });
    expect(late.status).toBe(409);
    expect(late.text).toContain('もう取り消されています');
  });

  test('after 30 days it says so', async () => {
    const accountId = await world.register(world.hq);
    const client = await world.signedIn('CLERK');
    const to = place(accountId, 'withdraw');
    await client.submit(await client.get(to), to, { reason: '転出' });
    world.setNow(REGISTERED + 30 * DAY);
    const later = await world.signedIn('CLERK');
    const answer = await later.submit(await later.get(to), place(accountId, 'withdraw-undo'));
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('2026年7月1日 12:00まででした');
  });
});

describe('有効期限日時の訂正 (R39)', () => {
  test('managers alone: first a preview that changes nothing, then with a reason; and back again', async () => {
    const accountId = await world.register(world.hq);
    world.setNow(IN_WINDOW);
    const clerk = await world.signedIn('CLERK');
    const to = place(accountId, 'expiry');
    expect((await clerk.get(place(accountId, 'usage'))).html).not.toContain(`href="${to}"`);
    const manager = await world.signedIn('MANAGER');
    expect((await manager.get(place(accountId, 'usage'))).html).toContain(`href="${to}"`);
    expect((await manager.get(to)).text).not.toContain('訂正する やめる');
    const preview = await manager.get(`${to}?to=2028-03-31`);
    for (const words of [
      '2028年3月31日 23:59',
      '◐ 更新待ち',
      '● 有効',
      '2028年1月1日',
      '本人にメールは送りません',
    ])
      expect(preview.text).toContain(words);
    expect((await person(accountId)).expiresOn).toBe('2027-03-31');

    const noReason = await manager.submit(preview, `${to}-correction`);
    expect(noReason.status).toBe(422);
    expect(noReason.html).toContain('id="reason-fault"');
    expect(noReason.text).toContain('2028年3月31日 23:59');
    const done = await manager.submit(noReason, `${to}-correction`, { reason: '西暦の書きまちがい' });
    expect([done.status, done.location]).toEqual([303, place(accountId, 'usage')]);
    expect(await person(accountId)).toMatchObject({ status: 'ACTIVE', expiresOn: '2028-03-31', cycle: 1 });
    expect((await manager.submit(preview, `${to}-correction`, { reason: '西暦の書きまちがい' })).status).toBe(
      409,
    );

    const back = await manager.get(to);
    expect(back.html).toContain(`href="${to}?to=2027-03-31"`);
    const again = await manager.get(`${to}?to=2027-03-31`);
    await manager.submit(again, `${to}-correction`, { reason: '元に戻す' });
    expect(await person(accountId)).toMatchObject({ status: 'RENEWAL_PENDING', expiresOn: '2027-03-31' });
    const history = await manager.get(place(accountId, 'history'));
    expect(history.text.match(/mihon MANAGER 有効期限日時を訂正しました/g)).toHaveLength(2);
  });

  test('the same form twice is one correction', async () => {
    const accountId = await world.register(world.hq);
    const manager = await world.signedIn('MANAGER');
    const to = place(accountId, 'expiry');
    const preview = await manager.get(`${to}?to=2027-05-31`);
    const both = await Promise.all(
      [1, 2].map(() => manager.submit(preview, `${to}-correction`, { reason: '入力の誤り' })),
    );
    expect(both.map(({ status }) => status)).toEqual([303, 303]);
    const history = await manager.get(place(accountId, 'history'));
    expect(history.text.match(/mihon MANAGER 有効期限日時を訂正しました/g)).toHaveLength(1);
  });

  test('a past day warns that the person lapses; a renewal meanwhile is told', async () => {
    const accountId = await world.register(world.hq);
    world.setNow(IN_WINDOW);
    const manager = await world.signedIn('MANAGER');
    const to = place(accountId, 'expiry');
    const preview = await manager.get(`${to}?to=2027-01-15`);
    expect(preview.text).toContain('さんは、すぐに失効中になります');
    expect(preview.text).toContain('▲ 失効中');
    const command = { fireHqId: world.hq.id, actor: 'operator', receivedAt: IN_WINDOW } as const;
    await renewByStaff(world.deps, command, accountId, { channel: 'fax', note: '返信' });
    const stale = await manager.submit(preview, `${to}-correction`, { reason: '入力の誤り' });
    expect(stale.status).toBe(409);
    expect(stale.text).toContain('この画面を開いたあとで、更新か訂正がありました');
    expect((await person(accountId)).expiresOn).toBe('2028-03-31');
  });

  test.each([
    ['2027-03-31', '今と同じです'],
    ['2027-02-30', '書き方がちがいます'],
    ['"><script>', '書き方がちがいます'],
    ['2099-01-01', '遠すぎる日です'],
  ])('%s: %s', async (typed, words) => {
    const accountId = await world.register(world.hq);
    const manager = await world.signedIn('MANAGER');
    const answer = await manager.get(`${place(accountId, 'expiry')}?to=${encodeURIComponent(typed)}`);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(words);
    expect(answer.html).toContain('id="to-fault"');
    expect(answer.html).not.toContain('name="reason"');
  });
});
