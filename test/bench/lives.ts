/** Workflows of many accounts: started as the relay would, and what their histories tell. */
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { AccountLifecycleState } from '../../workflows/messages.js';
import { ACCOUNT_LIFECYCLE, LIFECYCLE_QUEUE, SIGNALS, accountWorkflowId } from '../../workflows/messages.js';
import { drive } from './load.js';

const { EVENT_TYPE_TIMER_STARTED: TIMER_STARTED } = proto.temporal.api.enums.v1.EventType;

export async function startLives(client: Client, hq: string, accountIds: readonly string[]): Promise<void> {
  await drive(accountIds, (accountId) => {
    const state: AccountLifecycleState = { schemaVersion: 1, fireHqId: hq, accountId };
    return client.workflow.signalWithStart(ACCOUNT_LIFECYCLE, {
      workflowId: accountWorkflowId(accountId),
      taskQueue: LIFECYCLE_QUEUE,
      args: [state],
      signal: SIGNALS.look,
    });
  });
}

/** Bare signals, one by one: the rate that other figures are told by. */
export function signalLives(client: Client, accountIds: readonly string[]): Promise<number> {
  return drive(accountIds, (accountId) =>
    client.workflow.getHandle(accountWorkflowId(accountId)).signal(SIGNALS.look),
  );
}

/** When the account's present run first went to sleep; epoch ms by the server's clock, which is ours. */
export async function asleepSince(client: Client, accountId: string): Promise<number> {
  const { events } = await client.workflow.getHandle(accountWorkflowId(accountId)).fetchHistory();
  const timer = (events ?? []).find(({ eventType }) => eventType === TIMER_STARTED);
  if (!timer?.eventTime) throw new Error(`the workflow of ${accountId} does not sleep`);
  return Number(timer.eventTime.seconds) * 1_000 + (timer.eventTime.nanos ?? 0) / 1e6;
}
