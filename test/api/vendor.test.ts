/** The vendor's consoles ask for a person of any headquarters, and may do nothing else. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { World } from './world.js';
import { PERSON, createWorld } from './world.js';

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
