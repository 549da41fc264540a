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
  return withStack(['temporal', 'mail', 'api', 'worker'], async ({ pid, client, ...stack }) => {
    const hq = await makeHq({ pid, client, ...stack }, 'bench', {});
    const ids = await addPeople({ pid, client, ...stack }, hq, { count: ASLEEP, dates: datesIn(DAYS_LEFT) });
    await startLives(client, hq, ids);
    await becomesQuiet([pid('worker'), pid('api'), pid('temporal'), pid('postgres')]);
    // This process stands for the starter: it watches the same parts by the same code.
    const processes = {
      api: pid('api'),
      worker: pid('worker'),
      'mail catcher': pid('mail'),
      starter: process.pid,
      'Temporal server': pid('temporal'),
      PostgreSQL: pid('postgres'),
    };
    const before = Object.entries(processes).map(([name, id]) => ({ name, id, used: cpuSeconds(id) }));
    const began = performance.now();
    await sleep(WATCHED_MS);
    const core = (performance.now() - began) / 1_000;
    const used = before.map(({ name, id, used }) => ({
      name,
      share: (100 * (cpuSeconds(id) - used)) / core,
    }));
    const shareOf = (...names: string[]) =>
      used.filter(({ name }) => names.includes(name)).reduce((sum, { share }) => sum + share, 0);
    return [
      atMost('idle, of one core', shareOf('api', 'worker', 'mail catcher', 'starter'), 3, percent),
      ...used.map(({ name, share }) => beside(`idle: ${name}`, share, percent)),
    ];
  });
}
