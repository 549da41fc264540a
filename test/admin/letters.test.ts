import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { submitStopRequest } from '../../usecases/resident-request.js';
import { findLink } from '../../usecases/open-link.js';
import { jst } from '../domain/given.js';
import type { Answer, StaffClient } from './staff-client.js';
import type { World } from './world.js';
import { IN_WINDOW, REGISTERED, createWorld } from './world.js';

const ADDRESS = '〒000-0000 見本県見本市見本町1-2-3';
const PREVIEW = '/admin/letters/preview';
const PRINT = '/admin/letters/print';

let world: World;
let clerk: StaffClient;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function people(...more: Parameters<World['register']>[1][]): Promise<string[]> {
  world.setNow(REGISTERED);
  const ids: string[] = [];
  for (const each of more) ids.push(await world.register(world.hq, { postalAddress: ADDRESS, ...each }));
  world.setNow(IN_WINDOW);
  clerk = await world.signedIn('CLERK');
  return ids;
}

async function previewOf(ids: readonly string[], fields: Record<string, string> = {}): Promise<Answer> {
  const page = await clerk.get('/admin/letters?fresh=no');
  return clerk.submit(page, PREVIEW, { id: ids, ...fields });
}

async function printed(ids: readonly string[], fields: Record<string, string> = {}): Promise<string> {
  const answer = await clerk.submit(await previewOf(ids, fields), PRINT, { id: ids });
  expect(answer.status).toBe(303);
  return answer.location ?? '';
}

/** As bytes: the client reads everything as text. */
async function download(place: string, client = clerk): Promise<Response> {
  return fetch(`${world.origin}${place}`, {
    headers: { cookie: client.cookie ?? '' },
    redirect: 'manual',
  });
}

const auditOf = (accountId: string) =>
  world.deps.database
    .inTenant(world.hq.id, (tx) =>
      tx.query<{ action: string }>(
        'SELECT action FROM audit_event WHERE fire_hq_id = current_fire_hq() AND account_id = $1 ORDER BY id',
        [accountId],
      ),
    )
    .then((rows) => rows.map(({ action }) => action));

describe('R31: from the list to the paper', () => {
  test('chosen, looked at, printed, downloaded twice with the same links, recorded as sent', async () => {
    const ids = await people({ name: '手紙 一郎' }, { name: '手紙 二郎' });
    const preview = await previewOf(ids);
    expect(preview.text).toContain('郵送で送る人： 2人');
    expect(preview.text).toContain('手紙 一郎');
    expect(await auditOf(ids[0]!)).not.toContain('letter.printed');
    const place = await printed(ids);
    const batch = await clerk.get(place);
    expect(batch.text).toContain('封書で送る');
    expect(batch.text).toContain('mihon CLERK');
    for (const id of ids) expect(await auditOf(id)).toContain('letter.printed');
    const [first, second] = [await download(`${place}/pdf`), await download(`${place}/pdf`)];
    expect(first.headers.get('content-type')).toContain('application/pdf');
    expect(first.headers.get('content-disposition')).toBe('attachment; filename=annaisho-2027-02-01-2.pdf');
    expect(first.headers.get('cache-control')).toBe('no-store');
    const [one, two] = await Promise.all([first.arrayBuffer(), second.arrayBuffer()]);
    expect(Buffer.from(one).subarray(0, 5).toString()).toBe('%PDF-');
    expect(Buffer.from(one).subarray(-6).toString()).toContain('EOF');
    expect(one.byteLength).toBe(two.byteLength);

    const sent = await clerk.submit(await clerk.get(place), `${place}/sent`);
    expect(sent.location).toBe(place);
    const after = await clerk.get(place);
    expect(after.text).toContain('送りました');
    expect(after.html).not.toContain(`${place}/void`);
    for (const id of ids) expect(await auditOf(id)).toContain('contact.recorded');
    const again = await clerk.submit(batch, `${place}/void`);
    expect((await clerk.get(again.location ?? '')).text).toContain('取り消せません');
    expect((await clerk.get('/admin/letters/batches')).text).toContain('送りました');
  });

  test('the first of a list; who got a letter in this cycle is not offered again', async () => {
    await people({ name: '初 一' });
    const page = await clerk.get('/admin/letters?show=pending');
    const preview = await clerk.submit(page, PREVIEW, { who: 'first', first: '1000' });
    expect(preview.text).toContain('初 一');
    const answer = await clerk.submit(preview, PRINT, { large: 'yes', ruby: 'yes' });
    expect(answer.status).toBe(303);
    expect((await clerk.get(answer.location ?? '')).text).toContain('大きい文字、ふりがなつき');
    expect((await clerk.get('/admin/letters?show=pending')).text).not.toContain('初 一');
    expect((await clerk.get('/admin/letters?show=pending&fresh=no')).text).toContain('初 一');
  });

  test('in advance for a window that opens within so many days; lapsed by cause', async () => {
    await people({ name: '事前 花', expiresOn: '2027-05-20' }, { name: '先 花', expiresOn: '2027-12-20' });
    expect((await clerk.get('/admin/letters?show=soon&days=14')).text).not.toContain('事前 花');
    const soon = await clerk.get('/admin/letters?show=soon&days=30');
    expect(soon.text).toContain('事前 花');
    expect(soon.text).not.toContain('先 花');
    world.setNow(jst('2027-06-01 12:00'));
    clerk = await world.signedIn('CLERK');
    expect((await clerk.get('/admin/letters?show=lapsed&fresh=no')).text).toContain('事前 花');
    expect((await clerk.get('/admin/letters?show=lapsed&cause=UNDELIVERABLE')).text).not.toContain('事前 花');
  });

  test('left out with the reason: no address, no FAX, rare characters, too long, too early, a wish to stop', async () => {
    const [none, rare, long, early, stops, fine] = await people(
      { name: '住所 なし', postalAddress: null },
      { name: '邉󠄂田 😀' },
      { name: '長 一', postalAddress: '見本県見本市'.repeat(40) },
      { name: '早 一', expiresOn: '2027-12-31' },
      { name: '止 一' },
      { name: '𠮷田 髙﨑', fax: '000-000-0001' },
    );
    const stopBatch = await printed([stops!]);
    const [letter] = await world.deps.database.inTenant(world.hq.id, (tx) =>
      tx.query<{ id: string; account_id: string; cycle: number }>(
        'SELECT id, account_id, cycle FROM letter WHERE account_id = $1',
        [stops],
      ),
    );
    expect(stopBatch).toContain('/batches/');
    await submitStopRequest(
      world.deps,
      { fireHqId: world.hq.id, actor: 'resident', receivedAt: IN_WINDOW },
      { by: 'PAPER', fireHqId: world.hq.id, accountId: stops!, letterId: letter!.id, cycle: letter!.cycle },
    );
    const ids = [none!, rare!, long!, early!, stops!, fine!];
    const preview = await previewOf(ids);
    expect(preview.text).toContain('郵送で送る人： 1人 入れない人：5人');
    expect(preview.text).toContain('住所が登録されていません');
    expect(preview.text).toContain('氏名に印刷できない文字があります：邉󠄂（U+9089 U+E0102）、😀（U+1F600）');
    expect(preview.text).toContain('封筒の窓に入りません');
    expect(preview.text).toContain('更新の受付期間が、まだ先です');
    expect(preview.text).toContain('先に、その連絡に答えてください');
    const fax = await clerk.submit(preview, PREVIEW, { id: ids });
    expect(fax.text).toContain('FAXで送る人： 1人 入れない人：5人');
    expect(fax.text).toContain('FAXが登録されていません');
  });

  test('told not to have been printed: the links are dead, the file is not made again', async () => {
    const [id] = await people({ name: '取消 一' });
    const place = await printed([id!]);
    const page = await clerk.get(place);
    await clerk.submit(page, `${place}/void`);
    await clerk.submit(page, `${place}/void`);
    const after = await clerk.get(place);
    expect(after.text).toContain('印刷しなかったことにしました');
    expect((await clerk.get(`${place}/pdf`)).status).toBe(409);
    expect((await auditOf(id!)).filter((action) => action === 'letter.voided')).toHaveLength(1);
    expect((await clerk.get('/admin/letters?show=pending')).text).toContain('取消 一');
  });
});

