/** The hourly look as an operator sees it: in the log and in the metrics, by ids alone. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFleetActivities } from '../../activities/fleet.js';
import { createLogger } from '../../platform/log.js';
import type { World } from '../usecases/world.js';
import { createWorld } from '../usecases/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test('R38: holes in the ledger are an ERROR with the first of them, and counted at each look', async () => {
  const people = [await world.register(), await world.register(world.otherHq)];
  for (let i = 0; i < 24; i += 1) people.push(await world.register(world.otherHq));
  for (const person of people) {
    world.setNow('2026-06-01 12:00');
    await world.walk(person, '2027-04-10 12:00');
  }
  const registry = new Registry();
  const lines: Record<string, unknown>[] = [];
  const log = createLogger('worker', 'info', {
    write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const activities = createFleetActivities(world.deps, () => Promise.resolve(null), { log, registry });
  const look = () => new MockActivityEnvironment().run(activities.reconcile);

  expect(await look()).toMatchObject({ headquarters: 3, accounts: 26, holes: 0 });
  expect(lines.map(({ event }) => event)).toEqual(['reconciled']);
  expect(await registry.metrics()).toContain('net119_ledger_holes_total 0');

  await world.sql(`DELETE FROM reminder_attempt`);
  await world.sql(`DELETE FROM reminder WHERE slot = '2027-03-03'`);
  expect(await look()).toMatchObject({ holes: 26 });
  const told = lines.at(-1) as { first: { accountId: string; key: string }[] };
  expect(told).toMatchObject({ level: 'error', event: 'ledger-holes', holes: 26 });
  expect(told.first).toHaveLength(20);
  expect(told.first.every(({ key }) => key === 'auto:1:2027-03-03')).toBe(true);
  expect(JSON.stringify(lines)).not.toMatch(/example\.jp|例示/);
  await look();
  expect(await registry.metrics()).toContain('net119_ledger_holes_total 52');
});
