/**
 * A stack of real processes for one story of trouble: Temporal with its state in a file, API and worker, on a clone
 * database, and a mail server that misbehaves on demand. Nothing is started again by itself here.
 */
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { apiPart, workerPart } from '../../local/services.js';
import { USUAL_PORTS } from '../../local/ports.js';
import type { Settings } from '../../local/settings.js';
import { readSettings } from '../../local/settings.js';
import type { Part } from '../../local/supervisor.js';
import { findTemporalCli } from '../../local/temporal-binary.js';
import { temporalPart } from '../../local/temporal.js';
import { systemClock } from '../../platform/clock.js';
import { parseKeyRing } from '../../platform/keys.js';
import { openDatabase } from '../../store/database.js';
import type { Deps } from '../../usecases/context.js';
import { createTestDatabase } from '../support/postgres.js';
import { processOf } from './process.js';
import type { Process } from './process.js';
import { startSink } from './sink.js';
import type { Sink } from './sink.js';

export interface Stack {
  settings: Settings;
  /** The test's own way into the database, beside the processes. */
  deps: Deps;
  client: Client;
  sink: Sink;
  temporal: Process;
  /** The file of its state goes with all that stood in it; it must not run. */
  forgetTemporal(): Promise<void>;
  api: Process;
  worker: Process;
  /** Another one, not started yet. */
  secondWorker: Process;
  /** The ends of all logs: what a story that failed was like from within. */
  lastWords(): Promise<string>;
  /** Ends everything. Throws when a log says what must not be logged. */
  close(): Promise<void>;
}

/** Of the test run's own PostgreSQL server unless another is named. All parts but the second worker are running. */
async function startStack(postgresUrl?: string): Promise<Stack> {
  const [testDatabase, cli, sink] = await Promise.all([
    createTestDatabase(postgresUrl),
    findTemporalCli(() => {}),
    startSink(),
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'net119-faults-'));
  await chmod(folder, 0o755);
  const secondMetrics = 'SECOND_METRICS_PORT';
  const ports = await freePorts([...Object.keys(USUAL_PORTS), secondMetrics]);
  const settings = await readSettings(
    folder,
    {
      ...ports,
      DATABASE_URL: testDatabase.databaseUrl,
      DATABASE_OWNER_URL: testDatabase.ownerUrl,
      SMTP_URL: sink.url,
    },
    () => {},
  );
  const processes = {
    temporal: processOf(temporalPart(settings, cli), folder),
    api: processOf(withEnv(apiPart(settings), {}), folder),
    worker: processOf(withEnv(workerPart(settings), {}), folder),
    secondWorker: processOf(secondWorkerPart(settings, ports[secondMetrics] ?? ''), folder),
  };
  const deps: Deps = {
    database: openDatabase(settings.databaseUrl, { max: 4 }),
    clock: systemClock,
    keys: parseKeyRing(settings.secrets.linkKeys) ?? [],
  };
  const connection = Connection.lazy({ address: settings.temporalAddress });
  await processes.temporal.start();
  await Promise.all([processes.api.start(), processes.worker.start()]);
  return {
    settings,
    deps,
    client: new Client({ connection, namespace: settings.temporalNamespace }),
    sink,
    ...processes,
    async forgetTemporal() {
      const files = (await readdir(folder)).filter((name) => name.startsWith('temporal.db'));
      if (files.length === 0) throw new Error('Temporal keeps no file here');
      await Promise.all(files.map((name) => rm(join(folder, name))));
    },
    async lastWords() {
      const names = LOGGING_PARTS;
      const logs = await Promise.all(names.map((name) => readLog(folder, name)));
      return logs.map((log, n) => `${names[n]}:\n${log.slice(-3_000)}`).join('\n');
    },
    async close() {
      const { worker, secondWorker, api, temporal } = processes;
      await Promise.all([worker.stop(), secondWorker.stop(), api.stop()]);
      await temporal.kill();
      await Promise.all([sink.leave(), connection.close(), deps.database.close()]);
      const trouble = await badLogLines(folder, sink);
      await rm(folder, { recursive: true });
      await testDatabase.drop();
      if (trouble.length > 0) throw new Error(`These must not be logged:\n${trouble.join('\n')}`);
    },
  };
}

/** Runs `story` on a stack of its own. The story's failure is told first, then what its logs hold. */
export async function onStack(story: (stack: Stack) => Promise<void>, postgresUrl?: string): Promise<void> {
  const stack = await startStack(postgresUrl);
  const outcome = await story(stack).then(
    () => null,
    async (error: unknown) => {
      console.error(await stack.lastWords());
      return { error };
    },
  );
  const closed = await stack.close().then(
    () => null,
    (error: unknown) => ({ error }),
  );
  const failed = outcome ?? closed;
  if (failed) throw failed.error;
}

function withEnv(part: Part, env: Record<string, string>): Part {
  return { ...part, env: { ...part.env, LOG_LEVEL: 'info', ...env } };
}

function secondWorkerPart(settings: Settings, port: string): Part {
  const part = workerPart({
    ...settings,
    ports: { ...settings.ports, WORKER_METRICS_PORT: Number(port) },
    metricsUrls: { ...settings.metricsUrls, worker: `http://127.0.0.1:${port}/metrics` },
  });
  return { ...withEnv(part, {}), name: 'second-worker' };
}

/** Every person of these tests bears it. */
export const PERSON = { name: '灯火 花子', kana: 'ともしび はなこ' };

/** The things of these tests that a person must act on. */
const RIGHT_ALARM = /"event":"mail-(server-down|paused)"/;

/**
 * Whatever is no line of JSON, holds an address, a name, a link or a token (architecture §7), or calls for a person
 * (ERROR) although everything goes on by itself.
 */
async function badLogLines(folder: string, sink: Sink): Promise<string[]> {
  const secrets = ['@', '灯火', 'ともしび', 'n119_'];
  for (const { link } of sink.journal) if (link !== null) secrets.push(link.split('/r/')[1] ?? '');
  const isBad = (line: string) =>
    !/^\{.*\}$/.test(line) ||
    secrets.some((secret) => line.includes(secret)) ||
    (/"level":"(error|fatal)"/.test(line) && !RIGHT_ALARM.test(line));
  const bad: string[] = [];
  for (const part of LOGGING_PARTS) {
    const lines = (await readLog(folder, part)).split('\n').filter((line) => line !== '');
    bad.push(...lines.filter(isBad).map((line) => `${part}: ${line}`));
  }
  return bad;
}

const LOGGING_PARTS = ['api', 'worker', 'second-worker'];

/** '' when that part never ran. */
function readLog(folder: string, part: string): Promise<string> {
  return readFile(join(folder, `${part}.log`), 'utf8').catch(() => '');
}

/** Chosen once: a part comes back where it was. */
async function freePorts(names: readonly string[]): Promise<Record<string, string>> {
  const servers = names.map((name) => ({ name, server: createServer() }));
  const ports: Record<string, string> = {};
  for (const { name, server } of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports[name] = String((server.address() as AddressInfo).port);
  }
  await Promise.all(servers.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
