import { Gauge } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { MetricsServer } from '../../platform/metrics.js';
import { createRegistry, startMetricsServer } from '../../platform/metrics.js';

let server: MetricsServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(ready: () => boolean | Promise<boolean>) {
  const registry = createRegistry('test');
  new Gauge({ name: 'outbox_rows', help: 'x', registers: [registry] }).set(3);
  server = await startMetricsServer({ host: '127.0.0.1', port: 0, registry, ready });
  const { port } = server;
  return async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: answer.status, body: await answer.text() };
  };
}

describe('the metrics port', () => {
  it('shows our measurements and the default ones, labelled with the process', async () => {
    const { body } = await (await start(() => true))('/metrics');
    expect(body).toContain('outbox_rows{part="test"} 3');
    expect(body).toContain('process_cpu_seconds_total');
  });

  it('is alive while it is not ready', async () => {
    let ready = false;
    const get = await start(() => ready);
    expect((await get('/livez')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(503);
    ready = true;
    expect((await get('/readyz')).status).toBe(200);
  });

  it('answers 500 when readiness itself fails, and 404 elsewhere', async () => {
    const get = await start(() => Promise.reject(new Error('x')));
    expect((await get('/readyz')).status).toBe(500);
    expect((await get('/')).status).toBe(404);
  });

  it('tells a port that is taken', async () => {
    await start(() => true);
    const taken = {
      host: '127.0.0.1',
      port: server?.port ?? 0,
      registry: createRegistry('test'),
      ready: () => true,
    };
    await expect(startMetricsServer(taken)).rejects.toThrow('EADDRINUSE');
  });
});
