/** Every other answer of a link: too early, old, withdrawn, unknown (R8, R15, R19, R25, R27). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeAccount } from '../../usecases/change-account.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import type { Answer } from './page-client.js';
import type { World } from './world.js';
import { EXPIRES_ON, REGISTERED, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Whoever reads an old mail may be a stranger by now. */
function expectNobody({ html }: Answer): void {
  expect(html).not.toContain('見○');
  expect(html).not.toContain('○○○@');
}

describe('R8: before the window', () => {
  test('the page says when to expect the mail, an answer changes nothing, and changes can be told', async () => {
    const person = await world.personWithLink();
    world.setNow(jst('2026-12-30 23:59:59.999'));
    const page = await world.pages.get(person.link);
    expect(page.text).toContain('まだ更新しなくてだいじょうぶです');
    expect(page.text).toContain('2026年12月31日ごろ、お願いのメールを送ります。');
    expect(page.html).toContain(`href="${person.link}/changes"`);
    const answered = await world.pages.postAndFollow(person.link, { choice: 'same' });
    expect(answered.at).toBe(person.link);
    expect(answered.text).toContain('まだ更新しなくてだいじょうぶです');
    expect(await world.read(person)).toMatchObject({ cycle: 1, expiresOn: EXPIRES_ON });
    const sent = await world.pages.postAndFollow(`${person.link}/changes`, { items: 'NAME' });
    expect(sent.text).toContain('消防本部に伝えました');

    world.setNow(jst('2026-12-31 00:00'));
    expect((await world.pages.get(person.link)).text).toContain('登録した内容は、前と同じですか。');
    const next = await world.pages.get(`${person.link}/changes/sent`);
    expect(next.text).toContain('次に、更新の答えを送ってください');
  });
});

describe('R27: a link of an older cycle', () => {
  async function oldLink(hq = world.hq) {
    const person = await world.personWithLink(hq);
    await world.pages.post(person.link, { choice: 'same' });
    return person;
  }

  test('once the next window is open it does not renew, and offers the current link', async () => {
    const person = await oldLink();
    world.setNow(jst('2028-01-01 00:00'));
    const page = await world.pages.get(person.link);
    expect(page.status).toBe(200);
    expect(page.text).toContain('これは、前のメールです');
    expect(page.text).toContain('手紙：消防から届いた手紙のQR');
    expect(page.text).toContain('FAX：000-000-0000');
    expect(page.text).toContain('窓口：見本市消防本部 指令課');
    expectNobody(page);
    for (const choice of ['same', 'changed', 'stop']) await world.pages.post(person.link, { choice });
    expect(await world.read(person)).toMatchObject({ cycle: 2, expiresOn: '2028-03-31' });
    for (const answer of ['stop', 'keep']) {
      expect(await world.pages.post(`${person.link}/stop`, { answer })).toMatchObject({
        status: 303,
      });
    }
    await world.pages.post(`${person.link}/changes`, { items: 'NAME' });
    expect(
      await world.sql('SELECT 1 FROM resident_request WHERE account_id = $1', [person.accountId]),
    ).toEqual([]);
  });

  test('the current link goes to the registered address once a day, and the answer is always the same', async () => {
    const person = await oldLink();
    world.setNow(jst('2028-01-05 12:00'));
    await world.mailedLink(person);
    const to = `${person.link}/new-mail`;
    const sentBefore = world.mails.length;
    const untouched = await world.pages.post(to, {});
    expect(untouched.location).toBe(person.link);

    const first = await world.pages.postAndFollow(to, { answer: 'send' });
    expect(first.at).toBe(`${to}/sent`);
    expectNobody(first);
    const current = await world.mailedLink(person);
    expect(world.mails.length).toBe(sentBefore + 1);
    expect(world.mails.at(-1)?.to).toBe('taro.mihon@example.jp');
    expect((await world.pages.get(current)).text).toContain('登録した内容は、前と同じですか。');

    const second = await world.pages.postAndFollow(to, { answer: 'send' });
    expect(second.text).toBe(first.text);
    await expect(world.mailedLink(person)).rejects.toThrow('no mail with a link was due');
    await world.pages.postAndFollow(current, { choice: 'same' });
    expect(await world.read(person)).toMatchObject({ cycle: 3 });
  });

  test('R19: mailed to a former address it is old too; its reader learns nothing and gets the same answer', async () => {
    const person = await world.personWithLink();
    const { version } = await world.read(person);
    await changeAccount(world.deps, world.command(person.hq), person.accountId, version, {
      mailAddress: 'atarashii@example.jp',
    });
    const page = await world.pages.get(person.link);
    expect(page.text).toContain('これは、前のメールです');
    expectNobody(page);
    await world.pages.post(person.link, { choice: 'same' });
    expect(await world.read(person)).toMatchObject({ cycle: 1, expiresOn: EXPIRES_ON });
    const asked = await world.pages.postAndFollow(`${person.link}/new-mail`, { answer: 'send' });
    const other = await oldLink(world.otherHq);
    world.setNow(jst('2028-01-05 12:00'));
    const elsewhere = await world.pages.postAndFollow(`${other.link}/new-mail`, { answer: 'send' });
    expect(asked.text.replaceAll(world.hq.name, '')).toBe(elsewhere.text.replaceAll(world.otherHq.name, ''));
  });

  test('pages that do not fit lead to the one that does', async () => {
    const { link } = await oldLink();
    for (const place of ['/new-mail/sent']) {
      expect(await world.pages.get(link + place)).toMatchObject({ status: 303, location: link });
    }
    expect(await world.pages.post(`${link}/new-mail`, { answer: 'send' })).toMatchObject({ location: link });
    world.setNow(jst('2028-01-05 12:00'));
    for (const place of ['/renewed', '/changes', '/changes/sent', '/stop']) {
      expect(await world.pages.get(link + place)).toMatchObject({ status: 303, location: link });
    }
  });
});

