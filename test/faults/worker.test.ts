/** The worker is killed, frozen and stopped while mails are on their way (R20, R21, R23). */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { until } from '../local/folder.js';
import { isOver, lifeBreaches, mailBreaches, mailsTo } from './ledger.js';
import type { Hq, Life } from './people.js';
import { makeHq, registerAll } from './people.js';
import { CUT, holdAt } from './sink.js';
import type { Stack } from './stack.js';
import { onStack } from './stack.js';

const SHORT_LIFE = {
  validity: 'PT40S',
  remindBefore: 'PT30S',
  reminders: { every: 'PT10S' },
  autoStopAfter: 'PT92S',
  retryAfterFailure: 'PT5S',
  longUnusedAfter: 'PT600S',
};
const SHORT_SLOTS = [-30, -20, -10, 0, 10, 20, 30, 40, 50, 60].map((seconds) => seconds * 1_000);

/** One reminder, and nothing else for ten minutes: whatever becomes of it is this mail's own story. */
const ONE_REMINDER = {
  validity: 'PT1200S',
  remindBefore: 'PT600S',
  reminders: { offsets: ['-PT600S'] },
  autoStopAfter: 'PT900S',
  retryAfterFailure: 'PT600S',
  longUnusedAfter: 'PT6000S',
};

/** A claimed row is nobody else's for two minutes. */
const LEASE_IS_OVER_WITHIN = 175_000;

test.concurrent(
  'R20 R21: kill −9 of the worker again and again with 40 lives under way: nothing lost, nothing twice, lapses on time',
  { timeout: 330_000 },
  () =>
    onStack(async (stack) => {
      const hqs = [await makeHq(stack, 'byou', SHORT_LIFE), await makeHq(stack, 'betsu', SHORT_LIFE)];
      // Replies that take their time, so that a kill finds sends under way.
      stack.sink.answer = async ({ stage }) => {
        if (stage === 'END' || stage === 'RCPT') await sleep(60);
        return null;
      };
      const from = Date.now() + 6_000;
      const lives = await registerAll(stack, hqs, 40, (n) => from + 30_000 + n * 250);
      const [afterBody, afterClaim] = lives as [Life, Life];
      const held = holdAt(stack.sink, [
        { to: afterBody.to, stage: 'END' },
        { to: afterClaim.to, stage: 'RCPT' },
      ]);
      await held.all;
      await stack.worker.kill();
      held.letGo();
      for (const wait of [1_700, 3_100, 700]) {
        await stack.worker.start();
        await sleep(wait);
        await stack.worker.kill();
      }
      await stack.worker.start();
      await until('every life is over', () => isOver(stack, lives), LEASE_IS_OVER_WITHIN);
      expect(await mailBreaches(stack, hqs)).toEqual([]);
      expect(await lifeBreaches(stack, lives, SHORT_SLOTS)).toEqual([]);
      expect(stack.sink.to(afterBody.to).length).toBeGreaterThan(1);
      for (const { to } of lives) expect(stack.sink.to(to), to).not.toEqual([]);
    }),
);

test.concurrent(
  'R21 R23: a worker frozen past its lease wakes up: no mail of its is completed, late replies are recorded',
  { timeout: 330_000 },
  () =>
    onStack(async (stack) => {
      const hqs = [await makeHq(stack, 'mihon', ONE_REMINDER), await makeHq(stack, 'betsu', ONE_REMINDER)];
      const opens = Date.now() + 3_000;
      const lives = await registerAll(stack, hqs, 4, () => opens + 600_000);
      const [atRcpt, atData, atEnd, undisturbed] = lives as [Life, Life, Life, Life];
      const held = holdAt(stack.sink, [
        { to: atRcpt.to, stage: 'RCPT' },
        { to: atData.to, stage: 'DATA' },
        { to: atEnd.to, stage: 'END' },
      ]);
      await held.all;
      await until(
        'the ordinary mail',
        async () => (await mailsTo(stack, undisturbed))[0]?.outcome === 'ACCEPTED',
      );
      stack.worker.signal('SIGSTOP');
      // The second worker's own talks are not held.
      held.letGo();
      await stack.secondWorker.start();

      const three = [atRcpt, atData, atEnd];
      await until(
        'the second worker has sent all three',
        async () => {
          const rows = await Promise.all(three.map((life) => mailsTo(stack, life)));
          return rows.every(([mail]) => mail?.outcome === 'ACCEPTED');
        },
        LEASE_IS_OVER_WITHIN,
      );
      stack.worker.signal('SIGCONT');
      await until('the late reply is recorded beside the second', async () => {
        const [mail] = await mailsTo(stack, atEnd);
        return mail?.attempts.filter(({ verdict }) => verdict === 'ACCEPTED').length === 2;
      });
      // Its other two attempts end as well before they are counted.
      await stack.worker.stop();
      expect(lives.map(({ to }) => stack.sink.to(to).length)).toEqual([1, 1, 2, 1]);
      expect(await mailBreaches(stack, hqs)).toEqual([]);
    }),
);

