/** Where sessions of the staff site are kept: a row that is removed is signed out, in every process. */
import connectPgSimple from 'connect-pg-simple';
import type session from 'express-session';
import pg from 'pg';

/** Some hundreds of clerks, each with a request now and then. */
const CONNECTIONS = 4;

export interface SessionStore {
  store: session.Store;
  close(): Promise<void>;
}

/** `make` is express-session itself, which only the API knows. */
export function openSessionStore(url: string, make: typeof session): SessionStore {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
    idleTimeoutMillis: 60_000,
  });
  pool.on('error', () => {});
  const Store = connectPgSimple(make);
  const store = new Store({
    pool,
    tableName: 'staff_session',
    // The request itself fails with the error; telling it twice would only fill the log.
    errorLog: () => {},
  });
  return {
    store,
    async close() {
      void store.close();
      await pool.end();
    },
  };
}
