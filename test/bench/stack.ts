/**
 * The stack that is measured: the parts of `npm start` on ports and in a folder of their own, with API and worker as
 * production runs them (dist/, plain node). Everything it starts ends with it.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { ensureDatabase, postgresPart } from '../../local/database.js';
import { USUAL_PORTS } from '../../local/ports.js';
import { apiPart, intakePart, mailPart, workerPart } from '../../local/services.js';
import type { Settings } from '../../local/settings.js';
import { readSettings } from '../../local/settings.js';
import type { Part } from '../../local/supervisor.js';
import { createSupervisor } from '../../local/supervisor.js';
import { findTemporalCli } from '../../local/temporal-binary.js';
import { prepareNamespace, temporalPart } from '../../local/temporal.js';
import { migrate } from '../../operator/migrate.js';
import { systemClock } from '../../platform/clock.js';
import { parseKeyRing } from '../../platform/keys.js';
import { openDatabase } from '../../store/database.js';
import type { Deps } from '../../usecases/context.js';

type PartName = 'temporal' | 'mail' | 'sink' | 'api' | 'worker' | 'hollow-worker' | 'intake';

export interface Stack {
  settings: Settings;
  /** As the application. */
  deps: Deps;
  /** As owner of the tables. */
  owner: pg.Pool;
  client: Client;
  pid(name: PartName | 'postgres'): number;
  /** What the sink or the hollow worker wrote down: when, and what. */
  journal: string;
}

/** What loads the machine must not be stopped by limits that production sets by its mail provider. */
const WITHOUT_LIMITS = { MAIL_RATE_PER_SECOND: '100000', SMTP_CONNECTIONS: '32' };
/** As docker-compose.yml bounds the worker's memory. */
const BOUNDED = {
  NODE_OPTIONS: '--max-old-space-size=384 --max-semi-space-size=8',
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: '131072',
};
/** Ended together; those further down serve those above. */
const STOP_ORDER = [['worker', 'hollow-worker', 'api', 'intake'], ['mail', 'sink', 'temporal'], ['postgres']];

/** How to end each thing that runs. */
const running = new Set<() => Promise<unknown>>();

/** Resolves when nothing runs any more: for Ctrl-C. */
export async function stopAll(): Promise<void> {
  await Promise.allSettled([...running].map((stop) => stop()));
}

/** For what is over soon by itself and cleans up behind it: Ctrl-C waits for its end. */
export async function untilItsEnd<T>(work: Promise<T>): Promise<T> {
  const stop = () => work;
  running.add(stop);
  return work.finally(() => running.delete(stop));
}

/** Starts PostgreSQL and `names`, does `work`, ends them all. A part that died meanwhile spoils the figure. */
export async function withStack<T>(
  names: readonly PartName[],
  work: (stack: Stack) => Promise<T>,
  more: Record<string, string> = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'net119-bench-'));
  await chmod(folder, 0o755);
  const trouble: string[] = [];
  const supervisor = createSupervisor({
    logFolder: join(folder, 'logs'),
    say: (line) => trouble.push(line),
    onChange: () => {},
  });
  const closers: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | null = null;
  // Once, whoever asks first: the end of the work, or Ctrl-C in the middle of it, whose failures then wait for this too.
  const stop = () => (stopping ??= end());
  const end = async () => {
    supervisor.close();
    await Promise.all(closers.map((close) => close().catch(() => {})));
    for (const together of STOP_ORDER) await supervisor.stop(together);
    await rm(folder, { recursive: true, force: true });
    running.delete(stop);
  };
  running.add(stop);
  try {
    const settings = await readSettings(folder, await freePorts(), () => {});
    await supervisor.start(await postgresPart(settings));
    await ensureDatabase(settings);
    await migrate(settings.databaseOwnerUrl, settings.databaseUrl);
    const journal = join(folder, 'journal');
    for (const name of names) {
      const part = await partOf(name, settings, { ...more, BENCH_JOURNAL: journal });
      await supervisor.start(part);
      if (name === 'temporal') await prepareNamespace(settings);
    }
    const deps = depsOf(settings);
    const owner = new pg.Pool({ connectionString: settings.databaseOwnerUrl, max: 2 });
    const connection = Connection.lazy({ address: settings.temporalAddress });
    closers.push(
      () => deps.database.close(),
      () => owner.end(),
      () => connection.close(),
    );
    const client = new Client({ connection, namespace: settings.temporalNamespace });
    const pid = (name: string) => supervisor.processes()[name]?.pid ?? 0;
    const result = await work({ settings, deps, owner, client, pid, journal });
    if (trouble.length > 0) throw new Error(trouble.join('\n'));
    return result;
  } finally {
    await stop();
  }
}

async function partOf(name: PartName, settings: Settings, more: Record<string, string>): Promise<Part> {
  switch (name) {
    case 'temporal':
      return temporalPart(settings, await findTemporalCli(() => {}));
    case 'mail':
      return mailPart(settings);
    case 'sink':
      return {
        ...script(mailPart(settings), name, 'test/bench/sink/main.ts', more),
        isReady: () => listens(settings.smtpUrl),
      };
    case 'api':
      return built(apiPart(settings), 'dist/api/main.js', more);
    case 'intake':
      return built(intakePart(settings), 'dist/intake/main.js', more);
    case 'worker':
      return built(workerPart(settings), 'dist/worker/main.js', more);
    case 'hollow-worker':
      return script(workerPart(settings), name, 'test/bench/hollow-worker/main.ts', more);
  }
}

function built(part: Part, path: string, more: Record<string, string>): Part {
  return { ...part, args: [path], env: environment(part, more) };
}

function script(part: Part, name: string, path: string, more: Record<string, string>): Part {
  return { ...part, name, args: ['--import', 'tsx', path], env: environment(part, more) };
}

function environment(part: Part, more: Record<string, string>): NodeJS.ProcessEnv {
  return { ...part.env, ...WITHOUT_LIMITS, ...BOUNDED, WORKFLOW_BUNDLE: 'dist/workflow-bundle.js', ...more };
}

function depsOf(settings: Settings): Deps {
  return {
    database: openDatabase(settings.databaseUrl, { max: 4 }),
    clock: systemClock,
    keys: parseKeyRing(settings.secrets.linkKeys) ?? [],
  };
}

/** Nothing of the caller's own environment: it may name other servers. */
async function freePorts(): Promise<NodeJS.ProcessEnv> {
  const servers = Object.keys(USUAL_PORTS).map((name) => ({ name, server: createServer() }));
  const ports: Record<string, string> = {};
  for (const { name, server } of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports[name] = String((server.address() as AddressInfo).port);
  }
  for (const { server } of servers) server.close();
  return ports;
}

async function listens(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}
