/** ふりがな: on every word of ours, kept along the whole way, and off when nobody asked. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import { openDatabase } from '../../store/database.js';
import type { Answer } from './page-client.js';
import type { World } from './world.js';
import { createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Kanji that stand without a reading; names, addresses and what headquarters say of themselves are theirs to read. */
function unread({ html }: Answer): string[] {
  const body = html
    .slice(html.indexOf('<body'))
    .replace(/<ruby>.*?<\/ruby>/g, '')
    .replace(/[^>\s]*消防本部( 指令課（平日 9時〜17時）)?/g, '')
    .replaceAll('見○ 太○', '');
  return body.match(/\p{Script=Han}+/gu) ?? [];
}

function expectRead(page: Answer): Answer {
  expect(page.html).toContain('<rt>');
  expect(page.html).toContain('<html lang="ja" class="furigana"');
  expect(unread(page)).toEqual([]);
  expect(page.html).not.toMatch(/<rt>[^<]*\p{Script=Han}/u);
  expect(page.html).not.toContain('<rt></rt>');
  for (const [, to] of page.html.matchAll(/ (?:href|action)="(\/r\/[^"]*)"/g))
    expect(to).toMatch(/\?ruby=1$/);
  expect(page.html).toContain('href="?"');
  return page;
}

const WITH = '?ruby=1';

test('every page, through forms and redirects', async () => {
  const read = async (path: string) => expectRead(await world.pages.get(path));
  const post = async (path: string, fields: Record<string, string>) => {
    const page = await world.pages.postAndFollow(path + WITH, fields);
    expect(page.at).toContain('ruby=1');
    return expectRead(page);
  };
  const person = await world.personWithLink();
  const { link } = person;
  await read(link + WITH);
  expectRead(await world.pages.post(link + WITH, {}));
  await post(link, { choice: 'stop' });
  expectRead(await world.pages.post(`${link}/stop${WITH}`, {}));
  await post(`${link}/stop`, { answer: 'stop' });
  await post(`${link}/stop`, { answer: 'keep' });
  world.setNow(jst('2026-12-30 12:00'));
  await read(link + WITH);
  world.setNow(jst('2027-04-10 12:34'));
  await read(link + WITH);
  await post(link, { choice: 'same' });
  await read(link + WITH);
  await read(`${link}/changes${WITH}`);
  expectRead(
    await world.pages.post(`${link}/changes${WITH}`, { newMailAddress: '@', message: 'あ'.repeat(1_001) }),
  );
  expectRead(await world.pages.post(`${link}/changes${WITH}`, {}));
  await post(`${link}/changes`, { items: 'FAX' });
  await post(`${link}/changes`, { newMailAddress: 'shin@example.jp' });
  await post(`${link}/stop`, { answer: 'keep' });
  world.setNow(jst('2028-03-01 12:00'));
  await read(link + WITH);
  await post(`${link}/new-mail`, { answer: 'send' });
  await withdrawAccount(world.deps, world.command(person.hq), person.accountId, { reason: '転居' });
  await read(link + WITH);

  for (const expiresOn of ['2027-03-31', '2026-07-31']) {
    const asked = await world.personWithCheckMail(expiresOn);
    await read(asked.link + WITH);
    await post(`${asked.link}/received`, { answer: 'received' });
    await withdrawAccount(world.deps, world.command(asked.hq), asked.accountId, { reason: '転居' });
    await read(asked.link + WITH);
  }
  await read(`/r/torn${WITH}`);
  expectRead(await world.pages.post(link + WITH, {}, { 'Sec-Fetch-Site': 'cross-site' }));
  expectRead(await world.pages.post(link + WITH, { message: 'a'.repeat(70_000) }));
  for (let i = 0; i < 40; i += 1) {
    const page = await world.pages.post(link + WITH, { choice: 'none' });
    if (page.status === 429) {
      expectRead(page);
      break;
    }
    expect(i).toBeLessThan(39);
  }
  const away = openDatabase('postgres://nobody@127.0.0.1:1/nothing');
  await world.withDatabase(away, async () => {
    await read(link + WITH);
  });
  await away.close();
});

test('off unless asked for; readings of days and minutes follow their numbers', async () => {
  const plain = await world.personWithLink(world.minutesHq);
  expect((await world.pages.get(plain.link)).html).not.toContain('<rt>');
  expect((await world.pages.get(`${plain.link}?ruby=2`)).html).not.toContain('<rt>');
  expect((await world.pages.get(plain.link)).html).toContain('href="?ruby=1"');
  const { html } = await world.pages.get(plain.link + WITH);
  expect(html).toContain(
    '<ruby>1日<rt>ついたち</rt></ruby></span> 12<ruby>時<rt>じ</rt></ruby>10<ruby>分<rt>ぷん</rt>',
  );
  const dated = await world.personWithLink();
  const other = await world.pages.get(dated.link + WITH);
  expect(other.html).toContain('31<ruby>日<rt>にち</rt></ruby></span>（<ruby>令和<rt>れいわ</rt></ruby>9');
});
