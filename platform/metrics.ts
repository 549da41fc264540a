/** Prometheus metrics and health, on a port of their own that no resident or clerk can reach. */
import { createServer } from 'node:http';
import { Registry, collectDefaultMetrics } from 'prom-client';

export function createRegistry(part: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ part });
  // The event loop's lag is sampled so often, in ms; the default of 10 is most of what an idle process costs.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 200 });
  return registry;
}

export interface MetricsServer {
  port: number;
  close(): Promise<void>;
}

/** /metrics, /livez (the process answers) and /readyz (`ready` holds). */
export async function startMetricsServer(options: {
  host: string;
  port: number;
  registry: Registry;
  ready: () => boolean | Promise<boolean>;
}): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '/', options).then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  path: string,
  { registry, ready }: { registry: Registry; ready: () => boolean | Promise<boolean> },
): Promise<{ status: number; type: string; body: string }> {
  if (path === '/metrics') return { status: 200, type: registry.contentType, body: await registry.metrics() };
  if (path === '/livez') return { status: 200, type: 'text/plain', body: 'ok\n' };
  if (path === '/readyz') {
    const isReady = await ready();
    return { status: isReady ? 200 : 503, type: 'text/plain', body: isReady ? 'ok\n' : 'not ready\n' };
  }
  return { status: 404, type: 'text/plain', body: 'not found\n' };
}
