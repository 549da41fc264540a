/** 登録を直す and 新しい利用者の登録: what a clerk types, what two clerks type at once, what an attacker types. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeAccount } from '../../usecases/change-account.js';
import { provenByReply } from './proofs.js';
import { readAccount, readReminders } from '../../usecases/read-account.js';
import type { World } from './world.js';
import { IN_WINDOW, REGISTERED, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.setNow(REGISTERED));

const person = (accountId: string) => readAccount(world.deps, world.hq.id, accountId);
const editOf = (accountId: string) => `/admin/people/${accountId}/edit`;
const contact = (row: number, part: string) => `emergencyContacts[${row}].${part}`;
const twice = (address: string) => ({ mailAddress: address, mailAddressAgain: address });
const checksTo = async (accountId: string) =>
  (await readReminders(world.deps, world.hq.id, accountId, { limit: 50 })).items.filter(
    ({ purpose }) => purpose === 'CHECK',
  ).length;

describe('登録を直す', () => {
  test('every field is kept as it was, saved as typed, and told in the trail', async () => {
    const accountId = await world.register(world.hq, {
      mobileNumber: '090-0000-0001',
      emergencyContacts: [{ name: '見本 花子', relation: '妻', phone: '090-0000-0002' }],
    });
    const client = await world.signedIn('CLERK');
    const basics = await client.get(`/admin/people/${accountId}/basics`);
    expect(basics.html).toContain(`href="${editOf(accountId)}"`);
    const page = await client.get(editOf(accountId));
    const nothing = await client.submit(page, editOf(accountId));
    expect([nothing.status, nothing.location]).toEqual([303, `/admin/people/${accountId}/basics`]);
    expect(await person(accountId)).toMatchObject({
      mobileNumber: '090-0000-0001',
      emergencyContacts: [{ name: '見本 花子', relation: '妻', phone: '090-0000-0002' }],
      pendingAddress: null,
    });

    const again = await client.get(editOf(accountId));
    await client.submit(again, editOf(accountId), {
      name: '見本 次郎',
      fax: '03-0000-0000',
      mobileNumber: '',
      [contact(1, 'name')]: '例示 一郎',
      [contact(1, 'relation')]: '兄',
      [contact(1, 'mail')]: 'ani@example.jp',
      [contact(0, 'remove')]: 'yes',
    });
    expect(await person(accountId)).toMatchObject({
      name: '見本 次郎',
      fax: '03-0000-0000',
      mobileNumber: null,
      emergencyContacts: [{ name: '例示 一郎', relation: '兄', mail: 'ani@example.jp' }],
    });
    expect((await client.get(`/admin/people/${accountId}/basics`)).text).toContain('保存しました。');
    const history = await client.get(`/admin/people/${accountId}/history`);
    expect(history.text).toContain('mihon CLERK 登録の内容を変えました');
  });

  test('every fault at once, beside its field and on top, with everything kept as typed', async () => {
    const accountId = await world.register(world.hq);
    const client = await world.signedIn('CLERK');
    const typed = {
      name: '',
      fax: 'でんわ',
      postalAddress: `"><script>alert(1)</script>${'あ'.repeat(300)}`,
      mailAddress: 'taro@example.jp',
      mailAddressAgain: 'tarou@example.jp',
      [contact(4, 'name')]: '続柄のない人',
    };
    const answer = await client.submit(await client.get(editOf(accountId)), editOf(accountId), typed);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('直すところが5つあります');
    for (const field of [
      'name',
      'fax',
      'postalAddress',
      'mailAddressAgain',
      'emergencyContacts[4].relation',
    ]) {
      expect(answer.html).toContain(`href="#${field}"`);
      expect(answer.html).toContain(`id="${field}-fault"`);
    }
    expect(answer.text).toContain('緊急連絡先5の続柄');
    expect(answer.html).toContain('&quot;>&lt;script>alert(1)');
    expect(answer.html).toContain('value="tarou@example.jp"');
    expect(answer.html).toContain('value="続柄のない人"');
    expect((await person(accountId)).version).toBe(1);
  });

  test.each([
    ['quotes and tags', "\"><b>' & O'Neill</b>"],
    ['letters outside the first plane', '𠮷田 髙子 👩‍🚒'],
    ['100 letters', '𠮷'.repeat(100)],
  ])('hostile names: %s are saved and shown as they are', async (_what, name) => {
    const accountId = await world.register(world.hq);
    const client = await world.signedIn('CLERK');
    expect(
      (await client.submit(await client.get(editOf(accountId)), editOf(accountId), { name })).status,
    ).toBe(303);
    expect((await person(accountId)).name).toBe(name);
    for (const place of ['basics', 'edit', 'hold', 'withdraw', 'usage'])
      expect((await client.get(`/admin/people/${accountId}/${place}`)).html).not.toContain('<b>');
    expect(world.logLines.join('')).not.toContain(name.slice(0, 5));
  });

  test.each([
    ['300 letters', 'あ'.repeat(300), '長すぎます'],
    ['an override of direction', 'abc\u202etxt.exe', '使えない文字'],
    ['nothing but control characters', '\u0000\u0007', '入れてください'],
  ])('hostile names: %s is refused with a word', async (_what, name, word) => {
    const accountId = await world.register(world.hq);
    const client = await world.signedIn('CLERK');
    const answer = await client.submit(await client.get(editOf(accountId)), editOf(accountId), { name });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(word);
  });

  test('a form sent twice is one change; sent again after 「戻る」 with other words, it is another', async () => {
    const accountId = await world.register(world.hq);
    const client = await world.signedIn('CLERK');
    const page = await client.get(editOf(accountId));
    const both = await Promise.all(
      [1, 2].map(() => client.submit(page, editOf(accountId), { fax: '03-0000-0001' })),
    );
    expect(both.map(({ status }) => status)).toEqual([303, 303]);
    expect((await person(accountId)).version).toBe(2);
    const other = await client.submit(page, editOf(accountId), { fax: '03-0000-0002' });
    expect(other.status).toBe(409);
    expect(other.text).toContain('03-0000-0001');
    expect((await client.submit(other, editOf(accountId))).status).toBe(303);
    expect((await person(accountId)).fax).toBe('03-0000-0002');
  });

  test('R34: a viewer has no button and is refused; another headquarters’ person is not there', async () => {
    const accountId = await world.register(world.otherHq);
    const viewer = await world.signedIn('VIEWER', world.otherHq);
    const basics = await viewer.get(`/admin/people/${accountId}/basics`);
    expect(basics.html).not.toMatch(/\/(edit|check-mails|hold|withdraw|expiry)"/);
    expect((await viewer.get('/admin/people')).html).not.toContain('/admin/people/new');
    for (const place of ['edit', 'hold', 'withdraw', 'expiry'])
      expect((await viewer.get(`/admin/people/${accountId}/${place}`)).status).toBe(403);
    expect((await viewer.get('/admin/people/new')).status).toBe(403);
    const clerk = await world.signedIn('CLERK');
    for (const place of ['edit', 'hold', 'withdraw'])
      expect((await clerk.get(`/admin/people/${accountId}/${place}`)).status).toBe(404);
    const own = await clerk.get(editOf(await world.register(world.hq)));
    const csrf = /name="csrf" value="([^"]*)"/.exec(own.html)?.[1] ?? '';
    const form = {
      csrf,
      key: randomUUID(),
      version: '1',
      seen: '0',
      name: 'x',
      kana: 'x',
      reason: 'x',
      until: '2030-01-01',
    };
    for (const deed of ['edit', 'check-mails', 'hold', 'hold-release', 'withdraw', 'withdraw-undo'])
      expect((await clerk.post(`/admin/people/${accountId}/${deed}`, form)).status).toBe(404);
    expect((await clerk.get(`/admin/people/${accountId}/expiry`)).status).toBe(403);
  });
});

describe('two clerks on one person', () => {
  const colleagueChanges = async (accountId: string, changes: object, version = 1) => {
    const manager = (await person(accountId)).id;
    expect(manager).toBe(accountId);
    const client = await world.signedIn('MANAGER');
    const page = await client.get(editOf(accountId));
    expect(page.html).toContain(`name="version" value="${version}"`);
    expect((await client.submit(page, editOf(accountId), { ...changes })).status).toBe(303);
  };

  test('the second sees who changed what and when, and saves without losing anything of either', async () => {
    const accountId = await world.register(world.hq, { fax: '03-0000-0000', municipality: '見本市' });
    const client = await world.signedIn('CLERK');
    const page = await client.get(editOf(accountId));
    await colleagueChanges(accountId, {
      fax: '03-1111-1111',
      postalAddress: '見本市1-1',
      [contact(0, 'name')]: '見本 花子',
      [contact(0, 'relation')]: '妻',
    });
    const second = await client.submit(page, editOf(accountId), {
      fax: '03-2222-2222',
      municipality: '例示町',
    });
    expect(second.status).toBe(409);
    expect(second.text).toContain('まだ保存していません');
    for (const text of ['03-0000-0000', '03-1111-1111', '03-2222-2222', 'mihon MANAGER', '見本 花子（妻）'])
      expect(second.text).toContain(text);
    // Theirs where nothing of one's own was typed, one's own where it was.
    expect(second.html).toContain('value="見本市1-1"');
    expect(second.html).toContain('value="03-2222-2222"');
    expect(second.html).toContain('value="例示町"');
    const saved = await client.submit(second, editOf(accountId));
    expect(saved.status).toBe(303);
    expect(await person(accountId)).toMatchObject({
      fax: '03-2222-2222',
      municipality: '例示町',
      postalAddress: '見本市1-1',
      emergencyContacts: [{ name: '見本 花子', relation: '妻' }],
    });
  });

  test('a third change while the second looks is shown as well', async () => {
    const accountId = await world.register(world.hq);
    const client = await world.signedIn('CLERK');
    const page = await client.get(editOf(accountId));
    await colleagueChanges(accountId, { fax: '03-1111-1111' });
    const second = await client.submit(page, editOf(accountId), { kana: 'みほん じろう' });
    await colleagueChanges(accountId, { fax: '03-3333-3333' }, 2);
    const third = await client.submit(second, editOf(accountId));
    expect(third.status).toBe(409);
    expect(third.text).toContain('03-3333-3333');
    expect((await client.submit(third, editOf(accountId))).status).toBe(303);
    expect(await person(accountId)).toMatchObject({ fax: '03-3333-3333', kana: 'みほん じろう' });
  });

  test('R19: a colleague’s new address, and one’s own', async () => {
    const accountId = await world.register(world.hq);
    const client = await world.signedIn('CLERK');
    const page = await client.get(editOf(accountId));
    const colleague = { fireHqId: world.hq.id, actor: 'operator', receivedAt: REGISTERED } as const;
    await changeAccount(world.deps, colleague, accountId, 1, { mailAddress: 'theirs@example.jp' });
    const second = await client.submit(page, editOf(accountId), twice('mine@example.jp'));
    expect(second.status).toBe(409);
    expect(second.text).toContain('theirs@example.jp');
    expect(second.html).toContain('value="mine@example.jp"');
    expect((await client.submit(second, editOf(accountId))).status).toBe(303);
    expect((await person(accountId)).mailAddress).toBe('mine@example.jp');
  });
});

describe('a new mail address (R19)', () => {
  test('never proven: it says so before, and after that it was switched', async () => {
    const accountId = await world.register(world.hq);
    const client = await world.signedIn('CLERK');
    const page = await client.get(editOf(accountId));
    expect(page.text).toContain('すぐに切り替わります');
    await client.submit(page, editOf(accountId), twice('neu@example.jp'));
    expect(await person(accountId)).toMatchObject({ mailAddress: 'neu@example.jp' });
    const after = await client.get(`/admin/people/${accountId}/basics`);
    expect(after.text).toContain('すぐに切り替わりました。新しいアドレスに、確認のメールを送ります');
  });

  test('proven: it waits; asked again, switched with a reason, or taken back; editing something else leaves it', async () => {
    const accountId = await world.register(world.hq);
    await provenByReply(world, accountId);
    const client = await world.signedIn('CLERK');
    const page = await client.get(editOf(accountId));
    expect(page.text).toContain('今のアドレスは届いています');
    await client.submit(page, editOf(accountId), twice('neu-b@example.jp'));
    const basics = await client.get(`/admin/people/${accountId}/basics`);
    expect(basics.text).toContain('本人が答えると切り替わります');
    expect(basics.text).toContain('本人の確認を待っています');
    expect(basics.text).not.toContain('neu-b@example.jp');

    const unrelated = await client.submit(await client.get(editOf(accountId)), editOf(accountId), {
      fax: '03-0000-0000',
    });
    expect(unrelated.status).toBe(303);
    expect((await person(accountId)).pendingAddress).not.toBeNull();

    const checks = `/admin/people/${accountId}/check-mails`;
    const waiting = await client.submit(basics, checks);
    expect(waiting.status).toBe(409);
    expect(waiting.text).toContain('送信を待っています');

    const to = `/admin/people/${accountId}/pending-switch`;
    const noReason = await client.submit(basics, to);
    expect(noReason.status).toBe(422);
    expect((await client.submit(basics, to, { reason: '窓口で見せてもらった' })).status).toBe(303);
    expect(await person(accountId)).toMatchObject({ mailAddress: 'neu-b@example.jp', pendingAddress: null });
    const late = await client.submit(basics, `/admin/people/${accountId}/pending-take-back`);
    expect(late.status).toBe(409);
    expect(late.text).toContain('もう確認を待っていません');
  });

  test('taken back: the present one stays; a present one is asked once', async () => {
    const accountId = await world.register(world.hq, { checkMail: false });
    await provenByReply(world, accountId);
    const client = await world.signedIn('CLERK');
    await client.submit(await client.get(editOf(accountId)), editOf(accountId), twice('neu-c@example.jp'));
    const basics = await client.get(`/admin/people/${accountId}/basics`);
    expect((await client.submit(basics, `/admin/people/${accountId}/pending-take-back`)).status).toBe(303);
    expect((await person(accountId)).pendingAddress).toBeNull();
    const checks = `/admin/people/${accountId}/check-mails`;
    const present = await client.get(`/admin/people/${accountId}/basics`);
    const before = await checksTo(accountId);
    expect((await client.submit(present, checks)).status).toBe(303);
    expect((await client.submit(present, checks)).status).toBe(303);
    expect(await checksTo(accountId)).toBe(before + 1);
  });

  test('a slip and somebody else’s address are said before it is saved, and then it may be saved', async () => {
    await world.register(world.hq, { mailAddress: 'kazoku@example.jp', name: '家族 花子' });
    await world.register(world.otherHq, { mailAddress: 'yoso@example.jp', name: 'よその人' });
    const accountId = await world.register(world.hq);
    const client = await world.signedIn('CLERK');
    const page = await client.get(editOf(accountId));
    const slip = await client.submit(page, editOf(accountId), twice('taro@docomo.ne.jo'));
    expect(slip.status).toBe(409);
    expect(slip.text).toContain('もしかして： taro@docomo.ne.jp');
    const shared = await client.submit(slip, editOf(accountId), twice('kazoku@example.jp'));
    expect(shared.status).toBe(409);
    expect(shared.text).toContain('家族 花子（登録番号');
    expect((await person(accountId)).version).toBe(1);
    expect((await client.submit(shared, editOf(accountId))).status).toBe(303);
    expect((await person(accountId)).mailAddress).toBe('kazoku@example.jp');
    const foreign = await client.submit(
      await client.get(editOf(accountId)),
      editOf(accountId),
      twice('yoso@example.jp'),
    );
    expect(foreign.status).toBe(303);
  });
});

describe('新しい利用者の登録', () => {
  const fields = (more: Record<string, string> = {}) => ({
    registrationNumber: 'N-1',
    name: '新規 太郎',
    kana: 'しんき たろう',
    ...twice('shinki@example.jp'),
    ...more,
  });

  test('registered once, with its check mail and its expiry; a taken number is a fault of that field', async () => {
    const client = await world.signedIn('CLERK');
    expect((await client.get('/admin/people')).html).toContain('href="/admin/people/new"');
    const page = await client.get('/admin/people/new');
    const to = '/admin/people/new';
    const [first, second] = [
      await client.submit(page, to, fields({ expiresOn: '2027-12-31' })),
      await client.submit(page, to, fields({ expiresOn: '2027-12-31' })),
    ];
    expect([first.status, second.status]).toEqual([303, 303]);
    expect(second.location).toBe(first.location);
    const shown = await client.get(first.location ?? '');
    expect(shown.text).toContain('2027年12月31日 23:59');
    expect(shown.text).toContain('確認のメールを送ります');
    const again = await client.submit(
      await client.get(to),
      to,
      fields({ mailAddress: 'b@example.jp', mailAddressAgain: 'b@example.jp' }),
    );
    expect(again.status).toBe(422);
    expect(again.text).toContain('登録番号：ほかで使われています。');
    expect(again.html).toContain('value="b@example.jp"');
    const shared = await client.submit(await client.get(to), to, fields({ registrationNumber: 'N-2' }));
    expect(shared.status).toBe(409);
    expect(shared.text).toContain('新規 太郎（登録番号 N-1）');
    expect((await client.submit(shared, to)).status).toBe(303);
  });

  test('every fault at once; a date that is none, one too far', async () => {
    const client = await world.signedIn('CLERK');
    const to = '/admin/people/new';
    const empty = await client.submit(await client.get(to), to);
    expect(empty.status).toBe(422);
    for (const field of ['name', 'kana', 'mailAddress']) expect(empty.html).toContain(`id="${field}-fault"`);
    for (const [expiresOn, word] of [
      ['2027-02-30', '書き方がちがいます'],
      ['2099-01-01', '遠すぎる日です'],
    ] as const) {
      const answer = await client.submit(
        await client.get(to),
        to,
        fields({ expiresOn, registrationNumber: '!', name: '' }),
      );
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(word);
      for (const field of ['registrationNumber', 'name', 'expiresOn'])
        expect(answer.html).toContain(`id="${field}-fault"`);
    }
  });
});

describe('the header', () => {
  test('says what comes next and when', async () => {
    const accountId = await world.register(world.hq);
    const client = await world.signedIn('VIEWER');
    const before = await client.get(`/admin/people/${accountId}/usage`);
    expect(before.text).toMatch(/次の自動送信 2026年12月31日 10:\d\d/);
    expect(before.text).toContain('2026年12月31日 0:00 更新の受付が始まる');
    world.setNow(IN_WINDOW);
    const later = await world.signedIn('VIEWER');
    expect((await later.get(`/admin/people/${accountId}/usage`)).text).toContain(
      '2027年4月1日 0:00 更新がなければ、失効中になる',
    );
  });
});
