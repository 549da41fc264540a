/**
 * The same workflows under the same settings, with activities that do nothing: what Temporal alone can do here. Each
 * mail activity is written down with its time, like a mail at the sink.
 */
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import { NativeConnection } from '@temporalio/worker';
import type { LifeStep } from '../../../activities/account.js';
import { readWorkerEnv } from '../../../platform/env.js';
import { createWorkers } from '../../../worker/workers.js';

const { BENCH_JOURNAL, BENCH_DUE_AT, BENCH_EXPIRES_AT } = process.env;
if (!BENCH_JOURNAL || !BENCH_DUE_AT || !BENCH_EXPIRES_AT) throw new Error('BENCH_… must be set');

const env = readWorkerEnv();
const journal = createWriteStream(BENCH_JOURNAL, { flags: 'a' });
const expiresAt = Number(BENCH_EXPIRES_AT);
const key = `auto:1:${new Date(Number(BENCH_DUE_AT)).toISOString()}`;
const asleep: LifeStep = {
  cycle: 1,
  phase: 'SLEEPING',
  expiresAt,
  fireHqCode: 'bench',
  mail: { key, at: Number(BENCH_DUE_AT), priority: 4 },
  deed: { do: 'recordLapse', at: expiresAt },
  summary: `有効: expires ${new Date(expiresAt).toISOString()}; next mail ${key}`,
};
const reminded: LifeStep = { ...asleep, phase: 'REMINDING', mail: null };
const stopped: LifeStep = { ...asleep, phase: 'STOPPED', mail: null, deed: null };

const connection = await NativeConnection.connect({ address: env.TEMPORAL_ADDRESS });
const workers = await createWorkers(env, connection, {
  lifecycle: { loadPlan: () => Promise.resolve(asleep), recordLapse: () => Promise.resolve(stopped) },
  mail: {
    sendDue({ accountId }: { accountId: string }) {
      journal.write(`${Date.now()} ${accountId}\n`);
      return Promise.resolve(reminded);
    },
  },
});
const health = createServer((_request, response) => response.end()).listen(env.METRICS_PORT, '127.0.0.1');
process.on('SIGTERM', () => {
  health.close();
  for (const worker of workers) worker.shutdown();
});
await Promise.all(workers.map((worker) => worker.run()));
