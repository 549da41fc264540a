/** 記録と数字: 操作履歴 (R34), もれの確認 (R38), 更新の数字 (R35), メールの届き具合. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACT_KINDS, kindOf } from '../../api/admin/records/acts.js';
import { countedOf, wordOfCounted } from '../../api/admin/records/completeness-words.js';
import { sentenceOf } from '../../api/admin/records/sentences.js';
import { MAIL_FATES, PERSON_FATES } from '../../domain/completeness.js';
import { appendAudit } from '../../store/audit.js';
import { changeAccount } from '../../usecases/change-account.js';
import type { Counted } from '../../usecases/completeness.js';
import { putPolicy } from '../../usecases/policy.js';
import { createMailStop } from '../../usecases/mail-stop.js';
import { jst } from '../domain/given.js';
import { SEED } from '../domain/arbitraries.js';
import type { World } from './world.js';
import { NAME, REGISTERED, createWorld } from './world.js';

let world: World;
let person: string;
let stranger: string;
beforeAll(async () => {
  world = await createWorld();
  world.setNow(REGISTERED);
  person = await world.register(world.hq, { registrationNumber: 'N-1' });
  await world.register(world.hq, { registrationNumber: 'N-2', name: '例示 花子' });
  stranger = await world.register(world.otherHq, { registrationNumber: 'X-9', name: '別見 一郎' });
  world.setNow(REGISTERED + 1000);
  const command = (fireHqId: string) =>
    ({ fireHqId, actor: 'operator', receivedAt: REGISTERED + 1000 }) as const;
  await changeAccount(world.deps, command(world.hq.id), person, 1, {
    postalAddress: '見本市中央1-1',
    emergencyContacts: [{ name: '見本 花', relation: '妻', phone: '090-0000-0000' }],
  });
  world.setNow(REGISTERED + 2000);
  await putPolicy(world.deps, { ...command(world.hq.id), receivedAt: REGISTERED + 2000 }, 1, {
    policy: { validity: 'P2Y', sendAt: '09:30', onUndeliverable: 'stop' },
    reason: '部内決定',
  });
});
afterAll(() => world.close());

const names = new Map<string, string>();
const CODE = /\b[A-Z]+_[A-Z_]+\b|[{}[\]]|undefined|null|NaN/;

describe('R34 操作履歴 as sentences', () => {
  test('who did what to whom, with what changed before and after, newest first', async () => {
    const client = await world.signedIn('CLERK');
    const page = await client.get('/admin/history');
    expect(page.status).toBe(200);
    expect(page.text).toContain('設定を変えました');
    expect(page.text).toContain(
      '有効期間：「更新すると、次の有効期限日時は1年後になります。」→「更新すると、次の有効期限日時は2年後になります。」',
    );
    expect(page.text).toContain('送る時刻：「10:00 から、30分のあいだに分けて送ります。」→「09:30 から、');
    expect(page.text).toContain('→「自動のメールを止めます。」');
    expect(page.text).not.toContain('不達と決めるまで：「');
    expect(page.text).toContain('理由：部内決定');
    expect(page.text).toContain('住所：「なし」→「見本市中央1-1」');
    expect(page.text).toContain('緊急連絡先：「なし」→「見本 花（妻） 090-0000-0000」');
    expect(page.text).toContain('有効期限：2027年3月31日');
    expect(page.text.indexOf('設定を変えました')).toBeLessThan(page.text.indexOf('登録の内容を変えました'));
    expect(page.html).not.toContain('別見');
    const tab = await client.get(`/admin/people/${person}/history`);
    expect(tab.text).toContain('住所：「なし」→「見本市中央1-1」');
    expect(tab.text).not.toContain('設定を変えました');
  });

  test('filters stand in the address without personal data; a person is found by a number that is posted', async () => {
    const client = await world.signedIn('CLERK');
    const found = await client.submit(await client.get('/admin/history'), '/admin/history/person', {
      registrationNumber: ' Ｎ－1 '.normalize('NFKC'),
    });
    expect([found.status, found.location]).toEqual([303, `/admin/history?person=${person}`]);
    const page = await client.get(found.location ?? '');
    expect(page.text).toContain(`${NAME}さん`);
    expect(page.text).not.toContain('例示 花子');
    for (const registrationNumber of ['X-9', '', 'N-99', '<b>']) {
      const nobody = await client.post('/admin/history/person', {
        ...(await tokenOf(client)),
        registrationNumber,
      });
      expect([nobody.status, nobody.text.includes('の人はいません')]).toEqual([404, true]);
    }
    expect((await client.get(`/admin/history?person=${stranger}`)).status).toBe(404);

    const settings = await client.get('/admin/history?kind=settings');
    expect(settings.text).toContain('設定を変えました');
    expect(settings.html.match(/<tbody>.*<\/tbody>/s)?.[0]).not.toContain('登録番号：');
    const byStaff = await client.get(`/admin/history?by=operator&kind=person`);
    expect(byStaff.text).toContain('登録の内容を変えました');
    expect((await client.get('/admin/history?by=resident')).text).toContain('当てはまる操作はありません');
    const day = (from: string, to: string) => client.get(`/admin/history?from=${from}&to=${to}&kind=person`);
    expect((await day('2026-06-01', '2026-06-01')).text).toContain('登録の内容を変えました');
    expect((await day('2026-06-02', '2026-06-30')).text).toContain('当てはまる操作はありません');
    // What makes no sense is as if it were not there.
    expect((await client.get('/admin/history?kind=nonsense&from=2026-13-01&by=%27')).status).toBe(200);
  });

  test('keyset: many acts of the same moment, each on one page only', async () => {
    const client = await world.signedIn('CLERK', world.otherHq);
    await world.deps.database.inTenant(world.otherHq.id, async (tx) => {
      for (let i = 0; i < 70; i += 1)
        await appendAudit(tx, {
          at: REGISTERED + 5000,
          actor: 'system',
          action: 'activity.reported',
          accountId: stranger,
          after: { kind: 'PRACTICE', note: `番号${i}番` },
        });
    });
    const seen: string[] = [];
    let to: string | undefined = `/admin/history?person=${stranger}&kind=contact`;
    for (let pages = 0; to !== undefined && pages < 5; pages += 1) {
      const page = await client.get(to);
      seen.push(...(page.text.match(/番号\d+番/g) ?? []));
      to = /<a href="([^"]*cursor[^"]*)">次のページ/.exec(page.html)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen).toHaveLength(70);
    expect(new Set(seen).size).toBe(70);
  });

  test('a file for managers alone: marked, disarmed, audited; a clerk may not', async () => {
    await world.deps.database.inTenant(world.hq.id, (tx) =>
      appendAudit(tx, {
        at: REGISTERED + 3000,
        actor: 'system',
        action: 'account.changed',
        accountId: person,
        before: { municipality: '=1+1' },
        after: { municipality: '@SUM(A1)' },
      }),
    );
    const clerk = await world.signedIn('CLERK');
    expect((await clerk.get('/admin/history')).text).not.toContain('ファイルに出す ');
    expect((await clerk.post('/admin/history/csv', await tokenOf(clerk))).status).toBe(403);
    const manager = await world.signedIn('MANAGER');
    const file = await manager.submit(
      await manager.get(`/admin/history?person=${person}`),
      '/admin/history/csv',
    );
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="sousa-rireki.csv"');
    const lines = file.html.replace(/^\uFEFF/, '').split('\r\n');
    expect(lines[0]).toBe('日時,だれが,登録番号,氏名,したこと,内容');
    expect(file.html).toContain('市町村：「=1+1」→「@SUM(A1)」');
    expect(file.html).not.toContain('例示 花子');
    expect(lines.some((each) => /(^|,)"?[=+@-]/.test(each))).toBe(false);
    const trail = await manager.get('/admin/history?kind=look');
    expect(trail.text).toContain('操作履歴をファイルに出しました');
    expect(trail.text).toContain('mihon MANAGER');
  });

  test('a long act does not make a page too long; the file has it whole', async () => {
    const long = 'あ'.repeat(3000);
    await world.deps.database.inTenant(world.hq.id, async (tx) => {
      for (let i = 0; i < 30; i += 1)
        await appendAudit(tx, {
          at: REGISTERED + 9000,
          actor: 'system',
          action: 'contact.recorded',
          accountId: person,
          after: { note: `${i}${long}`, evidence: long, reason: long, postalAddress: long, kana: long },
        });
    });
    const client = await world.signedIn('CLERK');
    expect((await client.get('/admin/history?kind=contact')).status).toBe(200);
  });

  test('unknown acts, actors and shapes are told in words, whatever stands in them', () => {
    expect(
      sentenceOf({ actor: 'robot:7', action: 'brand.new', before: null, after: { newThing: 1 } }, names),
    ).toEqual({
      who: 'システム',
      what: 'そのほかの操作をしました',
      details: ['ほかに1つの記録があります'],
    });
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.string(), (before, after, action) => {
        const { who, what, details } = sentenceOf({ actor: 'x', action, before, after }, names);
        for (const text of [who, what, ...details]) expect(typeof text).toBe('string');
      }),
      { seed: SEED },
    );
    const fields = fc.constantFrom(
      'kind',
      'outcome',
      'cause',
      'state',
      'role',
      'scopes',
      'channel',
      'policy',
    );
    const values = fc.oneof(
      fc.constantFrom<unknown>(
        'NEW_CODE',
        'ACCEPTED',
        'new-code',
        'a.b',
        null,
        7,
        true,
        { a: 1 },
        [{ b: 2 }],
        ['NEW_CODE'],
        { every: 'P9W' },
      ),
    );
    fc.assert(
      fc.property(fc.dictionary(fields, values), fc.dictionary(fields, values), (before, after) => {
        const { details } = sentenceOf({ actor: 'x', action: 'y', before, after }, names);
        for (const line of details) expect(line).not.toMatch(CODE);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('every act that a use case writes belongs to a kind of its own', async () => {
    const files = await readdir('usecases');
    const sources = await Promise.all(files.map((file) => readFile(join('usecases', file), 'utf8')));
    const actions = sources.flatMap((source) =>
      [...source.matchAll(/action: '([a-z-]+\.[a-z-]+)'/g)].map(([, action]) => action ?? ''),
    );
    expect(actions.length).toBeGreaterThan(30);
    expect(actions.filter((action) => kindOf(action) === 'other')).toEqual([]);
    expect(new Set(ACT_KINDS).size).toBe(ACT_KINDS.length);
  });
});

describe('R38 もれの確認 on paper', () => {
  test('says in words that nobody was missed, and when somebody was; a viewer sees it too', async () => {
    world.setNow(jst('2026-12-31 12:00'));
    const client = await world.signedIn('VIEWER');
    const page = await client.get('/admin/completeness?period=FY2026');
    expect(page.text).toContain('見本市消防本部 2026年度（2026年4月1日〜2027年3月31日）');
    expect(page.text).toContain('もれはありません');
    expect(page.text).toContain('有効期限が来る人 2人');
    expect(page.text).toContain('まだ期限が来ていない 2人');
    // Due since ten o'clock, and nobody works here: it still waits.
    expect(page.text).toContain('順番を待っている 2通');
    const names_ = /href="(\/admin\/completeness\/names\?[^"]*of=person.not-yet-expired)"/.exec(
      page.html,
    )?.[1];
    const list = await client.get((names_ ?? '').replaceAll('&amp;', '&'));
    expect(list.text).toContain(NAME);
    expect(list.text).toContain('例示 花子');
    expect(list.text).not.toContain('別見');
    const { deps, hq } = world;
    await deps.database.inTenant(hq.id, (tx) =>
      tx.query(
        `UPDATE renewal_cycle SET expires_on = '2026-11-30', expires_at = '2026-11-30T15:00:00Z' WHERE account_id = $1`,
        [person],
      ),
    );
    const missed = await client.get('/admin/completeness?from=2026-11-01&to=2026-11-30');
    expect(missed.text).toContain('もれが1件あります');
    expect(missed.text).not.toContain('もれはありません');
    const who = await client.get('/admin/completeness/names?from=2026-11-01&to=2026-11-30&of=person.missing');
    expect(who.text).toContain(NAME);
    await deps.database.inTenant(hq.id, (tx) =>
      tx.query(
        `UPDATE renewal_cycle SET expires_on = '2027-03-31', expires_at = '2027-03-31T15:00:00Z' WHERE account_id = $1`,
        [person],
      ),
    );
  });

  test('days the wrong way round and spans without end are told; nonsense shows this fiscal year', async () => {
    const client = await world.signedIn('CLERK');
    const turned = await client.get('/admin/completeness?from=2027-03-01&to=2027-02-01');
    expect([turned.status, turned.text.includes('「いつまで」が「いつから」より前です')]).toEqual([
      422,
      true,
    ]);
    const long = await client.get('/admin/completeness?from=2020-01-01&to=2027-01-01');
    expect([long.status, long.text.includes('3年までにしてください')]).toEqual([422, true]);
    expect((await client.get('/admin/completeness?period=x&from=y')).text).toContain('2026年度');
    expect((await client.get('/admin/completeness/names?of=person.nobody')).status).toBe(404);
    expect((await client.get('/admin/completeness/names')).location).toBe('/admin/completeness');
  });

  test('every number has an address of its own that leads back to it', () => {
    const all: Counted[] = [
      { of: 'WITHOUT_CYCLE' },
      ...[...PERSON_FATES, null].map((fate): Counted => ({ of: 'PEOPLE', fate })),
      ...[...MAIL_FATES, null].map((fate): Counted => ({ of: 'MAILS', fate })),
      { of: 'MAILS', fate: 'NOT_SENT', reason: 'MANUAL_MAIL_WITHIN_24_HOURS' },
    ];
    const words = all.map(wordOfCounted);
    expect(new Set(words).size).toBe(all.length);
    expect(words.map((word) => ({ reason: undefined, ...countedOf(word) }))).toEqual(
      all.map((counted) => ({ reason: undefined, ...counted })),
    );
  });
});

describe('R35 更新の数字', () => {
  test('table with the period before, picture with words, definitions; — where there is nothing to divide by', async () => {
    const client = await world.signedIn('VIEWER');
    const page = await client.get('/admin/figures?period=FY2026');
    expect(page.text).toContain('更新率 0.0％ — 2人のうち0人 更新した人 ÷ 有効期限がこの期間に来る人');
    expect(page.html).toMatch(/<svg[^>]* role="img" aria-label="月ごとの更新率。2026年4月は—、/);
    expect(page.text).toContain('2027年3月 2人 0人 0人 0.0％ 0.0％');
    const empty = await client.get('/admin/figures?period=2020-01');
    expect(empty.text).toContain('更新率 — —');
    expect((await client.get('/admin/figures')).text).toContain('2026年度');
  });

  test('as a file, without names', async () => {
    const client = await world.signedIn('VIEWER');
    const shown = await client.get('/admin/figures?period=FY2026');
    const file = await client.submit(shown, '/admin/figures/csv');
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(file.html).toContain('更新率,0.0％,—,2人のうち0人,');
    expect(file.html).toContain('\r\n2027年3月,2,0,0,0.0％,0.0％\r\n');
    expect(file.html).not.toContain(NAME);
  });
});

describe('メールの届き具合', () => {
  test('by domain, with the stops in force; the spans to choose', async () => {
    const client = await world.signedIn('VIEWER');
    const quiet = await client.get('/admin/mail-health');
    expect(quiet.text).toContain('今、止めているメールはありません');
    expect(quiet.text).toContain('＠example.jp 2人');
    await createMailStop(
      world.deps,
      { fireHqId: world.hq.id, actor: 'operator', receivedAt: jst('2026-12-31 12:00') },
      { mailDomain: 'docomo.ne.jp', reason: '点検' },
    );
    const stopped = await client.get('/admin/mail-health?days=90');
    expect(stopped.text).toContain(
      '＠docomo.ne.jp へのメール：職員か運用担当が、自動のメールを止めています（理由：点検）',
    );
    const other = await world.signedIn('VIEWER', world.otherHq);
    expect((await other.get('/admin/mail-health?days=x')).text).toContain('今、止めているメールはありません');
  });
});

test('a viewer has no 操作履歴; nobody has these pages without signing in', async () => {
  const viewer = await world.signedIn('VIEWER');
  expect((await viewer.get('/admin/history')).status).toBe(403);
  for (const path of [
    'history',
    'completeness',
    'completeness/names',
    'figures',
    'figures/csv',
    'mail-health',
  ])
    expect((await world.client().get(`/admin/${path}`)).location).toContain('/admin/sign-in');
});

/** The token that forms of our own pages carry. */
async function tokenOf(client: Awaited<ReturnType<World['signedIn']>>): Promise<{ csrf: string }> {
  const page = await client.get('/admin/people');
  return { csrf: / name="csrf" value="([^"]*)"/.exec(page.html)?.[1] ?? '' };
}
