/** How a command of the operator's command line is declared, and what every command needs. */
import type { ParseArgsConfig } from 'node:util';
import { systemClock } from '../platform/clock.js';
import { readOperatorEnv } from '../platform/env.js';
import type { OperatorEnv } from '../platform/env.js';
import { openDatabase } from '../store/database.js';
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

/** Opens the database for the time of the work. Links cannot be made here: the operator has no key for them. */
export async function withDeps(work: (deps: Deps, env: OperatorEnv) => Promise<void>): Promise<void> {
  const env = readOperatorEnv();
  const database = openDatabase(env.DATABASE_URL, { max: 2 });
  try {
    await work({ database, clock: systemClock, keys: [] }, env);
  } finally {
    await database.close();
  }
}

/** As withDeps, with the login that owns the tables. */
export async function withOwner(
  work: (deps: Pick<Deps, 'database' | 'clock'>) => Promise<void>,
): Promise<void> {
  const { DATABASE_OWNER_URL: ownerUrl } = readOperatorEnv();
  if (ownerUrl === undefined) throw new UsageError('DATABASE_OWNER_URL must be set.');
  const database = openDatabase(ownerUrl, { max: 1 });
  try {
    await work({ database, clock: systemClock });
  } finally {
    await database.close();
  }
}

/** The value of an option that was checked to be there. */
export function textOf(values: Values, name: string): string {
  return String(values[name]);
}
