/** The watch of a worker process on a real database: what it tells, a database that goes away, and its end (R24). */
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../store/database.js';
import { createLogger } from '../../platform/log.js';
import { keepMassFailureWatch } from '../../worker/mass-failure-watch.js';
import { until } from '../local/folder.js';
import { REFUSED, createWorld } from '../usecases/world.js';
import type { World } from '../usecases/world.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

it('R24: opens a pause with an ERROR without an address, shows it, heals after the database was away, and ends', async () => {
  world.setNow('2026-06-01 12:00');
  world.answer(REFUSED);
  const people = [];
  for (let n = 0; n < 20; n += 1) people.push(await world.register());
  for (const person of people) {
    world.setNow('2027-03-03 10:00');
    await world.walk(person, world.now());
  }
  let away = true;
  const database: Database = {
    ...world.deps.database,
    withoutTenant: (work) =>
      away ? Promise.reject(new Error('connection terminated')) : world.deps.database.withoutTenant(work),
  };
  const lines: string[] = [];
  const told = (event: string) =>
    lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line['event'] === event);
  const registry = new Registry();
  const stop = new AbortController();
  const ended = keepMassFailureWatch(
    { ...world.deps, database },
    {
      registry,
      log: createLogger('worker', 'info', { write: (line) => void lines.push(line) }),
      stop: stop.signal,
    },
  );
  await until('its trouble is told', () => told('mass-failure-watch-failed').length === 1);
  away = false;
  await until('the pause is told', () => told('mail-paused').length === 1);
  expect(told('mail-paused')).toMatchObject([
    { level: 'error', mailDomain: 'example.jp', people: 20, failed: 20 },
  ]);
  expect(told('failures-excused')).toMatchObject([{ count: 20 }]);
  expect(lines.join('')).not.toContain('@');
  expect(await registry.metrics()).toMatch(/^net119_mail_pauses 1$/m);

  await world.sql(`UPDATE mail_stop SET ended_at = to_timestamp($1 / 1000.0), ended_by = 'operator'`, [
    world.now(),
  ]);
  await until('its end is told', () => told('mail-pause-ended').length === 1);
  expect(told('mail-pause-ended')).toMatchObject([{ endedBy: 'operator' }]);
  expect(await registry.metrics()).toMatch(/^net119_mail_pauses 0$/m);
  stop.abort();
  await ended;
});
