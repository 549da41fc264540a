/** 本人からの連絡 on the staff site (R28): read, applied, answered, closed; two clerks, hostile words, another headquarters. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY } from '../../domain/calendar.js';
import { maskAddress } from '../../domain/masking.js';
import { readAccount } from '../../usecases/read-account.js';
import { listContacts } from '../../usecases/record-contact.js';
import { confirmByLink } from '../../usecases/confirm-address.js';
import { readRequest } from '../../usecases/read-requests.js';
import { renewByLink } from '../../usecases/renew-account.js';
import type { ChangeRequest } from '../../usecases/resident-request.js';
import {
  announceChange,
  closeRequest,
  submitChangeRequest,
  submitStopRequest,
  takeBackStopRequest,
} from '../../usecases/resident-request.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { mailedLink, resident } from './mailing.js';
import type { Hq, World } from './world.js';
import { IN_WINDOW, REGISTERED, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const LIST = '/admin/requests';
const at = (id: string, deed = '') => `${LIST}/${id}${deed}`;

async function mailed(hq: Hq = world.hq, more = {}) {
  world.setNow(REGISTERED);
  const accountId = await world.register(hq, { checkMail: false, ...more });
  world.setNow(IN_WINDOW);
  return { accountId, link: await mailedLink(world, hq, accountId) };
}
async function changed(told: ChangeRequest, hq: Hq = world.hq, more = {}) {
  const person = await mailed(hq, more);
  await renewByLink(world.deps, resident(world, hq), person.link);
  const { id } = await submitChangeRequest(world.deps, resident(world, hq), person.link, told);
  return { ...person, id };
}
async function stopped(hq: Hq = world.hq) {
  const person = await mailed(hq);
  const { id } = await submitStopRequest(world.deps, resident(world, hq), person.link);
  return { ...person, id };
}
const read = (id: string) => readAccount(world.deps, world.hq.id, id);
const request = (id: string) => readRequest(world.deps, world.hq.id, id);
const staff = () => ({
  fireHqId: world.hq.id,
  actor: 'operator' as const,
  receivedAt: world.deps.clock.now(),
});

describe('the list', () => {
  test('R28: open ones only at first, whoever waits longest on top; by kind; closed ones apart', async () => {
    const first = await stopped(world.otherHq);
    const { link } = await mailed(world.otherHq, { name: '例題 花子' });
    world.setNow(IN_WINDOW + DAY);
    const told: ChangeRequest = { items: ['NAME', 'FAX'], reachBy: 'FAX' };
    const second = await submitChangeRequest(world.deps, resident(world, world.otherHq), link, told);
    world.setNow(IN_WINDOW + 3 * DAY);
    const viewer = await world.signedIn('VIEWER', world.otherHq);
    const list = await viewer.get(LIST);
    const order = [...list.html.matchAll(/requests\/([0-9a-f-]{36})"/g)].map(([, id]) => id);
    expect(order).toEqual([first.id, second.id]);
    expect(list.text).toContain('例題 花子 登録番号');
    expect(list.text).toContain('変わったことがある 氏名、FAX FAX 2日');
    const stops = await viewer.get(`${LIST}?state=open&kind=STOP`);
    expect(stops.html).toContain(first.id);
    expect(stops.html).not.toContain(second.id);
    expect((await viewer.get(`${LIST}?state=closed`)).text).toContain('終わった連絡は、ありません');
    expect((await viewer.get(`${LIST}?state=NOPE&cursor=rubbish`)).status).toBe(404);
    expect((await (await world.signedIn('CLERK')).get(LIST)).html).not.toContain(second.id);
  });

  test('R28: paged by key, without gaps or repeats, also among many of one instant', async () => {
    const { accountId, link } = await mailed();
    await world.deps.database.inTenant(world.hq.id, (tx) =>
      tx.query(
        `INSERT INTO resident_request (fire_hq_id, id, account_id, cycle, reminder_id, kind, state, items, created_at, version)
         SELECT current_fire_hq(), gen_random_uuid(), $1, 1, $2, 'CHANGE', 'DONE', '{NAME}', to_timestamp($3::float8 / 1000), 1
         FROM generate_series(1, 70)`,
        [accountId, link.reminderId, IN_WINDOW],
      ),
    );
    const client = await world.signedIn('CLERK');
    const seen: string[] = [];
    for (let to: string | undefined = `${LIST}?state=closed`; to !== undefined;) {
      const page = await client.get(to);
      seen.push(...[...page.html.matchAll(/requests\/([0-9a-f-]{36})"/g)].map(([, id]) => id ?? ''));
      to = /href="(\/admin\/requests\?[^"]*cursor=[^"]*)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen).toHaveLength(70);
    expect(new Set(seen).size).toBe(70);
  });
});

describe('② 変わったものがあります', () => {
  test('R28: what was told beside what is registered; on the person’s page too', async () => {
    const { id, accountId } = await changed(
      { items: ['ADDRESS', 'FAX'], reachBy: 'POST', message: '引っこしました' },
      world.hq,
      { postalAddress: '見本県見本市1', fax: '03-0000-0000' },
    );
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    expect(page.text).toContain('変わったもの 住所、FAX 希望の連絡方法 手紙 伝言 引っこしました');
    expect(page.text).toContain('今の登録 住所 見本県見本市1 市町村 なし FAX 03-0000-0000');
    expect(page.html).toContain(`href="/admin/people/${accountId}/edit"`);
    const usage = await client.get(`/admin/people/${accountId}/usage`);
    expect(usage.text).toContain('本人からの連絡が来ています');
    expect(usage.html).toContain(at(id));
  });

  test('R28: hostile words are shown as they are and do nothing', async () => {
    const message = `</bdi><script>alert(1)</script>\u202eevil\u202c "&amp;\n${'𠮷'.repeat(900)}`;
    const { id } = await changed({ items: ['OTHER'], message });
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    expect(page.text).toContain('</bdi><script>alert(1)</script>evil');
    expect(page.html).not.toMatch(/<script>|\u202e/);
    expect(page.text).toContain('𠮷'.repeat(900));
    expect(world.logLines.join('')).not.toContain('alert(1)');
  });

  test('R28 R22: answered by mail, FAX or post: a record of contact, once, seen on the page', async () => {
    const { id, accountId } = await changed({ items: ['NAME'], reachBy: 'MAIL' });
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    expect((await client.submit(page, at(id, '/replies'))).status).toBe(422);
    const said = { kind: 'MAIL_SENT', note: '戸籍の字を聞いた' };
    await client.submit(page, at(id, '/replies'), said);
    const again = await client.submit(page, at(id, '/replies'), said);
    expect(again.status).toBe(303);
    expect(await listContacts(world.deps, world.hq.id, accountId)).toMatchObject([said]);
    expect((await client.get(at(id))).text).toContain('メールを送った（職員から） mihon CLERK');
    // Ours, so it proves nothing: the proof is the link's alone.
    expect((await read(accountId)).lastProvenAt).toBe(IN_WINDOW);
    expect((await client.submit(page, at(id, '/replies'), { kind: 'MAIL_REPLY' })).status).toBe(400);
  });

  test('R28: closed with a note; the second clerk is told who was first, and changes nothing', async () => {
    const { id, accountId } = await changed({ items: ['NAME'] });
    const [clerk, manager] = [await world.signedIn('CLERK'), await world.signedIn('MANAGER')];
    const [one, two] = [await clerk.get(at(id)), await manager.get(at(id))];
    const empty = await clerk.submit(one, at(id, '/close'), { state: 'DECLINED' });
    expect([empty.status, empty.html.includes('value="DECLINED" checked')]).toEqual([422, true]);
    const done = await clerk.submit(one, at(id, '/close'), { state: 'DONE', staffNote: '氏名を直した' });
    expect((await clerk.get(done.location ?? '')).text).toContain('終わりにしました');
    const late = await manager.submit(two, at(id, '/close'), { state: 'DECLINED', staffNote: 'いたずら' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('先に終わりにしました');
    expect(late.text).toContain('終わりにした人 mihon CLERK（');
    expect(late.html).not.toContain(`action="${at(id, '/close')}"`);
    expect(await request(id)).toMatchObject({ state: 'DONE', staffNote: '氏名を直した', version: 2 });
    expect((await clerk.get(`/admin/people/${accountId}/usage`)).text).toContain('対応済み');
    // The same form sent twice by the same clerk: the first answer again.
    expect(
      (await clerk.submit(one, at(id, '/close'), { state: 'DONE', staffNote: '氏名を直した' })).status,
    ).toBe(303);
  });

  test('R28: the person told more meanwhile: what was read is not closed unread', async () => {
    const { link } = await mailed();
    await renewByLink(world.deps, resident(world, world.hq), link);
    const { id } = await announceChange(world.deps, resident(world, world.hq), link);
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    expect(page.text).toContain('何が変わったかは、まだ聞いていません');
    await submitChangeRequest(world.deps, resident(world, world.hq), link, {
      items: ['FAX'],
      message: '追加',
    });
    const late = await client.submit(page, at(id, '/close'), { state: 'DONE', staffNote: '何もなし' });
    expect([late.status, late.text.includes('内容が変わりました'), late.text.includes('追加')]).toEqual([
      409,
      true,
      true,
    ]);
    expect(await request(id)).toMatchObject({ state: 'OPEN' });
    expect((await client.submit(late, at(id, '/close'), { state: 'DONE' })).status).toBe(303);
  });
});

describe('a new mail address (R19)', () => {
  const NEW = 'atarashii@example.jp';
  test('R19: shown whole to clerks, masked to viewers; switched with a reason, once', async () => {
    const { id, accountId } = await changed({ items: ['MAIL'], newMailAddress: NEW });
    const viewer = await (await world.signedIn('VIEWER')).get(at(id));
    expect(viewer.text).toContain(maskAddress(NEW));
    expect(viewer.html).not.toContain(NEW);
    expect(viewer.html).not.toContain('method="post" action="/admin/requests');
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    expect(page.text).toContain(`新しいメールアドレス ${NEW} 新しいアドレスの状態 本人の確認を待っています`);
    expect((await client.submit(page, at(id, '/address/switch'))).status).toBe(422);
    const reason = 'FAXで確かめた';
    expect((await client.submit(page, at(id, '/address/switch'), { reason })).status).toBe(303);
    expect(await read(accountId)).toMatchObject({ mailAddress: NEW, addressState: 'UNVERIFIED' });
    const after = await client.get(at(id));
    expect(after.text).toContain('登録に入りました');
    expect(after.text).toContain('mihon CLERK メールアドレスを変えました');
    // By then it is the present one: taking it back is told to be too late.
    const late = await client.submit(page, at(id, '/address/take-back'));
    expect([late.status, late.text.includes('もう確認を待っていません')]).toEqual([409, true]);
  });

  test('R19: taken back; then the form of a stale page changes nothing', async () => {
    const { id, accountId } = await changed({ items: ['MAIL'], newMailAddress: NEW });
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    expect((await client.submit(page, at(id, '/address/take-back'))).status).toBe(303);
    expect((await client.get(at(id))).text).toContain('登録は変わっていません');
    const late = await client.submit(page, at(id, '/address/switch'), { reason: 'x', key: randomUUID() });
    expect(late.status).toBe(409);
    expect((await read(accountId)).mailAddress).not.toBe(NEW);
  });

  test('R19: answered by the person while the clerk was reading: there is nothing left to switch', async () => {
    const { id, accountId } = await changed({ items: ['MAIL'], newMailAddress: NEW });
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    const pending = (await read(accountId)).pendingAddress;
    await world.deps.database.inTenant(world.hq.id, (tx) =>
      tx.query("UPDATE reminder SET outcome = 'ACCEPTED' WHERE id = $1", [pending?.checkMail?.reminderId]),
    );
    const link = {
      by: 'MAIL' as const,
      fireHqId: world.hq.id,
      accountId,
      reminderId: pending?.checkMail?.reminderId ?? '',
      cycle: 2,
      addressId: pending?.id ?? '',
    };
    expect(await confirmByLink(world.deps, resident(world, world.hq), link)).toBe('CONFIRMED');
    expect((await client.submit(page, at(id, '/address/switch'), { reason: 'FAX' })).status).toBe(303);
    expect(await read(accountId)).toMatchObject({ mailAddress: NEW, addressState: 'OK' });
    expect((await client.get(at(id))).html).not.toContain('/address/switch');
  });
});

describe('③ もう使いません', () => {
  test('R28 R15: how the wish was checked is required; then 廃止, the request is done with that note', async () => {
    const { id, accountId } = await stopped();
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    expect(page.html).not.toMatch(/name="wish"[^>]* checked/);
    for (const fields of [{ wish: 'WITHDRAW' }, { checked: 'FAX' }] as Record<string, string>[])
      expect((await client.submit(page, at(id, '/stop'), fields)).status).toBe(422);
    expect((await read(accountId)).status).toBe('RENEWAL_PENDING');
    const said = { wish: 'WITHDRAW', checked: 'FAXで本人に確かめた' };
    const answers = [1, 2].map(() => client.submit(page, at(id, '/stop'), said));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([303, 303]);
    expect(await read(accountId)).toMatchObject({
      status: 'WITHDRAWN',
      withdrawal: { reason: '本人の希望（確かめ方：FAXで本人に確かめた）' },
    });
    expect(await request(id)).toMatchObject({ state: 'DONE', staffNote: said.checked });
    expect((await client.get(at(id))).text).toContain('メモ FAXで本人に確かめた');
  });

  test('R28: 使い続ける closes it and automatic mail goes on', async () => {
    const { id, accountId } = await stopped();
    expect((await read(accountId)).autoMail).toBe('HELD');
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(id));
    await client.submit(page, at(id, '/stop'), { wish: 'KEEP', checked: '窓口で、まちがいと分かった' });
    expect(await read(accountId)).toMatchObject({ status: 'RENEWAL_PENDING', autoMail: 'RUNNING' });
    expect(await request(id)).toMatchObject({ state: 'DECLINED' });
  });

  test.each(['taken back by the person', 'withdrawn by a colleague', 'closed by a colleague'])(
    'R28: %s meanwhile: told, and nothing is done',
    async (meanwhile) => {
      const { id, accountId, link } = await stopped();
      const client = await world.signedIn('CLERK');
      const page = await client.get(at(id));
      if (meanwhile.startsWith('taken'))
        await takeBackStopRequest(world.deps, resident(world, world.hq), link);
      else if (meanwhile.startsWith('withdrawn'))
        await withdrawAccount(world.deps, staff(), accountId, { reason: '転出' });
      else await closeRequest(world.deps, staff(), id, { state: 'DECLINED' });
      const before = await read(accountId);
      const late = await client.submit(page, at(id, '/stop'), { wish: 'WITHDRAW', checked: 'FAX' });
      expect([late.status, late.text.includes('先に終わりにしました')]).toEqual([409, true]);
      expect(await read(accountId)).toEqual(before);
    },
  );

  test('R28: a ② cannot be settled as a ③', async () => {
    const { id, accountId } = await changed({ items: ['NAME'] });
    const stop = await stopped();
    const client = await world.signedIn('CLERK');
    const page = await client.get(at(stop.id));
    const { csrf = '', key = '' } = Object.fromEntries(
      [...page.html.matchAll(/name="(csrf|key)" value="([^"]*)"/g)].map(([, k, v]) => [k, v]),
    );
    const forged = { csrf, key, version: '1', wish: 'WITHDRAW', checked: 'x' };
    expect((await client.post(at(id, '/stop'), forged)).status).toBe(404);
    expect((await read(accountId)).status).toBe('ACTIVE');
  });
});

describe('who may', () => {
  test("another headquarters' request is as unknown as any other, to read and to answer", async () => {
    const theirs = await stopped(world.otherHq);
    const own = await stopped();
    const client = await world.signedIn('MANAGER');
    expect((await client.get(at(theirs.id))).status).toBe(404);
    expect((await client.get(at('nonsense'))).status).toBe(404);
    expect((await client.get(at(randomUUID()))).status).toBe(404);
    const page = await client.get(at(own.id));
    const { csrf = '', key = '' } = Object.fromEntries(
      [...page.html.matchAll(/name="(csrf|key)" value="([^"]*)"/g)].map(([, k, v]) => [k, v]),
    );
    const said = { csrf, key, version: '1', wish: 'WITHDRAW', checked: 'x', state: 'DONE', kind: 'FAX_SENT' };
    for (const deed of ['/stop', '/close', '/replies']) {
      expect((await client.post(at(theirs.id, deed), said)).status).toBe(404);
    }
    const { status } = await readAccount(world.deps, world.otherHq.id, theirs.accountId);
    expect(status).toBe('RENEWAL_PENDING');
    expect(await readRequest(world.deps, world.otherHq.id, theirs.id)).toMatchObject({ state: 'OPEN' });
  });

  test('R28: a viewer reads only', async () => {
    const { id } = await stopped();
    const viewer = await world.signedIn('VIEWER');
    const page = await viewer.get(at(id));
    expect(page.text).toContain('対応は、担当者か管理者ができます');
    const { csrf = '' } = Object.fromEntries(
      [...page.html.matchAll(/name="(csrf)" value="([^"]*)"/g)].map(([, k, v]) => [k, v]),
    );
    const said = { csrf, key: randomUUID(), version: '1', wish: 'KEEP', checked: 'x' };
    expect((await viewer.post(at(id, '/stop'), said)).status).toBe(403);
    expect(await request(id)).toMatchObject({ state: 'OPEN' });
  });
});
