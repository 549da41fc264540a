/**
 * Carries imports out (R10) behind the requests. Runs in every API process with a staff site; a run that was cut off with
 * its process is gone on with by whichever process looks next, its own after a restart or another one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../domain/calendar.js';
import type { Logger } from '../platform/log.js';
import type { Deps } from '../usecases/context.js';
import { carryOutImports } from '../usecases/import-run.js';

/** Somebody has just pressed the button and looks at the page. */
const LOOK_EVERY = 2 * SECOND;
/** While the database is away. */
const BACK_OFF = 10 * SECOND;

export interface Importer {
  /** Ends after the piece that is under way. */
  stop(): Promise<void>;
}

/** Returns at once; the database need not be there. */
export function startImporter(deps: Deps, log: Logger): Importer {
  const stopping = new AbortController();
  const carrying = carryOutForever();

  async function carryOutForever(): Promise<void> {
    while (!stopping.signal.aborted) {
      const pause = await carryOutImports(deps, {
        stopping: () => stopping.signal.aborted,
        // Never what the row says, nor the error's words, which may quote it.
        onFailed: ({ runId, line, error }) =>
          log.error({ event: 'import-row-failed', importId: runId, line, code: codeOf(error) }),
      }).then(
        (done) => {
          if (done > 0) log.info({ event: 'import-rows-done', count: done });
          return LOOK_EVERY;
        },
        (error: unknown) => {
          log.warn({ event: 'importer-waits', err: error });
          return BACK_OFF;
        },
      );
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  return {
    async stop() {
      stopping.abort();
      await carrying;
    },
  };
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
}
