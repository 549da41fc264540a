/** When something breaks: what is answered, and what is in the log. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../store/database.js';
import { openDatabase } from '../../store/database.js';
import { seed } from './samples.js';
import type { World } from './world.js';
import { PERSON, createWorld, nextNumber } from './world.js';

let world: World;
let working: Database;
beforeAll(async () => {
  world = await createWorld();
  working = world.deps.database;
});
afterAll(async () => {
  world.deps.database = working;
  await world.close();
});

async function withDatabase(database: Database, work: () => Promise<void>): Promise<void> {
  world.deps.database = database;
  try {
    await work();
  } finally {
    world.deps.database = working;
  }
}

test('the database is away: 503 with Retry-After, and afterwards all goes on', async () => {
  const away = openDatabase('postgres://nobody@127.0.0.1:1/nothing');
  await withDatabase(away, async () => {
    const answer = await world.call('post', '/v1/accounts', {
      body: { ...PERSON, registrationNumber: nextNumber() },
    });
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.body).toMatchObject({ type: '/problems/unavailable' });
  });
  await away.close();
  expect(world.logLines.filter((line) => line.event === 'database-unavailable')).toHaveLength(1);
  expect((await world.call('get', '/v1/accounts')).status).toBe(200);
});

test('a defect: 500 without any detail, and one ERROR with ids only', async () => {
  const secret = 'taro@example.jp';
  const defective: Database = {
    ...working,
    inTenant: () => Promise.reject(new Error(`duplicate key (${secret})`)),
  };
  await withDatabase(defective, async () => {
    const answer = await world.call('get', '/v1/accounts');
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('duplicate');
    const line = world.logLines.find((each) => each.event === 'request-failed');
    expect(line).toMatchObject({
      level: 'error',
      requestId: answer.headers['x-request-id'],
      route: '/v1/accounts',
    });
    expect(JSON.stringify(line)).not.toContain(secret);
  });
});

describe('the log', () => {
  test('has one line a request, with the pattern and ids, and never a person', async () => {
    const ids = await seed(world, world.hq);
    await world.call('post', '/v1/accounts/search', { body: { q: 'taro@example.jp' } });
    await world.call('post', '/v1/accounts', {
      body: `{"name":"${PERSON.name}`,
      headers: { 'Content-Type': 'application/json' },
    });
    await world.call('get', `/v1/accounts/${ids.accountId}?name=${encodeURIComponent(PERSON.name)}`);
    await world.call('get', `/v1/nothing/${encodeURIComponent(PERSON.name)}`);
    await world.call('get', '/readyz', { token: null });
    expect((await world.call('get', '/r/secret-of-a-link', { token: null })).status).toBe(200);
    expect((await world.call('get', '/r/secret-of-a-link/more', { token: null })).status).toBe(404);
    const read = world.logLines.find((line) => line.route === '/v1/accounts/{accountId}');
    expect(read).toMatchObject({
      event: 'request',
      method: 'GET',
      status: 400,
      fireHqId: world.hq.id,
      ms: 0,
    });
    expect(read?.tokenId).toMatch(/^[0-9a-f-]{36}$/);
    expect(world.logLines.some((line) => line.route === 'unmatched')).toBe(true);
    expect(world.logLines.some((line) => line.route === '/r/:token')).toBe(true);
    const everything = JSON.stringify(world.logLines);
    for (const forbidden of [
      '@',
      PERSON.name,
      encodeURIComponent(PERSON.name),
      ids.accountId,
      'n119_',
      'secret-of-a-link',
    ]) {
      expect(everything).not.toContain(forbidden);
    }
  });
});

describe('health', () => {
  test('alive whatever happens, ready while the database answers; no other method', async () => {
    const away: Database = { ...working, ping: () => Promise.reject(new Error('away')) };
    expect((await world.call('get', '/livez', { token: null })).text).toBe('ok\n');
    expect((await world.call('get', '/readyz', { token: null })).status).toBe(200);
    await withDatabase(away, async () => {
      expect((await world.call('get', '/livez', { token: null })).status).toBe(200);
      expect((await world.call('get', '/readyz', { token: null })).status).toBe(503);
    });
    expect((await world.call('post', '/livez', { token: null })).status).toBe(405);
  });
});