test.concurrent(
  'a worker told to stop ends its send, records the reply, and leaves with 0',
  { timeout: 330_000 },
  () =>
    onStack(async (stack) => {
      const hqs = [await makeHq(stack, 'mihon', ONE_REMINDER), await makeHq(stack, 'betsu', ONE_REMINDER)];
      const lives = await registerAll(stack, hqs, 2, () => Date.now() + 602_000);
      const held = holdAt(
        stack.sink,
        lives.map(({ to }) => ({ to, stage: 'END' })),
      );
      await held.all;
      const ended = stack.worker.stop();
      await sleep(1_000);
      expect(stack.worker.isRunning()).toBe(true);
      held.letGo();
      expect(await ended).toBe(0);
      const mails = await Promise.all(lives.map((life) => mailsTo(stack, life)));
      expect(mails.flat().map(({ outcome, attempts }) => [outcome, attempts.length])).toEqual([
        ['ACCEPTED', 1],
        ['ACCEPTED', 1],
      ]);
      await stack.worker.start();
      await Promise.all([cutAfterTheDot(stack, hqs), answeredLate(stack, hqs)]);
      expect(await mailBreaches(stack, hqs)).toEqual([]);
    }),
);

/** R21: the server has the mail and the line is cut before its answer: the same mail goes again a minute later. */
async function cutAfterTheDot(stack: Stack, hqs: readonly Hq[]): Promise<void> {
  const [cut] = (await registerAll(stack, hqs, 1, () => Date.now() + 605_000)) as [Life];
  const before = stack.sink.answer;
  let wasCut = false;
  stack.sink.answer = (moment) => {
    if (moment.stage !== 'END' || moment.to !== cut.to || wasCut) return before(moment);
    wasCut = true;
    return CUT;
  };
  await until('it went again', async () => (await mailsTo(stack, cut))[0]?.outcome === 'ACCEPTED', 120_000);
  const copies = stack.sink.to(cut.to);
  expect(copies).toHaveLength(2);
  expect(new Set(copies.map(({ messageId, link }) => `${messageId} ${link}`)).size).toBe(1);
  expect((await mailsTo(stack, cut))[0]?.attempts.map(({ verdict }) => verdict)).toEqual([
    'CONNECTION_LOST',
    'ACCEPTED',
  ]);
}

/** R21, R23: the server has the mail and answers 90 s later: that answer counts, and the mail is not repeated. */
async function answeredLate(stack: Stack, hqs: readonly Hq[]): Promise<void> {
  const [late] = (await registerAll(stack, hqs, 1, () => Date.now() + 605_000)) as [Life];
  const held = holdAt(stack.sink, [{ to: late.to, stage: 'END' }]);
  await held.all;
  await sleep(90_000);
  held.letGo();
  // It was given up after 60 s, and would be repeated a minute later: until then, and some.
  await sleep(40_000);
  expect(stack.sink.to(late.to)).toHaveLength(1);
  const [mail] = await mailsTo(stack, late);
  expect(mail?.outcome).toBe('ACCEPTED');
  expect(mail?.attempts.map(({ verdict }) => verdict)).toEqual(['TIMED_OUT', 'ACCEPTED']);
}
