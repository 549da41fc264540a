/** The API is killed and stopped while people renew (R27, architecture §2). */
import { expect, test } from 'vitest';
import { until } from '../local/folder.js';
import { cyclesOf, mailBreaches, mailsOf, outboxOf } from './ledger.js';
import type { Life } from './people.js';
import { makeHq, registerAll, renew } from './people.js';
import type { Stack } from './stack.js';
import { onStack } from './stack.js';

/** A window of ten minutes, and a next one in as much: nothing but the renewals moves. */
const POLICY = {
  validity: 'PT1200S',
  remindBefore: 'PT600S',
  reminders: { offsets: ['-PT600S'] },
  autoStopAfter: 'PT900S',
  retryAfterFailure: 'PT600S',
  longUnusedAfter: 'PT6000S',
};

function linkTo({ sink }: Stack, { to }: Life): string {
  return sink.to(to)[0]?.link ?? 'no mail';
}

/** 303, or null when the line was cut before an answer. */
async function statusOf(answer: Promise<Response>): Promise<number | null> {
  try {
    return (await answer).status;
  } catch {
    return null;
  }
}

test(
  'R27: kill −9 of the API among double clicks: every 303 is in the database, one renewal, one receipt, the outbox drains',
  { timeout: 240_000 },
  () =>
    onStack(async (stack) => {
      const hqs = [await makeHq(stack, 'mihon', POLICY), await makeHq(stack, 'betsu', POLICY)];
      const lives = await registerAll(stack, hqs, 40, () => Date.now() + 602_000);
      await until('the mails', () => lives.every(({ to }) => stack.sink.to(to).length > 0), 60_000);

      const answered = new Set<string>();
      let open = lives;
      for (const killAfter of [1, 7, 20]) {
        let answers = 0;
        const deaths: Promise<void>[] = [];
        await Promise.all(
          open.flatMap((life) =>
            [1, 2, 3].map(async () => {
              if ((await statusOf(renew(linkTo(stack, life)))) !== 303) return;
              answered.add(life.id);
              answers += 1;
              if (answers === killAfter) deaths.push(stack.api.kill());
            }),
          ),
        );
        expect(deaths, 'the API was killed in the middle').toHaveLength(1);
        await deaths[0];
        const renewed = (await Promise.all(hqs.map((hq) => cyclesOf(stack, hq))))
          .flat()
          .filter(({ renewedAt }) => renewedAt !== null);
        const ids = renewed.map(({ accountId }) => accountId);
        expect(ids).toEqual(expect.arrayContaining([...answered]));
        await stack.api.start();
        open = lives.filter(({ id }) => !answered.has(id));
      }
      // Whoever got no answer presses again; whoever got one, too.
      const again = await Promise.all(lives.map((life) => statusOf(renew(linkTo(stack, life)))));
      expect(again).toEqual(lives.map(() => 303));

      await until('the outbox is empty', async () => (await outboxOf(stack)) === 0);
      await until(
        'every receipt is out',
        () => lives.every(({ to }) => stack.sink.to(to).length === 2),
        60_000,
      );
      const cycles = (await Promise.all(hqs.map((hq) => cyclesOf(stack, hq)))).flat();
      const mails = (await Promise.all(hqs.map((hq) => mailsOf(stack, hq)))).flat();
      for (const { id } of lives) {
        expect(cycles.filter(({ accountId }) => accountId === id).map(({ number }) => number)).toEqual([
          1, 2,
        ]);
        expect(mails.filter(({ accountId }) => accountId === id).map(({ purpose }) => purpose)).toEqual([
          'REMINDER',
          'RECEIPT',
        ]);
      }
      expect(stack.sink.journal).toHaveLength(80);
      expect(await mailBreaches(stack, hqs)).toEqual([]);

      await stopsInOrder(stack, hqs);
    }),
);

/** Told to stop, the API answers the request under way, takes no new one, and leaves with 0. */
async function stopsInOrder(stack: Stack, hqs: readonly Life['hq'][]): Promise<void> {
  const [life] = (await registerAll(stack, hqs, 1, () => Date.now() + 602_000)) as [Life];
  await until('its mail', () => stack.sink.to(life.to).length > 0);
  const [answer, ended] = await stack.deps.database.inTenant(life.hq.id, async (tx) => {
    // Whoever renews waits for this lock.
    await tx.query('SELECT FROM account WHERE fire_hq_id = current_fire_hq() AND id = $1 FOR UPDATE', [
      life.id,
    ]);
    const waiting = renew(linkTo(stack, life));
    await until('the request waits', async () => {
      const [row] = await tx.query<{ waits: boolean }>(
        'SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))) AS waits',
      );
      return row?.waits === true;
    });
    const stopped = stack.api.stop();
    await until('no new connections', () =>
      fetch(`${stack.settings.apiUrl}/livez`).then(
        () => false,
        () => true,
      ),
    );
    expect(stack.api.isRunning()).toBe(true);
    // Not awaited here: both wait for this transaction's end.
    return [() => waiting, () => stopped] as const;
  });
  expect((await answer()).status).toBe(303);
  expect(await ended()).toBe(0);
}
