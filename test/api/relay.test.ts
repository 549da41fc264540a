/** The relay against a real outbox and a Temporal client that answers as told. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Relay } from '../../api/relay.js';
import { startRelay } from '../../api/relay.js';
import { createLogger } from '../../platform/log.js';
import { outboxHealth } from '../../store/outbox.js';
import { registerAccount } from '../../usecases/register-account.js';
import { ACCOUNT_LIFECYCLE, accountWorkflowId } from '../../workflows/messages.js';
import { until } from '../local/folder.js';
import type { Hq, World } from './world.js';
import { PERSON, createWorld, nextNumber } from './world.js';

let world: World;
let relay: Relay;
let rush = false;
let now = 0;
/** Workflows that do not run. */
let missing: Set<string>;
let calls: string[];

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  missing = new Set();
  calls = [];
  now = world.now();
  const workflow = {
    getHandle: (id: string) => ({
      signal: (name: string) => {
        if (missing.has(id)) return Promise.reject(new WorkflowNotFoundError('gone', id, undefined));
        calls.push(`${name} ${id}`);
        return Promise.resolve();
      },
    }),
    signalWithStart: (
      type: string,
      { workflowId, args, signal }: { workflowId: string; args: unknown[]; signal: string },
    ) => Promise.resolve(calls.push(`start ${type} ${signal} ${workflowId} ${JSON.stringify(args)}`)),
  };
  const connection = { withDeadline: (_deadline: number, call: () => unknown) => call() };
  relay = startRelay({
    deps: { ...world.deps, clock: { now: () => now } },
    client: { workflow, connection } as unknown as Client,
    log: createLogger('relay', 'fatal'),
    registry: new Registry(),
    isBusy: () => rush,
  });
});
afterEach(async () => {
  rush = false;
  await relay.stop();
});

async function register(hq: Hq): Promise<string> {
  const command = { fireHqId: hq.id, actor: 'system' as const, receivedAt: now };
  const { id } = await registerAccount(world.deps, command, {
    ...PERSON,
    registrationNumber: nextNumber(),
  });
  return id;
}

const outboxIsEmpty = async () =>
  (await world.deps.database.withoutTenant((tx) => outboxHealth(tx))).waiting === 0;

test('a run that is there gets a bare signal; a lost or closed one is started with its ids, of its own tenant', async () => {
  const [there, lost] = [await register(world.hq), await register(world.otherHq)];
  await until('both are told', outboxIsEmpty);
  expect([...calls].sort()).toEqual([there, lost].map((id) => `look ${accountWorkflowId(id)}`).sort());

  missing = new Set([accountWorkflowId(lost)]);
  calls.length = 0;
  await world.call('put', `/v1/accounts/${lost}/hold`, {
    token: world.otherHq.token,
    body: { until: '2026-12-01T00:00:00+09:00', reason: '入院中' },
  });
  await until('it is told again', outboxIsEmpty);
  const state = { schemaVersion: 1, fireHqId: world.otherHq.id, accountId: lost };
  expect(calls).toEqual([
    `start ${ACCOUNT_LIFECYCLE} look ${accountWorkflowId(lost)} ${JSON.stringify([state])}`,
  ]);
});

test('in a rush people come first: signals wait five seconds, then they go all the same', async () => {
  rush = true;
  const id = await register(world.hq);
  now += 4_999;
  await sleep(500);
  expect(calls).toEqual([]);
  now += 1;
  await until('it went', outboxIsEmpty);
  expect(calls).toEqual([`look ${accountWorkflowId(id)}`]);
});

test('a rush that ends lets them go at once', async () => {
  rush = true;
  const id = await register(world.hq);
  await sleep(300);
  expect(calls).toEqual([]);
  rush = false;
  await until('it went', outboxIsEmpty);
  expect(calls).toEqual([`look ${accountWorkflowId(id)}`]);
});
