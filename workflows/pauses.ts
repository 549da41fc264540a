/** A task that comes back due without progress must not spin the loop: it waits, each time longer, until something moves. */

const LONGEST_PAUSE = 5 * 60_000;

export interface Pauses {
  /** `task` was tried and is still due. */
  after(task: string): void;
  /** Something moved. */
  clear(): void;
  /** The later of `at` and the end of the task's pause. Epoch ms. */
  notBefore(task: string, at: number): number;
}

export function createPauses(): Pauses {
  let paused = '';
  let times = 0;
  let until = 0;
  return {
    after(task) {
      times = task === paused ? times + 1 : 1;
      paused = task;
      until = Date.now() + Math.min(LONGEST_PAUSE, 1_000 * 2 ** Math.min(times, 20));
    },
    clear() {
      paused = '';
      times = 0;
    },
    notBefore: (task, at) => (task === paused ? Math.max(at, until) : at),
  };
}