describe('forms', () => {
  test('sent twice: one print; changed meanwhile: nothing is printed and it is shown again', async () => {
    const ids = await people({ name: '二度 一' }, { name: '二度 二' });
    const preview = await previewOf(ids);
    const [one, two] = [
      await clerk.submit(preview, PRINT, { id: ids }),
      await clerk.submit(preview, PRINT, { id: ids }),
    ];
    expect(one.location).toBe(two.location);
    const other = await previewOf(ids);
    const changed = await clerk.submit(other, PRINT, { id: [ids[0]!] });
    expect(changed.status).toBe(409);
    expect(changed.text).toContain('まだ印刷していません');
    const count = (await auditOf(ids[0]!)).filter((action) => action === 'letter.printed');
    expect(count).toHaveLength(1);
  });

  test('nobody ticked is told so', async () => {
    await people({});
    const answer = await clerk.submit(await clerk.get('/admin/letters'), PREVIEW);
    expect([answer.status, answer.text.includes('だれも選ばれていません')]).toEqual([422, true]);
  });

  test('from a person’s own page, for that person alone', async () => {
    const [id] = await people({ name: '一人 一' });
    const usage = await clerk.get(`/admin/people/${id}/usage`);
    expect(usage.html).toContain(`href="/admin/letters/people/${id}"`);
    const preview = await clerk.get(`/admin/letters/people/${id}`);
    expect(preview.text).toContain('一人 一');
    expect((await clerk.submit(preview, PRINT)).status).toBe(303);
  });
});

describe('tenancy and roles', () => {
  test('another headquarters sees neither the person nor the batch, and prints neither', async () => {
    const [id] = await people({ name: 'よそ 一' });
    const place = await printed([id!]);
    const stranger = await world.signedIn('MANAGER', world.otherHq);
    for (const path of [place, `${place}/pdf`]) expect((await stranger.get(path)).status).toBe(404);
    const page = await stranger.get(`/admin/letters/people/${id}`);
    expect(page.text).not.toContain('よそ');
    const csrf = /name="csrf" value="([^"]*)"/.exec((await stranger.get('/admin/people')).html)?.[1] ?? '';
    for (const deed of ['sent', 'void'])
      expect((await stranger.post(`${place}/${deed}`, { csrf, key: randomUUID() })).status).toBe(404);
    const preview = await stranger.post(PREVIEW, { csrf, id: id!, kind: 'POST' });
    expect(preview.text).toContain('送れる人がいません');
    expect((await clerk.get(place)).text).toContain('まだ送った記録がありません');
  });

  test('a viewer has the nameless one and nothing else', async () => {
    const viewer = await world.signedIn('VIEWER');
    expect((await viewer.get('/admin/letters')).status).toBe(403);
    const blank = await download('/admin/letters/blank', viewer);
    expect(
      Buffer.from(await blank.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });

  test('no token and no name in the log', async () => {
    expect(await findLink(world.deps, 'a'.repeat(26))).toBeNull();
    expect(world.logLines.join('')).not.toMatch(/手紙|一郎|見本町/);
  });
});
