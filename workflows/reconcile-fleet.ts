/** Hourly: every account that is not withdrawn has a running workflow, and nothing due is left lying. */
import { proxyActivities } from '@temporalio/workflow';
import type { FleetActivities } from '../activities/fleet.js';

const fleet = proxyActivities<FleetActivities>({
  startToCloseTimeout: '50 minutes',
  heartbeatTimeout: '2 minutes',
  retry: { initialInterval: '10 seconds', maximumInterval: '5 minutes', maximumAttempts: 10 },
});

export async function reconcileFleet(): Promise<void> {
  await fleet.reconcile();
}
