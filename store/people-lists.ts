/** Lists that staff work through, by filters over stored facts: keyset pages and counts, in an order that an index has. */
import type { AddressState } from '../domain/address-state.js';
import type { Instant } from '../domain/calendar.js';
import type { LapseCause } from '../domain/lapse.js';
import { STATUS_SQL } from './account-lists.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export const PEOPLE_LISTS = ['pending', 'lapsed', 'unconfirmed', 'unused'] as const;
/** 更新待ち, 失効中, 更新済み・メール未確認 (R18), 長期間未利用 (R33). */
export type PeopleList = (typeof PEOPLE_LISTS)[number];

export interface ListQuery {
  list: PeopleList;
  now: Instant;
  /** Of the instant that the list is in the order of; from, and before. */
  from: Instant | null;
  until: Instant | null;
  cause: LapseCause | null;
  /** What stands behind the @, in lower case. */
  mailDomain: string | null;
  addressStates: readonly AddressState[];
  municipality: string | null;
  /** R33, R13: each policy version and before when the last use must lie under it. Only `unused` asks. */
  unusedBefore: readonly { version: number; before: Instant }[];
}

/** `at`: the expiry; since when it is unconfirmed; the last use. */
export interface ListPlace {
  at: Instant;
  id: string;
}

interface Shape {
  sort: string;
  /** Latest first. */
  descending: boolean;
  where: (query: ListQuery, value: (value: unknown) => string) => string[];
}

const SHAPES: Readonly<Record<PeopleList, Shape>> = {
  pending: {
    sort: 'c.expires_at',
    descending: false,
    where: ({ now }, value) => [STATUS_SQL.RENEWAL_PENDING(value(at(now)))],
  },
  lapsed: {
    sort: 'c.expires_at',
    descending: true,
    where: ({ now }, value) => [STATUS_SQL.LAPSED(value(at(now)))],
  },
  unconfirmed: {
    sort: 'a.mail_unconfirmed_since',
    descending: false,
    where: () => ['a.withdrawn_at IS NULL AND a.mail_unconfirmed_since IS NOT NULL'],
  },
  unused: {
    sort: 'coalesce(a.last_activity_at, a.registered_at)',
    descending: false,
    where: ({ unusedBefore }, value) => {
      const latest = Math.max(...unusedBefore.map(({ before }) => before));
      const versions = value(unusedBefore.map(({ version }) => version));
      const instants = value(unusedBefore.map(({ before }) => at(before)));
      return [
        'a.withdrawn_at IS NULL',
        `coalesce(a.last_activity_at, a.registered_at) < ${value(at(latest))}`,
        `coalesce(a.last_activity_at, a.registered_at) <
           (${instants}::timestamptz[])[array_position(${versions}::int[], c.policy_version)]`,
      ];
    },
  },
};

/** People of a list after a place in it, in its order. */
export async function listPeople(
  tx: Tx,
  query: ListQuery,
  { after, limit }: { after: ListPlace | null; limit: number },
): Promise<ListPlace[]> {
  const { sort, descending } = SHAPES[query.list];
  const values: unknown[] = [limit];
  const value = numbered(values);
  const where = conditions(query, value);
  if (after !== null)
    where.push(
      `(${sort}, a.id) ${descending ? '<' : '>'} (${value(at(after.at))}::timestamptz, ${value(after.id)}::uuid)`,
    );
  const direction = descending ? 'DESC' : 'ASC';
  return tx.query<ListPlace>(
    `SELECT ${sort} AS at, a.id ${source(query)} WHERE ${where.join(' AND ')}
     ORDER BY ${sort} ${direction}, a.id ${direction} LIMIT $1`,
    values,
  );
}

/** The first people of a list, and how many there are, counted up to `atMost`: in one walk along the index. */
export async function listFirstPeople(
  tx: Tx,
  query: ListQuery,
  { limit, atMost }: { limit: number; atMost: number },
): Promise<{ rows: ListPlace[]; people: number }> {
  const { sort, descending } = SHAPES[query.list];
  const values: unknown[] = [limit, atMost];
  const where = conditions(query, numbered(values));
  const direction = descending ? 'DESC' : 'ASC';
  const found = await tx.query<ListPlace & { people: number }>(
    `WITH found AS MATERIALIZED (
       SELECT ${sort} AS at, a.id ${source(query)} WHERE ${where.join(' AND ')}
       ORDER BY ${sort} ${direction}, a.id ${direction} LIMIT $2
     )
     SELECT at, id, (SELECT count(*)::int FROM found) AS people FROM found
     ORDER BY at ${direction}, id ${direction} LIMIT $1`,
    values,
    nameOf('first-people', query),
  );
  return { rows: found.map(({ at: since, id }) => ({ at: since, id })), people: found[0]?.people ?? 0 };
}

