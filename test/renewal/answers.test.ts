/** The question and the answer 「同じです」: R7, R8, R25, R26, R27 as a person meets them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jst } from '../domain/given.js';
import { asServed } from './page-client.js';
import type { Person, World } from './world.js';
import { ADDRESS, EXPIRES_ON, NAME, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function expectUntouched(person: Person): Promise<void> {
  expect(await world.read(person)).toMatchObject({ cycle: 1, expiresOn: EXPIRES_ON, lastProvenAt: null });
  const told = await world.sql(
    "SELECT 1 FROM audit_event WHERE account_id = $1 AND action <> 'account.registered'",
    [person.accountId],
  );
  expect(told).toEqual([]);
  expect(await world.sql('SELECT 1 FROM resident_request WHERE account_id = $1', [person.accountId])).toEqual(
    [],
  );
}

describe('R25: the page of a link', () => {
  test('shows masked name and address, the date with era and weekday, and never the record', async () => {
    const { link, hq } = await world.personWithLink();
    const page = await world.pages.get(link);
    expect(page.status).toBe(200);
    for (const words of [
      hq.name,
      '見○ 太○',
      'ta○○○@e○○○.jp',
      '安全のため、一部を○にしています。',
      '2027年3月31日（令和9年・水曜日）',
      '登録した内容は、前と同じですか。',
      'FAX：000-000-0000',
      '指令課（平日 9時〜17時）',
    ]) {
      expect(page.text).toContain(words);
    }
    expect(page.html).not.toContain(NAME);
    expect(page.html).not.toContain('太郎');
    expect(page.html).not.toContain(ADDRESS);
    expect(page.text).not.toContain('期限がすぎました');
  });

  test("a link shows its own headquarters' person only, and changes nobody else's", async () => {
    const mine = await world.personWithLink(world.hq);
    const other = await world.personWithLink(world.otherHq);
    expect((await world.pages.get(other.link)).text).toContain(world.otherHq.name);
    await world.pages.postAndFollow(other.link, { choice: 'same' });
    await expectUntouched(mine);
    expect(await world.read(other)).toMatchObject({ cycle: 2 });
  });
});

describe('R26: what never renews', () => {
  test('GET, HEAD, prefetch, and a choice in the address line', async () => {
    const person = await world.personWithLink();
    await world.pages.get(person.link);
    await world.pages.send(person.link, { method: 'HEAD' });
    await world.pages.get(person.link, { 'Sec-Purpose': 'prefetch;prerender' });
    await world.pages.get(`${person.link}?choice=same`);
    for (const place of ['/renewed', '/changes', '/changes/sent', '/new-mail', '/new-mail/sent']) {
      await world.pages.get(person.link + place);
    }
    await world.pages.get(`${person.link}/stop?answer=stop`);
    await world.pages.send(`${person.link}/stop`, { method: 'HEAD' });
    await expectUntouched(person);
  });

  test('no answer is chosen beforehand, and every form submitted as served does nothing', async () => {
    const person = await world.personWithLink();
    const question = await world.pages.get(person.link);
    expect(question.html.match(/type="radio"/g)).toHaveLength(3);
    expect(question.html).not.toMatch(/ checked/);
    const served = asServed(question.html, person.link);
    expect(served).toEqual({});
    expect((await world.pages.post(person.link, served)).status).toBe(422);
    const stop = await world.pages.get(`${person.link}/stop`);
    const again = await world.pages.post(`${person.link}/stop`, asServed(stop.html, `${person.link}/stop`));
    expect(again.status).toBe(422);
    await expectUntouched(person);
  });

  test.each([
    ['nothing', {}],
    ['an empty choice', { choice: '' }],
    ['a choice that was never offered', { choice: 'renew' }],
    ['two choices at once', { choice: ['same', 'stop'] }],
  ])('%s: the question again, with the hint on top and at the field', async (_name, fields) => {
    const person = await world.personWithLink();
    const page = await world.pages.post(person.link, fields);
    expect(page.status).toBe(422);
    expect(page.text.split('答えを1つ選んでから、押してください。')).toHaveLength(3);
    expect(page.html).toMatch(/<div class="errors" role="alert">.*<a class="link" href="#choice-same">/s);
    expect(page.html).toMatch(/<fieldset[^>]* aria-invalid="true" aria-describedby="choice-same-error"/);
    expect(page.html.indexOf('class="errors"')).toBeLessThan(page.html.indexOf('<h1'));
    expect(page.html).not.toMatch(/ checked/);
    await expectUntouched(person);
  });
});

describe('① 同じです', () => {
  test('renews, leads to a page of its own with the new date, and is proof that mail arrives (R37)', async () => {
    const person = await world.personWithLink();
    const page = await world.pages.postAndFollow(person.link, { choice: 'same' });
    expect(page.at).toBe(`${person.link}/renewed`);
    expect(page.text).toContain('更新できました');
    expect(page.text).toContain('今は、何もしなくてだいじょうぶです。');
    expect(page.text).toContain('次の期限 2028年3月31日（令和10年・金曜日）');
    expect(page.text).toContain('次のお願いのメールは、2028年1月1日ごろ送ります。');
    expect(page.html).toContain(`href="${person.link}/changes"`);
    expect(await world.read(person)).toMatchObject({
      cycle: 2,
      expiresOn: '2028-03-31',
      addressState: 'OK',
      lastProvenAt: world.now(),
    });
  });

  test('R27: the same link, and any other of the cycle, says ever after that it is done', async () => {
    const person = await world.personWithLink();
    world.setNow(jst('2027-01-30 11:00'));
    const later = await world.mailedLink(person);
    expect(later).not.toBe(person.link);
    await world.pages.post(later, { choice: 'same' });
    for (const link of [person.link, later]) {
      const page = await world.pages.get(link);
      expect(page.status).toBe(200);
      expect(page.text).toContain('更新は終わっています');
      expect(page.text).toContain('何もしなくてだいじょうぶです。');
      expect(page.text).toContain('2028年3月31日（令和10年・金曜日）');
      expect(page.html).toContain(`href="${link}/changes"`);
    }
  });

  test('R27: a double click is one renewal and one receipt, and the second answer says done', async () => {
    const person = await world.personWithLink();
    const answers = await Promise.all([1, 2, 3].map(() => world.pages.post(person.link, { choice: 'same' })));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(answers.filter(({ location }) => location === `${person.link}/renewed`)).toHaveLength(1);
    expect(answers.filter(({ location }) => location === person.link)).toHaveLength(2);
    expect(await world.read(person)).toMatchObject({ cycle: 2, expiresOn: '2028-03-31' });
    const receipts = await world.sql("SELECT 1 FROM reminder WHERE account_id = $1 AND purpose = 'RECEIPT'", [
      person.accountId,
    ]);
    expect(receipts).toHaveLength(1);
  });

  test('R7: arrival decides, however long the answer takes', async () => {
    const intime = await world.personWithLink();
    world.setNow(jst('2027-04-01 00:05'));
    world.nextArrival(jst('2027-03-31 23:59:59.999'));
    await world.pages.postAndFollow(intime.link, { choice: 'same' });
    expect(await world.read(intime)).toMatchObject({ expiresOn: '2028-03-31' });

    const late = await world.personWithLink();
    world.setNow(jst('2027-04-01 00:00'));
    await world.pages.postAndFollow(late.link, { choice: 'same' });
    expect(await world.read(late)).toMatchObject({ expiresOn: '2028-04-01' });
  });

  test('R8: after the date the page says calmly that all still works, and renews', async () => {
    const person = await world.personWithLink();
    world.setNow(jst('2027-03-31 23:59:59.999'));
    expect((await world.pages.get(person.link)).text).not.toContain('期限がすぎました');
    world.setNow(jst('2027-04-01 00:00'));
    const page = await world.pages.get(person.link);
    expect(page.text).toContain('期限がすぎました。119番の通報は、今もできます。更新も、今からできます。');
    expect(page.text).toContain('2027年3月31日（令和9年・水曜日）');
    world.setNow(jst('2028-02-29 12:00'));
    const renewed = await world.pages.postAndFollow(person.link, { choice: 'same' });
    expect(renewed.text).toContain('2029年2月28日（令和11年・水曜日）');
  });
});

describe('R12: a headquarters in exact time', () => {
  test('the page tells moments in Japan', async () => {
    const person = await world.personWithLink(world.minutesHq);
    const page = await world.pages.get(person.link);
    expect(page.text).toContain('期限 2026年6月1日 12時10分');
    const renewed = await world.pages.postAndFollow(person.link, { choice: 'same' });
    expect(renewed.text).toContain('次の期限 2026年6月1日 12時20分');
    expect(renewed.text).toContain('次のお願いのメールは、2026年6月1日 12時15分ごろ送ります。');
  });
});
