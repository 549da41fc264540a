import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../domain/calendar.js';
import { changeAccount } from '../../usecases/change-account.js';
import { lookAt, recordLapse } from '../../usecases/life-events.js';
import { findLink } from '../../usecases/open-link.js';
import { putPolicy, readPolicy } from '../../usecases/policy.js';
import { previewStaffRenewal } from '../../usecases/preview-renewal.js';
import { readAccount } from '../../usecases/read-account.js';
import type { StaffRenewal } from '../../usecases/renew-account.js';
import { renewByLink, renewBySignal, renewByStaff } from '../../usecases/renew-account.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import { ACCEPTED, BUSY, REFUSED, createWorld, refusalOf } from './world.js';
import type { World } from './world.js';

const FIRST = 'auto:1:2027-03-03';
const E = jst('2027-06-02 00:00');
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.answer(ACCEPTED));

/** D = 2027-06-01; mailed at the opening of the window. */
async function mailed(fireHqId = world.hq) {
  world.setNow('2026-06-01 12:00');
  const account = await world.register(fireHqId);
  world.setNow('2027-03-01 00:00');
  await world.walk(account, '2027-03-03 12:00');
  return { account, link: await world.linkOf(account.id, FIRST), token: world.token() };
}
const staff = (more: Partial<StaffRenewal> = {}): StaffRenewal => ({
  channel: 'counter',
  note: '窓口で確認',
  ...more,
});
const receipts = async (accountId: string) =>
  (await world.ledger(accountId)).filter((row) => row.purpose === 'RECEIPT');

