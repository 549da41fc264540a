/** An account through the API: register, read, list, search, change, renew, withdraw, hold, tell. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCOPES } from '../../domain/scopes.js';
import { insertPause } from '../../store/mail-pauses.js';
import { revokeToken } from '../../usecases/headquarters.js';
import { seed } from './samples.js';
import type { Call, World } from './world.js';
import { PERSON, createWorld, nextNumber } from './world.js';

interface Account {
  id: string;
  registrationNumber: string;
  status: string;
  cycle: number;
  version: number;
}

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function register(more: object = {}, call: Call = {}): Promise<Account> {
  const answer = await world.call('post', '/v1/accounts', {
    ...call,
    body: { ...PERSON, registrationNumber: nextNumber(), ...more },
  });
  expect(answer.body).toMatchObject({ id: expect.any(String) });
  return answer.body as Account;
}

describe('registering', () => {
  test('R1, R2: the answer says what was made, where it is, and its version', async () => {
    const answer = await world.call('post', '/v1/accounts', {
      body: {
        ...PERSON,
        registrationNumber: nextNumber(),
        expiresOn: '2027-03-31',
        mobileNumber: '090-0000-0000',
        fax: null,
        emergencyContacts: [{ name: '例示 花子', relation: '妻', phone: '090-0000-0000' }],
      },
    });
    expect(answer.status).toBe(201);
    const account = answer.body as Account;
    expect(answer.headers.location).toBe(`/v1/accounts/${account.id}`);
    expect(answer.headers.etag).toBe('"1"');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(account).toMatchObject({
      status: 'ACTIVE',
      expiresOn: '2027-03-31',
      expiresAt: '2027-03-31T15:00:00.000Z',
      windowOpensAt: '2026-12-30T15:00:00.000Z',
      fax: null,
      autoMail: 'RUNNING',
      hold: null,
      withdrawal: null,
      createdAt: '2026-06-01T03:00:00.000Z',
    });
    const read = await world.call('get', answer.headers.location as string);
    expect(read.body).toEqual(account);
    expect(read.headers.etag).toBe('"1"');
  });

  test('a version is no cache key: If-None-Match is not answered with 304', async () => {
    const { id } = await register();
    const read = await world.call('get', `/v1/accounts/${id}`, { headers: { 'If-None-Match': '"1"' } });
    expect(read.status).toBe(200);
  });

  test('R12: instants are taken with an offset and given in UTC', async () => {
    const body = { ...PERSON, registrationNumber: nextNumber(), expiresAt: '2026-06-01T12:10:00.250+09:00' };
    const answer = await world.call('post', '/v1/accounts', { token: world.minutesHq.token, body });
    expect(answer.body).toMatchObject({ expiresOn: null, expiresAt: '2026-06-01T03:10:00.250Z' });
  });

  test('a taken number: 409, in another headquarters it is free', async () => {
    const { registrationNumber } = await register();
    const body = { ...PERSON, registrationNumber };
    const again = await world.call('post', '/v1/accounts', { body });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ type: '/problems/registration-number-taken' });
    expect((await world.call('post', '/v1/accounts', { body, token: world.otherHq.token })).status).toBe(201);
  });
});

describe('lists and searches', () => {
  test('pages of the other headquarters hold nothing of ours; filters and cursors work', async () => {
    const token = await world.tokenWith(world.otherHq, ['accounts:read', 'accounts:write']);
    for (const expiresOn of ['2026-05-01', '2026-06-10', '2027-05-01'])
      await register({ expiresOn }, { token });
    const seen: Account[] = [];
    let cursor: string | null = null;
    do {
      const path: string = `/v1/accounts?limit=1${cursor === null ? '' : `&cursor=${cursor}`}`;
      const page = (await world.call('get', path, { token })).body as {
        items: Account[];
        nextCursor: string | null;
      };
      seen.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(new Set(seen.map((account) => account.id)).size).toBe(seen.length);
    const ours = (await world.call('get', '/v1/accounts?limit=200')).body as { items: Account[] };
    expect(ours.items.filter((account) => seen.some((other) => other.id === account.id))).toEqual([]);
    const lapsed = (await world.call('get', '/v1/accounts?status=LAPSED&lapseCause=UNKNOWN', { token }))
      .body as {
      items: Account[];
    };
    expect(lapsed.items.every((account) => account.status === 'LAPSED')).toBe(true);
    const number = seen[0]?.registrationNumber as string;
    const one = (await world.call('get', `/v1/accounts?registrationNumber=${number}`, { token })).body as {
      items: Account[];
    };
    expect(one.items.map((account) => account.registrationNumber)).toEqual([number]);
  });

  test('a search by the beginning of kana, or by the whole address', async () => {
    const { id } = await register({ kana: 'みつかる ひと', mailAddress: 'mitsukaru@example.jp' });
    for (const q of ['みつか', 'mitsukaru@example.jp']) {
      const found = await world.call('post', '/v1/accounts/search', { body: { q, limit: 10 } });
      expect((found.body as { items: Account[] }).items.map((account) => account.id)).toEqual([id]);
    }
    const part = await world.call('post', '/v1/accounts/search', { body: { q: 'mitsukaru@' } });
    expect((part.body as { items: Account[] }).items).toEqual([]);
  });
});

describe('changing', () => {
  test('a merge patch with the ETag: null clears, what is left out stays, the version moves on', async () => {
    const { id } = await register({
      fax: '03-0000-0000',
      emergencyContacts: [{ name: '例示 花子', relation: '妻' }],
    });
    const first = await world.call('patch', `/v1/accounts/${id}`, {
      body: JSON.stringify({ fax: null, emergencyContacts: null, municipality: '見本市' }),
      headers: { 'If-Match': '"1"', 'Content-Type': 'application/merge-patch+json' },
    });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      fax: null,
      emergencyContacts: [],
      municipality: '見本市',
      name: PERSON.name,
    });
    expect(first.headers.etag).toBe('"2"');
    const late = await world.call('patch', `/v1/accounts/${id}`, {
      body: { name: '例示 次郎' },
      headers: { 'If-Match': '"1"' },
    });
    expect(late.status).toBe(412);
    expect(late.body).toMatchObject({ type: '/problems/version-conflict', currentVersion: 2 });
  });
});

describe('renewing by staff', () => {
  test('R8: 201 with the new cycle; the second click 200 with the present state', async () => {
    const { id } = await register({ expiresOn: '2026-06-30' });
    const body = { channel: 'fax', note: 'FAXで答えた', cycle: 1 };
    const first = await world.call('post', `/v1/accounts/${id}/renewals`, { body });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ outcome: 'RENEWED', cycle: 2, expiresOn: '2027-06-30' });
    const second = await world.call('post', `/v1/accounts/${id}/renewals`, { body });
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject({ outcome: 'ALREADY_RENEWED', cycle: 2, expiresOn: '2027-06-30' });
  });

  test('R8: before the window 409 that tells when it opens; early must name the cycle', async () => {
    const { id } = await register({ expiresOn: '2027-03-31' });
    const renew = (body: object) =>
      world.call('post', `/v1/accounts/${id}/renewals`, {
        body: { channel: 'counter', note: '窓口', ...body },
      });
    const early = await renew({});
    expect(early.status).toBe(409);
    expect(early.body).toMatchObject({
      type: '/problems/renewal-too-early',
      windowOpensAt: '2026-12-30T15:00:00.000Z',
    });
    expect((await renew({ early: true })).status).toBe(422);
    expect((await renew({ early: true, cycle: 1 })).body).toMatchObject({
      outcome: 'RENEWED',
      expiresOn: '2027-06-01',
    });
  });
});

describe('the ledger', () => {
  test('R22: a resend is queued, can be read where the answer says, and refuses a second one', async () => {
    const { id } = await register({ expiresOn: '2026-06-30' });
    const queued = await world.call('post', `/v1/accounts/${id}/reminders`);
    expect(queued.status).toBe(202);
    expect(queued.body).toMatchObject({ kind: 'MANUAL', outcome: 'QUEUED', purpose: 'REMINDER' });
    expect((await world.call('get', queued.headers.location as string)).body).toEqual(queued.body);
    const again = await world.call('post', `/v1/accounts/${id}/reminders`, { body: { confirm: true } });
    expect(again.body).toMatchObject({ type: '/problems/resend-already-waiting', status: 409 });
    const page = (await world.call('get', `/v1/accounts/${id}/reminders`)).body as {
      items: { purpose: string }[];
    };
    expect(page.items.filter(({ purpose }) => purpose !== 'CHECK')).toEqual([queued.body]);
    expect(JSON.stringify(page)).not.toContain(PERSON.mailAddress);
  });

  test('R22: not before the window', async () => {
    const { id } = await register({ expiresOn: '2027-03-31' });
    const refused = await world.call('post', `/v1/accounts/${id}/reminders`);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      type: '/problems/resend-not-in-this-status',
      accountStatus: 'ACTIVE',
      windowOpensAt: '2026-12-30T15:00:00.000Z',
    });
  });
});

test('R15: withdrawal and undo, and what each refuses', async () => {
  const { id } = await register();
  const path = `/v1/accounts/${id}/withdrawal`;
  expect((await world.call('delete', path)).body).toMatchObject({
    type: '/problems/account-not-withdrawn',
    status: 409,
  });
  const gone = await world.call('post', path, { body: { reason: '転居' } });
  expect(gone.body).toMatchObject({
    status: 'WITHDRAWN',
    withdrawal: { reason: '転居', undoableUntil: '2026-07-01T03:00:00.000Z' },
  });
  const renewal = await world.call('post', `/v1/accounts/${id}/renewals`, {
    body: { channel: 'fax', note: 'FAX' },
  });
  expect(renewal.body).toMatchObject({ type: '/problems/account-withdrawn', status: 409 });
  expect((await world.call('delete', path)).body).toMatchObject({ status: 'ACTIVE', withdrawal: null });
});

test('R36: hold and release', async () => {
  const { id } = await register();
  const held = await world.call('put', `/v1/accounts/${id}/hold`, {
    body: { until: '2026-09-01T00:00:00+09:00', reason: '入院中' },
  });
  expect(held.body).toMatchObject({
    autoMail: 'HELD',
    hold: { until: '2026-08-31T15:00:00.000Z', reason: '入院中' },
  });
  expect((await world.call('delete', `/v1/accounts/${id}/hold`)).body).toMatchObject({
    autoMail: 'RUNNING',
    hold: null,
  });
});

test('R17: capabilities by id and by number are the same', async () => {
  const { id, registrationNumber } = await register({ expiresOn: '2026-05-01' });
  const byId = await world.call('get', `/v1/accounts/${id}/capabilities`);
  expect(byId.body).toMatchObject({
    emergencyReport: { level: 'ok' },
    callback: { level: 'ok' },
    lastProvenAt: null,
  });
  expect((await world.call('get', `/v1/capabilities?registrationNumber=${registrationNumber}`)).body).toEqual(
    byId.body,
  );
  expect((await world.call('get', '/v1/capabilities?registrationNumber=nobody')).status).toBe(404);
});

test('R32, R33: activities and contacts', async () => {
  const { id } = await register();
  const told = await world.call('post', `/v1/accounts/${id}/activities`, {
    body: { kind: 'EMERGENCY', at: '2026-05-31T23:00:00+09:00' },
  });
  expect(told.status).toBe(204);
  expect((await world.call('get', `/v1/accounts/${id}`)).body).toMatchObject({
    lastActivityAt: '2026-05-31T14:00:00.000Z',
  });
  const contact = await world.call('post', `/v1/accounts/${id}/contacts`, {
    body: { kind: 'POST_RETURNED', note: '宛所不明' },
  });
  expect(contact.status).toBe(201);
  expect((await world.call('get', `/v1/accounts/${id}/contacts`)).body).toEqual({
    items: [contact.body],
    nextCursor: null,
  });
});

test('R28: a request is listed and closed once', async () => {
  const { requestId } = await seed(world, world.hq);
  const open = (await world.call('get', '/v1/requests?state=OPEN')).body as { items: { id: string }[] };
  expect(open.items.map((item) => item.id)).toContain(requestId);
  const close = () =>
    world.call('patch', `/v1/requests/${requestId}`, { body: { state: 'DONE', staffNote: '直した' } });
  expect((await close()).body).toMatchObject({
    state: 'DONE',
    staffNote: '直した',
    closedAt: '2026-06-01T03:00:00.000Z',
  });
  expect((await close()).body).toMatchObject({ type: '/problems/request-already-closed', status: 409 });
});

test('R36: mail stops are listed and ended', async () => {
  const made = await world.call('post', '/v1/mail-stops', {
    body: { reason: '障害', until: '2026-06-02T00:00:00Z' },
  });
  expect(made.body).toMatchObject({ scope: 'FIRE_HQ', mailDomain: null, endedAt: null });
  const { id } = made.body as { id: string };
  const ended = await world.call('delete', `/v1/mail-stops/${id}`);
  expect(ended.body).toMatchObject({ id, endedAt: '2026-06-01T03:00:00.000Z' });
  const list = (await world.call('get', '/v1/mail-stops')).body as { items: { id: string }[] };
  expect(list.items.map((item) => item.id)).toContain(id);
  const others = (await world.call('get', '/v1/mail-stops', { token: world.otherHq.token })).body as {
    items: unknown[];
  };
  expect(others.items).toEqual([]);
});

test('R24: a pause is in the list of every headquarters, and one ends it for itself alone', async () => {
  const id = randomUUID();
  await world.deps.database.withoutTenant((tx) =>
    insertPause(tx, {
      id,
      scope: 'docomo.ne.jp',
      reason: 'たくさん届かなかった',
      failuresSince: Date.parse('2026-06-01T02:55:00Z'),
      nextTrialAt: Date.parse('2026-06-01T03:05:00Z'),
      createdAt: Date.parse('2026-06-01T02:56:00Z'),
    }),
  );
  const mine = () => world.call('get', '/v1/mail-stops');
  const theirs = () => world.call('get', '/v1/mail-stops', { token: world.otherHq.token });
  const pause = { id, cause: 'MASS_FAILURE', scope: 'ALL', mailDomain: 'docomo.ne.jp', createdBy: 'system' };
  for (const list of [await mine(), await theirs()])
    expect(list.body).toMatchObject({ items: expect.arrayContaining([expect.objectContaining(pause)]) });
  const { id: accountId } = await register({ expiresOn: '2026-06-30', mailAddress: 'taro@docomo.ne.jp' });
  const reasons = async () =>
    new Set(
      (
        (await world.call('get', `/v1/accounts/${accountId}/schedule`)).body as {
          steps: { reason: string | null }[];
        }
      ).steps.map(({ reason }) => reason),
    );
  expect(await reasons()).toContain('MAIL_PAUSED');
  const ended = { ...pause, endedAt: '2026-06-01T03:00:00.000Z' };
  for (let n = 0; n < 2; n += 1)
    expect((await world.call('delete', `/v1/mail-stops/${id}`)).body).toMatchObject(ended);
  expect((await mine()).body).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining(ended)]),
  });
  expect((await theirs()).body).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ ...pause, endedAt: null })]),
  });
  expect(await reasons()).not.toContain('MAIL_PAUSED');
});

test('R34: the audit trail tells who did it, with instants as ISO', async () => {
  const { id } = await register({ expiresOn: '2026-06-30' });
  await world.call('put', `/v1/accounts/${id}/hold`, {
    body: { until: '2026-09-01T00:00:00Z', reason: '入院中' },
  });
  const page = (await world.call('get', `/v1/audit-events?accountId=${id}`)).body as {
    items: { action: string; actor: string; after: Record<string, unknown> }[];
  };
  expect(page.items.map((event) => event.action)).toEqual(['account.held', 'account.registered']);
  expect(page.items[0]?.actor).toMatch(/^token:[0-9a-f-]{36}$/);
  expect(page.items[0]?.after).toEqual({ until: '2026-09-01T00:00:00.000Z', reason: '入院中' });
});

test('a revoked token ends at once', async () => {
  const token = await world.tokenWith(world.hq, SCOPES);
  const first = await world.call('get', '/v1/audit-events?limit=1', { token });
  expect(first.status).toBe(200);
  const tokenId = world.logLines.at(-1)?.tokenId as string;
  const command = { fireHqId: world.hq.id, actor: 'operator' as const, receivedAt: world.deps.clock.now() };
  await revokeToken(world.deps, command, tokenId);
  expect((await world.call('get', '/v1/audit-events?limit=1', { token })).status).toBe(401);
});
