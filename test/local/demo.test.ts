/** The demonstration data, on whatever day and hour somebody starts the stack. */
import { beforeAll, describe, expect, it, afterAll } from 'vitest';
import { keptSignIns } from '../../local/demo/staff.js';
import type { DemoAccess } from '../../local/demo/load.js';
import { loadDemo } from '../../local/demo/load.js';
import { openDatabase } from '../../store/database.js';
import type { Database } from '../../store/database.js';
import type { Deps } from '../../usecases/context.js';
import { findHeadquarters } from '../../usecases/headquarters.js';
import { authenticateToken } from '../../usecases/authenticate.js';
import { listAccounts, readReminders } from '../../usecases/read-account.js';
import { readFirstSteps } from '../../usecases/first-steps.js';
import { readPolicyHistory } from '../../usecases/policy.js';
import { readBulkSend, readBulkSends } from '../../usecases/read-bulk-send.js';
import { readImports } from '../../usecases/read-import.js';
import { listLetterBatches } from '../../usecases/read-letters.js';
import { searchAudit } from '../../usecases/search-audit.js';
import { readAllStaff } from '../../usecases/staff.js';
import { createWorklist } from '../../usecases/worklist.js';
import { listRequests } from '../../usecases/resident-request.js';
import type { AccountView } from '../../usecases/views.js';
import { beginSignIn } from '../../usecases/sign-in.js';
import { createTestDatabase } from '../support/postgres.js';
import type { TestDatabase } from '../support/postgres.js';

const KEYS = [{ id: 'k1', secret: new Uint8Array(32).fill(3) }];

interface Loaded {
  testDatabase: TestDatabase;
  database: Database;
  deps: Deps;
  tokens: Record<string, string>;
  signIns: DemoAccess['signIns'];
  /** With what an earlier run kept. */
  load(kept: DemoAccess): Promise<DemoAccess>;
}

async function loadOn(now: number): Promise<Loaded> {
  const testDatabase = await createTestDatabase();
  const database = openDatabase(testDatabase.databaseUrl, { max: 5 });
  const load = ({ tokens, signIns }: DemoAccess) =>
    loadDemo({
      database,
      keys: KEYS,
      publicBaseUrl: 'http://127.0.0.1:8119',
      bounceDomain: 'bounce.example.jp',
      tokens,
      signIns: keptSignIns(signIns),
      now,
      report: () => {},
    });
  const deps: Deps = { database, keys: KEYS, clock: { now: () => now } };
  const { tokens, signIns } = await load({ tokens: {}, signIns: [] });
  return { testDatabase, database, deps, tokens, signIns, load };
}

async function accountsOf(deps: Deps, code: string): Promise<AccountView[]> {
  const page = await listAccounts(deps, await findHeadquarters(deps, code), { limit: 200 });
  return page.items;
}

/** Rows that a second load would add to. */
async function countRows({ database, deps }: Loaded): Promise<unknown[]> {
  const counts: unknown[] = [];
  for (const code of ['mihon', 'reiji', 'kara']) {
    const rows = await database.inTenant(await findHeadquarters(deps, code), (tx) =>
      tx.query(
        `SELECT (SELECT count(*) FROM account) AS accounts, (SELECT count(*) FROM reminder) AS mails,
           (SELECT count(*) FROM audit_event) AS events, (SELECT count(*) FROM api_token) AS tokens,
           (SELECT count(*) FROM signal_outbox) AS signals, (SELECT count(*) FROM mail_stop) AS stops,
           (SELECT count(*) FROM staff) AS staff, (SELECT count(*) FROM letter_batch) AS batches,
           (SELECT count(*) FROM import_run) AS imports, (SELECT count(*) FROM bulk_send) AS sends`,
      ),
    );
    counts.push(rows[0]);
  }
  return counts;
}

