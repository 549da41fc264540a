/** The embedded database server as a part, and the logins and the database in it, as production makes them (deploy/). */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { ensureCluster, serverCommand, stopLeftOver, superuserUrl, waitForPostgres } from './postgres.js';
import { clusterFolder } from './postgres-places.js';
import type { Settings } from './settings.js';
import type { Part } from './supervisor.js';

const ASK_WITHIN_MS = 2_500;

/** Makes the data folder on the first run, and ends a server that was left on it. */
export async function postgresPart(settings: Settings): Promise<Part> {
  const folder = await postgresFolder(settings.folder);
  const password = settings.secrets.postgresPassword;
  await stopLeftOver({ folder });
  if (settings.secretsAreNew) await refuseStrangeData(settings.folder, folder);
  await ensureCluster({ folder, password });
  const port = settings.ports.POSTGRES_PORT ?? 0;
  return {
    name: 'postgres',
    ...(await serverCommand({ folder }, port)),
    isReady() {
      const until = Date.now() + ASK_WITHIN_MS;
      return waitForPostgres(superuserUrl(password, port), () => Date.now() > until);
    },
    // Fast shutdown: connections are ended, nothing is lost.
    stopSignal: 'SIGINT',
    stopWithinMs: 1_500,
  };
}

/** The data folder of the stack in `folder`, which may lie elsewhere (postgres-places.ts). */
export function postgresFolder(folder: string): Promise<string> {
  return clusterFolder(join(folder, 'postgres'));
}

/** The password of the data was kept in secrets.json: without it the data cannot be opened. */
async function refuseStrangeData(stackFolder: string, folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  if (folder.startsWith(stackFolder)) {
    throw new Error(
      `${join(stackFolder, 'secrets.json')} is gone, and with it the password of the database: npm start -- --fresh begins anew.`,
    );
  }
  // The whole folder of the stack was deleted: what lies elsewhere goes with it.
  await rm(folder, { recursive: true });
}

/** Logins and database; what is there is left as it is. */
export async function ensureDatabase({ ports, secrets }: Settings): Promise<void> {
  const client = new pg.Client(superuserUrl(secrets.postgresPassword, ports.POSTGRES_PORT ?? 0));
  await client.connect();
  try {
    await ensureLogin(client, 'net119_owner_login', 'CREATEROLE', secrets.ownerPassword);
    await ensureLogin(client, 'net119_app_login', 'NOCREATEROLE', secrets.appPassword);
    const found = await client.query("SELECT FROM pg_database WHERE datname = 'net119'");
    if (found.rowCount === 0) await client.query('CREATE DATABASE net119 OWNER net119_owner_login');
    await client.query('REVOKE CONNECT, TEMPORARY ON DATABASE net119 FROM PUBLIC');
    await client.query('GRANT CONNECT ON DATABASE net119 TO net119_app_login');
  } finally {
    await client.end();
  }
}

async function ensureLogin(client: pg.Client, name: string, right: string, password: string): Promise<void> {
  const found = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  if (found.rowCount === 0) {
    await client.query(`CREATE ROLE ${name} LOGIN ${right} PASSWORD ${client.escapeLiteral(password)}`);
  }
}
