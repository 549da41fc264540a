/** When something of ours is broken: the person reads calm Japanese, the log tells us, and afterwards all goes on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../store/database.js';
import { openDatabase } from '../../store/database.js';
import type { World } from './world.js';
import { ADDRESS, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test('the database is away: 503 with Retry-After, a calm page, and the same link works afterwards', async () => {
  const person = await world.personWithLink();
  const away = openDatabase('postgres://nobody@127.0.0.1:1/nothing');
  await world.withDatabase(away, async () => {
    for (const page of [
      await world.pages.get(person.link),
      await world.pages.post(person.link, { choice: 'same' }),
      await world.pages.get(`${person.link}/changes?ruby=1`),
    ]) {
      expect(page.status).toBe(503);
      expect(page.headers.get('retry-after')).toBe('30');
      expect(page.text).toContain('今、手続きができません');
      expect(page.text).toContain('しばらくしてから、同じメールの青い文字をもう一度押してください。');
      expect(page.text).toContain('この手続きと119番の通報は、別のしくみです。');
    }
    // What cannot be a link of ours is told so even now.
    expect((await world.pages.get('/r/torn')).status).toBe(404);
  });
  await away.close();
  const lines = world.logLines.filter(({ event }) => event === 'database-unavailable');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatchObject({ level: 'warn', method: 'GET' });
  expect((await world.pages.post(person.link, { choice: 'same' })).location).toBe(`${person.link}/renewed`);
});

test('a defect of ours: the same calm page, and one ERROR without the link or an address', async () => {
  const person = await world.personWithLink();
  const defective: Database = {
    ...world.deps.database,
    inTenant: () => Promise.reject(new Error(`duplicate key (${ADDRESS})`)),
  };
  await world.withDatabase(defective, async () => {
    const page = await world.pages.get(person.link);
    expect(page.status).toBe(500);
    expect(page.text).toContain('今、手続きができません');
    const line = world.logLines.find(({ event }) => event === 'request-failed');
    expect(line).toMatchObject({ level: 'error', requestId: page.headers.get('x-request-id') });
    expect(JSON.stringify(line)).not.toContain('@');
    expect(JSON.stringify(line)).not.toContain(person.link.slice(3));
  });
});
