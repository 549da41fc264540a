/** The intake process: an SMTP listener for the bounce domain, its metrics, and how it stops. */
import { systemClock } from '../platform/clock.js';
import { ConfigError, readIntakeEnv } from '../platform/env.js';
import type { IntakeEnv } from '../platform/env.js';
import { createLogger } from '../platform/log.js';
import { createRegistry, startMetricsServer } from '../platform/metrics.js';
import { stopOnSignal } from '../platform/shutdown.js';
import { openDatabase } from '../store/database.js';
import { ourSide } from '../usecases/our-side.js';
import { recordReport } from '../usecases/record-report.js';
import type { ReportDeps } from '../usecases/record-report.js';
import { RECORDED_AT_ONCE, startIntake } from './smtp.js';

/** Above what messages under way get. */
const STOP_DEADLINE = 9_000;

async function main(env: IntakeEnv): Promise<void> {
  const log = createLogger('intake', env.LOG_LEVEL);
  const registry = createRegistry('intake');
  // One more than reports are recorded at once, for the question whether the database is there.
  const database = openDatabase(env.DATABASE_URL, { max: RECORDED_AT_ONCE + 1 });
  // Return paths are found by their hash: no key is needed to read a report, so this process holds none.
  const deps: ReportDeps = { database, us: ourSide(env) };
  let stopping = false;
  const metrics = await startMetricsServer({
    host: env.BIND_ADDRESS,
    port: env.METRICS_PORT,
    registry,
    ready: async () => {
      if (stopping) return false;
      return database.ping().then(
        () => true,
        () => false,
      );
    },
  });
  const intake = await startIntake({
    host: env.BIND_ADDRESS,
    port: env.BOUNCE_SMTP_PORT,
    bounceDomain: env.BOUNCE_DOMAIN,
    clock: systemClock,
    log,
    registry,
    record: (mail) => recordReport(deps, mail),
  });
  log.info({ event: 'started', port: intake.port, metricsPort: metrics.port });

  stopOnSignal(log, STOP_DEADLINE, [
    {
      name: 'messages',
      stop: () => {
        stopping = true;
        return intake.stop();
      },
    },
    { name: 'metrics', stop: () => metrics.close() },
    { name: 'database', stop: () => database.close() },
  ]);
}

try {
  await main(readIntakeEnv());
} catch (error) {
  // Faults of the configuration name variables, never their values.
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else createLogger('intake', 'error').error({ event: 'start-failed', err: error });
  process.exit(1);
}
