/** R18, R19, R26: the pages of a check mail's link, as a stranger, a scanner and the person see them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeAccount } from '../../usecases/change-account.js';
import { switchToPending } from '../../usecases/pending-address.js';
import { jst } from '../domain/given.js';
import { asServed } from './page-client.js';
import type { Person, World } from './world.js';
import { ADDRESS, NAME, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const NEW_ADDRESS = 'shin.mihon@example.jp';

/** The first request was mailed, its link has proven the address, and a new one was entered. */
async function withPending(): Promise<Person & { link: string; check: string }> {
  await world.personWithCheckMail(undefined, world.otherHq);
  const person = await world.personWithLink();
  await world.sql("UPDATE mail_address SET state = 'OK', last_proven_at = now() WHERE account_id = $1", [
    person.accountId,
  ]);
  const { version } = await world.read(person);
  const change = { mailAddress: NEW_ADDRESS };
  await changeAccount(world.deps, world.command(person.hq), person.accountId, version, change);
  return { ...person, check: await world.mailedLink(person) };
}

/** The whole record of the person, to see that nothing has changed. */
const recordOf = async ({ accountId }: Person) =>
  world.sql(
    `SELECT (SELECT json_agg(m ORDER BY m.id) FROM mail_address m WHERE account_id = $1) AS addresses,
       (SELECT json_agg(r ORDER BY r.id) FROM reminder r WHERE account_id = $1) AS mails,
       (SELECT json_agg(c ORDER BY c.number) FROM renewal_cycle c WHERE account_id = $1) AS cycles,
       (SELECT count(*) FROM audit_event WHERE account_id = $1) AS events`,
    [accountId],
  );

test('R19: a stranger sees the headquarters, a masked address and one button; no name, no word of NET119', async () => {
  const { check } = await withPending();
  const page = await world.pages.get(check);
  expect(page.status).toBe(200);
  expect(page.text).toContain('見本市消防本部');
  expect(page.text).toContain('sh○○○@e○○○.jp');
  expect(page.html.match(/<button/g)).toHaveLength(1);
  expect(page.text).toContain('このメールを受け取りました');
  const words = page.html.replace(/<style.*?<\/style>/s, '').replaceAll(/\/r\/[\w-]+/g, '');
  expect(words).not.toMatch(/119|更新|見○|太|見本 |期限|通報/);
  expect(words).not.toContain(NAME);
  expect(words).not.toContain(ADDRESS);
});

test('R26: GET, HEAD, a form as it was served, other pages of the link: nothing changes', async () => {
  const person = await withPending();
  const before = await recordOf(person);
  const { html } = await world.pages.get(person.check);
  await world.pages.send(person.check, { method: 'HEAD' });
  for (const place of ['/received', '/changes', '/changes/sent', '/stop', '/renewed', '/new-mail/sent']) {
    const answer = await world.pages.get(person.check + place);
    expect(answer).toMatchObject({ status: 303, location: person.check });
  }
  const form = `${person.check}/received`;
  expect(await world.pages.post(form, asServed(html, form))).toMatchObject({
    status: 303,
    location: person.check,
  });
  for (const fields of [{ choice: 'same' }, { choice: 'changed' }])
    expect((await world.pages.post(person.check, fields)).status).toBe(303);
  await world.pages.post(`${person.check}/changes`, { items: 'FAX' });
  await world.pages.post(`${person.check}/stop`, { answer: 'stop' });
  await world.pages.post(`${person.check}/new-mail`, { answer: 'send' });
  expect(
    (await world.pages.post(form, { answer: 'received' }, { Origin: 'https://evil.example' })).status,
  ).toBe(403);
  expect(await recordOf(person)).toEqual(before);
});

test('R19: pressed, twice at once: the address is the present one and the three answers come next', async () => {
  const person = await withPending();
  const press = () => world.pages.post(`${person.check}/received`, { answer: 'received' });
  const both = await Promise.all([press(), press()]);
  expect(both.map(({ location }) => location)).toEqual([
    `${person.check}?received=1`,
    `${person.check}?received=1`,
  ]);
  const next = await world.pages.get(both[0].location ?? '');
  expect(next.text).toContain('メールが届くことを、確かめました。次に、下の答えを1つ選んでください。');
  expect(next.text).toContain('登録した内容は、前と同じですか');
  expect(await world.read(person)).toMatchObject({ mailAddress: NEW_ADDRESS, addressState: 'OK' });
  // The links of the old address are dead, and say nothing of the person.
  const old = await world.pages.get(person.link);
  expect(old.text).toContain('前のメールです');
  expect(old.text).not.toContain('見○');
  const renewed = await world.pages.postAndFollow(person.check, { choice: 'same' });
  expect(renewed.text).toContain('更新できました');
  expect((await world.pages.get(person.check)).text).toContain('更新は終わっています');
});

test('R19: before the window there is nothing to do; afterwards the link is one like any other', async () => {
  const person = await world.personWithCheckMail();
  expect((await world.pages.get(person.link)).text).not.toContain('119');
  const done = await world.pages.postAndFollow(`${person.link}/received`, { answer: 'received' });
  expect(done.at).toBe(`${person.link}/received`);
  expect(done.text).toContain('今は、何もしなくてだいじょうぶです');
  expect(done.text).toContain('2026年12月31日ごろ');
  expect((await world.pages.get(person.link)).text).toContain('まだ更新しなくてだいじょうぶです');
  world.setNow(jst('2027-01-10 12:00'));
  expect((await world.pages.get(person.link)).text).toContain('登録した内容は、前と同じですか');
});

test('R19: too late, or replaced: a friendly page without a name or a word of NET119, and nothing changes', async () => {
  const person = await withPending();
  world.setNow(world.now() + 14 * 24 * 3_600_000);
  const before = await recordOf(person);
  const answer = await world.pages.postAndFollow(`${person.check}/received`, { answer: 'received' });
  expect(answer.at).toBe(person.check);
  expect(answer.text).toContain('もう使えません');
  expect(answer.text.replace(/見本市消防本部/g, '')).not.toMatch(/119|更新|見○|@/);
  expect(await recordOf(person)).toEqual(before);

  const other = await withPending();
  const { pendingAddress } = await world.read(other);
  await switchToPending(world.deps, world.command(other.hq), other.accountId, {
    addressId: pendingAddress?.id ?? '',
    reason: '窓口',
  });
  // Switched by staff meanwhile, the button proves it.
  await world.pages.post(`${other.check}/received`, { answer: 'received' });
  expect(await world.read(other)).toMatchObject({ mailAddress: NEW_ADDRESS, addressState: 'OK' });
});

test('R28 R19: a new address told on the page is asked first, and the person is told so', async () => {
  const person = await world.personWithLink();
  const form = await world.pages.postAndFollow(person.link, { choice: 'changed' });
  const sent = await world.pages.postAndFollow(`${person.link}/changes`, {
    ...asServed(form.html, `${person.link}/changes`),
    newMailAddress: NEW_ADDRESS,
  });
  expect(sent.text).toContain('新しいメールアドレスに、確認のメールを送ります。');
  expect(sent.text).toContain('押すまでは、前のアドレスにメールを送ります。');
  const check = await world.mailedLink(person);
  expect(world.mails.find(({ text }) => text.includes(check))?.to).toBe(NEW_ADDRESS);
  const done = await world.pages.postAndFollow(`${check}/received`, { answer: 'received' });
  expect(done.text).toContain('今は、何もしなくてだいじょうぶです');
  expect(await world.read(person)).toMatchObject({ mailAddress: NEW_ADDRESS, cycle: 2 });
});
