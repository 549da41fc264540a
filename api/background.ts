/**
 * Long work that people set off on the staff site and that goes on when their page is closed: bulk sends and the like. The
 * work itself is rows of the database; every API process lets each job have turns, and a job sees to it that two processes
 * do not do the same. A process that is killed is made up for by the next turn of any other.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../domain/calendar.js';
import type { Logger } from '../platform/log.js';
import type { Deps } from '../usecases/context.js';

export interface BackgroundJob {
  /** For the log. */
  name: string;
  /** One turn, of seconds at most. False: there is nothing to do now. What it throws is told, and it is tried again. */
  runOnce(deps: Deps): Promise<boolean>;
}

export interface Background {
  /** Ends after the turns that are under way. */
  stop(): Promise<void>;
}

export interface BackgroundOptions {
  deps: Deps;
  log: Logger;
  jobs: readonly BackgroundJob[];
  /** True while people wait for answers of this process: then a turn is followed by a rest. */
  isBusy: () => boolean;
}

/** How long somebody who has just pressed the button waits for the first turn. */
const LOOK_EVERY = SECOND;
const REST_IN_A_RUSH = 200;
const BACK_OFF = { first: 250, most: 10 * SECOND };

/** Returns at once; the database need not be there. A job that is slow or fails holds up no other. */
export function startBackground({ deps, log, jobs, isBusy }: BackgroundOptions): Background {
  const stopping = new AbortController();
  const rest = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {});

  async function keepRunning(job: BackgroundJob): Promise<void> {
    let pause = 0;
    while (!stopping.signal.aborted) {
      try {
        const more = await job.runOnce(deps);
        pause = 0;
        if (!more) await rest(LOOK_EVERY);
        else if (isBusy()) await rest(REST_IN_A_RUSH);
      } catch (error) {
        if (pause === 0) log.warn({ event: 'background-job-failed', job: job.name, err: error });
        pause = Math.min(BACK_OFF.most, Math.max(BACK_OFF.first, pause * 2));
        await rest(pause);
      }
    }
  }

  const running = jobs.map(keepRunning);
  return {
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
