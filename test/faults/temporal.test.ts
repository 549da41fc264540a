/** Temporal is killed and comes back, with its file and without; facts are made meanwhile (architecture §2). */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { apiEnv } from '../../local/environment.js';
import { accountWorkflowId } from '../../workflows/messages.js';
import { until } from '../local/folder.js';
import { cyclesOf, isOver, lifeBreaches, mailBreaches, mailsTo, outboxOf } from './ledger.js';
import type { Life } from './people.js';
import { call, makeHq, register, registerAll, renew } from './people.js';
import type { Stack } from './stack.js';
import { onStack } from './stack.js';

/** Slots far enough apart that Temporal's absence falls between them as well as over them. */
const POLICY = {
  validity: 'PT300S',
  remindBefore: 'PT40S',
  reminders: { every: 'PT10S' },
  autoStopAfter: 'PT65S',
  retryAfterFailure: 'PT5S',
  longUnusedAfter: 'PT600S',
};
const SLOTS = [-40, -30, -20, -10, 0, 10, 20].map((seconds) => seconds * 1_000);

/** No command waits for Temporal. */
const QUICK = 5_000;

async function quickly(request: Promise<Response>): Promise<number> {
  const from = performance.now();
  const { status } = await request;
  expect(performance.now() - from).toBeLessThan(QUICK);
  return status;
}

function linkTo(stack: Stack, { to }: Life): string {
  return stack.sink.to(to).find(({ link }) => link !== null)?.link ?? 'no mail';
}

async function reconcileAll({ settings }: Stack): Promise<void> {
  await promisify(execFile)(process.execPath, ['--import', 'tsx', 'operator/main.ts', 'reconcile', '--all'], {
    env: apiEnv(settings),
  });
}

async function runs({ client }: Stack, { id }: Life): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(accountWorkflowId(id)).describe();
    return status.name === 'RUNNING';
  } catch {
    return false;
  }
}

test(
  'Temporal killed, back with its file, killed again, back without it: commands succeed, lives go on, nothing twice',
  { timeout: 330_000 },
  () =>
    onStack(async (stack) => {
      const hq = await makeHq(stack, 'byou', POLICY);
      const ordinary = await makeHq(stack, 'mihon', {});
      const sleeper = await register(stack, ordinary, { expiresOn: '2031-03-31' });
      const opens = Date.now() + 4_000;
      const lives = await registerAll(stack, [hq], 12, (n) => opens + 40_000 + n * 300);
      const [renewed, resent, ...rest] = lives as [Life, Life, ...Life[]];
      await until('the first mails', () => lives.every(({ to }) => stack.sink.to(to).length > 0));

      await stack.temporal.kill();
      const [page, again, born, list] = await Promise.all([
        quickly(renew(linkTo(stack, renewed))),
        quickly(call(stack, hq, 'POST', `/accounts/${resent.id}/reminders`, { confirm: true })),
        register(stack, hq, { expiresAt: Date.now() + 44_000 }),
        quickly(call(stack, hq, 'GET', '/accounts')),
      ]);
      expect([page, again, list]).toEqual([303, 202, 200]);
      expect(await outboxOf(stack)).toBeGreaterThan(0);
      await stack.temporal.start();
      await until('the outbox is empty', async () => (await outboxOf(stack)) === 0, 60_000);
      await until('what was asked for meanwhile', () => {
        const receipt = stack.sink.to(renewed.to).some(({ link }) => link === null);
        return receipt && stack.sink.to(born.to).length > 0;
      });
      await until('the manual mail', async () =>
        (await mailsTo(stack, resent)).some(
          ({ kind, outcome }) => kind === 'MANUAL' && outcome === 'ACCEPTED',
        ),
      );

      await stack.temporal.kill();
      await stack.forgetTemporal();
      await stack.temporal.start();
      if (!stack.worker.isRunning()) await stack.worker.start();
      await reconcileAll(stack);
      const all = [sleeper, born, ...lives];
      await until(
        'every workflow is back',
        async () => (await Promise.all(all.map((life) => runs(stack, life)))).every(Boolean),
        60_000,
      );
      await until('the hourly look is back', () =>
        stack.client.schedule
          .getHandle('reconcile-fleet')
          .describe()
          .then(
            () => true,
            () => false,
          ),
      );
      const others = [resent, born, ...rest];
      await until('every other life is over', () => isOver(stack, others), 150_000);
      expect(await mailBreaches(stack, [hq, ordinary])).toEqual([]);
      expect(await lifeBreaches(stack, [resent, ...rest], SLOTS)).toEqual([]);
      const copies = stack.sink.journal.map(({ messageId }) => messageId);
      expect(new Set(copies).size).toBe(copies.length);
      // Due after Temporal came back without its memory, and sent.
      for (const life of others) {
        const last = (await mailsTo(stack, life)).find(({ slot }) => slot === life.expiresAt + 20_000);
        expect(last?.outcome).toBe('ACCEPTED');
      }
      const cycles = await cyclesOf(stack, hq);
      expect(cycles.filter(({ accountId }) => accountId === renewed.id)).toHaveLength(2);
      expect(stack.sink.to(sleeper.to)).toEqual([]);
    }),
);
