/** The worker process: its tools, its Workers, and how it stops. */
import type { Worker } from '@temporalio/worker';
import { createAccountActivities } from '../activities/account.js';
import { createFleetActivities } from '../activities/fleet.js';
import { createMailActivities } from '../activities/mail.js';
import { createSmtpTransport } from '../mail/smtp-transport.js';
import { systemClock } from '../platform/clock.js';
import { ConfigError, readWorkerEnv } from '../platform/env.js';
import type { WorkerEnv } from '../platform/env.js';
import { createLogger } from '../platform/log.js';
import { createRegistry, startMetricsServer } from '../platform/metrics.js';
import { stopOnSignal } from '../platform/shutdown.js';
import { connectWorker, installTemporalRuntime } from '../platform/temporal-worker.js';
import { openTemporalClient, runningWorkflows } from '../platform/temporal.js';
import { openDatabase } from '../store/database.js';
import { ACCOUNT_LIFECYCLE, accountIdOf } from '../workflows/messages.js';
import { keepMassFailureWatch } from './mass-failure-watch.js';
import { watched } from './watched-transport.js';
import { keepNamespacePrepared, prepareNamespace } from './namespace.js';
import { DATABASE_ACTIVITIES, createWorkers } from './workers.js';

/** The one that holds the watch, and the one that works. */
const WATCH_CONNECTIONS = 2;

async function main(env: WorkerEnv): Promise<void> {
  const log = createLogger('worker', env.LOG_LEVEL);
  const registry = createRegistry('worker');
  installTemporalRuntime(log);
  const smtp = await createSmtpTransport(env, systemClock);
  const database = openDatabase(env.DATABASE_URL, {
    max: DATABASE_ACTIVITIES + env.SMTP_CONNECTIONS + WATCH_CONNECTIONS,
  });
  const deps = { database, clock: systemClock, keys: env.LINK_KEYS };
  const mailDeps = {
    ...deps,
    transport: watched(smtp, { registry, log, isServerDown: () => smtp.isServerDown() }),
    publicBaseUrl: env.PUBLIC_BASE_URL,
    bounceDomain: env.BOUNCE_DOMAIN,
    allow: env.mailAllow,
  };
  const client = openTemporalClient({ address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE });

  const stopping = new AbortController();
  let workers: Worker[] = [];
  let watchEnded: Promise<void> = Promise.resolve();
  let ended: Promise<unknown> = Promise.resolve();
  const metrics = await startMetricsServer({
    host: env.BIND_ADDRESS,
    port: env.METRICS_PORT,
    registry,
    ready: () => workers.length > 0 && workers.every((worker) => worker.getState() === 'RUNNING'),
  });
  stopOnSignal(log, (env.SHUTDOWN_GRACE_SECONDS + 5) * 1_000, [
    {
      name: 'workers',
      stop: async () => {
        stopping.abort();
        for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
        await ended;
      },
    },
    { name: 'mass-failure-watch', stop: () => watchEnded },
    { name: 'mail', stop: () => Promise.resolve(smtp.close()) },
    { name: 'metrics', stop: () => metrics.close() },
    { name: 'temporal', stop: () => client.connection.close() },
    { name: 'database', stop: () => database.close() },
  ]);

  // Without Temporal too: reports come in all the same.
  watchEnded = keepMassFailureWatch(deps, { registry, log, stop: stopping.signal });
  const connection = await connectWorker(
    { address: env.TEMPORAL_ADDRESS },
    (error) => log.warn({ event: 'temporal-away', err: error }),
    stopping.signal,
  );
  if (connection === null) return;
  const prepare = () => prepareNamespace(connection, client, env.TEMPORAL_NAMESPACE);
  await prepare();
  workers = await createWorkers(env, connection, {
    lifecycle: {
      ...createAccountActivities(deps),
      ...createFleetActivities(deps, runningWorkflows(client, ACCOUNT_LIFECYCLE, accountIdOf), {
        log,
        registry,
      }),
    },
    mail: createMailActivities(mailDeps),
  });
  log.info({ event: 'started', metricsPort: metrics.port });
  void keepNamespacePrepared(prepare, log, stopping.signal);
  ended = Promise.all(workers.map((worker) => worker.run()));
  await ended;
}

try {
  await main(readWorkerEnv());
} catch (error) {
  // Faults of the configuration name variables, never their values.
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else createLogger('worker', 'error').error({ event: 'start-failed', err: error });
  process.exit(1);
}
