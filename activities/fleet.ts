/** The hourly look over all accounts. */
import { Context } from '@temporalio/activity';
import type { Logger } from '../platform/log.js';
import type { Deps } from '../usecases/context.js';
import type { FleetReport, RunningWorkflows } from '../usecases/reconcile.js';
import { reconcileAll } from '../usecases/reconcile.js';
import { guarded } from './context.js';

export type FleetActivities = ReturnType<typeof createFleetActivities>;

export function createFleetActivities(deps: Deps, runningOf: RunningWorkflows, log: Logger) {
  return {
    reconcile: (): Promise<FleetReport> =>
      guarded(async () => {
        const report = await reconcileAll(deps, {
          all: false,
          runningOf,
          onTenant: () => Context.current().heartbeat(),
        });
        // They are woken already; but something let them lie, and if it does so again a person must look.
        const level = report.missing + report.overdue > 0 ? 'warn' : 'info';
        log[level]({ event: 'reconciled', ...report });
        return report;
      }),
  };
}