describe('by the link', () => {
  it('R7 R25: before E: D + validity; the address is proven, the mail is 届いた, one receipt is queued', async () => {
    const { account, link } = await mailed();
    const done = await renewByLink(world.deps, world.command(undefined, { actor: 'resident' }), link);
    expect(done).toMatchObject({ outcome: 'RENEWED', cycle: 2, expiresOn: '2028-06-01' });
    const view = await readAccount(world.deps, world.hq, account.id);
    expect(view).toMatchObject({ status: 'ACTIVE', cycle: 2, addressState: 'OK', lastProvenAt: world.now() });
    expect(await world.told(account.id)).toEqual([`${FIRST} CONFIRMED`, 'receipt:1 QUEUED']);
    await world.walk(account, world.now() + HOUR);
    expect(world.sent.at(-1)?.mail.text).not.toContain('/r/');
    expect((await receipts(account.id))[0]?.outcome).toBe('ACCEPTED');
  });

  it('R27: a double click in parallel: one renewal, one receipt, one audit event', async () => {
    const { account, link } = await mailed();
    const both = await Promise.all([0, 1, 2, 3].map(() => renewByLink(world.deps, world.command(), link)));
    expect(both.map((each) => each.outcome).sort()).toEqual([
      'ALREADY_RENEWED',
      'ALREADY_RENEWED',
      'ALREADY_RENEWED',
      'RENEWED',
    ]);
    expect(new Set(both.map((each) => `${each.cycle} ${each.expiresOn}`))).toEqual(new Set(['2 2028-06-01']));
    expect(await receipts(account.id)).toHaveLength(1);
    expect(await world.audit(account.id, 'account.renewed')).toHaveLength(1);
  });

  it('R7: at E itself and later: counted from the day of arrival', async () => {
    const { link } = await mailed();
    world.setNow(E);
    expect(await renewByLink(world.deps, world.command(), link)).toMatchObject({ expiresOn: '2028-06-02' });
  });

  it('R7: it arrived before E and is committed after the lapse was recorded: the lapse is cancelled, with an event', async () => {
    const { account, link } = await mailed();
    world.setNow(E + 1_000);
    await recordLapse(world.deps, account, world.now());
    expect((await readAccount(world.deps, world.hq, account.id)).lapseCause).toBe('NO_RESPONSE');
    const command = world.command(world.hq, { receivedAt: E - 1 });
    expect(await renewByLink(world.deps, command, link)).toMatchObject({ expiresOn: '2028-06-01' });
    expect(await world.audit(account.id, 'lapse.cancelled')).toMatchObject([
      { before: { lapsedAt: E, cause: 'NO_RESPONSE' } },
    ]);
    expect(
      await world.sql('SELECT FROM renewal_cycle WHERE account_id = $1 AND lapse_recorded_at IS NOT NULL', [
        account.id,
      ]),
    ).toEqual([]);
  });

  it('R7: renewal and lapse at once: whichever comes first, the account is renewed and no lapse stands against it', async () => {
    const { account, link } = await mailed();
    world.setNow(E + 5);
    await Promise.all([
      renewByLink(world.deps, world.command(world.hq, { receivedAt: E - 5 }), link),
      recordLapse(world.deps, account, E + 5),
      recordLapse(world.deps, account, E + 5),
    ]);
    expect(await readAccount(world.deps, world.hq, account.id)).toMatchObject({ status: 'ACTIVE', cycle: 2 });
    expect(
      await world.sql('SELECT FROM renewal_cycle WHERE account_id = $1 AND lapse_recorded_at IS NOT NULL', [
        account.id,
      ]),
    ).toEqual([]);
  });

  it('R7: a renewal at or after E keeps the recorded lapse of the closed cycle (figures)', async () => {
    const { account, link } = await mailed();
    world.setNow(E + 1_000);
    await recordLapse(world.deps, account, world.now());
    await renewByLink(world.deps, world.command(), link);
    expect(
      await world.sql('SELECT lapse_cause FROM renewal_cycle WHERE account_id = $1 AND number = 1', [
        account.id,
      ]),
    ).toEqual([{ lapse_cause: 'NO_RESPONSE' }]);
    expect(await world.audit(account.id, 'lapse.cancelled')).toEqual([]);
  });

  it('R27: afterwards the same link says it is done; once the next window is open it is old and renews nothing', async () => {
    const { account, link, token } = await mailed();
    await renewByLink(world.deps, world.command(), link);
    expect((await world.opened(token)).state).toBe('DONE');
    world.setNow('2028-03-03 00:00');
    expect((await world.opened(token)).state).toBe('OLD');
    expect(await renewByLink(world.deps, world.command(), link)).toMatchObject({
      outcome: 'OTHER_CYCLE',
      cycle: 2,
    });
    expect((await readAccount(world.deps, world.hq, account.id)).cycle).toBe(2);
  });

  it('R19: a link mailed to an address that was replaced is dead', async () => {
    const { account, link, token } = await mailed();
    await changeAccount(world.deps, world.command(), account.id, account.version, {
      mailAddress: 'n@example.jp',
    });
    expect((await world.opened(token)).state).toBe('OLD');
    expect((await renewByLink(world.deps, world.command(), link)).outcome).toBe('OTHER_CYCLE');
    expect((await readAccount(world.deps, world.hq, account.id)).status).toBe('RENEWAL_PENDING');
  });

  it('R8 R15: however late, also after the stop day; never for a withdrawn account', async () => {
    const { account, link } = await mailed();
    await world.walk(account, '2028-01-15 12:00');
    expect((await world.look(account)).phase).toBe('STOPPED');
    expect(await renewByLink(world.deps, world.command(), link)).toMatchObject({ expiresOn: '2029-01-15' });
    const other = await mailed();
    await withdrawAccount(world.deps, world.command(), other.account.id, { reason: '転出' });
    expect((await renewByLink(world.deps, world.command(), other.link)).outcome).toBe('WITHDRAWN');
    expect((await world.opened(other.token)).state).toBe('WITHDRAWN');
  });

  it('R25: an unknown token tells nothing; another tenant’s transaction finds no such mail', async () => {
    const { link } = await mailed();
    expect(await findLink(world.deps, 'x'.repeat(24))).toBeNull();
    expect(await refusalOf(renewByLink(world.deps, world.command(world.otherHq), link))).toBe('not-found');
  });

  it('R9 R38: what was due and unsent at the renewal is entered as not sent; what waits is skipped', async () => {
    const { account, link } = await mailed();
    world.answer(BUSY);
    await world.walk(account, '2027-04-02 10:00');
    world.setNow('2027-05-18 15:00');
    await renewByLink(world.deps, world.command(), link);
    expect((await world.told(account.id)).slice(0, 4)).toEqual([
      `${FIRST} CONFIRMED`,
      'auto:1:2027-04-02 SKIPPED RENEWED',
      'auto:1:2027-05-02 SKIPPED RENEWED',
      'auto:1:2027-05-18 SKIPPED RENEWED',
    ]);
  });
});

