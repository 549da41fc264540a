/** Long work in the API process: turns, rests, trouble, and a stop that waits for what is under way. */
import { describe, expect, test } from 'vitest';
import { startBackground } from '../../api/background.js';
import { createLogger } from '../../platform/log.js';
import type { Deps } from '../../usecases/context.js';

const lines: string[] = [];
const options = {
  deps: {} as Deps,
  log: createLogger('api', 'info', { write: (line) => void lines.push(line) }),
  isBusy: () => false,
};

/** Resolves with the n-th call. */
function counted(n: number): { called: Promise<void>; call(): number } {
  let calls = 0;
  let tell: () => void;
  const called = new Promise<void>((resolve) => (tell = resolve));
  return {
    called,
    call() {
      calls += 1;
      if (calls === n) tell();
      return calls;
    },
  };
}

describe('the background', () => {
  test('a job has turns until there is nothing to do, and is asked again later', async () => {
    const turns = counted(4);
    const background = startBackground({
      ...options,
      jobs: [{ name: 'a', runOnce: () => Promise.resolve(turns.call() < 3) }],
    });
    await turns.called;
    await background.stop();
  });

  test('a job that fails is told once and tried again; another is not held up', async () => {
    lines.length = 0;
    const [failing, other] = [counted(3), counted(3)];
    const background = startBackground({
      ...options,
      jobs: [
        {
          name: 'failing',
          runOnce: () => {
            failing.call();
            return Promise.reject(new Error('not now'));
          },
        },
        { name: 'never-ends', runOnce: () => new Promise((resolve) => setTimeout(() => resolve(true), 50)) },
        { name: 'other', runOnce: () => Promise.resolve(other.call() < 3) },
      ],
    });
    await Promise.all([failing.called, other.called]);
    await background.stop();
    const told = lines.filter((line) => line.includes('background-job-failed'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('"job":"failing"');
  });

  test('a stop waits for the turn that is under way, and none comes after it', async () => {
    let ended = false;
    const began = counted(1);
    const turns = counted(2);
    const background = startBackground({
      ...options,
      jobs: [
        {
          name: 'slow',
          async runOnce() {
            began.call();
            turns.call();
            await new Promise((resolve) => setTimeout(resolve, 30));
            ended = true;
            return true;
          },
        },
      ],
    });
    await began.called;
    await background.stop();
    expect(ended).toBe(true);
    expect(turns.call()).toBe(2);
  });
});