/** How many there are, counted up to `atMost`. */
export async function countPeople(tx: Tx, query: ListQuery, atMost: number): Promise<number> {
  const values: unknown[] = [atMost];
  const where = conditions(query, numbered(values));
  const { sort, descending } = SHAPES[query.list];
  // In the list's own order, in which an index has them: so it may end at the bound.
  const rows = await tx.query<{ people: number }>(
    `SELECT count(*)::int AS people FROM (SELECT a.id ${source(query)} WHERE ${where.join(' AND ')}
       ORDER BY ${sort} ${descending ? 'DESC' : 'ASC'} LIMIT $1) AS counted`,
    values,
    nameOf('count-people', query),
  );
  return rows[0]?.people ?? 0;
}

/** 市町村 that people here have, in order of their letters; one step of the index each. */
export async function listMunicipalities(tx: Tx, atMost: number): Promise<string[]> {
  const next = (than: string) => `(SELECT municipality FROM account WHERE fire_hq_id = current_fire_hq()
    AND municipality IS NOT NULL ${than} ORDER BY municipality COLLATE "C" LIMIT 1)`;
  const rows = await tx.query<{ name: string }>(
    `WITH RECURSIVE found (name, n) AS (
       SELECT ${next('')}, 1
       UNION ALL
       SELECT ${next('AND municipality COLLATE "C" > found.name COLLATE "C"')}, n + 1 FROM found
       WHERE found.name IS NOT NULL AND n < $1
     ) SELECT name FROM found WHERE name IS NOT NULL`,
    [atMost],
    'municipalities',
  );
  return rows.map(({ name }) => name);
}

/** A whole list is asked for so often that planning it anew is a burden; how a filter is best served depends on its values. */
function nameOf(what: string, query: ListQuery): string | undefined {
  const { list, from, until, cause, mailDomain, addressStates, municipality } = query;
  const filtered = [from, until, cause, mailDomain, municipality].some((value) => value !== null);
  return filtered || addressStates.length > 0 || list === 'unused' ? undefined : `${what}-${list}`;
}

function numbered(values: unknown[]): (value: unknown) => string {
  return (value) => `$${values.push(value)}`;
}

function source({ mailDomain, addressStates }: ListQuery): string {
  const byAddress = mailDomain !== null || addressStates.length > 0;
  return `FROM account a
    JOIN renewal_cycle c ON c.fire_hq_id = a.fire_hq_id AND c.account_id = a.id AND c.renewed_at IS NULL
    ${byAddress ? `JOIN mail_address m ON m.fire_hq_id = a.fire_hq_id AND m.account_id = a.id AND m.role = 'PRESENT'` : ''}`;
}

function conditions(query: ListQuery, value: (value: unknown) => string): string[] {
  const { list, from, until, cause, mailDomain, addressStates, municipality } = query;
  const { sort, where } = SHAPES[list];
  // Of both tables, so that the planner may begin with the index of either.
  const all = [
    'a.fire_hq_id = current_fire_hq()',
    'c.fire_hq_id = current_fire_hq()',
    ...where(query, value),
  ];
  if (from !== null) all.push(`${sort} >= ${value(at(from))}`);
  if (until !== null) all.push(`${sort} < ${value(at(until))}`);
  if (cause !== null) all.push(`c.lapse_cause = ${value(cause)}`);
  if (mailDomain !== null || addressStates.length > 0) all.push('m.fire_hq_id = current_fire_hq()');
  if (mailDomain !== null) all.push(`m.mail_domain = ${value(mailDomain)}`);
  if (addressStates.length > 0) all.push(`m.state = ANY (${value(addressStates)})`);
  if (municipality !== null) all.push(`a.municipality COLLATE "C" = ${value(municipality)}`);
  return all;
}
