/** The API process: REST, the resident's page and the staff site, metrics on their own port, the relay of signals, and work in the background. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import session from 'express-session';
import { ConfigError, readApiEnv } from '../platform/env.js';
import type { ApiEnv } from '../platform/env.js';
import { systemClock } from '../platform/clock.js';
import { createLogger } from '../platform/log.js';
import { createRegistry, startMetricsServer } from '../platform/metrics.js';
import { stopOnSignal } from '../platform/shutdown.js';
import { openTemporalClient } from '../platform/temporal.js';
import { sessionSecrets } from '../platform/keys.js';
import { openDatabase } from '../store/database.js';
import { openSessionStore } from '../store/staff-sessions.js';
import { ourSide } from '../usecases/our-side.js';
import { runBulkSends } from '../usecases/run-bulk-send.js';
import { createAdminRouter } from './admin/router.js';
import { createApp } from './app.js';
import { startBackground } from './background.js';
import { watchDelivery } from './delivery-gauges.js';
import { startImporter } from './importer.js';
import { startRelay } from './relay.js';
import { createRenewalRouter } from './renewal/router.js';
import type { ApiDeps } from './rest/route.js';
import { httpGet } from './webhooks/http-get.js';

const CONNECTIONS = 20;
/**
 * A slow client may not hold a socket for ever: headers within 10 s, the whole request within 30 s, looked at every 5 s.
 * Idle connections are kept longer than a proxy keeps them (60 s as a rule), so that it never meets one just closed.
 */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000,
};

/** This many requests at once are a rush: the relay steps back. */
const RUSH = 8;

/** At a stop, requests under way get this long, and everything together the second. */
const DRAIN = 4_000;
const STOP_DEADLINE = 9_000;

async function main(env: ApiEnv): Promise<void> {
  const log = createLogger('api', env.LOG_LEVEL);
  const registry = createRegistry('api');
  const database = openDatabase(env.DATABASE_URL, { max: CONNECTIONS });
  const deps: ApiDeps = { database, clock: systemClock, keys: env.LINK_KEYS, us: ourSide(env) };
  const temporal = openTemporalClient({ address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE });

  let stopping = false;
  const ready = async () => {
    if (stopping) return false;
    return database.ping().then(
      () => true,
      () => false,
    );
  };

  const sessions = env.STAFF_SITE === 'on' ? openSessionStore(env.DATABASE_URL, session, systemClock) : null;
  const app = createApp({
    deps,
    log,
    registry,
    trustProxy: env.TRUST_PROXY,
    ready,
    webhooks: {
      sesTopics: env.SES_SNS_TOPIC_ARNS,
      sendgridKey: env.SENDGRID_WEBHOOK_PUBLIC_KEY ?? null,
      get: httpGet,
    },
    renewalRouter: createRenewalRouter({ deps, log }),
    adminRouter:
      sessions &&
      createAdminRouter({
        deps: { ...deps, letters: { publicBaseUrl: env.PUBLIC_BASE_URL, mailFrom: env.MAIL_FROM } },
        log,
        store: sessions.store,
        secrets: sessionSecrets(env.LINK_KEYS),
        secure: env.PUBLIC_BASE_URL.startsWith('https:'),
      }),
  });
  const server = createServer(LIMITS, app);
  const underWay = countRequests(server);
  const metrics = await startMetricsServer({
    host: env.BIND_ADDRESS,
    port: env.METRICS_PORT,
    registry,
    ready,
  });
  watchDelivery(registry, deps, log);
  const relay = startRelay({
    deps,
    client: temporal,
    log,
    registry,
    isBusy: () => underWay() >= RUSH,
  });
  const background = startBackground({
    deps,
    log,
    jobs: [{ name: 'bulk-send', runOnce: runBulkSends }],
    isBusy: () => underWay() >= RUSH,
  });
  const importer = sessions && startImporter(deps, log);
  await listen(server, env);
  log.info({ event: 'started', port: env.PORT, metricsPort: metrics.port });

  stopOnSignal(log, STOP_DEADLINE, [
    {
      name: 'requests',
      stop: () => {
        stopping = true;
        return drain(server);
      },
    },
    { name: 'background', stop: () => background.stop() },
    { name: 'imports', stop: async () => importer?.stop() },
    { name: 'relay', stop: () => relay.stop() },
    { name: 'metrics', stop: () => metrics.close() },
    { name: 'temporal', stop: () => temporal.connection.close() },
    { name: 'sessions', stop: async () => sessions?.close() },
    { name: 'database', stop: () => database.close() },
  ]);
}

/** How many requests wait for their answer. */
function countRequests(server: Server): () => number {
  let count = 0;
  server.on('request', (_req, res) => {
    count += 1;
    res.once('close', () => (count -= 1));
  });
  return () => count;
}

function listen(server: Server, env: ApiEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(env.PORT, env.BIND_ADDRESS, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** No new connections; requests under way are finished, then cut. */
function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

try {
  await main(readApiEnv());
} catch (error) {
  // Faults of the configuration name variables, never their values.
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else createLogger('api', 'error').error({ event: 'start-failed', err: error });
  process.exit(1);
}
