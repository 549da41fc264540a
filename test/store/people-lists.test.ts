/** The lists' SQL held against the rules in code, in two tenants. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statusAt } from '../../domain/status.js';
import { searchAccountIds } from '../../store/account-search.js';
import type { Tx } from '../../store/database.js';
import { PEOPLE_LISTS, countPeople, listMunicipalities, listPeople } from '../../store/people-lists.js';
import type { ListPlace, ListQuery } from '../../store/people-lists.js';
import { readSnapshots } from '../../store/snapshots.js';
import { listQuery } from '../../usecases/people-filter.js';
import type { PeopleFilter } from '../../usecases/people-filter.js';
import { kanaKey, mobileKey, nameKey } from '../../usecases/search-keys.js';
import { accountView } from '../../usecases/views.js';
import { SEED } from '../domain/arbitraries.js';
import { jst } from '../domain/given.js';
import type { World } from '../usecases/world.js';
import { createWorld } from '../usecases/world.js';

const DAY = 86_400_000;
const STATES = ['OK', 'UNVERIFIED', 'SUSPECT', 'UNDELIVERABLE'] as const;
let world: World;
const inTenant = <T>(work: (tx: Tx) => Promise<T>) => world.deps.database.inTenant(world.hq, work);

beforeAll(async () => {
  world = await createWorld();
  world.setNow('2025-01-10 12:00');
  for (let i = 0; i < 48; i += 1) {
    const day = String(1 + (i % 6)).padStart(2, '0');
    const { accountId } = await world.register(i % 12 === 11 ? world.otherHq : world.hq, {
      expiresOn: `2026-0${1 + (i % 4)}-${day}`,
      registeredAt: jst(`2024-0${1 + (i % 3)}-${day} 23:59`),
      municipality: i % 5 === 0 ? null : `町${i % 3}`,
      mailAddress: `p${i}@${i % 4 === 0 ? 'rare.example.jp' : 'example.jp'}`,
    });
    await world.sql('UPDATE mail_address SET state = $2 WHERE account_id = $1', [accountId, STATES[i % 4]]);
    if (i % 4 === 1)
      await world.sql('UPDATE account SET mail_unconfirmed_since = $2 WHERE id = $1', [
        accountId,
        new Date(jst(`2025-0${1 + (i % 8)}-01 10:00`)),
      ]);
    if (i % 3 === 0)
      await world.sql('UPDATE account SET last_activity_at = $2 WHERE id = $1', [
        accountId,
        new Date(jst(`2025-0${1 + (i % 9)}-15 00:00`)),
      ]);
    if (i % 10 === 3)
      await world.sql('UPDATE account SET withdrawn_at = $2 WHERE id = $1', [
        accountId,
        new Date(jst('2025-06-01 12:00')),
      ]);
    if (i % 6 === 0)
      await world.sql(`UPDATE renewal_cycle SET lapse_cause = 'NO_RESPONSE' WHERE account_id = $1`, [
        accountId,
      ]);
  }
  // R13: some run on under an older version with another period.
  await world.sql(
    `INSERT INTO policy_version SELECT fire_hq_id, 2, basis, document || '{"longUnusedAfter": "P1M"}', reason, created_by, created_at
     FROM policy_version WHERE fire_hq_id = $1 AND version = 1`,
    [world.hq],
  );
  await world.sql(
    `UPDATE renewal_cycle SET policy_version = 2 WHERE fire_hq_id = $1 AND account_id IN
       (SELECT id FROM account WHERE fire_hq_id = $1 ORDER BY registration_number LIMIT 15)`,
    [world.hq],
  );
});
afterAll(() => world.close());

const ask = (filter: PeopleFilter, now: number) => inTenant((tx) => listQuery(tx, filter, now));

async function all(query: ListQuery, limit = 500): Promise<ListPlace[]> {
  const places: ListPlace[] = [];
  for (;;) {
    const after: ListPlace | null = places.at(-1) ?? null;
    const page = await inTenant((tx) => listPeople(tx, query, { after, limit }));
    places.push(...page);
    if (page.length < limit) return places;
  }
}

/** The same in code, of everybody in the tenant. */
async function byRules(filter: PeopleFilter, now: number): Promise<string[]> {
  const ids = await world.sql<{ id: string }>('SELECT id FROM account WHERE fire_hq_id = $1', [world.hq]);
  const snapshots = await inTenant((tx) =>
    readSnapshots(
      tx,
      ids.map(({ id }) => id),
    ),
  );
  const causes = await world.sql<{ id: string; cause: string | null }>(
    'SELECT account_id AS id, lapse_cause AS cause FROM renewal_cycle WHERE renewed_at IS NULL',
  );
  const dayOf = (at: number) => Math.floor((at + 9 * 3_600_000) / DAY);
  return snapshots
    .filter((snapshot) => {
      const view = accountView(snapshot, now);
      const { account, cycle, address } = snapshot;
      const status = statusAt({ ...cycle, withdrawnAt: account.withdrawnAt }, now);
      const since = {
        pending: cycle.expiresAt - 1,
        lapsed: cycle.expiresAt,
        unconfirmed: account.mailUnconfirmedSince ?? 0,
        unused: account.lastActivityAt ?? account.registeredAt,
      }[filter.list];
      const days = filter.list === 'pending' ? dayOf(since) - dayOf(now) : dayOf(now) - dayOf(since);
      const isIn = {
        pending: status === 'RENEWAL_PENDING',
        lapsed: status === 'LAPSED',
        unconfirmed: status !== 'WITHDRAWN' && account.mailUnconfirmedSince !== null,
        unused: status !== 'WITHDRAWN' && view.longUnused,
      }[filter.list];
      const cause = causes.find(({ id }) => id === account.id)?.cause;
      return (
        isIn &&
        days >= (filter.daysFrom ?? -Infinity) &&
        days <= (filter.daysTo ?? Infinity) &&
        (filter.cause === undefined || filter.list !== 'lapsed' || filter.cause === cause) &&
        (filter.mailDomain === undefined || filter.mailDomain === address.domain) &&
        (filter.municipality === undefined || filter.municipality === account.municipality) &&
        (filter.address === undefined ||
          (filter.address === 'IN_DOUBT' ? ['SUSPECT', 'UNDELIVERABLE'] : [filter.address]).includes(
            address.state,
          ))
      );
    })
    .map(({ account }) => account.id)
    .sort();
}

