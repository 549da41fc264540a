/** The worker's side of the SDK; apart from temporal.ts because it loads the native core, which the API spares. */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { LogLevel } from '@temporalio/worker';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { Logger } from './log.js';

const RETRY_EVERY_MS = 2_000;

/**
 * NativeConnection fails at once when the server is away: tried again until it is there. Null when `stop` came first.
 * Once connected, a worker survives outages by itself.
 */
export async function connectWorker(
  { address }: { address: string },
  onWaiting: (error: unknown) => void,
  stop: AbortSignal,
): Promise<NativeConnection | null> {
  const { connectionOptions } = loadClientConnectConfig();
  while (!stop.aborted) {
    try {
      return await NativeConnection.connect({ ...connectionOptions, address });
    } catch (error) {
      onWaiting(error);
      await sleep(RETRY_EVERY_MS, undefined, { signal: stop }).catch(() => {});
    }
  }
  return null;
}

const PINO_LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** What may stand beside a message of the SDK: its other fields quote answers of servers as they came. */
const TOLD = [
  ...['sdkComponent', 'target', 'namespace', 'taskQueue', 'workflowId', 'runId', 'workflowType'],
  ...['activityId', 'activityType', 'attempt', 'status'],
];

/**
 * The SDK writes through our log, its native core too (which would print lines of its own), and leaves signals to us.
 * Its ERROR is our WARN: a failed attempt is retried by the server, and no person must act on it. Once per process,
 * before the first connection.
 */
export function installTemporalRuntime(log: Logger): void {
  const logger = new DefaultLogger(sdkLevel(log.level), ({ level, message, meta = {} }) => {
    const pinoLevel = level === 'ERROR' ? 'warn' : PINO_LEVELS[level];
    const told = Object.entries(meta).filter(
      ([name, value]) => TOLD.includes(name) || value instanceof Error,
    );
    log[pinoLevel]({ event: 'temporal-sdk', ...Object.fromEntries(told) }, message);
  });
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging: { forward: {} } } });
}

function sdkLevel(pinoLevel: string): LogLevel {
  const found = Object.entries(PINO_LEVELS).find(([, name]) => name === pinoLevel);
  return (found?.[0] ?? 'INFO') as LogLevel;
}