describe('by staff', () => {
  it('R18: a counter renewal extends D and proves nothing about mail', async () => {
    const { account } = await mailed();
    const done = await renewByStaff(world.deps, world.command(), account.id, staff());
    expect(done).toMatchObject({ outcome: 'RENEWED', expiresOn: '2028-06-01' });
    expect(await readAccount(world.deps, world.hq, account.id)).toMatchObject({
      addressState: 'UNVERIFIED',
      lastProvenAt: null,
      mailUnconfirmed: false,
    });
  });

  it('R18: with the address in doubt it is 更新済み・メール未確認, until a mailed link or a reply is used', async () => {
    world.setNow('2026-06-01 12:00');
    const account = await world.register();
    world.answer(REFUSED);
    world.setNow('2027-03-03 10:00');
    await world.walk(account, '2027-03-03 12:00');
    world.answer(ACCEPTED);
    await renewByStaff(world.deps, world.command(), account.id, staff({ channel: 'fax' }));
    const view = await readAccount(world.deps, world.hq, account.id);
    expect(view).toMatchObject({ addressState: 'SUSPECT', mailUnconfirmed: true });
    world.setNow('2028-03-03 00:00');
    await world.walk(account, '2028-03-03 12:00');
    await renewByLink(world.deps, world.command(), await world.linkOf(account.id, 'auto:2:2028-03-03'));
    expect(await readAccount(world.deps, world.hq, account.id)).toMatchObject({
      addressState: 'OK',
      mailUnconfirmed: false,
    });
  });

  it('R18: a mail reply is a proof', async () => {
    const { account } = await mailed();
    await renewByStaff(world.deps, world.command(), account.id, staff({ channel: 'mailReply' }));
    expect(await readAccount(world.deps, world.hq, account.id)).toMatchObject({
      addressState: 'OK',
      lastProvenAt: world.now(),
    });
  });

  it('R8: too early is refused; early needs the cycle, gives the later of D and day + validity, and is done once', async () => {
    world.setNow('2026-06-01 12:00');
    const account = await world.register();
    const ask = (more: Partial<StaffRenewal>) =>
      renewByStaff(world.deps, world.command(), account.id, staff(more));
    expect(await refusalOf(ask({}))).toBe('renewal-too-early');
    expect(await refusalOf(ask({ early: true }))).toBe('validation');
    expect(await refusalOf(ask({ early: true, cycle: 1 }))).toBe('renewal-nothing-gained');
    world.setNow('2026-07-01 12:00');
    const both = await Promise.all([ask({ early: true, cycle: 1 }), ask({ early: true, cycle: 1 })]);
    expect(both.map((each) => each.outcome).sort()).toEqual(['ALREADY_RENEWED', 'RENEWED']);
    expect(await readAccount(world.deps, world.hq, account.id)).toMatchObject({
      cycle: 2,
      expiresOn: '2027-07-01',
    });
    expect((await ask({ cycle: 5 })).outcome).toBe('OTHER_CYCLE');
  });

  it('a withdrawn account is refused, and so is another tenant’s', async () => {
    const { account } = await mailed();
    expect(await refusalOf(renewByStaff(world.deps, world.command(world.otherHq), account.id, staff()))).toBe(
      'not-found',
    );
    await withdrawAccount(world.deps, world.command(), account.id, { reason: '死亡' });
    expect(await refusalOf(renewByStaff(world.deps, world.command(), account.id, staff()))).toBe(
      'account-withdrawn',
    );
  });
});

describe('by a signal', () => {
  it('renews the cycle it finds, once per request id; before the window it leaves an event and changes nothing', async () => {
    const { account } = await mailed();
    const once = {
      idempotency: { key: `signal:${account.id}`, requestHash: Buffer.from('r') },
      actor: 'signal' as const,
    };
    const results = [];
    for (let i = 0; i < 2; i += 1)
      results.push(await renewBySignal(world.deps, world.command(world.hq, once), account.id));
    expect(results.map((each) => each?.outcome)).toEqual(['RENEWED', 'RENEWED']);
    expect(await readAccount(world.deps, world.hq, account.id)).toMatchObject({
      cycle: 2,
      addressState: 'UNVERIFIED',
    });
    const again = await renewBySignal(world.deps, world.command(), account.id);
    expect(again).toMatchObject({ outcome: 'TOO_EARLY', cycle: 2 });
    expect(await world.audit(account.id, 'renewal.refused')).toHaveLength(1);
  });

  it('writes no row into the outbox, and an unknown account is nothing', async () => {
    const { account } = await mailed();
    await world.sql('DELETE FROM signal_outbox');
    await renewBySignal(world.deps, world.command(), account.id);
    expect(await world.sql('SELECT id FROM signal_outbox')).toEqual([]);
    expect(await renewBySignal(world.deps, world.command(world.otherHq), account.id)).toBeNull();
  });
});

