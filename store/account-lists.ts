/** Lists and searches over accounts: keyset pages of ids, in an order that an index has. */
import type { Instant } from '../domain/calendar.js';
import type { LapseCause } from '../domain/lapse.js';
import type { Status } from '../domain/status.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export interface ListCursor {
  expiresAt: Instant;
  id: string;
}

export type ListRow = ListCursor;

/**
 * Account ids in the order of expiry. The status filter says in SQL what domain/status says in code (R5): a property
 * test holds both equal.
 */
export async function listAccountIds(
  tx: Tx,
  filter: {
    status?: Status | undefined;
    lapseCause?: LapseCause | undefined;
    now: Instant;
    after: ListCursor | null;
    limit: number;
  },
): Promise<ListRow[]> {
  const values: unknown[] = [at(filter.after?.expiresAt ?? null), filter.after?.id ?? null, filter.limit];
  const where: string[] = [];
  if (filter.after) where.push('(c.expires_at, c.account_id) > ($1::timestamptz, $2::uuid)');
  else where.push('($1::timestamptz IS NULL AND $2::uuid IS NULL)');
  if (filter.status === 'WITHDRAWN') where.push('a.withdrawn_at IS NOT NULL');
  else if (filter.status) {
    values.push(at(filter.now));
    where.push('a.withdrawn_at IS NULL');
    if (filter.status === 'LAPSED') where.push('c.expires_at <= $4');
    if (filter.status === 'RENEWAL_PENDING') where.push('c.expires_at > $4 AND c.window_opens_at <= $4');
    if (filter.status === 'ACTIVE') where.push('c.expires_at > $4 AND c.window_opens_at > $4');
  }
  if (filter.lapseCause) {
    values.push(filter.lapseCause);
    where.push(`c.lapse_cause = $${values.length}`);
  }
  return tx.query<ListRow>(
    `SELECT c.expires_at AS "expiresAt", c.account_id AS id FROM renewal_cycle c
     JOIN account a ON a.fire_hq_id = c.fire_hq_id AND a.id = c.account_id
     WHERE c.fire_hq_id = current_fire_hq() AND c.renewed_at IS NULL AND ${where.join(' AND ')}
     ORDER BY c.expires_at, c.account_id LIMIT $3`,
    values,
  );
}

/** The text just above every text that begins with `prefix`, in the order of code points (COLLATE "C"). */
function prefixEnd(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}

/** A search looks at most this deep into each field: past it the reader must type more. Keeps a one-letter search quick. */
const SEARCH_DEPTH = 1_000;

/**
 * Accounts whose number, name, kana or mobile number begins with `q`, or whose present mail address is `addressKey`.
 * Ranges, because LIKE cannot use its index under row level security.
 */
export async function searchAccountIds(
  tx: Tx,
  {
    q,
    addressKey,
    afterId,
    limit,
  }: { q: string; addressKey: string | null; afterId: string | null; limit: number },
): Promise<string[]> {
  const branch = (column: string) =>
    `(SELECT id FROM account WHERE fire_hq_id = current_fire_hq() AND ${column} >= $1 AND ${column} < $2
      ORDER BY ${column}, id LIMIT ${SEARCH_DEPTH})`;
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM (
       ${['registration_number', 'name', 'kana', 'mobile_number'].map(branch).join(' UNION ')}
       UNION (SELECT account_id FROM mail_address WHERE fire_hq_id = current_fire_hq() AND address_key = $3 AND role = 'PRESENT')
     ) AS found WHERE ($4::uuid IS NULL OR id > $4) ORDER BY id LIMIT $5`,
    [q, prefixEnd(q), addressKey, afterId, limit],
  );
  return rows.map((row) => row.id);
}
