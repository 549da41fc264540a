/** 操作履歴 (R34) as staff look through it: by person, by who did it, by kind of act, by time; newest first. */
import type { Instant } from '../domain/calendar.js';
import type { AuditRow } from './audit.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export interface AuditSearch {
  accountId?: string | undefined;
  /** As it stands in the trail: `staff:<id>`, `resident` … */
  actor?: string | undefined;
  /** Any token: the other systems together. */
  byTokens?: boolean | undefined;
  actions?: readonly string[] | undefined;
  /** None of these. */
  otherThan?: readonly string[] | undefined;
  /** Exclusive. */
  until?: Instant | undefined;
  from?: Instant | undefined;
}

export interface FoundAuditRow extends AuditRow {
  /** Of the person it is about; null where it is about nobody. */
  name: string | null;
  registrationNumber: string | null;
}

const CONDITIONS = `e.fire_hq_id = current_fire_hq() AND ($1::uuid IS NULL OR e.account_id = $1)
  AND ($2::text IS NULL OR e.actor = $2) AND (NOT $3 OR e.actor LIKE 'token:%')
  AND ($4::text[] IS NULL OR e.action <> ALL ($4)) AND ($5::timestamptz IS NULL OR e.at >= $5)
  AND ($6::timestamptz IS NULL OR e.at < $6) AND ($7::timestamptz IS NULL OR (e.at, e.id) < ($7, $8::bigint))`;

/** Each kind of act has its own stretch of the index: the newest of each, and of these the newest. */
const ofActions = (
  more: string,
) => `unnest($10::text[]) AS wanted(action) CROSS JOIN LATERAL (SELECT * FROM audit_event e
  WHERE ${CONDITIONS} ${more} AND e.action = wanted.action ORDER BY e.at DESC, e.id DESC LIMIT $9) f`;
const ofAny = (more: string) =>
  `(SELECT * FROM audit_event e WHERE ${CONDITIONS} ${more} ORDER BY e.at DESC, e.id DESC LIMIT $9) f`;
/** As the index of staff has it: an equal sign alone does not tell PostgreSQL that it may use it. */
const BY_STAFF = `AND e.actor LIKE 'staff:%'`;

/** By the time of the act, then in the order of writing. */
export async function searchAudit(
  tx: Tx,
  search: AuditSearch,
  { before, limit }: { before: { at: Instant; id: number } | null; limit: number },
): Promise<FoundAuditRow[]> {
  const more = search.actor?.startsWith('staff:') ? BY_STAFF : '';
  return tx.query<FoundAuditRow>(
    `SELECT f.id, f.at, f.actor, f.action, f.account_id AS "accountId", f.before, f.after, a.name,
       a.registration_number AS "registrationNumber"
     FROM ${search.actions === undefined ? ofAny(more) : ofActions(more)}
     LEFT JOIN account a ON a.fire_hq_id = f.fire_hq_id AND a.id = f.account_id
     ORDER BY f.at DESC, f.id DESC LIMIT $9`,
    [
      search.accountId ?? null,
      search.actor ?? null,
      search.byTokens ?? false,
      search.otherThan ?? null,
      at(search.from ?? null),
      at(search.until ?? null),
      at(before?.at ?? null),
      before?.id ?? null,
      limit,
      ...(search.actions === undefined ? [] : [search.actions]),
    ],
  );
}
