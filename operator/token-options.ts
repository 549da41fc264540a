/** What the commands about tokens read and print alike. */
import type { TokenListRow } from '../store/tokens.js';
import type { Values } from './command.js';
import { UsageError, futureOf, textOf } from './command.js';

export function show(id: string, token: string): void {
  console.log(`${id}\n${token}`);
  console.error('Keep the token now: it is not shown again.');
}

export function scopesOf<Known extends string>(list: string, known: readonly Known[]): Known[] {
  if (list === 'all') return [...known];
  return list.split(',').map((given) => {
    const scope = known.find((each) => each === given.trim());
    if (scope === undefined) {
      throw new UsageError(`There is no scope "${given.trim()}" for this token. Known: ${known.join(', ')}.`);
    }
    return scope;
  });
}

export function expiryOf(values: Values, now: number): number | null {
  return values['expires'] === undefined ? null : futureOf('expires', textOf(values, 'expires'), now);
}

export function tokenIdOf(values: Values): string {
  const id = textOf(values, 'id');
  if (!/^[0-9a-f-]{36}$/i.test(id))
    throw new UsageError('--id must be an id as the list of tokens shows it.');
  return id;
}

export function listOne(row: TokenListRow): void {
  const state = row.revokedAt !== null ? `revoked ${iso(row.revokedAt)}` : `until ${iso(row.expiresAt)}`;
  console.log([row.id, row.label, row.scopes.join(','), `made ${iso(row.createdAt)}`, state].join('  '));
}

function iso(at: number | null): string {
  return at === null ? 'no end' : new Date(at).toISOString();
}
