/** The hourly look over all accounts. */
import { Context } from '@temporalio/activity';
import type { Deps } from '../usecases/context.js';
import type { FleetReport, RunningWorkflows } from '../usecases/reconcile.js';
import { reconcileAll } from '../usecases/reconcile.js';
import { guarded } from './context.js';

export type FleetActivities = ReturnType<typeof createFleetActivities>;

export function createFleetActivities(deps: Deps, runningOf: RunningWorkflows) {
  return {
    reconcile: (): Promise<FleetReport> =>
      guarded(() =>
        reconcileAll(deps, { all: false, runningOf, onTenant: () => Context.current().heartbeat() }),
      ),
  };
}
