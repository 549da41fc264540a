/** How fast people's answers are taken in, and how soon Temporal has followed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { outboxHealth } from '../../store/outbox.js';
import { becomesQuiet, cpuSeconds } from './cpu.js';
import type { Figure } from './figure.js';
import { atLeast, beside, milliseconds, perSecond, ratio } from './figure.js';
import { asleepSince, signalLives, startLives } from './lives.js';
import { call, drive } from './load.js';
import { percentile } from './numbers.js';
import { addFirstMails, addPeople, datesIn, makeHq } from './people.js';
import type { Stack } from './stack.js';
import { withStack } from './stack.js';

const ANSWERED = 1_500;
/** Answered one by one before, on an idle stack. */
const ALONE = 30;
const ALONE_EVERY_MS = 400;
/** Histories read afterwards. */
const SAMPLED = 300;
/** The first slot is ten days past, the next twenty days ahead. */
const DAYS_LEFT = 80;

interface Answer {
  accountId: string;
  token: string;
}

export function measureRenewals(): Promise<Figure[]> {
  return withStack(['temporal', 'sink', 'api', 'worker'], async (stack) => {
    const { client, pid } = stack;
    const parts = ['postgres', 'temporal', 'sink', 'api', 'worker'] as const;
    const rest = () => becomesQuiet(parts.map(pid));
    const answers = await peopleInTheirWindow(stack);
    await rest();

    const signals = await signalLives(
      client,
      answers.map(({ accountId }) => accountId),
    );
    await rest();

    const [alone, together] = [answers.slice(0, ALONE), answers.slice(ALONE)];
    const answeredAt = new Map<string, number>();
    const answer = async (one: Answer) => {
      answeredAt.set(one.accountId, Date.now());
      await renew(stack, one);
    };
    for (const one of alone) {
      await answer(one);
      await sleep(ALONE_EVERY_MS);
    }
    await rest();

    const cpuBefore = parts.map((part) => cpuSeconds(pid(part)));
    const began = performance.now();
    const renewals = await drive(together, answer);
    const drained = await outboxEmpty(stack);
    const drain = together.length / ((drained - began) / 1_000);
    await rest();
    const cpu = parts.map(
      (part, i) => (1_000 * (cpuSeconds(pid(part)) - (cpuBefore[i] ?? 0))) / together.length,
    );

    const asleepAfter = async (sample: readonly Answer[]) => {
      const waits: number[] = [];
      await drive(sample, async ({ accountId }) => {
        waits.push((await asleepSince(client, accountId)) - (answeredAt.get(accountId) ?? NaN));
      });
      return waits;
    };
    const idle = await asleepAfter(alone);
    const busy = await asleepAfter(together.filter((_, i) => i % Math.ceil(together.length / SAMPLED) === 0));
    return [
      atLeast('renewals ÷ bare signals', renewals / signals, 1, ratio),
      atLeast('outbox drain ÷ bare signals', drain / signals, 0.5, ratio),
      beside('renewals until the 303', renewals, perSecond),
      beside('outbox rows delivered', drain, perSecond),
      beside('bare signals', signals, perSecond),
      beside('POST → next cycle asleep, idle, p50', percentile(idle, 50), milliseconds),
      beside('POST → next cycle asleep, idle, p99', percentile(idle, 99), milliseconds),
      beside('POST → next cycle asleep, under load, p50', percentile(busy, 50), milliseconds),
      beside('POST → next cycle asleep, under load, p99', percentile(busy, 99), milliseconds),
      ...parts.map((part, i) => beside(`CPU of ${part} a renewal`, cpu[i] ?? NaN, milliseconds)),
    ];
  });
}

async function peopleInTheirWindow(stack: Stack): Promise<Answer[]> {
  const hq = await makeHq(stack, 'bench', {});
  const dates = datesIn(DAYS_LEFT);
  const ids = await addPeople(stack, hq, { count: ANSWERED + ALONE, dates });
  const mails = await addFirstMails(stack, hq, dates);
  await startLives(stack.client, hq, ids);
  return mails;
}

async function renew({ settings }: Stack, { token }: Answer): Promise<void> {
  const { status, location } = await call('POST', `${settings.apiUrl}/r/${token}`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'choice=same',
  });
  if (status !== 303 || !location?.endsWith('/renewed')) throw new Error(`a renewal was answered ${status}`);
}

async function outboxEmpty({ deps }: Stack): Promise<number> {
  for (;;) {
    const { waiting, parked } = await deps.database.withoutTenant(outboxHealth);
    if (parked > 0) throw new Error('the relay has set rows aside');
    if (waiting === 0) return performance.now();
    await sleep(20);
  }
}
