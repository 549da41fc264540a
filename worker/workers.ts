/** The two Workers of a worker process: one for workflows and database work, one for the mail queue with its own rate. */
import { readFile } from 'node:fs/promises';
import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import { LATE_REPLY_WITHIN } from '../mail/smtp-transport.js';
import type { WorkerEnv } from '../platform/env.js';
import { LIFECYCLE_QUEUE, MAIL_QUEUE } from '../workflows/messages.js';
import { buildWorkflowBundle } from './bundle.js';

/** Activities of the lifecycle queue at once; each holds a database connection for some milliseconds. */
export const DATABASE_ACTIVITIES = 20;
/** Sleepers cost nothing outside the cache, and a big cache is slow. */
const CACHED_WORKFLOWS = 1_000;
/**
 * How long workflow code may hold its thread. The SDK's five seconds also end a process that was frozen in the middle of
 * it, and with it the replies that wait in its sockets: as long as those are waited for (ADR 0005). Not in the SDK's
 * public type, hence the spread below.
 */
const WORKFLOW_CODE_WITHIN = { isolateExecutionTimeout: LATE_REPLY_WITHIN };

export async function createWorkers(
  env: WorkerEnv,
  connection: NativeConnection,
  activities: { lifecycle: object; mail: object },
): Promise<Worker[]> {
  const code =
    env.WORKFLOW_BUNDLE === undefined
      ? (await buildWorkflowBundle()).code
      : await readFile(env.WORKFLOW_BUNDLE, 'utf8');
  const common: Pick<WorkerOptions, 'connection' | 'namespace' | 'shutdownGraceTime' | 'shutdownForceTime'> =
    {
      connection,
      namespace: env.TEMPORAL_NAMESPACE,
      shutdownGraceTime: env.SHUTDOWN_GRACE_SECONDS * 1_000,
      shutdownForceTime: (env.SHUTDOWN_GRACE_SECONDS + 3) * 1_000,
    };
  return Promise.all([
    Worker.create({
      ...common,
      taskQueue: LIFECYCLE_QUEUE,
      workflowBundle: { code },
      activities: activities.lifecycle,
      maxCachedWorkflows: CACHED_WORKFLOWS,
      ...WORKFLOW_CODE_WITHIN,
      maxConcurrentWorkflowTaskExecutions: 100,
      maxConcurrentActivityTaskExecutions: DATABASE_ACTIVITIES,
    }),
    Worker.create({
      ...common,
      taskQueue: MAIL_QUEUE,
      activities: activities.mail,
      // No more than the pool has connections: waiting for one would eat the time of the attempt.
      maxConcurrentActivityTaskExecutions: env.SMTP_CONNECTIONS,
      maxTaskQueueActivitiesPerSecond: env.MAIL_RATE_PER_SECOND,
    }),
  ]);
}
