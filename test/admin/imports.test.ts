/** 利用者の取り込み (R10) as a clerk and a manager see it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { carryOutImports } from '../../usecases/import-run.js';
import { searchAccounts } from '../../usecases/read-account.js';
import type { Answer, StaffClient } from './staff-client.js';
import type { Hq, World } from './world.js';
import { IN_WINDOW, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  world.setNow(IN_WINDOW);
});
afterAll(() => world.close());

const HEADS = '登録番号,氏名,かな,メールアドレス,有効期限日';
let seconds = 0;

/** Sends the file as the page's own form does; returns the page that it leads to. */
async function upload(
  client: StaffClient,
  content: string | Uint8Array<ArrayBuffer>,
): Promise<Answer & { id: string }> {
  world.setNow(IN_WINDOW + (seconds += 1) * 1_000);
  const form = formOf(await client.get('/admin/imports'), content);
  const answer = await send(client, form);
  expect(answer.status).toBe(303);
  const place = answer.headers.get('location') ?? '';
  return { ...(await client.get(place)), id: place.split('/').at(-1) ?? '' };
}

function formOf(page: Answer, content: string | Uint8Array<ArrayBuffer>): FormData {
  const token = / name="csrf" value="([^"]*)"/.exec(
    /<form[^>]*multipart.*?<\/form>/s.exec(page.html)?.[0] ?? '',
  )?.[1];
  const form = new FormData();
  form.set('csrf', token ?? '');
  form.set('file', new Blob([content]), '利用者.csv');
  return form;
}

const send = (client: StaffClient, body: FormData, headers: Record<string, string> = {}) =>
  fetch(`${world.origin}/admin/imports`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: client.cookie ?? '', ...headers },
    body,
  });

const found = async (q: string, hq: Hq = world.hq) =>
  (await searchAccounts(world.deps, hq.id, { q, limit: 10 })).items;

const toFile = (csv: string) => new TextEncoder().encode(csv);
const mistakes = async (client: StaffClient, page: Answer & { id: string }) => {
  const answer = await client.submit(page, `/admin/imports/${page.id}/mistakes`);
  expect(answer.headers.get('content-type')).toContain('text/csv');
  return answer.html;
};

describe('from a file to people', () => {
  test('R10: the dry run changes nothing; a manager carries it out; the trail tells', async () => {
    const client = await world.signedIn('MANAGER');
    const page = await upload(
      client,
      `\ufeff${HEADS}\r\nN-1,見本 一,みほん,n1@example.jp,令和9年3月31日\r\nN-2,,,n2＠example.jp,R9.13.1\r\n`,
    );
    expect(page.text).toContain('追加 1人');
    expect(page.text).toContain('まちがい（取り込みません） 1行');
    expect(page.text).toContain(
      'メールアドレス：全角の文字が入っています。半角で入れてください。「n2@example.jp」のことですか。',
    );
    expect(page.text).toContain('有効期限日：日付として読めません');
    expect(page.text).toContain('氏名：入れてください。');
    expect(await found('N-1')).toEqual([]);
    const running = await client.submit(page, `/admin/imports/${page.id}/run`);
    expect(running.location).toBe(`/admin/imports/${page.id}`);
    const progress = await client.get(`/admin/imports/${page.id}`);
    expect(progress.headers.get('refresh')).toBe('3');
    expect(progress.text).toContain('1人のうち、0人が済みました');
    await carryOutImports(world.deps, {});
    const done = await client.get(`/admin/imports/${page.id}`);
    expect(done.headers.get('refresh')).toBeNull();
    expect(done.text).toContain('取り込んだ 1人');
    const [person] = await found('N-1');
    expect(person).toMatchObject({ name: '見本 一', expiresOn: '2027-03-31' });
    const history = await client.get(`/admin/people/${person?.id}/history`);
    expect(history.text).toContain('登録しました');
    const twice = await client.submit(page, `/admin/imports/${page.id}/run`);
    expect((await client.get(twice.location ?? '')).text).toContain('取り込んだ 1人');
  });

  test('rows with mistakes are downloaded, mended and sent again; nothing else changes', async () => {
    const client = await world.signedIn('CLERK');
    const page = await upload(
      client,
      `${HEADS},備考\nP-1,見本 一,みほん,p1@example.jp,,=1+1\nP-2,"見本, ""二""",みほん,p2@@example.jp,,x\nP-3,見本 三\nP-4,a,b,p4@example.jp,,\nP-4,c,d,p5@example.jp,,\n`,
    );
    expect(page.text).toContain('読まない列 備考');
    const csv = await mistakes(client, page);
    const lines = csv.split('\r\n');
    expect(lines[0]).toBe(`\ufeff理由,${HEADS},備考`.replace('\ufeff', ''));
    expect(csv).toContain('"見本, ""二"""');
    expect(csv).toContain('同じ登録番号が2つ以上あります。1つだけ残してください。（5、6行目）');
    expect(csv).toContain('見出し6、この行2');
    expect(csv).not.toContain('P-1');
    const again = await upload(client, toFile(csv.replace('p2@@', 'p2@')));
    expect(again.text).toContain('追加 1人');
    expect(again.text).not.toContain('読まない列 理由');
  });

  test('the template is a file that can be read, without anybody in it', async () => {
    const client = await world.signedIn('CLERK');
    const answer = await fetch(`${world.origin}/admin/imports/template`, {
      headers: { cookie: client.cookie ?? '' },
    });
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const page = await upload(client, bytes);
    expect(page.text).toContain('見出しだけで、利用者の行がありません');
    const filled = await upload(
      client,
      toFile(`${new TextDecoder().decode(bytes)}T-1,見本 太郎,みほん,t1@example.jp${','.repeat(24)}\r\n`),
    );
    expect(filled.text).toContain('追加 1人');
    expect(filled.text).not.toContain('読まない列');
  });

  test('what a change does is told field by field, and what mails go', async () => {
    const id = await world.register(world.hq, { registrationNumber: 'Q-1', postalAddress: '見本市1' });
    const client = await world.signedIn('CLERK');
    const page = await upload(client, `登録番号,住所,メールアドレス\nQ-1,見本市2,q@example.jp\n`);
    expect(page.text).toContain('住所：見本市1 → 見本市2');
    expect(page.text).toContain('メールアドレスが変わる1人には、新しいアドレスへ1通ずつ送ります');
    expect(page.html).toContain(`/admin/people/${id}/basics`);
    expect(page.text).toContain('取り込むのは、管理者だけができます');
  });
});

