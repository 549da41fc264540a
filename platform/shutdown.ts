/** An orderly end: what takes work stops first, what the work needs last. */
import type { Logger } from './log.js';

export interface StopStep {
  name: string;
  stop: () => Promise<unknown>;
}

/**
 * On SIGTERM or SIGINT runs the steps one after the other and ends the process: 0, or 1 when a step failed or all of
 * them took over `deadlineMs`. Further signals change nothing: Ctrl-C reaches a whole group of processes, and their
 * starter then sends its own.
 */
export function stopOnSignal(log: Logger, deadlineMs: number, steps: readonly StopStep[]): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    log.info({ event: 'stopping', signal });
    setTimeout(() => {
      log.warn({ event: 'stop-took-too-long', deadlineMs });
      process.exit(1);
    }, deadlineMs).unref();
    void runSteps(log, steps).then((failed) => {
      log.info({ event: 'stopped' });
      process.exit(failed ? 1 : 0);
    });
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** A step that fails is told and does not keep the next ones from running. */
async function runSteps(log: Logger, steps: readonly StopStep[]): Promise<boolean> {
  let failed = false;
  for (const { name, stop } of steps) {
    try {
      await stop();
    } catch (error) {
      failed = true;
      log.warn({ event: 'stop-step-failed', step: name, err: error });
    }
  }
  return failed;
}