describe('under a policy that changes', () => {
  it('R7: the validity is that of the policy in force at the arrival, and the new cycle keeps that version', async () => {
    const first = await mailed(world.otherHq);
    const second = await mailed(world.otherHq);
    const arrival = world.now();
    const { version } = await readPolicy(world.deps, world.otherHq);
    world.setNow(arrival + MINUTE);
    await putPolicy(world.deps, world.command(world.otherHq), version, {
      policy: { validity: 'P2Y' },
      reason: 'test',
    });
    world.setNow(arrival + 2 * MINUTE);
    const before = world.command(world.otherHq, { receivedAt: arrival });
    expect(await renewByLink(world.deps, before, first.link)).toMatchObject({ expiresOn: '2028-06-01' });
    const after = world.command(world.otherHq);
    expect(await renewByLink(world.deps, after, second.link)).toMatchObject({ expiresOn: '2029-06-01' });
    expect(
      await world.sql(
        'SELECT policy_version FROM renewal_cycle WHERE number = 2 AND account_id = ANY ($1) ORDER BY 1',
        [[first.account.id, second.account.id]],
      ),
    ).toEqual([{ policy_version: version }, { policy_version: version + 1 }]);
  });
});

describe('in exact time', () => {
  it('R12: E′ = max(E, r) + validity, and the mails of the next cycle start in its window', async () => {
    world.setNow('2026-06-01 12:00');
    const account = await world.register(world.minutesHq);
    const e = account.expiresAt;
    await world.walk(account, e - 300_000);
    const key = `auto:1:${new Date(e - 300_000).toISOString()}`;
    const link = await world.linkOf(account.id, key);
    world.setNow(e - 250_000);
    expect(await renewByLink(world.deps, world.command(world.minutesHq), link)).toMatchObject({
      expiresAt: e + 600_000,
      windowOpensAt: e + 300_000,
    });
    await world.walk(account, e + 299_999);
    expect(await world.told(account.id)).toEqual([`${key} CONFIRMED`, 'receipt:1 ACCEPTED']);
    await world.walk(account, e + 300_000);
    expect((await lookAt(world.deps, account, world.now()))?.phase).toBe('REMINDING');
    expect((await world.ledger(account.id)).at(-1)).toMatchObject({ cycle: 2, outcome: 'ACCEPTED' });
  });
});

it('R6: a day in the life of the figures: nothing is sent for a year after a renewal', async () => {
  const { account, link } = await mailed();
  await renewByLink(world.deps, world.command(), link);
  await world.walk(account, world.now() + HOUR);
  const before = world.sent.length;
  await world.walk(account, jst('2028-03-03 00:00') - DAY);
  expect(world.sent).toHaveLength(before);
});

describe('代理更新 beforehand', () => {
  it('R8 R18: tells what a renewal would do now, for every standing, and that is what it does', async () => {
    const { deps, hq } = world;
    world.setNow('2026-06-01 12:00');
    const account = await world.register(hq, { expiresOn: '2027-03-31' });
    const preview = () => previewStaffRenewal(deps, hq, account.id);
    const renew = (more: object) =>
      renewByStaff(deps, world.command(), account.id, { channel: 'fax', note: 'FAX', ...more });
    const early = await preview();
    expect(early).toMatchObject({ what: 'RENEW_EARLY', cycle: 1, present: { expiresOn: '2027-03-31' } });
    expect(early.next).toEqual({ expiresOn: '2027-06-01', expiresAt: jst('2027-06-02 00:00') });
    // Named and not early: refused, also where an earlier cycle has been renewed.
    expect(await refusalOf(renew({ cycle: 1 }))).toBe('renewal-too-early');
    expect(await renew({ cycle: 1, early: true })).toMatchObject(early.next ?? {});
    expect(await preview()).toMatchObject({ what: 'NOTHING_GAINED', cycle: 2, next: null });
    expect(await refusalOf(renew({ cycle: 2 }))).toBe('renewal-too-early');
    world.setNow('2027-05-01 12:00');
    expect(await preview()).toMatchObject({ what: 'RENEW', next: { expiresOn: '2028-06-01' } });
    world.setNow('2027-07-10 12:00');
    const late = await preview();
    expect(late).toMatchObject({ what: 'RENEW', next: { expiresOn: '2028-07-10' }, mailInDoubt: false });
    expect(await renew({ cycle: 2 })).toMatchObject({ outcome: 'RENEWED', ...late.next });
    await withdrawAccount(deps, world.command(), account.id, { reason: '転出' });
    expect(await preview()).toMatchObject({ what: 'WITHDRAWN', next: null });
    expect(await refusalOf(previewStaffRenewal(deps, world.otherHq, account.id))).toBe('not-found');
  });

  it('R32: it must say what it rests on, in a bounded way', async () => {
    const account = await world.register();
    const renew = (more: object) =>
      renewByStaff(world.deps, world.command(), account.id, { channel: 'fax', note: 'FAX', ...more });
    for (const more of [{ note: ' ' }, { note: 'x'.repeat(1_001) }, { evidence: 'x\u0000' }])
      expect(await refusalOf(renew(more))).toBe('validation');
  });
});