describe('R5, R18, R33: each list with each filter', () => {
  test('the SQL says what the rules in code say, to the millisecond', async () => {
    const edges = [
      '2025-12-31 24:00',
      '2026-01-02 00:00',
      '2026-02-04 00:00',
      '2026-03-07 00:00',
      '2026-04-06 00:00',
      '2025-02-15 00:00',
      '2025-10-15 00:00',
      '2026-06-30 09:00',
    ].map((text) => (text.endsWith('24:00') ? jst('2026-01-01 00:00') : jst(text)));
    const now = fc
      .tuple(fc.constantFrom(...edges), fc.constantFrom(-1, 0, 1, 11 * 3_600_000))
      .map(([at, off]) => at + off);
    const seldom = <T>(of: fc.Arbitrary<T>) => fc.option(of, { freq: 3, nil: undefined });
    // Few at once, or nobody is left to find.
    const filter: fc.Arbitrary<PeopleFilter> = fc
      .record({
        list: fc.constantFrom(...PEOPLE_LISTS),
        cause: seldom(fc.constantFrom('NO_RESPONSE' as const, 'UNDELIVERABLE' as const)),
        daysFrom: seldom(fc.constantFrom(0, 1, 2, 30, 365)),
        daysTo: seldom(fc.constantFrom(0, 1, 3, 60, 700)),
        mailDomain: seldom(fc.constantFrom('rare.example.jp', 'example.jp', 'nobody.example.jp')),
        address: seldom(fc.constantFrom('IN_DOUBT' as const, 'OK' as const, 'UNDELIVERABLE' as const)),
        municipality: seldom(fc.constantFrom('町1', '町2')),
        kept: fc.subarray(['cause', 'daysFrom', 'daysTo', 'mailDomain', 'address', 'municipality'], {
          maxLength: 2,
        }),
      })
      .map(({ list, kept, ...more }) => ({
        list,
        ...Object.fromEntries(Object.entries(more).filter(([name]) => kept.includes(name))),
      }));
    let found = 0;
    await fc.assert(
      fc.asyncProperty(filter, now, async (wanted, at) => {
        const query = await ask(wanted, at);
        const places = await all(query);
        found += places.length;
        expect(places.map(({ id }) => id).sort()).toEqual(await byRules(wanted, at));
        expect(await inTenant((tx) => countPeople(tx, query, 1_000))).toBe(places.length);
      }),
      { seed: SEED, numRuns: 150 },
    );
    expect(found).toBeGreaterThan(300);
  });

  test('pages have no gaps and no repeats, in the order that each list promises', async () => {
    for (const list of PEOPLE_LISTS) {
      const query = await ask({ list }, jst('2026-03-20 12:00'));
      const whole = await all(query);
      expect(whole.length).toBeGreaterThan(3);
      for (const limit of [1, 2, 5]) expect(await all(query, limit)).toEqual(whole);
      const times = whole.map(({ at }) => at);
      expect(times).toEqual([...times].sort((a, b) => (list === 'lapsed' ? b - a : a - b)));
    }
  });

  test('counting ends at its bound; municipalities are told once each, of this tenant', async () => {
    const query = await ask({ list: 'lapsed' }, jst('2026-06-30 09:00'));
    expect(await inTenant((tx) => countPeople(tx, query, 3))).toBe(3);
    await world.register(world.otherHq, { municipality: 'よその町' });
    expect(await inTenant((tx) => listMunicipalities(tx, 60))).toEqual(['町0', '町1', '町2']);
    expect(await inTenant((tx) => listMunicipalities(tx, 2))).toEqual(['町0', '町1']);
  });
});

