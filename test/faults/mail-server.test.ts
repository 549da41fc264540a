/** The mail server is away, over slots, over E and past the stop; then it comes back (R6, R9, R16, R22). */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { until } from '../local/folder.js';
import { cyclesOf, isOver, lifeBreaches, mailBreaches, mailsTo } from './ledger.js';
import type { Life } from './people.js';
import { call, makeHq, registerAll } from './people.js';
import { onStack } from './stack.js';

/** Asks every five seconds, for twenty; over before the server comes back. */
const SHORT = {
  validity: 'PT40S',
  remindBefore: 'PT10S',
  reminders: { every: 'PT5S' },
  autoStopAfter: 'PT18S',
  retryAfterFailure: 'PT5S',
  longUnusedAfter: 'PT600S',
};
const SHORT_SLOTS = [-10_000, -5_000, 0, 5_000];

/** Several slots while the server is away, then none for ten minutes. */
const LONG = {
  validity: 'PT1200S',
  remindBefore: 'PT600S',
  reminders: { offsets: ['-PT600S', '-PT595S', '-PT590S', '-PT1S'] },
  autoStopAfter: 'PT900S',
  retryAfterFailure: 'PT600S',
  longUnusedAfter: 'PT6000S',
};

test(
  'R9 R16 R22: away over slots, E and stop: lapse on time, 未送信; afterwards the latest mail and the manual one go, each once',
  { timeout: 300_000 },
  () =>
    onStack(async (stack) => {
      const short = await makeHq(stack, 'byou', SHORT);
      const long = await makeHq(stack, 'betsu', LONG);
      await stack.sink.leave();
      const opens = Date.now() + 3_000;
      const over = await registerAll(stack, [short], 6, () => opens + 10_000);
      const waiting = await registerAll(stack, [long], 6, () => opens + 600_000);
      const [byHand] = over as [Life];
      await until('every short life is over', () => isOver(stack, over), 60_000);
      expect(await lifeBreaches(stack, over, SHORT_SLOTS)).toEqual([]);
      for (const { lapseCause } of await cyclesOf(stack, short)) expect(lapseCause).toBe('NOT_SENT');
      const resend = await call(stack, short, 'POST', `/accounts/${byHand.id}/reminders`, { when: 'now' });
      expect(resend.status).toBe(202);
      await until('the manual mail was tried', async () =>
        (await mailsTo(stack, byHand)).some(
          ({ kind, outcome }) => kind === 'MANUAL' && outcome === 'DELAYED',
        ),
      );
      expect(stack.sink.journal).toEqual([]);
      await stack.sink.comeBack();

      // The third slot took the place of the first two; it was tried, and is tried again.
      const isOut = async (life: Life) =>
        (await mailsTo(stack, life)).some(({ outcome }) => outcome === 'ACCEPTED');
      await until(
        'what may still go is out',
        async () => (await Promise.all([byHand, ...waiting].map(isOut))).every(Boolean),
        180_000,
      );
      // Nothing more may follow: a moment in which it would.
      await sleep(2_000);
      expect(stack.sink.journal.map(({ to }) => to[0]).sort()).toEqual(
        [byHand, ...waiting].map(({ to }) => to).sort(),
      );
      for (const life of waiting) {
        const slots = (await mailsTo(stack, life)).map(({ slot, outcome }) => [
          slot - life.expiresAt,
          outcome,
        ]);
        expect(slots.sort()).toEqual(
          [
            [-600_000, 'SUPERSEDED'],
            [-595_000, 'SUPERSEDED'],
            [-590_000, 'ACCEPTED'],
          ].sort(),
        );
      }
      // Now one mail of the cycle was accepted.
      await until('the cause follows', async () =>
        (await cyclesOf(stack, short)).some(
          ({ accountId, lapseCause }) => accountId === byHand.id && lapseCause === 'NO_RESPONSE',
        ),
      );
      expect(await mailBreaches(stack, [short, long])).toEqual([]);
    }),
);
