/** ② and ③: R28, what a person tells and what becomes of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeRequest, listRequests } from '../../usecases/resident-request.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import { asServed } from './page-client.js';
import type { Person, World } from './world.js';
import { ADDRESS, EXPIRES_ON, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function requestsOf(person: Person) {
  const { items } = await listRequests(world.deps, person.hq.id, { limit: 200 });
  return items.filter(({ accountId }) => accountId === person.accountId);
}

async function receiptsOf(person: Person): Promise<number> {
  const receipts = await world.sql(
    "SELECT 1 FROM reminder WHERE account_id = $1 AND purpose = 'REQUEST_RECEIPT'",
    [person.accountId],
  );
  return receipts.length;
}

describe('② 変わったものがあります', () => {
  test('renews at once and then asks what changed', async () => {
    const person = await world.personWithLink();
    const page = await world.pages.postAndFollow(person.link, { choice: 'changed' });
    expect(page.at).toBe(`${person.link}/changes`);
    expect(await world.read(person)).toMatchObject({ cycle: 2, expiresOn: '2028-03-31' });
    expect(page.text).toContain(
      '更新は、もう終わっています。次の期限は、2028年3月31日（令和10年・金曜日）です。',
    );
    expect(page.text).toContain('何が変わりましたか');
    expect(page.html).not.toMatch(/ checked/);
  });

  test('R28: staff know at once: whoever closes the page there has a request all the same, and one receipt', async () => {
    const person = await world.personWithLink();
    const answers = await Promise.all(
      [1, 2, 3].map(() => world.pages.post(person.link, { choice: 'changed' })),
    );
    expect(answers.map(({ location }) => location)).toEqual(Array(3).fill(`${person.link}/changes`));
    expect(await requestsOf(person)).toMatchObject([
      { kind: 'CHANGE', state: 'OPEN', items: [], message: null, createdAt: world.now(), version: 1 },
    ]);
    expect(await receiptsOf(person)).toBe(1);
  });

  test('closed by staff meanwhile, the form is a request of its own', async () => {
    const person = await world.personWithLink();
    const to = `${person.link}/changes`;
    const form = await world.pages.postAndFollow(person.link, { choice: 'changed' });
    const [told] = await requestsOf(person);
    await closeRequest(world.deps, world.command(person.hq), told?.id ?? '', { state: 'DONE' });
    await world.pages.post(to, { ...asServed(form.html, to), items: ['FAX'] });
    const requests = await requestsOf(person);
    expect(requests.map(({ state, items }) => `${state} ${items.join()}`).sort()).toEqual([
      'DONE ',
      'OPEN FAX',
    ]);
  });

  test('what is told goes to staff as it was told; a new address is asked first (R19, R28)', async () => {
    const person = await world.personWithLink();
    const form = await world.pages.postAndFollow(person.link, { choice: 'changed' });
    const sent = await world.pages.postAndFollow(`${person.link}/changes`, {
      ...asServed(form.html, `${person.link}/changes`),
      items: ['ADDRESS', 'EMERGENCY_CONTACT'],
      newMailAddress: ' ｎｅｗ..taro@docomo.ne.jp ',
      reachBy: 'FAX',
      message: '引っこしました。\r\n妻の番号も変わりました。\u0000\u202e',
    });
    expect(sent.at).toBe(`${person.link}/changes/sent?check=1`);
    expect(sent.text).toContain('消防本部に伝えました');
    expect(sent.text).toContain('新しいメールアドレスに、確認のメールを送ります。');
    expect(sent.text).not.toContain('何もしなくてだいじょうぶ');
    const requests = await requestsOf(person);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      kind: 'CHANGE',
      state: 'OPEN',
      newMailAddress: 'new..taro@docomo.ne.jp',
      newAddress: { state: 'PENDING' },
      reachBy: 'FAX',
      message: '引っこしました。\n妻の番号も変わりました。',
      createdAt: world.now(),
      version: 2,
    });
    expect([...(requests[0]?.items ?? [])].sort()).toEqual(['ADDRESS', 'EMERGENCY_CONTACT', 'MAIL']);
    expect((await world.read(person)).mailAddress).toBe(ADDRESS);
    expect(await receiptsOf(person)).toBe(1);
  });

  test('the same form twice is one request; a new form, or another text, is another', async () => {
    const person = await world.personWithLink();
    const to = `${person.link}/changes`;
    const form = await world.pages.postAndFollow(person.link, { choice: 'changed' });
    const fields = { ...asServed(form.html, to), items: ['FAX'] };
    const twice = await Promise.all([world.pages.post(to, fields), world.pages.post(to, fields)]);
    expect(twice.map(({ location }) => location)).toEqual([`${to}/sent`, `${to}/sent`]);
    expect(await requestsOf(person)).toHaveLength(1);
    await world.pages.post(to, { ...fields, message: '番号を書きわすれました' });
    expect(await requestsOf(person)).toHaveLength(2);
    const next = await world.pages.get(to);
    await world.pages.post(to, { ...asServed(next.html, to), items: ['FAX'] });
    expect(await requestsOf(person)).toHaveLength(3);
  });

  test.each([
    ['nothing filled in', {}, '変わったものを、1つ以上選んでください。', 'item-MAIL'],
    [
      'an address that cannot be',
      { items: ['MAIL'], newMailAddress: 'taro@@docomo' },
      'メールアドレスの書き方を、もう一度確かめてください。',
      'new-mail-address',
    ],
    [
      'a text that is too long',
      { items: ['NAME', 'OTHER'], message: 'あ'.repeat(1_001), reachBy: 'POST' },
      '文は、1000文字までにしてください。',
      'message',
    ],
  ])('%s: the form again with all that was filled in', async (_name, filled, words, field) => {
    const person = await world.personWithLink();
    const to = `${person.link}/changes`;
    const form = await world.pages.postAndFollow(person.link, { choice: 'changed' });
    const page = await world.pages.post(to, { ...asServed(form.html, to), ...filled });
    expect(page.status).toBe(422);
    expect(page.text.split(words)).toHaveLength(3);
    expect(page.html).toContain(`href="#${field}"`);
    expect(page.html).toMatch(new RegExp(`aria-describedby="${field}-error[ "]`));
    expect(asServed(page.html, to)).toEqual({ ...asServed(form.html, to), ...asLists(filled) });
    expect(await requestsOf(person)).toMatchObject([{ items: [], version: 1 }]);
  });

  test('more than a person can mean in one day: a friendly answer, and what came before is kept', async () => {
    const person = await world.personWithLink();
    const to = `${person.link}/changes`;
    await world.pages.post(person.link, { choice: 'same' });
    for (let i = 0; i < 30; i += 1) {
      world.setNow(world.now() + 1);
      await world.sql(
        `INSERT INTO resident_request (fire_hq_id, id, account_id, cycle, reminder_id, kind, state, items, created_at, version)
         SELECT fire_hq_id, gen_random_uuid(), account_id, cycle, id, 'CHANGE', 'OPEN', '{FAX}', $2, 1
         FROM reminder WHERE account_id = $1 AND purpose = 'REMINDER' LIMIT 1`,
        [person.accountId, new Date(world.now())],
      );
    }
    const page = await world.pages.send(to, {
      method: 'POST',
      body: new URLSearchParams({ items: 'FAX', formId: crypto.randomUUID() }),
    });
    expect(page.status).toBe(429);
    expect(page.headers.get('retry-after')).toBe('3600');
    expect(page.text).toContain('今日、消防本部に送ったことは、全部届いています。');
    // ② makes none beside one that is open, and is as friendly when all of them are closed.
    const standing = await world.pages.post(person.link, { choice: 'changed' });
    expect(standing.location).toBe(to);
    await world.sql("UPDATE resident_request SET state = 'DONE' WHERE account_id = $1", [person.accountId]);
    const again = await world.pages.post(person.link, { choice: 'changed' });
    expect(again.status).toBe(429);
    expect(await requestsOf(person)).toHaveLength(30);
  });

  test('「変わったことを知らせる」 waits until the question is answered', async () => {
    const person = await world.personWithLink();
    const page = await world.pages.get(`${person.link}/changes`);
    expect(page).toMatchObject({ status: 303, location: person.link });
  });
});

describe('③ もう使いません', () => {
  test('is asked once more; until then nothing happens', async () => {
    const person = await world.personWithLink();
    const page = await world.pages.postAndFollow(person.link, { choice: 'stop' });
    expect(page.at).toBe(`${person.link}/stop`);
    expect(page.text).toContain(
      'NET119をやめると、スマートフォンのNET119で119番に通報できなくなります。やめますか。',
    );
    expect(await requestsOf(person)).toEqual([]);
    const kept = await world.pages.postAndFollow(`${person.link}/stop`, { answer: 'keep' });
    expect(kept.text).toContain('NET119を、これからも使います。');
    expect(kept.text).toContain('登録した内容は、前と同じですか。');
    expect(await requestsOf(person)).toEqual([]);
    expect(await world.read(person)).toMatchObject({
      cycle: 1,
      expiresOn: EXPIRES_ON,
      status: 'RENEWAL_PENDING',
    });
  });

  test('is told to staff, holds automatic mail, shows on every link of the cycle, and can be taken back', async () => {
    const person = await world.personWithLink();
    world.setNow(jst('2027-01-30 11:00'));
    const other = await world.mailedLink(person);
    expect(await world.read(person)).toMatchObject({ autoMail: 'RUNNING' });

    const told = await world.pages.postAndFollow(`${person.link}/stop`, { answer: 'stop' });
    expect(told.text).toContain('消防本部に伝えました');
    expect(told.text).toContain('まだ、やめていません。確認のあとで、手続きします。');
    expect(await requestsOf(person)).toMatchObject([{ kind: 'STOP', state: 'OPEN' }]);
    expect(await world.read(person)).toMatchObject({ autoMail: 'HELD', nextReminderAt: null });
    expect(await world.read(person)).toMatchObject({ cycle: 1, status: 'RENEWAL_PENDING' });

    await world.pages.post(`${other}/stop`, { answer: 'stop' });
    expect(await requestsOf(person)).toHaveLength(1);

    const elsewhere = await world.pages.get(other);
    expect(elsewhere.text).toContain('まだ、やめていません。');
    expect(elsewhere.text).toContain('やっぱり使います');
    const served = await world.pages.post(`${other}/stop`, asServed(elsewhere.html, `${other}/stop`));
    expect(served.location).toBe(other);
    expect(await requestsOf(person)).toMatchObject([{ state: 'OPEN' }]);

    const back = await world.pages.postAndFollow(`${other}/stop`, { answer: 'keep' });
    expect(back.text).toContain('登録した内容は、前と同じですか。');
    expect(await requestsOf(person)).toMatchObject([{ state: 'TAKEN_BACK' }]);
    expect(await world.read(person)).toMatchObject({ autoMail: 'RUNNING' });
  });

  test('while it stands, an old form renews nothing: first it is taken back', async () => {
    const person = await world.personWithLink();
    await world.pages.post(`${person.link}/stop`, { answer: 'stop' });
    for (const choice of ['same', 'changed']) {
      const page = await world.pages.postAndFollow(person.link, { choice });
      expect(page.text).toContain('やっぱり使います');
    }
    expect(await world.read(person)).toMatchObject({ cycle: 1 });
    await world.pages.post(`${person.link}/stop`, { answer: 'keep' });
    await world.pages.post(person.link, { choice: 'same' });
    expect(await world.read(person)).toMatchObject({ cycle: 2 });
  });

  test('when staff have acted there is nothing left to take back', async () => {
    const person = await world.personWithLink();
    await world.pages.post(`${person.link}/stop`, { answer: 'stop' });
    const [request] = await requestsOf(person);
    await closeRequest(world.deps, world.command(person.hq), request?.id ?? '', { state: 'DONE' });
    await withdrawAccount(world.deps, world.command(person.hq), person.accountId, { reason: '本人の希望' });
    const page = await world.pages.postAndFollow(`${person.link}/stop`, { answer: 'keep' });
    expect(page.text).toContain('NET119の登録は、終わっています');
    expect(await requestsOf(person)).toMatchObject([{ state: 'DONE' }]);
    expect((await world.read(person)).status).toBe('WITHDRAWN');
  });
});

/** Fields as `asServed` tells them. */
function asLists(fields: Record<string, string | string[]>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value].flat()]));
}
