/** The intake process: an SMTP listener for the bounce domain, the mailbox if there is one, metrics, and how it stops. */
import { systemClock } from '../platform/clock.js';
import { ConfigError, readIntakeEnv } from '../platform/env.js';
import type { IntakeEnv } from '../platform/env.js';
import { createLogger } from '../platform/log.js';
import { createRegistry, startMetricsServer } from '../platform/metrics.js';
import { stopOnSignal } from '../platform/shutdown.js';
import { openDatabase } from '../store/database.js';
import { ourSide } from '../usecases/our-side.js';
import type { ReportDeps, ReturnedMail } from '../usecases/record-report.js';
import { recordReport } from '../usecases/record-report.js';
import type { CertificateFiles } from './certificate.js';
import { followCertificate, readCertificate } from './certificate.js';
import { startMailbox } from './mailbox.js';
import { RECORDED_AT_ONCE, startIntake } from './smtp.js';
import { createWatch } from './watch.js';

/** Above what messages under way get. */
const STOP_DEADLINE = 9_000;

async function main(env: IntakeEnv): Promise<void> {
  const log = createLogger('intake', env.LOG_LEVEL);
  const registry = createRegistry('intake');
  const watch = createWatch(registry, log);
  // Two more than are recorded at once by SMTP: for the mailbox, and for the question whether the database is there.
  const database = openDatabase(env.DATABASE_URL, { max: RECORDED_AT_ONCE + 2 });
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
  const common = {
    clock: systemClock,
    log,
    registry,
    watch,
    record: (mail: ReturnedMail) => recordReport(deps, mail),
  };
  const files = certificateFiles(env);
  const certificate = files && (await readCertificate(files));
  const intake = await startIntake({
    ...common,
    certificate,
    host: env.BIND_ADDRESS,
    port: env.BOUNCE_SMTP_PORT,
    bounceDomain: env.BOUNCE_DOMAIN,
  });
  const renewal =
    files &&
    certificate &&
    followCertificate({ files, present: certificate, log, registry, onNew: (fresh) => intake.renew(fresh) });
  const mailbox =
    env.BOUNCE_IMAP_URL &&
    startMailbox({ ...common, place: env.BOUNCE_IMAP_URL, doneFolder: env.BOUNCE_IMAP_DONE_FOLDER });
  log.info({ event: 'started', port: intake.port, metricsPort: metrics.port });

  stopOnSignal(log, STOP_DEADLINE, [
    {
      name: 'messages',
      stop: () => {
        stopping = true;
        renewal?.stop();
        return Promise.all([intake.stop(), mailbox?.stop()]);
      },
    },
    { name: 'metrics', stop: () => metrics.close() },
    { name: 'database', stop: () => database.close() },
  ]);
}

function certificateFiles(env: IntakeEnv): CertificateFiles | undefined {
  const { BOUNCE_SMTP_TLS_CERT: cert, BOUNCE_SMTP_TLS_KEY: key } = env;
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

try {
  await main(readIntakeEnv());
} catch (error) {
  // Faults of the configuration name variables, never their values.
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else createLogger('intake', 'error').error({ event: 'start-failed', err: error });
  process.exit(1);
}
