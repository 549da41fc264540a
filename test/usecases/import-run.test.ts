/** R10: a file is carried out by the same rules as one person is registered or changed by. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jst } from '../domain/given.js';
import { pruneImports, carryOutImports, endImport, startImport } from '../../usecases/import-run.js';
import { changeAccount } from '../../usecases/change-account.js';
import type { NewAccount } from '../../usecases/new-account.js';
import { readAccount } from '../../usecases/read-account.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { registerAccount } from '../../usecases/register-account.js';
import { HEADS, carryOut, tried, tryFile } from './import-world.js';
import { createWorld, refusalOf } from './world.js';
import type { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const byNumber = async (number: string, hq = world.hq) => {
  const [row] = await world.sql<{ id: string }>(
    'SELECT id FROM account WHERE fire_hq_id = $1 AND registration_number = $2',
    [hq, number],
  );
  return row ? readAccount(world.deps, hq, row.id) : null;
};

describe('adding', () => {
  it('R10 R19: the person is there, joins at the next slot, and gets no check mail unless it was asked for', async () => {
    world.setNow('2027-01-15 12:00');
    const file = await tryFile(
      world,
      `${HEADS},有効期限日\nA-1,見本 一,みほん,a1@example.jp,令和9年3月31日\nA-2,見本 二,みほん,a2@example.jp,R8.1.31\n`,
    );
    expect(file.run).toMatchObject({
      state: 'READY',
      counts: { kinds: { ADD: 2 }, newAddresses: 0, firstMails: [{ on: '2027-01-30', count: 1 }] },
    });
    expect(await byNumber('A-1')).toBeNull();
    const after = await carryOut(world, file);
    expect(after.run).toMatchObject({ state: 'DONE', counts: { results: { DONE: 2 } } });
    const person = await byNumber('A-1');
    expect(person).toMatchObject({ status: 'RENEWAL_PENDING', nextReminderAt: jst('2027-01-30 10:00') });
    expect(await byNumber('A-2')).toMatchObject({
      status: 'LAPSED',
      autoMail: 'STOPPED',
      nextReminderAt: null,
    });
    const ref = { fireHqId: world.hq, accountId: person?.id ?? '' };
    await world.walk(ref, '2027-01-30 12:00');
    expect(await world.told(ref.accountId)).toEqual(['auto:1:2027-01-30 ACCEPTED']);
  });

  it('R10: one by one and all at once write the same rows', async () => {
    world.setNow('2027-02-01 12:00');
    const heads = `${HEADS},携帯電話番号,FAX番号,住所,市町村,有効期限日,緊急連絡先1の名前,緊急連絡先1の続柄,緊急連絡先1の電話,最初の登録日,最後のメールの結果,最後のメールの日,失効の原因`;
    const lines = [
      'E-1,例示 一,れいじ,e1@example.jp,090-0000-0001,03-0000-0001,例示市1-1,例示市,2027/3/31,例示 花,妻,090-1,2020/4/1,,,',
      'E-2,例示 二,れいじ,e2@example.jp,,,,,2026/12/31,,,,,届かなかった,2026/11/1,不達',
      'E-3,例示 三,れいじ,E3@Example.jp,,,,,20261231,,,,2019-1-1,送れた,R8.12.1,未応答',
      'E-4,例示 四,れいじ,e4@example.jp,,,,,,,,,,本人が答えた,2026/4/1,',
      'E-5,例示 五,れいじ,e5@example.jp,,,,,2027/4/30,,,,,届かなかった,2026/4/1,',
    ];
    await carryOut(world, await tryFile(world, [heads, ...lines].join('\r\n')), { checkMail: true });
    const at = (day: string) => jst(`${day} 00:00`);
    const same: Partial<NewAccount>[] = [
      {
        mobileNumber: '090-0000-0001',
        fax: '03-0000-0001',
        postalAddress: '例示市1-1',
        municipality: '例示市',
        expiresOn: '2027-03-31',
        emergencyContacts: [{ name: '例示 花', relation: '妻', phone: '090-1' }],
        registeredAt: at('2020-04-01'),
      },
      {
        expiresOn: '2026-12-31',
        prior: { lastMail: { outcome: 'UNDELIVERABLE', at: at('2026-11-01') }, cause: null },
      },
      {
        expiresOn: '2026-12-31',
        registeredAt: at('2019-01-01'),
        prior: { lastMail: { outcome: 'ACCEPTED', at: at('2026-12-01') }, cause: 'NO_RESPONSE' },
      },
      { prior: { lastMail: { outcome: 'PROVEN', at: at('2026-04-01') }, cause: null } },
      {
        expiresOn: '2027-04-30',
        prior: { lastMail: { outcome: 'FAILED', at: at('2026-04-01') }, cause: null },
      },
    ];
    for (const [i, more] of same.entries()) {
      await registerAccount(world.deps, world.command(world.otherHq), {
        registrationNumber: `E-${i + 1}`,
        name: `例示 ${'一二三四五'[i]}`,
        kana: 'れいじ',
        mailAddress: i === 2 ? 'E3@Example.jp' : `e${i + 1}@example.jp`,
        emergencyContacts: [],
        ...more,
      });
    }
    const rowsOf = async (hq: string) => {
      const all: Record<string, unknown> = {};
      for (const table of ['mail_address', 'renewal_cycle', 'reminder', 'audit_event', 'signal_outbox']) {
        const found = await world.sql<{ row: Record<string, unknown> }>(
          `SELECT to_jsonb(t) || jsonb_build_object('who', a.registration_number) AS row FROM ${table} t
           JOIN account a ON a.id = t.account_id WHERE t.fire_hq_id = $1 AND a.registration_number LIKE 'E-%'
           ORDER BY a.registration_number, 1`,
          [hq],
        );
        all[table] = found.map(({ row }) => withoutIds(row));
      }
      const accounts = await world.sql<{ row: Record<string, unknown> }>(
        `SELECT to_jsonb(a) AS row FROM account a WHERE fire_hq_id = $1 AND registration_number LIKE 'E-%'
         ORDER BY registration_number`,
        [hq],
      );
      return { ...all, account: accounts.map(({ row }) => withoutIds(row)) };
    };
    expect(await rowsOf(world.hq)).toEqual(await rowsOf(world.otherHq));
    const states = await world.sql<{ state: string }>(
      `SELECT m.state FROM mail_address m JOIN account a ON a.id = m.account_id
       WHERE m.fire_hq_id = $1 AND registration_number LIKE 'E-%' ORDER BY registration_number`,
      [world.hq],
    );
    expect(states.map(({ state }) => state)).toEqual([
      'UNVERIFIED',
      'UNDELIVERABLE',
      'UNVERIFIED',
      'OK',
      'SUSPECT',
    ]);
    expect([(await byNumber('E-2'))?.lapseCause, (await byNumber('E-3'))?.lapseCause]).toEqual([
      'UNDELIVERABLE',
      'NO_RESPONSE',
    ]);
  });

  it('R10 R37: what the older system saw stays evidence when a mail of ours follows', async () => {
    world.setNow('2027-02-01 12:00');
    await carryOut(
      world,
      await tryFile(
        world,
        `${HEADS},有効期限日,最後のメールの結果,最後のメールの日\nF-1,例示 一,れいじ,f1@example.jp,2027/3/31,届かなかった,2026/11/1\n`,
      ),
    );
    const person = await byNumber('F-1');
    expect(person).toMatchObject({ addressState: 'SUSPECT' });
    world.answer({
      verdict: 'BOUNCED',
      bounceClass: 'UNKNOWN_ADDRESS',
      code: 550,
      enhanced: '5.1.1',
      text: 'x',
    });
    await world.walk({ fireHqId: world.hq, accountId: person?.id ?? '' }, '2027-03-02 12:00');
    expect(await byNumber('F-1')).toMatchObject({ addressState: 'UNDELIVERABLE' });
    world.answer({ verdict: 'ACCEPTED', code: 250, enhanced: null, text: null });
  });

  it('R10 R37: people whose address was given up get no flood of check mails', async () => {
    world.setNow('2027-02-01 12:00');
    await carryOut(
      world,
      await tryFile(
        world,
        `${HEADS},有効期限日,最後のメールの日,失効の原因\nG-1,例示 一,れいじ,g1@example.jp,2026/12/31,2026/11/1,不達\n`,
      ),
    );
    const person = await byNumber('G-1');
    const ref = { fireHqId: world.hq, accountId: person?.id ?? '' };
    await world.walk(ref, '2027-02-02 23:00');
    expect(await world.ledger(ref.accountId)).toEqual([]);
    expect(await byNumber('G-1')).toMatchObject({ lapseCause: 'UNDELIVERABLE', autoMail: 'PROBING' });
  });
});

describe('changing', () => {
  it('only what the file says, with version and trail; the same file again changes nothing', async () => {
    world.setNow('2027-02-01 12:00');
    const account = await world.register(world.hq, {
      registrationNumber: 'C-1',
      fax: '03-1111-1111',
      emergencyContacts: [
        { name: '例示 花', relation: '妻', phone: '090-1111-1111' },
        { name: '例示 次', relation: '子' },
      ],
    });
    const stranger = await world.register(world.hq, { registrationNumber: 'C-2' });
    const file =
      '登録番号,住所,FAX番号,緊急連絡先1の電話,有効期限日\nC-1,例示市2-2,,090-2222-2222,2030/1/1\n';
    const first = await tryFile(world, file);
    expect(await first.rows('CHANGE')).toMatchObject([
      {
        changes: [
          { field: 'postalAddress', before: null, after: '例示市2-2' },
          { field: 'emergencyContacts' },
        ],
        notes: [{ code: 'expiry-differs' }],
      },
    ]);
    await carryOut(world, first);
    expect(await byNumber('C-1')).toMatchObject({
      postalAddress: '例示市2-2',
      fax: '03-1111-1111',
      expiresOn: account.expiresOn,
      version: 2,
      emergencyContacts: [
        { name: '例示 花', relation: '妻', phone: '090-2222-2222' },
        { name: '例示 次', relation: '子' },
      ],
    });
    expect(await world.audit(account.id, 'account.changed')).toMatchObject([
      { before: { postalAddress: null }, after: { postalAddress: '例示市2-2' } },
    ]);
    expect(await byNumber('C-2')).toMatchObject({ version: stranger.version });
    const again = await tryFile(world, file);
    expect(again.run.counts.kinds).toEqual({ SAME: 1 });
    await carryOut(world, again);
    expect(await byNumber('C-1')).toMatchObject({ version: 2 });
  });

  it('R19: a new mail address goes the way of any other, with one mail', async () => {
    const account = await world.register(world.hq, { registrationNumber: 'C-3' });
    const change = await tryFile(world, '登録番号,メールアドレス\nC-3,new@example.jp\n');
    expect(change.run.counts).toMatchObject({ kinds: { CHANGE: 1 }, newAddresses: 1 });
    await carryOut(world, change);
    expect(await byNumber('C-3')).toMatchObject({ mailAddress: 'new@example.jp' });
    expect(await world.ledger(account.id)).toHaveLength(1);
  });

  it('who was edited, registered or 廃止 after the dry run is left as he is, and told', async () => {
    const account = await world.register(world.hq, { registrationNumber: 'C-4' });
    const gone = await world.register(world.hq, { registrationNumber: 'C-6' });
    await withdrawAccount(world.deps, world.command(), gone.id, { reason: '本人の申し出' });
    const change = await tryFile(
      world,
      `${HEADS},住所\nC-4,例示 太郎,れいじ たろう,,例示市3\nC-5,例示 五,れいじ,c5@example.jp,\nC-6,,,,x\n`,
    );
    expect(await change.rows('FAULT')).toMatchObject([{ line: 4, faults: [{ code: 'withdrawn' }] }]);
    await changeAccount(world.deps, world.command(), account.id, account.version, { fax: '03-9999-9999' });
    await world.register(world.hq, { registrationNumber: 'C-5' });
    const after = await carryOut(world, change);
    expect(after.run.counts.results).toEqual({ CONFLICT: 2 });
    expect(await byNumber('C-4')).toMatchObject({ postalAddress: null, fax: '03-9999-9999' });
    expect((await after.rows('NOT_DONE')).map(({ line }) => line)).toEqual([2, 3, 4]);
  });
});

describe('carrying out', () => {
  const many = (letter: string, count: number) =>
    `${HEADS}\n${Array.from({ length: count }, (_, i) => `${letter}-${i},例示 太郎,れいじ,${letter}${i}@example.jp`).join('\n')}\n`;
  const count = async (letter: string) =>
    (await world.sql('SELECT FROM account WHERE registration_number LIKE $1', [`${letter}-%`])).length;

  it('cut off in the middle it goes on where it was; two at once do each row once', async () => {
    const { run } = await tryFile(world, many('K', 1_203));
    await startImport(world.deps, world.command(), run.id, { checkMail: false });
    await carryOutImports(world.deps, { stopping: once() });
    expect(await count('K')).toBe(500);
    await Promise.all([carryOutImports(world.deps, {}), carryOutImports(world.deps, {})]);
    await carryOutImports(world.deps, {});
    expect((await tried(world, run.id)).run).toMatchObject({
      state: 'DONE',
      counts: { results: { DONE: 1_203 } },
    });
    expect(await count('K')).toBe(1_203);
    const looks = await world.sql(
      `SELECT FROM signal_outbox o JOIN account a ON a.id = o.account_id
       WHERE registration_number LIKE 'K-%' AND o.rank = 1`,
    );
    expect(looks).toHaveLength(1_203);
  });

  it('a piece that fails half-way leaves nothing of itself', async () => {
    const { run } = await tryFile(world, many('L', 10));
    await startImport(world.deps, world.command(), run.id, { checkMail: false });
    await world.sql(`CREATE FUNCTION refuse_l() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.name = '例示 太郎' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$`);
    await world.sql(
      `CREATE TRIGGER refuse_l BEFORE INSERT ON account FOR EACH ROW WHEN (NEW.registration_number = 'L-4') EXECUTE FUNCTION refuse_l()`,
    );
    const failed: number[] = [];
    await carryOutImports(world.deps, { onFailed: ({ line }) => failed.push(line) });
    await world.sql('DROP TRIGGER refuse_l ON account');
    expect(failed).toEqual([6]);
    expect(await count('L')).toBe(9);
    const after = await tried(world, run.id);
    expect(after.run).toMatchObject({ state: 'DONE', counts: { results: { DONE: 9, FAILED: 1 } } });
  });

  it('one at a time for a headquarters; another one’s is unknown; ended, what is left is not taken', async () => {
    const first = await tryFile(world, many('M', 600));
    const second = await tryFile(world, many('N', 1));
    const start = (id: string, hq = world.hq) =>
      startImport(world.deps, world.command(hq), id, { checkMail: false });
    expect(await refusalOf(start(first.run.id, world.otherHq))).toBe('not-found');
    expect(await start(first.run.id)).toBe('STARTED');
    expect(await start(first.run.id)).toBe('NOT_READY');
    expect(await start(second.run.id)).toBe('OTHER_RUNNING');
    await carryOutImports(world.deps, { stopping: once() });
    await endImport(world.deps, world.command(), first.run.id);
    await carryOutImports(world.deps, {});
    expect(await count('M')).toBe(500);
    expect((await tried(world, first.run.id)).run.state).toBe('ENDED');
    expect(await start(second.run.id)).toBe('STARTED');
    await carryOutImports(world.deps, {});
  });

  it('rows are forgotten a week after the end, and the run is not', async () => {
    const done = await carryOut(world, await tryFile(world, many('P', 2)));
    const rows = () => world.sql('SELECT FROM import_row WHERE run_id = $1', [done.run.id]);
    const later = (days: number) => world.now() + days * 86_400_000;
    const prune = (now: number) => world.deps.database.inTenant(world.hq, (tx) => pruneImports(tx, now));
    await prune(later(6));
    expect(await rows()).toHaveLength(2);
    await prune(later(8));
    expect(await rows()).toHaveLength(0);
    expect((await tried(world, done.run.id)).run).toMatchObject({
      state: 'DONE',
      fileName: '',
      counts: { kinds: { ADD: 2 } },
    });
  });
});

/** Lets one piece go. */
function once(): () => boolean {
  let asked = 0;
  return () => (asked += 1) > 1;
}

function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !['id', 'fire_hq_id', 'account_id', 'address_id', 'rank'].includes(key))
      .map(([key, each]) => [
        key,
        key === 'dedupe_key' ? String(each).replace(/[0-9a-f-]{36}/, 'ID') : withoutIds(each),
      ]),
  );
}
