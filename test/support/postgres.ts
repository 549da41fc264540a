/** One PostgreSQL server per test run; each test file works on its own clone of the migrated template. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ensureCluster, serverCommand, superuserUrl, waitForPostgres } from '../../local/postgres.js';
import type { ServerCommand } from '../../local/postgres.js';
import { migrate } from '../../operator/migrate.js';

/** Where test files, each in a process of its own, find the server. */
const SERVER_URL = 'NET119_TEST_POSTGRES_URL';
const TEMPLATE = 'net119_template';
const OWNER = { name: 'net119_owner_login', password: 'for-tests-only-owner' };
const APP = { name: 'net119_app_login', password: 'for-tests-only-app' };

/** Started by the global set-up, and by a test that stops its own server. */
export interface TestPostgres {
  /** Of the superuser. */
  url: string;
  /** Ends it in good order and keeps its data. */
  halt(): Promise<void>;
  /** Starts it again on the same data and port. */
  resume(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<TestPostgres> {
  const server = await startServer();
  process.env[SERVER_URL] = server.url;
  return server;
}

/** A server with the migrated template database, for createTestDatabase. */
export async function startServer(): Promise<TestPostgres> {
  const parent = await mkdtemp(join(tmpdir(), 'net119-postgres-'));
  await chmod(parent, 0o755);
  const folder = join(parent, 'data');
  const password = randomBytes(12).toString('hex');
  await ensureCluster({ folder, password });
  const port = await freePort();
  const url = superuserUrl(password, port);
  // What a test loses in a crash of the whole machine is of no interest.
  const start = await serverCommand({ folder }, port, [
    'fsync=off',
    'full_page_writes=off',
    'log_min_messages=fatal',
  ]);
  let child = await launch(start, url);
  const halt = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGINT');
    await once(child, 'exit');
  };
  await makeTemplate(url);
  return {
    url,
    halt,
    async resume() {
      child = await launch(start, url);
    },
    async stop() {
      await halt();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

async function launch(start: ServerCommand, url: string): Promise<ChildProcess> {
  const child = spawn(start.command, start.args, { ...start, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => (said = `${said}${String(chunk)}`.slice(-2_000)));
  if (!(await waitForPostgres(url, () => child.exitCode !== null))) {
    throw new Error(`PostgreSQL did not start: ${said}`);
  }
  return child;
}

async function makeTemplate(url: string): Promise<void> {
  await asSuperuser(url, async (client) => {
    await client.query(`CREATE ROLE ${OWNER.name} LOGIN CREATEROLE PASSWORD '${OWNER.password}'`);
    await client.query(`CREATE ROLE ${APP.name} LOGIN PASSWORD '${APP.password}'`);
    await client.query(`CREATE DATABASE ${TEMPLATE} OWNER ${OWNER.name}`);
  });
  await migrate(urlOf(url, OWNER, TEMPLATE), urlOf(url, APP, TEMPLATE));
}

export interface TestDatabase {
  /** Login of the application. */
  databaseUrl: string;
  /** Login that owns the tables. */
  ownerUrl: string;
  /** Ends what is connected and removes the database. */
  drop(): Promise<void>;
}

/** A fresh clone of the migrated template; on the server of the test run unless another is named. */
export async function createTestDatabase(url = process.env[SERVER_URL]): Promise<TestDatabase> {
  if (url === undefined) throw new Error('the global set-up of the tests has not run');
  const name = `t_${randomBytes(8).toString('hex')}`;
  await asSuperuser(url, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} OWNER ${OWNER.name}`),
  );
  return {
    databaseUrl: urlOf(url, APP, name),
    ownerUrl: urlOf(url, OWNER, name),
    async drop() {
      await asSuperuser(url, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

async function asSuperuser(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(serverUrl: string, login: { name: string; password: string }, database: string): string {
  const url = new URL(serverUrl);
  url.username = login.name;
  url.password = login.password;
  url.pathname = `/${database}`;
  return url.href;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
