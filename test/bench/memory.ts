/** Whether the worker stays as small with ten times as many accounts asleep. */
import { setTimeout as sleep } from 'node:timers/promises';
import { becomesQuiet, residentBytes } from './cpu.js';
import type { Figure } from './figure.js';
import { atMost, beside } from './figure.js';
import { signalLives, startLives } from './lives.js';
import { median } from './numbers.js';
import { addPeople, datesIn, makeHq } from './people.js';
import type { Stack } from './stack.js';
import { withStack } from './stack.js';

const FEW = 1_000;
const MANY = 10_000;
/** Nothing is due for months. */
const DAYS_LEFT = 300;
/** At each size so many workflows are woken before the worker is looked at: caches and heaps are then as full as they get. */
const WOKEN = 3_000;
const SAMPLES = 15;

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
const share = (value: number) => `${(100 * value).toFixed(1)} %`;

export function measureMemory(): Promise<Figure[]> {
  return withStack(['temporal', 'api', 'worker'], async (stack) => {
    const hq = await makeHq(stack, 'bench', {});
    const ids = await addPeople(stack, hq, { count: MANY, dates: datesIn(DAYS_LEFT) });
    await stack.owner.query('ANALYZE');
    const few = ids.slice(0, FEW);
    await startLives(stack.client, hq, few);
    const before = await sizeAtRest(stack, few);
    await startLives(stack.client, hq, ids.slice(FEW));
    const after = await sizeAtRest(stack, ids);
    return [
      atMost('worker memory, 10⁴ against 10³ open workflows', Math.abs(after / before - 1), 0.1, share),
      beside('worker memory with 10³ open workflows', before, megabytes),
      beside('worker memory with 10⁴ open workflows', after, megabytes),
    ];
  });
}

async function sizeAtRest({ client, pid }: Stack, ids: readonly string[]): Promise<number> {
  const worker = pid('worker');
  for (let woken = 0; woken < WOKEN; woken += FEW) {
    const some = Array.from({ length: FEW }, (_, i) => ids[(woken + i) % ids.length] ?? '');
    await signalLives(client, some);
    await becomesQuiet([worker, pid('temporal')], 600_000);
  }
  const sizes: number[] = [];
  for (let i = 0; i < SAMPLES; i += 1) {
    await sleep(1_000);
    sizes.push(residentBytes(worker));
  }
  return median(sizes);
}
