/** The hourly look over all accounts. */
import { Context } from '@temporalio/activity';
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Logger } from '../platform/log.js';
import type { Deps } from '../usecases/context.js';
import type { LedgerHole } from '../usecases/ended-holes.js';
import type { FleetReport, RunningWorkflows } from '../usecases/reconcile.js';
import { reconcileAll } from '../usecases/reconcile.js';
import { guarded } from './context.js';

export type FleetActivities = ReturnType<typeof createFleetActivities>;

/** In one line of the log; how many there are is told beside it. */
const HOLES_NAMED = 20;

export function createFleetActivities(
  deps: Deps,
  runningOf: RunningWorkflows,
  { log, registry }: { log: Logger; registry: Registry },
) {
  const holesFound = new Counter({
    name: 'net119_ledger_holes_total',
    help: 'Slots that are over without a row in the ledger (R38), as each hourly reconcile finds them: found again each hour until mended.',
    registers: [registry],
  });
  const holesNow = new Gauge({
    name: 'net119_completeness_difference',
    help: 'What the sums of R38 lack, over all headquarters, as the last hourly reconcile found it; anything but 0 is an alarm.',
    registers: [registry],
  });
  return {
    reconcile: (): Promise<FleetReport> =>
      guarded(async () => {
        const named: LedgerHole[] = [];
        const report = await reconcileAll(deps, {
          all: false,
          runningOf,
          onHole: (hole) => {
            if (named.length < HOLES_NAMED) named.push(hole);
          },
          onTenant: () => Context.current().heartbeat(),
        });
        // They are woken already; but something let them lie, and if it does so again a person must look.
        const level = report.missing + report.overdue > 0 ? 'warn' : 'info';
        log[level]({ event: 'reconciled', ...report });
        holesFound.inc(report.holes);
        holesNow.set(report.holes);
        if (report.holes > 0) log.error({ event: 'ledger-holes', holes: report.holes, first: named });
        return report;
      }),
  };
}
