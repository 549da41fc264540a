/** Lets the watch over many failures at once (R24) pass every two seconds, and tells people what it did. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Logger } from '../platform/log.js';
import type { Deps } from '../usecases/context.js';
import type { WatchReport } from '../usecases/watch-mass-failures.js';
import { watchMassFailures } from '../usecases/watch-mass-failures.js';

const PASS_EVERY_MS = 2_000;
/** At the hour at which most mail goes a pass counts much: it rests nine times as long as it took, up to this. */
const REST_AT_MOST_MS = 30_000;

/** Ends with `stop`, after the pass that is under way. */
export async function keepMassFailureWatch(
  deps: Deps,
  { registry, log, stop }: { registry: Registry; log: Logger; stop: AbortSignal },
): Promise<void> {
  const pauses = new Gauge({
    name: 'net119_mail_pauses',
    help: 'Pauses of mail in force because many mails failed at once, as this worker saw them last.',
    registers: [registry],
  });
  let lookedUntil: WatchReport['lookedUntil'] | null = null;
  let told = false;
  while (!stop.aborted) {
    const began = deps.clock.now();
    try {
      const report: WatchReport | null = await watchMassFailures(deps, lookedUntil);
      if (report !== null) {
        lookedUntil = report.lookedUntil;
        pauses.set(report.active);
        tell(report, log);
      }
      told = false;
    } catch (error) {
      // The database is away, as a rule; the next pass goes on where this one was cut off.
      if (!told) log.warn({ event: 'mass-failure-watch-failed', err: error });
      told = true;
    }
    const rest = Math.min(9 * (deps.clock.now() - began), REST_AT_MOST_MS);
    await sleep(Math.max(PASS_EVERY_MS, rest), undefined, { signal: stop }).catch(() => {});
  }
}

function tell({ opened, excused, ended, troubles }: WatchReport, log: Logger): void {
  for (const { id, scope, people, failed } of opened) {
    // A domain stands here only when many people have mail there: so it is no person's own.
    log.error({ event: 'mail-paused', mailStopId: id, mailDomain: scope, people, failed });
  }
  if (excused > 0) log.info({ event: 'failures-excused', count: excused });
  for (const { id, endedBy } of ended) log.info({ event: 'mail-pause-ended', mailStopId: id, endedBy });
  for (const error of troubles) log.warn({ event: 'failure-not-excused', err: error });
}
