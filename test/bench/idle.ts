/** What a stack costs that has nothing to do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { becomesQuiet, cpuSeconds } from './cpu.js';
import type { Figure } from './figure.js';
import { atMost, beside, percent } from './figure.js';
import { startLives } from './lives.js';
import { addPeople, datesIn, makeHq } from './people.js';
import { withStack } from './stack.js';

const ASLEEP = 1_000;
/** Nothing is due for months. */
const DAYS_LEFT = 300;
const WATCHED_MS = 60_000;

export function measureIdle(): Promise<Figure[]> {
  return withStack(['temporal', 'mail', 'api', 'worker', 'intake'], async (stack) => {
    const { pid, client } = stack;
    const hq = await makeHq(stack, 'bench', {});
    const ids = await addPeople(stack, hq, { count: ASLEEP, dates: datesIn(DAYS_LEFT) });
    await startLives(client, hq, ids);
    await becomesQuiet([pid('worker'), pid('api'), pid('temporal'), pid('postgres')]);
    const used: Record<string, () => number> = {
      api: () => cpuSeconds(pid('api')),
      worker: () => cpuSeconds(pid('worker')),
      intake: () => cpuSeconds(pid('intake')),
      'mail catcher': () => cpuSeconds(pid('mail')),
      // This process stands for the starter: it watches the same parts by the same code.
      starter: () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
      'Temporal server': () => cpuSeconds(pid('temporal')),
      PostgreSQL: () => cpuSeconds(pid('postgres')),
    };
    const before = Object.entries(used).map(([name, read]) => ({ name, read, start: read() }));
    const began = performance.now();
    await sleep(WATCHED_MS);
    const watched = (performance.now() - began) / 1_000;
    const shares = before.map(({ name, read, start }) => ({
      name,
      share: (100 * (read() - start)) / watched,
    }));
    const shareOf = (...names: string[]) =>
      shares.filter(({ name }) => names.includes(name)).reduce((sum, { share }) => sum + share, 0);
    return [
      atMost('idle, of one core', shareOf('api', 'worker', 'intake', 'mail catcher', 'starter'), 3, percent),
      ...shares.map(({ name, share }) => beside(`idle: ${name}`, share, percent)),
    ];
  });
}
