/** PostgreSQL is stopped under load and comes back: nobody needs to start anything again. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../local/folder.js';
import { startServer } from '../support/postgres.js';
import { cyclesOf, isOver, lifeBreaches, mailBreaches, outboxOf } from './ledger.js';
import type { Hq, Life } from './people.js';
import { call, makeHq, registerAll, renew } from './people.js';
import type { Stack } from './stack.js';
import { onStack } from './stack.js';

const POLICY = {
  validity: 'PT300S',
  remindBefore: 'PT30S',
  reminders: { every: 'PT3S' },
  autoStopAfter: 'PT40S',
  retryAfterFailure: 'PT5S',
  longUnusedAfter: 'PT600S',
};
const SLOTS = Array.from({ length: 14 }, (_, n) => -30_000 + n * 3_000);

/** Requests of every kind, one after the other, until told to end; every answer's status. */
function load(stack: Stack, hq: Hq, life: Life): { end(): Promise<Set<number>> } {
  let ended = false;
  const statuses = new Set<number>();
  const lane = async () => {
    while (!ended) {
      for (const [method, path, body] of [
        ['GET', '/accounts', undefined],
        ['POST', '/accounts/search', { q: 'ともしび' }],
        ['POST', `/accounts/${life.id}/activities`, { kind: 'PRACTICE', at: new Date().toISOString() }],
      ] as const) {
        statuses.add((await call(stack, hq, method, path, body)).status);
      }
    }
  };
  const lanes = [lane(), lane(), lane()];
  return {
    async end() {
      ended = true;
      await Promise.all(lanes);
      return statuses;
    },
  };
}

/** Connections that hear of new signals at once; seen by the superuser. */
async function listeners(postgresUrl: string): Promise<number> {
  const client = new pg.Client(postgresUrl);
  await client.connect();
  try {
    const { rowCount } = await client.query(
      `SELECT FROM pg_stat_activity WHERE query LIKE 'LISTEN%signal_outbox%'`,
    );
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}

test(
  'PostgreSQL stopped under load and started again: 503 and a friendly page, then everything goes on by itself',
  { timeout: 300_000 },
  async () => {
    const postgres = await startServer();
    onTestFinished(() => postgres.stop());
    await onStack(async (stack) => {
      const { apiUrl } = stack.settings;
      const hqs = [await makeHq(stack, 'byou', POLICY), await makeHq(stack, 'betsu', POLICY)];
      const [hq] = hqs as [Hq];
      const opens = Date.now() + 4_000;
      const lives = await registerAll(stack, hqs, 12, (n) => opens + 30_000 + n * 200);
      const [renewed, ...rest] = lives as [Life, ...Life[]];
      await until('the first mails', () => lives.every(({ to }) => stack.sink.to(to).length > 0));
      const link = stack.sink.to(renewed.to)[0]?.link ?? 'no mail';

      const requests = load(stack, hq, renewed);
      await sleep(500);
      await postgres.halt();
      const rest503 = await call(stack, hq, 'GET', '/accounts');
      expect(rest503.status).toBe(503);
      expect(rest503.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(rest503.headers.get('content-type')).toContain('application/problem+json');
      for (const page of [await fetch(link), await renew(link)]) {
        expect(page.status).toBe(503);
        expect(page.headers.get('retry-after')).toMatch(/^\d+$/);
        expect(await page.text()).toContain('119番の通報は');
      }
      expect((await fetch(`${apiUrl}/readyz`)).status).toBe(503);
      expect((await fetch(`${apiUrl}/livez`)).status).toBe(200);
      await sleep(6_000);
      await postgres.resume();

      await until('ready again', async () => (await fetch(`${apiUrl}/readyz`)).status === 200);
      for (const status of await requests.end()) expect([200, 204, 503]).toContain(status);
      expect([stack.api.isRunning(), stack.worker.isRunning()]).toEqual([true, true]);
      await until('signals are heard at once again', async () => (await listeners(postgres.url)) === 1);
      expect((await renew(link)).status).toBe(303);
      await until('the receipt', () => stack.sink.to(renewed.to).some((mail) => mail.link === null));
      await until('the outbox is empty', async () => (await outboxOf(stack)) === 0);
      await until('every other life is over', () => isOver(stack, rest), 230_000);
      expect(await mailBreaches(stack, hqs)).toEqual([]);
      expect(await lifeBreaches(stack, rest, SLOTS)).toEqual([]);
      const cycles = (await cyclesOf(stack, hq)).filter(({ accountId }) => accountId === renewed.id);
      expect(cycles).toHaveLength(2);
    }, postgres.url);
  },
);