describe('what a search compares', () => {
  test('is the same in SQL and in code, whatever somebody is called', async () => {
    const { accountId } = await world.register();
    const letters = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    const odd = fc.constantFrom(
      'ｶﾞｲｼﾞ ﾀﾛｳ',
      'ヴァン　ヵヶ',
      'ﾊﾟﾋﾟ',
      '𠮷野家',
      'ＡＢＣ ａｂｃ',
      'ｰー－',
      'ÀÉ ÎŐ',
      'İstanbul',
      'ヷヸ',
      '㍿㌔',
    );
    const phone = fc.constantFrom(
      '090-1234-5678',
      '０９０（１２３４）５６７８',
      '+81 90-1234-5678',
      '＋８１90',
      '090 1234',
      '03ー1234ー5678',
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(letters, odd), phone, async (text, mobile) => {
        fc.pre(!text.includes('\0') && !/\p{Cs}/u.test(text));
        await world.sql('UPDATE account SET name = $2, kana = $2, mobile_number = $3 WHERE id = $1', [
          accountId,
          text,
          mobile,
        ]);
        const [row] = await world.sql(
          'SELECT name_key AS name, kana_key AS kana, mobile_digits AS mobile FROM account WHERE id = $1',
          [accountId],
        );
        expect(row).toEqual({ name: nameKey(text), kana: kanaKey(text), mobile: mobileKey(mobile) });
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('nothing typed finds nobody', async () => {
    const keys = { numbers: [''], name: '', kana: '', mobile: null, address: null };
    expect(await inTenant((tx) => searchAccountIds(tx, { keys, afterId: null, limit: 10 }))).toEqual([]);
  });
});