test('R15: 廃止: nothing to do, whom to ask, and no answer changes anything', async () => {
  const person = await world.personWithLink();
  await withdrawAccount(world.deps, world.command(person.hq), person.accountId, { reason: '転居' });
  const page = await world.pages.get(person.link);
  expect(page.status).toBe(200);
  expect(page.text).toContain('NET119の登録は、終わっています');
  expect(page.text).toContain('FAX：000-000-0000');
  expectNobody(page);
  for (const choice of ['same', 'changed']) {
    const answered = await world.pages.postAndFollow(person.link, { choice });
    expect(answered.text).toContain('NET119の登録は、終わっています');
  }
  await world.pages.post(`${person.link}/stop`, { answer: 'stop' });
  expect(await world.read(person)).toMatchObject({ status: 'WITHDRAWN', cycle: 1 });
});

describe('links that are none', () => {
  test.each([
    ['a torn one', (link: string) => link.slice(0, -4)],
    ['one with another character', (link: string) => `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`],
    ['one with something behind it', (link: string) => `${link}%E3%80%82`],
    ['one that cannot be decoded', () => '/r/%E0%A4%A'],
    ['no token', () => '/r/'],
    ['no token and no slash', () => '/r'],
    ['a page that there is not', (link: string) => `${link}/more`],
    ['hostile characters', () => `/r/${encodeURIComponent('"><script>alert(1)</script>')}`],
    ['a null byte', () => '/r/%00'],
    ['a very long one', () => `/r/${'a'.repeat(4_000)}`],
  ])('%s: friendly, and without any echo', async (_name, torn) => {
    const { link } = await world.personWithLink();
    const page = await world.pages.get(torn(link));
    expect(page.status).toBe(404);
    expect(page.text).toContain('リンクが、とちゅうで切れているようです');
    expect(page.text).toContain('メールの青い文字を、もう一度押してください。');
    expect(page.text).toContain('だめなときは、そのメールに返信してください。');
    expect(page.html).not.toContain('alert(1)');
    expect(page.html).not.toContain('aaaa');
    expect(page.html).not.toContain(link.slice(3, 20));
  });

  test('an answer to one changes nothing and reads the same', async () => {
    world.setNow(REGISTERED);
    const page = await world.pages.post(`/r/${'x'.repeat(24)}`, { choice: 'same' });
    expect(page.status).toBe(404);
    expect(page.text).toContain('リンクが、とちゅうで切れているようです');
  });
});
