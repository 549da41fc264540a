/** Where sessions of the staff site are kept: a row that is removed is signed out, in every process. */
import connectPgSimple from 'connect-pg-simple';
import type session from 'express-session';
import pg from 'pg';
import type { Clock } from '../platform/clock.js';

/**
 * Each request puts a session's end off; that is written once a minute, so that looking at a page writes nothing. Somebody
 * is signed out up to a minute sooner.
 */
const PUT_OFF_EVERY = 60_000;
const MOST_REMEMBERED = 10_000;

/** Some hundreds of clerks, each with a request now and then. */
const CONNECTIONS = 4;

export interface SessionStore {
  store: session.Store;
  close(): Promise<void>;
}

/** `make` is express-session itself, which only the API knows. */
export function openSessionStore(url: string, make: typeof session, clock: Clock): SessionStore {
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
  rarelyPutOff(store, clock);
  return {
    store,
    async close() {
      void store.close();
      await pool.end();
    },
  };
}

function rarelyPutOff(store: InstanceType<ReturnType<typeof connectPgSimple>>, clock: Clock): void {
  const putOffAt = new Map<string, number>();
  const touch = store.touch.bind(store);
  store.touch = (sid, held, done) => {
    const now = clock.now();
    const last = putOffAt.get(sid);
    if (last !== undefined && now >= last && now - last < PUT_OFF_EVERY) {
      done?.();
      return;
    }
    if (putOffAt.size >= MOST_REMEMBERED) putOffAt.clear();
    putOffAt.set(sid, now);
    touch(sid, held, done);
  };
}
