/** How a command of the operator's command line is declared, and what every command needs. */
import type { ParseArgsConfig } from 'node:util';
import { systemClock } from '../platform/clock.js';
import { readOperatorEnv } from '../platform/env.js';
import type { OperatorEnv } from '../platform/env.js';
import { openDatabase } from '../store/database.js';
import type { Database } from '../store/database.js';
import type { Deps } from '../usecases/context.js';

export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

export interface OperatorCommand {
  /** As typed: `hq create`. */
  name: string;
  usage: string;
  help: string;
  options: NonNullable<ParseArgsConfig['options']>;
  /** Options of type string that must be given. */
  required: readonly string[];
  run(values: Values): Promise<void>;
}

/** Wrong words on the command line; the message says what is right. */
export class UsageError extends Error {}

/** Opens the database for the time of the work. Nothing can be sealed and no link made unless LINK_KEYS is given. */
export async function withDeps(work: (deps: Deps, env: OperatorEnv) => Promise<void>): Promise<void> {
  const env = readOperatorEnv();
  const database = openDatabase(env.DATABASE_URL, { max: 2 });
  try {
    await work({ database, clock: systemClock, keys: env.LINK_KEYS ?? [] }, env);
  } finally {
    await database.close();
  }
}

/** As withDeps, with the login that owns the tables. */
export async function withOwner(work: (owner: Database, deps: Deps) => Promise<void>): Promise<void> {
  await withDeps(async (deps, { DATABASE_OWNER_URL: ownerUrl }) => {
    if (ownerUrl === undefined) throw new UsageError('DATABASE_OWNER_URL must be set.');
    const owner = openDatabase(ownerUrl, { max: 1 });
    try {
      await work(owner, deps);
    } finally {
      await owner.close();
    }
  });
}

/** An instant in the future, with its zone. */
export function futureOf(option: string, given: string, now: number): number {
  const at = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(given) ? Date.parse(given) : NaN;
  if (Number.isNaN(at) || at <= now) {
    throw new UsageError(
      `--${option} must be an instant in the future with its zone, like 2027-03-31T00:00:00+09:00.`,
    );
  }
  return at;
}

/** The value of an option that was checked to be there. */
export function textOf(values: Values, name: string): string {
  return String(values[name]);
}
