/** A Temporal client that survives the server's absence, and the search attributes the workflows need. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Client,
  Connection,
  NamespaceNotFoundError,
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  defaultGrpcRetryOptions,
  isGrpcServiceError,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import proto from '@temporalio/proto';

const { INDEXED_VALUE_TYPE_KEYWORD: KEYWORD, INDEXED_VALUE_TYPE_DATETIME: DATETIME } =
  proto.temporal.api.enums.v1.IndexedValueType;

/** AccountPhase: SLEEPING, REMINDING, LAPSED, STOPPED, WITHDRAWN. ExpiresAt: E. FireHq: the HQ's code. */
export const SEARCH_ATTRIBUTES = { AccountPhase: KEYWORD, ExpiresAt: DATETIME, FireHq: KEYWORD } as const;

/** A dead server must be noticed within this, not after the client's 20 s. */
const CALL_DEADLINE_MS = 1_500;
/** A new attribute is listed within a second or two of being added. */
const ATTRIBUTES_DEADLINE_MS = 30_000;

/** gRPC status codes of calls that would be refused again. */
const REFUSED_FOR_GOOD = [3 /* INVALID_ARGUMENT */, 7 /* PERMISSION_DENIED */, 12 /* UNIMPLEMENTED */];

/** Connects with its first call, so that a process may start while Temporal is away. TLS and API key by envconfig. */
export function openTemporalClient({ address, namespace }: { address: string; namespace: string }): Client {
  const { connectionOptions } = loadClientConnectConfig();
  const connection = Connection.lazy({
    ...connectionOptions,
    address,
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: 3 }))],
  });
  return new Client({ connection, namespace });
}

/** Runs calls with a deadline. A call that timed out may still have arrived: only for what may come twice. */
export function withCallDeadline<T>(client: Client, call: () => Promise<T>): Promise<T> {
  return client.connection.withDeadline(Date.now() + CALL_DEADLINE_MS, call);
}

/** Temporal is away, overloaded or not yet set up, rather than refusing this very call for good. */
export function isTemporalAway(error: unknown): boolean {
  if (error instanceof NamespaceNotFoundError) return true;
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return isGrpcServiceError(cause) && !REFUSED_FOR_GOOD.includes(cause.code);
}

/**
 * Adds what is missing and waits until it can be used; needed before the first workflow runs. An attribute that exists
 * with another type is an error that a person must mend.
 */
export async function ensureSearchAttributes(
  connection: Pick<Connection, 'operatorService'>,
  namespace: string,
): Promise<void> {
  const wanted = Object.entries(SEARCH_ATTRIBUTES);
  const deadline = performance.now() + ATTRIBUTES_DEADLINE_MS;
  for (let first = true; ; first = false) {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const found = new Map(Object.entries(customAttributes));
    const wrong = wanted.find(([name, type]) => found.has(name) && found.get(name) !== type);
    if (wrong !== undefined) throw new Error(`the search attribute ${wrong[0]} exists with another type`);
    const missing = wanted.filter(([name]) => !found.has(name));
    if (missing.length === 0) return;
    if (first) {
      const searchAttributes = Object.fromEntries(missing);
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    } else if (performance.now() > deadline) {
      throw new Error(
        `the search attributes ${missing.map(([name]) => name).join(', ')} were added but not listed`,
      );
    }
    await sleep(first ? 0 : 250);
  }
}

/**
 * Tells the accounts of a headquarters that have a running workflow, by its search attribute FireHq; null while Temporal
 * is away. What visibility shows is some seconds old.
 */
export function runningWorkflows(
  client: Client,
  workflowType: string,
  accountIdOf: (workflowId: string) => string | null,
): (hqCode: string) => Promise<ReadonlySet<string> | null> {
  return async (hqCode) => {
    const query = `WorkflowType = '${workflowType}' AND ExecutionStatus = 'Running' AND FireHq = '${hqCode}'`;
    const found = new Set<string>();
    try {
      for await (const { workflowId } of client.workflow.list({ query, pageSize: 1_000 })) {
        const accountId = accountIdOf(workflowId);
        if (accountId !== null) found.add(accountId);
      }
    } catch (error) {
      if (isTemporalAway(error)) return null;
      throw error;
    }
    return found;
  };
}

/** Makes the hourly schedule unless it is there. `workflowType` runs at each full hour, one at a time. */
export async function ensureHourlySchedule(
  client: Client,
  schedule: { scheduleId: string; workflowType: string; taskQueue: string },
): Promise<void> {
  const { scheduleId, workflowType, taskQueue } = schedule;
  try {
    await client.schedule.create({
      scheduleId,
      spec: { intervals: [{ every: '1 hour' }] },
      action: { type: 'startWorkflow', workflowType, taskQueue, workflowId: scheduleId },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 hour' },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