describe('who may', () => {
  test('a viewer nothing, a clerk the dry run, another headquarters nothing of ours', async () => {
    const manager = await world.signedIn('MANAGER');
    const page = await upload(manager, `${HEADS}\nV-1,見本,みほん,v1@example.jp,\n`);
    const run = `/admin/imports/${page.id}/run`;
    const viewer = await world.signedIn('VIEWER');
    expect((await viewer.get('/admin/imports')).status).toBe(403);
    expect((await viewer.get(`/admin/imports/${page.id}`)).status).toBe(403);
    const clerk = await world.signedIn('CLERK');
    const seen = await clerk.get(`/admin/imports/${page.id}`);
    expect([seen.status, seen.html.includes(run)]).toEqual([200, false]);
    const csrf = / name="csrf" value="([^"]*)"/.exec(seen.html)?.[1] ?? '';
    const key = '00000000-0000-4000-8000-000000000001';
    expect((await clerk.post(run, { csrf, key })).status).toBe(403);
    const foreign = await world.signedIn('MANAGER', world.otherHq);
    expect((await foreign.get(`/admin/imports/${page.id}`)).status).toBe(404);
    const theirs = / name="csrf" value="([^"]*)"/.exec((await foreign.get('/admin/imports')).html)?.[1] ?? '';
    for (const deed of ['run', 'end', 'mistakes'])
      expect((await foreign.post(`/admin/imports/${page.id}/${deed}`, { csrf: theirs, key })).status).toBe(
        404,
      );
    expect((await foreign.get('/admin/imports/nothing')).status).toBe(404);
    expect((await manager.get(`/admin/imports/${page.id}`)).text).toContain('まだ何も変わっていません');
  });

  test('a file from another site, without our token, or in another form: nothing is kept', async () => {
    const client = await world.signedIn('CLERK');
    const before = (await client.get('/admin/imports')).html;
    const good = () => formOf({ html: before } as Answer, `${HEADS}\n`);
    expect((await send(client, good(), { origin: 'https://evil.example' })).status).toBe(403);
    const without = new FormData();
    without.set('file', new Blob([`${HEADS}\n`]), 'x.csv');
    expect((await send(client, without)).status).toBe(403);
    const late = new FormData();
    late.set('file', new Blob([`${HEADS}\n`]), 'x.csv');
    late.set('csrf', good().get('csrf') as string);
    expect((await send(client, late)).status).toBe(403);
    expect((await client.post('/admin/imports', { csrf: 'x' })).status).toBe(415);
    const none = good();
    none.set('file', new Blob([]), '');
    const asked = await send(client, none);
    expect([asked.status, (await asked.text()).includes('ファイルを選んでから')]).toEqual([400, true]);
    expect((await client.get('/admin/imports')).html.match(/<tr>/g)?.length).toBe(
      before.match(/<tr>/g)?.length,
    );
  });
});

