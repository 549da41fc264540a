/** The vendor's consoles ask for a person of any headquarters, and may do nothing else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Hq, World } from './world.js';
import { PERSON, createWorld, nextNumber } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  for (const { token } of [world.hq, world.otherHq]) {
    await world.call('post', '/v1/accounts', { token, body: { ...PERSON, registrationNumber: 'V-1' } });
  }
  await world.call('post', '/v1/accounts', {
    token: world.otherHq.token,
    body: { ...PERSON, registrationNumber: 'V-2' },
  });
});
afterAll(() => world.close());

const path = (number: string, fireHq?: string) =>
  `/v1/capabilities?registrationNumber=${number}${fireHq === undefined ? '' : `&fireHq=${fireHq}`}`;

test('R17: a token of the vendor names the headquarters by its code', async () => {
  const token = world.vendorToken;
  const answer = await world.call('get', path('V-2', 'betsu'), { token });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ emergencyReport: { level: 'ok' } });
  expect((await world.call('get', path('V-2', 'mihon'), { token })).status).toBe(404);
  expect((await world.call('get', path('V-2', 'nowhere'), { token })).status).toBe(404);
  expect((await world.call('get', path('V-2'), { token })).body).toMatchObject({
    errors: [{ field: 'fireHq', code: 'required' }],
  });
});

test('a headquarters may name itself, and no other', async () => {
  expect((await world.call('get', path('V-1', 'mihon'))).status).toBe(200);
  expect((await world.call('get', path('V-2', 'betsu'))).status).toBe(404);
  expect((await world.call('get', path('V-2', 'nowhere'))).status).toBe(404);
});

describe('a caller on a trip', () => {
  const anywhere = (mobileNumber: string, token = world.vendorToken) =>
    world.call('post', '/v1/capabilities/any-hq', { token, body: { mobileNumber } });
  const asked = (hq: Hq) =>
    world.deps.database.inTenant(hq.id, (tx) =>
      tx.query<{ actor: string; accountId: string }>(
        `SELECT actor, account_id AS "accountId" FROM audit_event WHERE action = 'capabilities.asked' ORDER BY id`,
      ),
    );
  const register = async (hq: Hq, more: object) => {
    const answer = await world.call('post', '/v1/accounts', {
      token: hq.token,
      body: { ...PERSON, registrationNumber: nextNumber(), ...more },
    });
    return (answer.body as { id: string }).id;
  };

  let person: string;
  beforeAll(async () => {
    person = await register(world.otherHq, { mobileNumber: '０９０ー１１１１ー２２２２' });
  });

  test.each([
    '090-1111-2222',
    '０９０ー１１１１ー２２２２',
    '09011112222',
    '+81 90 1111 2222',
    '+81-(0)90-1111-2222',
  ])(
    'R17: %s is one person, whichever the headquarters, and each question stands in its trail',
    async (written) => {
      const before = (await asked(world.otherHq)).length;
      const answer = await anywhere(written);
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({
        fireHq: 'betsu',
        capabilities: { emergencyReport: { level: 'ok' }, callback: { level: 'ok' }, lastFailedAt: null },
      });
      const trail = await asked(world.otherHq);
      expect(trail).toHaveLength(before + 1);
      expect(trail.at(-1)).toMatchObject({ accountId: person, actor: expect.stringMatching(/^token:/) });
      expect(await asked(world.hq)).toEqual([]);
    },
  );

  test('never a part of a number, never a list', async () => {
    for (const part of [
      '090',
      '0901111222',
      '09011112222%',
      '',
      '090-1111-2222 090-1111-3333',
      '9'.repeat(900),
    ])
      expect((await anywhere(part)).status).toBe(404);
    await register(world.hq, { mobileNumber: '090-1111-2222' });
    expect((await anywhere('090-1111-2222')).status).toBe(404);
    expect(JSON.stringify(world.logLines)).not.toMatch(/1111-?2222/);
  });

  test('who moved and was withdrawn at the old place is found at the new one', async () => {
    const old = await register(world.hq, { mobileNumber: '080-3333-4444' });
    await world.call('post', `/v1/accounts/${old}/withdrawal`, { body: { reason: '転出' } });
    await register(world.otherHq, { mobileNumber: '08033334444' });
    expect((await anywhere('080-3333-4444')).body).toMatchObject({ fireHq: 'betsu' });
  });

  test('a headquarters asks by mobile number among its own people alone, and leaves no such event', async () => {
    await register(world.hq, { mobileNumber: '070-5555-6666' });
    const ask = (token: string, query = '') =>
      world.call('post', `/v1/capabilities/search${query}`, { token, body: { mobileNumber: '07055556666' } });
    expect((await ask(world.hq.token)).status).toBe(200);
    expect((await ask(world.otherHq.token)).status).toBe(404);
    expect((await anywhere('07055556666', world.hq.token)).status).toBe(403);
    expect(await asked(world.hq)).toEqual([]);
    expect((await ask(world.vendorToken, '?fireHq=mihon')).status).toBe(200);
    expect((await ask(world.vendorToken)).status).toBe(400);
    expect(await asked(world.hq)).toHaveLength(1);
  });

  test('too often: 429, which a console takes for no answer; another token is not held by it', async () => {
    const token = await world.vendorTokenWith(['capabilities:any-hq']);
    for (let i = 0; i < 60; i += 1) await anywhere('000-0000-0000', token);
    const refused = await anywhere('000-0000-0000', token);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await anywhere('000-0000-0000')).status).toBe(404);
  });

  test('numbers tried one after the other: one limit over all ways to ask, found or not (R17)', async () => {
    const token = await world.vendorTokenWith(['capabilities:any-hq']);
    const ways = [
      () => world.call('get', path('V-2', 'betsu'), { token }),
      () => world.call('get', path('V-999', 'betsu'), { token }),
      () => world.call('get', path('V-2', 'nowhere'), { token }),
      () => world.call('get', path('V-2'), { token }),
      () =>
        world.call('post', '/v1/capabilities/search?fireHq=mihon', {
          token,
          body: { mobileNumber: '000-0000-0000' },
        }),
      () => anywhere('000-0000-0000', token),
    ];
    for (let i = 0; i < 60; i += 1) expect((await ways[i % ways.length]?.())?.status).not.toBe(429);
    for (const ask of ways) {
      const refused = await ask();
      expect(refused.status).toBe(429);
      expect(refused.body).toMatchObject({ type: '/problems/too-many-requests' });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    }
    for (let i = 0; i < 70; i += 1) expect((await world.call('get', path('V-1'))).status).toBe(200);
  });
});
