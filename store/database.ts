/**
 * Connections and transactions. A transaction always names its tenant, so row level security decides what it sees.
 * Instants come and go as epoch milliseconds, civil dates as 'YYYY-MM-DD' text, never as a JS Date.
 */
import pg from 'pg';

export interface Database {
  /** One transaction under one tenant. Rolls back when `work` throws. Not for anything that waits on the network. */
  inTenant<T>(fireHqId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Single statements without a tenant and, to spare two round trips, without a transaction: for lookup functions. */
  lookups: Tx;
  /** One transaction without a tenant: only lookup functions and the outbox answer there. */
  withoutTenant<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** A connection of its own that calls `onNotify` for each notification of the channel, until stop() is called. */
  listen(channel: string, onNotify: () => void, onLost: () => void): Promise<{ stop(): Promise<void> }>;
  close(): Promise<void>;
}

/** SQL with parameters; a name makes it a prepared statement, for the hot ones. */
export interface Tx {
  query<Row extends object>(sql: string, values?: readonly unknown[], name?: string): Promise<Row[]>;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const TIMESTAMPTZ = 1184;
const DATE = 1082;
const INT8 = 20;

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): ((text: string) => unknown) => {
    if (oid === TIMESTAMPTZ) return instantOf;
    if (oid === DATE) return (text: string) => text;
    if (oid === INT8) return Number;
    return pg.types.getTypeParser(oid, format) as (text: string) => unknown;
  },
};

/** 「2027-03-31 15:00:00.123+00」, as UTC has it, in a quicker way than the general one: a list has hundreds of them. */
function instantOf(text: string): number {
  if (!text.endsWith('+00')) return Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
}

/** For SQL parameters of type timestamptz. */
export function at(instant: number): string;
export function at(instant: number | null): string | null;
export function at(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}

/** Opens a pool; nothing is connected yet. `max` connections; a request waits at most 5 s for one. */
export function openDatabase(url: string, { max = 10 }: { max?: number } = {}): Database {
  const options: pg.PoolConfig = {
    connectionString: url,
    max,
    types,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    // A statement that hangs must not hold a worker's slot past its activity's time-out.
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    // A server that is frozen answers nothing at all: then it is our side that gives up.
    query_timeout: 10_000,
    options: '-c timezone=UTC',
    keepAlive: true,
  };
  const pool = new pg.Pool(options);
  // An idle connection that breaks (server restarted) must not end the process; the next query gets a new one.
  pool.on('error', () => {});
  // Nor one that breaks between two statements of a transaction: its next statement tells.
  pool.on('connect', (client) => client.on('error', () => {}));

  async function transaction<T>(begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query(begin);
      const result = await work(txOf(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      // A connection that does not answer is of no more use; the server rolls back when it is closed.
      if (isReadTimeout(error)) broken = error as Error;
      else await client.query('ROLLBACK').catch((failed: Error) => (broken = failed));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  return {
    inTenant: (fireHqId, work) => {
      // Interpolated to spare a round trip; only a UUID passes.
      if (!UUID.test(fireHqId)) throw new RangeError('the tenant must be a UUID');
      return transaction(`BEGIN; SELECT set_config('app.fire_hq_id', '${fireHqId}', true)`, work);
    },
    lookups: txOf(pool),
    withoutTenant: (work) => transaction('BEGIN', work),
    async ping() {
      await pool.query('SELECT 1');
    },
    async listen(channel, onNotify, onLost) {
      const client = new pg.Client({ ...options, types });
      let stopped = false;
      client.on('notification', onNotify);
      client.on('error', () => {});
      client.on('end', () => {
        if (!stopped) onLost();
      });
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      return {
        async stop() {
          stopped = true;
          await client.end();
        },
      };
    },
    close: () => pool.end(),
  };
}

function txOf(client: pg.PoolClient | pg.Pool): Tx {
  return {
    async query<Row extends object>(
      sql: string,
      values: readonly unknown[] = [],
      name?: string,
    ): Promise<Row[]> {
      const result = await client.query<Row>({ text: sql, values: [...values], ...(name ? { name } : {}) });
      return result.rows;
    },
  };
}

function isReadTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/** True when the database could not be reached or is going down: trouble that passes, not a fault of the request. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') {
    if (/^(08|57P0|53|25P03)/.test(code)) return true;
    if (
      ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EAI_AGAIN'].includes(
        code,
      )
    ) {
      return true;
    }
  }
  if (isReadTimeout(error)) return true;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  return /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|Cannot use a pool after calling end/i.test(
    error.message,
  );
}

/** True when a unique key refused the row; `constraint` names it. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const { code, constraint: hit } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return code === '23505' && (constraint === undefined || hit === constraint);
}
