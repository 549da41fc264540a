/** R35: every figure against lives counted by hand, and its edges. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fiscalYearOf, monthsBefore, parsePeriod, previousPeriod } from '../../domain/period.js';
import { readFigures } from '../../usecases/figures.js';
import { renewByLink, renewByStaff } from '../../usecases/renew-account.js';
import { undoWithdrawal, withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import { ACCEPTED, REFUSED, createWorld } from './world.js';
import type { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const read = (name: string, hq = world.hq) => readFigures(world.deps, hq, name);
const begin = () => {
  world.answer(ACCEPTED);
  world.setNow('2026-06-01 12:00');
};

describe('periods', () => {
  test('a fiscal year is April to March; months have their last day; nonsense is none', () => {
    expect(parsePeriod('FY2026')).toEqual({ from: '2026-04-01', to: '2027-03-31' });
    expect(parsePeriod('2028-02')).toEqual({ from: '2028-02-01', to: '2028-02-29' });
    for (const name of ['2027-13', '2027-00', 'FY27', '', '2027-3', 'FY9999', '1800-01'])
      expect(parsePeriod(name)).toBeNull();
    expect(fiscalYearOf(jst('2027-03-31 23:59'))).toBe('FY2026');
    expect(fiscalYearOf(jst('2027-04-01 00:00'))).toBe('FY2027');
    expect(previousPeriod('2027-01')).toBe('2026-12');
    expect(previousPeriod('FY2026')).toBe('FY2025');
    expect(monthsBefore('2027-02', 14)).toBe('2025-12');
  });
});

test('R35: an empty headquarters has no rate, not a rate of nothing', async () => {
  const { figures, previous, months } = await read('FY2026', world.minutesHq);
  for (const each of [figures, previous])
    expect([
      each.renewalRate,
      each.inTimeRate,
      each.recoveryRate,
      each.failureRate,
      each.peopleFailureRate,
    ]).toEqual([null, null, null, null, null]);
  expect(months).toHaveLength(12);
  expect([months[0]?.month, months[11]?.month]).toEqual(['2026-04', '2027-03']);
});

describe('R35 with lives counted by hand, D in March 2027 unless it says otherwise', () => {
  beforeAll(async () => {
    const person = (expiresOn = '2027-03-31', hq = world.hq) => {
      begin();
      return world.register(hq, { expiresOn });
    };
    const staff = (id: string) =>
      renewByStaff(world.deps, world.command(), id, { channel: 'counter', note: '窓口' });
    // Renewed in January, in time: counts where D is, and its new D (2028-03-31) in another year.
    const early = await person();
    await world.walk(early, '2027-01-05 12:00');
    await renewByLink(
      world.deps,
      world.command(world.hq, { actor: 'resident' }),
      await world.linkOf(early.id, 'auto:1:2026-12-31'),
    );
    // In the last millisecond, and in the first one after: in time, and recovered.
    const last = await person();
    await world.walk(last, '2027-03-30 12:00');
    world.setNow(jst('2027-04-01 00:00') - 1);
    await staff(last.id);
    const first = await person();
    await world.walk(first, '2027-04-01 00:00');
    await staff(first.id);
    // Renewed a month late, on 2027-04-30.
    const late = await person();
    await world.walk(late, '2027-04-30 12:00');
    await staff(late.id);
    // Never: refused (UNDELIVERABLE from the second failure on), and silent.
    const refused = await person('2027-03-30');
    world.answer(REFUSED);
    await world.walk(refused, '2027-05-10 12:00');
    await world.walk(await person('2027-03-30'), '2027-05-10 12:00');
    // Withdrawn after the lapse, on 2027-04-05.
    const gone = await person('2027-03-30');
    await world.walk(gone, '2027-04-05 12:00');
    await withdrawAccount(world.deps, world.command(), gone.id, { reason: '転出' });
    // D in April, not yet renewed; and a neighbour.
    await world.walk(await person('2027-05-31'), '2027-05-10 12:00');
    await world.walk(await person('2027-03-31', world.otherHq), '2027-05-10 12:00');
    world.setNow('2027-05-10 12:00');
  });

  test('更新率 4 ÷ 6, 期限内 2 ÷ 6, 回復率 2 ÷ 4; 廃止 in none of them', async () => {
    const { figures } = await read('2027-03');
    expect(figures.cycles).toEqual({
      cycles: 6,
      renewed: 4,
      renewedInTime: 2,
      lapsed: 4,
      recovered: 2,
      notYetExpired: 0,
      withdrawn: 1,
    });
    expect([figures.renewalRate, figures.inTimeRate, figures.recoveryRate]).toEqual([4 / 6, 2 / 6, 2 / 4]);
    const year = await read('FY2026');
    expect(year.figures.cycles).toEqual(figures.cycles);
    expect(year.months.map(({ cycles }) => cycles)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6]);
    expect((await read('2027-03', world.otherHq)).figures.cycles).toMatchObject({ cycles: 1, renewed: 0 });
  });

  test('the D of the new cycle counts in its own year, once', async () => {
    expect((await read('2028-03')).figures.cycles).toMatchObject({ cycles: 2, renewed: 0, notYetExpired: 2 });
    expect((await read('2028-04')).figures.cycles.cycles).toBe(2);
    expect((await read('FY2027')).previous.cycles.cycles).toBe(6);
  });

  test('失効中 on the last day: as it stood then, by the cause known then, with who left or renewed since', async () => {
    // 2027-03-31: those of 03-30, the one who left in April among them. Who lapses at its midnight was valid on that day.
    const march = (await read('2027-03')).figures.lapsed;
    expect(march).toMatchObject({
      asOf: jst('2027-04-01 00:00') - 1,
      total: 3,
      byCause: { UNDELIVERABLE: 1, NO_RESPONSE: 2, NOT_SENT: 0, UNKNOWN: 0 },
      causeNotKnown: 0,
    });
    // 2027-04-30: two of 03-30. The late one was renewed at noon.
    expect((await read('2027-04')).figures.lapsed).toMatchObject({
      total: 2,
      byCause: { UNDELIVERABLE: 1, NO_RESPONSE: 1 },
    });
    // Of a span that lasts: now. Of one to come: nothing.
    expect((await read('2027-05')).figures.lapsed).toMatchObject({ asOf: world.now(), total: 2 });
    expect((await read('2027-06')).figures.lapsed).toBeNull();
  });

  test('a cause that changed later, and a withdrawal that was undone later, do not change the past', async () => {
    begin();
    const hq = world.otherHq;
    const account = await world.register(hq, { expiresOn: '2026-12-31' });
    world.answer(REFUSED);
    await world.walk(account, '2027-01-10 12:00');
    await withdrawAccount(world.deps, world.command(hq), account.id, { reason: '誤り' });
    world.setNow('2027-02-05 12:00');
    await undoWithdrawal(world.deps, world.command(hq), account.id);
    const [cause] = await world.sql<{ cause: string }>(
      `UPDATE renewal_cycle SET lapse_cause = 'NO_RESPONSE' WHERE account_id = $1 RETURNING lapse_cause AS cause`,
      [account.id],
    );
    expect(cause?.cause).toBe('NO_RESPONSE');
    await world.sql(
      `INSERT INTO audit_event (fire_hq_id, at, actor, action, account_id, before, after)
       VALUES ($1, '2027-03-10T00:00:00Z', 'system', 'lapse.cause-changed', $2, '{"cause":"UNDELIVERABLE"}', '{"cause":"NO_RESPONSE"}')`,
      [hq, account.id],
    );
    world.setNow('2027-05-10 12:00');
    const lapsedIn = async (name: string) => (await read(name, hq)).figures.lapsed;
    expect(await lapsedIn('2026-12')).toMatchObject({ total: 0 });
    expect(await lapsedIn('2027-01')).toMatchObject({ total: 0 });
    expect(await lapsedIn('2027-02')).toMatchObject({ total: 1, byCause: { UNDELIVERABLE: 1 } });
    expect(await lapsedIn('2027-03')).toMatchObject({ byCause: { NO_RESPONSE: 1 } });
    await world.sql(`UPDATE account SET withdrawn_at = '2027-02-20T00:00:00Z' WHERE id = $1`, [account.id]);
    expect(await lapsedIn('2027-02')).toMatchObject({ total: 0 });
    await world.sql('UPDATE account SET withdrawn_at = NULL WHERE id = $1', [account.id]);
  });

  test('不達率: mails and people, by the day of their last attempt', async () => {
    const rows = await world.sql<{ outcome: string; account: string }>(
      `SELECT outcome, account_id AS account FROM reminder WHERE fire_hq_id = $1 AND attempts > 0
         AND sent_at >= '2026-12-31T15:00:00Z' AND sent_at < '2027-01-31T15:00:00Z'`,
      [world.hq],
    );
    const failed = rows.filter(({ outcome }) => outcome === 'BOUNCED');
    const { figures } = await read('2027-01');
    expect(figures.mails).toEqual({
      mails: rows.length,
      failed: failed.length,
      failedOurs: 0,
      people: new Set(rows.map(({ account }) => account)).size,
      peopleWithFailure: 1,
    });
    expect(failed.length).toBeGreaterThan(0);
    expect(figures.failureRate).toBe(failed.length / rows.length);
  });
});
