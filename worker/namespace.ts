/** What the namespace must hold before workflows can run, made at the start and kept: Temporal may come back empty. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from '../platform/log.js';
import { ensureHourlySchedule, ensureSearchAttributes } from '../platform/temporal.js';
import { LIFECYCLE_QUEUE, RECONCILE_FLEET } from '../workflows/messages.js';

const RECONCILE_SCHEDULE = 'reconcile-fleet';
const LOOK_EVERY_MS = 20_000;

/** Workflows set these attributes with their first step: before they exist every such task fails. */
export async function prepareNamespace(
  connection: NativeConnection,
  client: Client,
  namespace: string,
): Promise<void> {
  await ensureSearchAttributes(connection, namespace);
  await ensureHourlySchedule(client, {
    scheduleId: RECONCILE_SCHEDULE,
    workflowType: RECONCILE_FLEET,
    taskQueue: LIFECYCLE_QUEUE,
  });
}

/** A server that lost its state while this process lives is prepared again. Ends with `stop`. */
export async function keepNamespacePrepared(
  prepare: () => Promise<void>,
  log: Logger,
  stop: AbortSignal,
): Promise<void> {
  let told = false;
  for (;;) {
    await sleep(LOOK_EVERY_MS, undefined, { signal: stop }).catch(() => {});
    if (stop.aborted) return;
    try {
      await prepare();
      told = false;
    } catch (error) {
      if (!told) log.warn({ event: 'namespace-not-prepared', err: error });
      told = true;
    }
  }
}
