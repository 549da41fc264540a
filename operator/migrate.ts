/** Brings the tables to this release's shape, and lets the application's login in. Safe to run again, and from two places at once. */
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';

const MIGRATIONS = fileURLToPath(new URL('../store/migrations', import.meta.url));

/**
 * A migration that waits for a lock makes everybody behind it wait: rather fail and be run again. One that rewrites a
 * large table takes long, so its own time is not bounded.
 */
const SESSION = '-c timezone=UTC -c lock_timeout=10s -c statement_timeout=0';

/**
 * Runs what has not run yet, each migration in a transaction of its own; `ownerUrl` names a login with CREATEROLE.
 * `appUrl` names the application's login, which becomes a member of net119_app. Returns the names of what was run.
 */
export async function migrate(ownerUrl: string, appUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl, options: SESSION });
  await client.connect();
  try {
    const run = await runner({
      dbClient: client,
      dir: MIGRATIONS,
      direction: 'up',
      migrationsTable: 'schema_migration',
      singleTransaction: false,
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    });
    const login = decodeURIComponent(new URL(appUrl).username);
    await client.query(`GRANT net119_app TO ${client.escapeIdentifier(login)}`);
    return run.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
