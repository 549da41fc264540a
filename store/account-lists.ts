/** Lists of all accounts: keyset pages of ids, in an order that an index has. */
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

/** domain/status in SQL (R5), of account `a` with its open cycle `c`; a property test holds both equal. */
export const STATUS_SQL: Readonly<Record<Status, (now: string) => string>> = {
  ACTIVE: (now) => `a.withdrawn_at IS NULL AND c.expires_at > ${now} AND c.window_opens_at > ${now}`,
  RENEWAL_PENDING: (now) =>
    `a.withdrawn_at IS NULL AND c.expires_at > ${now} AND c.window_opens_at <= ${now}`,
  LAPSED: (now) => `a.withdrawn_at IS NULL AND c.expires_at <= ${now}`,
  WITHDRAWN: () => 'a.withdrawn_at IS NOT NULL',
};

/** Account ids in the order of expiry. */
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
  if (filter.status) {
    if (filter.status !== 'WITHDRAWN') values.push(at(filter.now));
    where.push(STATUS_SQL[filter.status]('$4'));
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
    // The same text for every page of everybody; how a filter is best served depends on its values.
    filter.status || filter.lapseCause || filter.after ? undefined : 'list-accounts',
  );
}