describe('bad files', () => {
  test.each<[string, string | Uint8Array<ArrayBuffer>, string]>([
    ['empty', '', 'ファイルに何も入っていません'],
    ['heads only', `${HEADS}\n`, '見出しだけで'],
    ['no number', '氏名\n見本\n', '「登録番号」の列が見つかりません'],
    ['a column twice', '登録番号,氏名,お名前\n1,a,b\n', '同じ意味の列が2つあります：お名前'],
    ['a workbook', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), 'これはExcelのブックです'],
    ['an open quote', `${HEADS}\nN,"見本\n`, '閉じていない'],
    ['one long line', 'x'.repeat(3_000_000), '1行目が長すぎます'],
    ['zeros', new Uint8Array(5_000), 'CSVのファイルではないようです'],
  ])('%s: told in words, and nothing is taken', async (_name, content, words) => {
    const client = await world.signedIn('CLERK');
    const page = await upload(client, content);
    expect(page.text).toContain('このファイルは読めませんでした');
    expect(page.text).toContain(words);
  });

  test('100 MB: refused, with bounded memory, and the browser gets its answer', async () => {
    const client = await world.signedIn('CLERK');
    const line = `A,見本 太郎,みほん,a@example.jp,\n`.repeat(20_000);
    const chunk = new Blob([line]);
    const chunks = Array.from({ length: Math.ceil(100_000_000 / chunk.size) }, () => chunk);
    const form = formOf(await client.get('/admin/imports'), '');
    form.set('file', new Blob([`${HEADS}\n`, ...chunks]), 'big.csv');
    const answer = await send(client, form);
    const page = await client.get(answer.headers.get('location') ?? '');
    expect(page.text).toContain('ファイルが大きすぎます（30MBまで）');
  });

  test('hostile cells are shown as what they are, and never leave as formulas', async () => {
    const client = await world.signedIn('MANAGER');
    const long = '長'.repeat(300);
    const page = await upload(
      client,
      [
        '登録番号,氏名,かな,メールアドレス,住所',
        'H-1,<script>alert(1)</script>,みほん,h1@example.jp,"=HYPERLINK(""http://evil.example"")"',
        'H-2,a\u202eb,みほん,h2@example.jp,',
        `H-3,${long},みほん,h3@example.jp,`,
        'H-4,a\u0000b,みほん,h4@example.jp,',
        '=1+1,@SUM(A1),みほん,h5@example.jp,-1',
        "H-6,𠮷田 髙子,みほん,h6@example.jp,'=x",
      ].join('\n'),
    );
    expect(page.html).not.toContain('<script>alert');
    expect(page.text).toContain('追加 3人');
    const csv = await mistakes(client, page);
    expect(csv).toContain("'=1+1,'@SUM(A1)");
    expect(csv).not.toMatch(/(^|,)"?[=@]/m);
    await client.submit(page, `/admin/imports/${page.id}/run`);
    await carryOutImports(world.deps, {});
    const [first] = await found('H-1');
    expect(first?.name).toBe('<script>alert(1)</script>');
    expect((await client.get(`/admin/people/${first?.id}/usage`)).html).not.toContain('<script>alert');
    const [sixth] = await found('H-6');
    expect(sixth).toMatchObject({ name: '𠮷田 髙子', postalAddress: '=x' });
    expect((await client.get(`/admin/imports/${page.id}`)).status).toBe(200);
    expect(world.logLines.join('\n')).not.toMatch(/見本|example\.jp|H-1/);
  });

  test('a page of fifty long rows stays small', async () => {
    const client = await world.signedIn('CLERK');
    const rows = Array.from(
      { length: 60 },
      (_, i) => `Z-${i},${'名'.repeat(400)},${'か'.repeat(400)},z＠＠${i},x`,
    );
    const page = await upload(client, [HEADS, ...rows].join('\n'));
    expect(page.html).toContain('after=26');
    expect((await client.get(`/admin/imports/${page.id}?show=FAULT&after=26`)).text).toContain('Z-30');
    expect((await client.get(`/admin/imports/${page.id}?show=x&after=-1`)).status).toBe(200);
  });
});
