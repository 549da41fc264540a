/** R19 through the API: a pending address is shown, switched to, taken back, and asked once more. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY, MINUTE } from '../../domain/calendar.js';
import { seed } from './samples.js';
import type { Ids } from './samples.js';
import type { World } from './world.js';
import { PERSON, createWorld, nextNumber } from './world.js';

const NOON = Date.parse('2026-06-01T03:00:00Z');
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** With new@example.jp pending; another headquarters has the same. */
async function seeded(): Promise<Ids & { account: string; pending: string }> {
  world.setNow(NOON);
  await seed(world, world.otherHq);
  const ids = await seed(world, world.hq);
  const account = `/v1/accounts/${ids.accountId}`;
  return { ...ids, account, pending: `${account}/pending-addresses/${ids.addressId}` };
}
/** The check mails that were queued so far have gone. */
const sent = (accountId: string) =>
  world.deps.database.inTenant(world.hq.id, (tx) =>
    tx.query("UPDATE reminder SET outcome = 'ACCEPTED', accepted_at = created_at WHERE account_id = $1", [
      accountId,
    ]),
  );

describe('a pending address', () => {
  test('is shown masked, with its 14 days and what became of its check mail; then no more', async () => {
    const { account, addressId } = await seeded();
    const { body } = await world.call('get', account);
    expect(body).toMatchObject({
      mailAddress: PERSON.mailAddress,
      pendingAddress: {
        id: addressId,
        maskedAddress: 'n○○○@e○○○.jp',
        since: '2026-06-01T03:00:00.000Z',
        until: '2026-06-15T03:00:00.000Z',
        checkMail: { outcome: 'QUEUED' },
      },
    });
    const { checkMail } = (body as { pendingAddress: { checkMail: { reminderId: string } } }).pendingAddress;
    expect((await world.call('get', `${account}/reminders/${checkMail.reminderId}`)).body).toMatchObject({
      purpose: 'CHECK',
      kind: null,
      maskedAddress: 'n○○○@e○○○.jp',
    });
    world.setNow(NOON + 14 * DAY);
    expect((await world.call('get', account)).body).toMatchObject({ pendingAddress: null });
  });

  test('the request on the page that told it says what became of it', async () => {
    const { pending, requestId } = await seeded();
    const fate = async () => {
      const { body } = await world.call('get', '/v1/requests');
      return (body as { items: { id: string; newAddress: unknown }[] }).items.find(
        ({ id }) => id === requestId,
      )?.newAddress;
    };
    expect(await fate()).toEqual({ state: 'PENDING', until: '2026-06-15T03:00:00.000Z' });
    await world.call('delete', pending);
    expect(await fate()).toEqual({ state: 'REPLACED', until: null });
  });

  test('switched to with a reason, once per Idempotency-Key and once altogether; a stale version is refused', async () => {
    const { account, pending } = await seeded();
    const { headers } = await world.call('get', account);
    expect((await world.call('post', `${pending}/switch`, { body: {} })).status).toBe(422);
    const body = { reason: '窓口で本人に確かめた' };
    const once = { body, headers: { 'Idempotency-Key': 'switch-1' } };
    const [first, second] = [
      await world.call('post', `${pending}/switch`, once),
      await world.call('post', `${pending}/switch`, once),
    ];
    expect(first.body).toMatchObject({ mailAddress: 'new@example.jp', pendingAddress: null });
    expect(second.body).toEqual(first.body);
    expect(first.headers.etag).not.toBe(headers.etag);
    const stale = await world.call('patch', account, {
      body: { mailAddress: PERSON.mailAddress },
      headers: { 'If-Match': headers.etag ?? '' },
    });
    expect(stale.status).toBe(412);
    expect((await world.call('delete', pending)).body).toMatchObject({
      type: '/problems/pending-address-ended',
    });
    const { body: trail } = await world.call(
      'get',
      `/v1/audit-events?accountId=${account.split('/').at(-1)}`,
    );
    expect((trail as { items: { action: string }[] }).items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['address.pending', 'address.changed']),
    );
  });

  test('taken back, it cannot be switched to: 409; the present address given again takes it back as well', async () => {
    const { account, pending } = await seeded();
    expect((await world.call('delete', pending)).body).toMatchObject({ pendingAddress: null });
    expect((await world.call('delete', pending)).status).toBe(200);
    const refused = await world.call('post', `${pending}/switch`, { body: { reason: 'x' } });
    expect(refused).toMatchObject({ status: 409, body: { type: '/problems/pending-address-ended' } });
    const patch = async (mailAddress: string) => {
      const { etag = '' } = (await world.call('get', account)).headers;
      const headers = { 'If-Match': etag };
      return (await world.call('patch', account, { body: { mailAddress }, headers })).body as object;
    };
    expect(await patch('two@example.jp')).toMatchObject({ pendingAddress: { since: expect.any(String) } });
    expect(await patch(PERSON.mailAddress)).toMatchObject({ pendingAddress: null });
  });
});

describe('check mails by hand', () => {
  test('202 and where to look; one waits, ten minutes apart, and no reminder is hindered by it', async () => {
    const { account, accountId } = await seeded();
    const path = `${account}/check-mails`;
    expect((await world.call('post', path)).body).toMatchObject({
      type: '/problems/check-mail-already-waiting',
    });
    await sent(accountId);
    expect(await world.call('post', path)).toMatchObject({
      status: 409,
      body: { type: '/problems/check-mail-too-soon', nextAllowedAt: '2026-06-01T03:10:00.000Z' },
    });
    world.setNow(NOON + 10 * MINUTE);
    const answer = await world.call('post', path, { headers: { 'Idempotency-Key': 'check-1' } });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ purpose: 'CHECK', kind: null, maskedAddress: 'n○○○@e○○○.jp' });
    expect((await world.call('get', answer.headers.location ?? '')).body).toEqual(answer.body);
    const repeat = await world.call('post', path, { headers: { 'Idempotency-Key': 'check-1' } });
    expect(repeat.body).toEqual(answer.body);
    expect((await world.call('post', `${account}/reminders`, { body: { confirm: true } })).status).toBe(202);
  });

  test('without a pending address it goes to the present one; none for an account that is withdrawn', async () => {
    const { account, accountId, pending } = await seeded();
    await world.call('delete', pending);
    await sent(accountId);
    world.setNow(NOON + DAY);
    expect((await world.call('post', `${account}/check-mails`)).body).toMatchObject({
      maskedAddress: 'ta○○○@e○○○.jp',
    });
    await world.call('post', `${account}/withdrawal`, { body: { reason: '転出' } });
    expect((await world.call('post', `${account}/check-mails`)).body).toMatchObject({
      type: '/problems/account-withdrawn',
    });
  });

  test('a new account is asked unless it is taken over from an older system', async () => {
    world.setNow(NOON);
    const mailsOf = async (more: object) => {
      const { body } = await world.call('post', '/v1/accounts', {
        body: { ...PERSON, registrationNumber: nextNumber(), ...more },
      });
      const list = await world.call('get', `/v1/accounts/${(body as { id: string }).id}/reminders`);
      return (list.body as { items: { purpose: string }[] }).items.map(({ purpose }) => purpose);
    };
    expect(await mailsOf({})).toEqual(['CHECK']);
    expect(await mailsOf({ checkMail: false })).toEqual([]);
  });
});