describe.each([
  ['on an ordinary afternoon', '2026-11-25T15:20:00+09:00'],
  ['just after midnight in Japan, the day before a leap day', '2028-02-28T00:00:30+09:00'],
  ['just before midnight in Japan, on a leap day', '2028-02-29T23:59:30+09:00'],
])('the demonstration data %s', (_when, iso) => {
  let loaded: Loaded;
  let people: AccountView[];

  beforeAll(async () => {
    loaded = await loadOn(Date.parse(iso));
    people = await accountsOf(loaded.deps, 'reiji');
  });
  afterAll(async () => {
    await loaded.database.close();
    await loaded.testDatabase.drop();
  });

  it('has about 60 people in 例示市, in every status and every cause (R5, R16)', () => {
    expect(people.length).toBeGreaterThanOrEqual(55);
    const seen = new Set(
      people.map(({ status, lapseCause }) => [status, lapseCause].filter(Boolean).join(' ')),
    );
    expect([...seen].sort()).toEqual([
      'ACTIVE',
      'LAPSED NOT_SENT',
      'LAPSED NO_RESPONSE',
      'LAPSED UNDELIVERABLE',
      'LAPSED UNKNOWN',
      'RENEWAL_PENDING',
      'WITHDRAWN',
    ]);
  });

  it('has every state of address and of automatic mail, and what staff may meet besides', async () => {
    expect(new Set(people.map(({ addressState }) => addressState))).toEqual(
      new Set(['UNVERIFIED', 'OK', 'SUSPECT', 'UNDELIVERABLE']),
    );
    expect(new Set(people.map(({ autoMail }) => autoMail))).toEqual(
      new Set(['RUNNING', 'PROBING', 'HELD', 'STOPPED']),
    );
    expect(people.filter(({ pendingAddress }) => pendingAddress !== null)).toHaveLength(2);
    expect(
      people
        .filter(({ mailUnconfirmed }) => mailUnconfirmed)
        .map((one) => one.addressState)
        .sort(),
    ).toEqual(['SUSPECT', 'UNDELIVERABLE']);
    expect(people.some(({ longUnused }) => longUnused)).toBe(true);
    expect(people.some(({ hold }) => hold !== null)).toBe(true);
    expect(people.some(({ withdrawal }) => withdrawal && withdrawal.undoableUntil > Date.parse(iso))).toBe(
      true,
    );
    const hq = await findHeadquarters(loaded.deps, 'reiji');
    for (const [state, kinds] of [
      ['OPEN', ['CHANGE', 'STOP']],
      ['DONE', ['CHANGE', 'STOP']],
      ['DECLINED', ['STOP']],
    ] as const) {
      const { items } = await listRequests(loaded.deps, hq, { state, limit: 50 });
      expect([state, [...new Set(items.map(({ kind }) => kind))].sort()]).toEqual([state, kinds]);
    }
  });

  it('has somebody to be worked for under every reason of R30, and a colleague who is on one of them', async () => {
    const hq = await findHeadquarters(loaded.deps, 'reiji');
    const { counts, items } = await createWorklist(loaded.deps).read(hq, { limit: 100 });
    expect(counts.filter(({ people: n }) => n === 0)).toEqual([]);
    expect(items.filter(({ taken }) => taken !== null).map(({ taken }) => taken?.name)).toEqual([
      '見本 管理子',
    ]);
  });

  it('has what an office did: letters, imports, a bulk send, a policy, staff who came and went', async () => {
    const { deps } = loaded;
    const hq = await findHeadquarters(deps, 'reiji');
    const { items: batches } = await listLetterBatches(deps, hq, { limit: 10 });
    expect(batches.map(({ kind, sentRecordedAt }) => [kind, sentRecordedAt !== null]).sort()).toEqual([
      ['FAX', false],
      ['POST', true],
    ]);
    const { runs } = await readImports(deps, hq, 10);
    expect(runs.map(({ state }) => state)).toEqual(['READY', 'DONE']);
    expect(runs[0]?.counts.kinds).toMatchObject({ ADD: 1, CHANGE: 1, FAULT: 4 });
    const sends = await readBulkSends(deps, hq, 10);
    expect(sends.map(({ state }) => state)).toEqual(['DONE']);
    const { mails } = await readBulkSend(deps, hq, sends[0]?.id ?? '');
    expect([...mails.keys()]).toEqual(['ACCEPTED']);
    const { versions, underOlder } = await readPolicyHistory(deps, hq);
    expect(versions).toHaveLength(2);
    expect(underOlder).toBeGreaterThan(50);
    const staff = await readAllStaff(deps, hq);
    const names = (which: (one: (typeof staff)[number]) => boolean) =>
      staff.filter(which).map(({ signInName }) => signInName);
    expect(names(({ lockedAt }) => lockedAt !== null)).toEqual(['reiji.maeno']);
    expect(names(({ oneTimeUntil }) => oneTimeUntil !== null)).toEqual(['reiji.atarashi']);
    const { items: trail } = await searchAudit(deps, hq, { actions: ['account.expiry-corrected'], limit: 2 });
    expect(trail).toHaveLength(1);
    expect(people.map(({ name }) => name)).toEqual(expect.arrayContaining(['見本 𠮷乃', '架空 髙志']));
  });

  it('has a headquarters without anybody, which is led through its first steps', async () => {
    expect(await accountsOf(loaded.deps, 'kara')).toEqual([]);
    const steps = await readFirstSteps(loaded.deps, await findHeadquarters(loaded.deps, 'kara'));
    expect(steps).toEqual({ policySaved: false, colleagues: true, people: false });
  });

  it('has a real ledger behind each past: no mail of the past is still owed (R20, R23)', async () => {
    const hq = await findHeadquarters(loaded.deps, 'reiji');
    const outcomes = new Set<string>();
    for (const { id, status, createdAt, windowOpensAt } of people) {
      const { items } = await readReminders(loaded.deps, hq, id, { limit: 200 });
      for (const mail of items) {
        outcomes.add(mail.outcome);
        if (mail.outcome === 'ACCEPTED') expect(mail.attempts).toHaveLength(1);
      }
      if (status === 'RENEWAL_PENDING' && createdAt < windowOpensAt) expect(items.length).toBeGreaterThan(0);
    }
    for (const outcome of ['ACCEPTED', 'CONFIRMED', 'BOUNCED', 'FAILED']) expect(outcomes).toContain(outcome);
    expect(outcomes).not.toContain('SENDING');
    for (const { status, nextReminderAt } of people) {
      if (status === 'RENEWAL_PENDING' && nextReminderAt !== null) {
        expect(nextReminderAt).toBeGreaterThan(Date.parse(iso));
      }
    }
  });

  it('has nobody who could be real: example names, example addresses', () => {
    for (const { name, mailAddress } of people) {
      expect(name).toMatch(/^(見本|架空|例示|試験|仮名|練習|想定|模擬) /);
      expect(mailAddress).toMatch(/@(.+\.)?example\.(jp|com)$|@mail\.test$/);
    }
    expect(new Set(people.map(({ mailAddress }) => mailAddress)).size).toBe(people.length);
  });

  it('has people in 見本市 at every point of a life of minutes (R12)', async () => {
    const minutes = await accountsOf(loaded.deps, 'mihon');
    expect(new Set(minutes.map(({ status }) => status))).toEqual(
      new Set(['ACTIVE', 'RENEWAL_PENDING', 'LAPSED']),
    );
    const first = Math.min(...minutes.map(({ nextReminderAt }) => nextReminderAt ?? Infinity));
    expect(first - Date.parse(iso)).toBeLessThan(60_000);
  });

  it('is loaded once: a second start with the kept tokens writes nothing', async () => {
    const before = await countRows(loaded);
    const { tokens, signIns } = loaded;
    expect(await loaded.load(loaded)).toEqual({ tokens, signIns });
    expect(await countRows(loaded)).toEqual(before);
  });

  it('comes with a token for each headquarters, replaced when it was lost', async () => {
    const { tokens: fresh } = await loaded.load({
      tokens: { mihon: loaded.tokens['mihon'] ?? '', reiji: loaded.tokens['mihon'] ?? '' },
      signIns: loaded.signIns,
    });
    expect(fresh['mihon']).toBe(loaded.tokens['mihon']);
    for (const code of ['mihon', 'reiji', 'kara']) {
      const known = await authenticateToken(loaded.deps, fresh[code] ?? '');
      expect(known?.fireHqId).toBe(await findHeadquarters(loaded.deps, code));
    }
  });

  it('comes with a sign-in of each role in every headquarters; a lost password is replaced', async () => {
    const { signIns } = await loaded.load({ ...loaded, signIns: loaded.signIns.slice(1) });
    expect(signIns.map(({ fireHq, role }) => `${fireHq} ${role}`)).toEqual(
      ['mihon', 'reiji', 'kara'].flatMap((code) =>
        ['MANAGER', 'CLERK', 'VIEWER'].map((role) => `${code} ${role}`),
      ),
    );
    expect(signIns[0]?.password).not.toBe(loaded.signIns[0]?.password);
    for (const signIn of signIns) expect((await beginSignIn(loaded.deps, signIn)).pending).not.toBeNull();
  });
});
