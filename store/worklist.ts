/** 対応が必要な人 (R30): who stands there and why. */
import type { BounceClass } from '../domain/bounce.js';
import type { CivilDate, Instant } from '../domain/calendar.js';
import { dayInJapan } from '../domain/calendar.js';
import type { Purpose } from '../domain/delivery.js';
import type { LapseCause } from '../domain/lapse.js';
import type { WorklistFact } from '../domain/worklist.js';
import { at } from './database.js';
import type { Tx } from './database.js';

/**
 * The facts of domain/worklist.ts, one row each: account_id, rank, at. `$1` is now, `$2` today in Japan; `who` narrows each
 * part to some accounts. Each part begins at an index of its own rows alone.
 */
const facts = (who: (column: string) => string) => `
  SELECT m.account_id, CASE WHEN c.lapsed THEN 0 ELSE 1 END AS rank,
    CASE WHEN c.lapsed THEN greatest(f.failed_at, c.expires_at) ELSE f.failed_at END AS at
  FROM mail_address m
  CROSS JOIN LATERAL (SELECT number, opened_at, expires_at, m.state = 'UNDELIVERABLE' AND expires_at <= $1 AS lapsed
    FROM renewal_cycle o WHERE o.fire_hq_id = m.fire_hq_id AND o.account_id = m.account_id AND o.renewed_at IS NULL LIMIT 1) c
  CROSS JOIN LATERAL (SELECT coalesce(m.last_failed_at, (SELECT max(r.bounced_at + interval '0') FROM reminder r
    WHERE r.fire_hq_id = m.fire_hq_id AND r.address_id = m.id AND r.excused_at IS NULL), m.created_at) AS failed_at
    OFFSET 0) f
  WHERE m.fire_hq_id = current_fire_hq() AND m.role = 'PRESENT' ${who('m.account_id')}
    AND (m.state IN ('SUSPECT', 'UNDELIVERABLE') OR m.last_failed_at > coalesce(m.last_proven_at, '-infinity'))
    AND (c.number = 1 OR f.failed_at > c.opened_at OR c.lapsed)
  UNION ALL
  SELECT q.account_id, 2, q.created_at FROM resident_request q
  WHERE q.fire_hq_id = current_fire_hq() AND q.state = 'OPEN' ${who('q.account_id')}
  UNION ALL
  SELECT c.account_id, 3, c.expires_at FROM renewal_cycle c
  WHERE c.fire_hq_id = current_fire_hq() AND c.renewed_at IS NULL AND c.expires_at <= $1 AND c.lapse_cause = 'NOT_SENT'
    ${who('c.account_id')}
  UNION ALL
  SELECT r.account_id, 3, f.failed_at FROM reminder r
  JOIN renewal_cycle c ON c.fire_hq_id = r.fire_hq_id AND c.account_id = r.account_id AND c.renewed_at IS NULL
  CROSS JOIN LATERAL (SELECT coalesce(r.bounced_at, r.give_up_at, r.sent_at, r.due_at) AS failed_at) f
  WHERE r.fire_hq_id = current_fire_hq() AND r.outcome = 'FAILED' ${who('r.account_id')}
    AND (r.cycle = c.number OR f.failed_at > c.opened_at)
    AND NOT EXISTS (SELECT FROM reminder n WHERE n.fire_hq_id = r.fire_hq_id AND n.account_id = r.account_id
      AND n.outcome IN ('ACCEPTED', 'CONFIRMED') AND n.accepted_at > f.failed_at)
  UNION ALL
  SELECT c.account_id, 4, c.expires_at FROM renewal_cycle c
  WHERE c.fire_hq_id = current_fire_hq() AND c.renewed_at IS NULL AND c.expires_at <= $1 ${who('c.account_id')}
  UNION ALL
  SELECT u.id, 5, u.mail_unconfirmed_since FROM account u
  WHERE u.fire_hq_id = current_fire_hq() AND u.mail_unconfirmed_since IS NOT NULL ${who('u.id')}
  UNION ALL
  SELECT k.account_id, 6, k.look_again_on - interval '9 hours' FROM worklist_mark k
  JOIN renewal_cycle c ON c.fire_hq_id = k.fire_hq_id AND c.account_id = k.account_id AND c.renewed_at IS NULL
  JOIN worklist_note w ON w.fire_hq_id = k.fire_hq_id AND w.id = k.note_id AND w.noted_at > c.opened_at
  WHERE k.fire_hq_id = current_fire_hq() AND k.look_again_on <= $2::date ${who('k.account_id')}
  UNION ALL
  SELECT c.account_id, 7, c.auto_stop_recorded_at FROM renewal_cycle c
  WHERE c.fire_hq_id = current_fire_hq() AND c.renewed_at IS NULL AND c.auto_stop_recorded_at IS NOT NULL
    ${who('c.account_id')}`;

/** Everybody who stands there, with the first reason; as standingFacts of domain/worklist.ts. */
const STANDING = `
  SELECT DISTINCT ON (f.account_id) f.account_id AS id, f.rank, f.at
  FROM (${facts(() => '')}) f
  LEFT JOIN worklist_mark k ON k.fire_hq_id = current_fire_hq() AND k.account_id = f.account_id AND k.note_id IS NOT NULL
  WHERE (k.note_id IS NULL OR f.at > k.seen_until OR (k.look_again_on <= $2::date AND f.rank <> 4))
    AND NOT EXISTS (SELECT FROM account a
      WHERE a.fire_hq_id = current_fire_hq() AND a.id = f.account_id AND a.withdrawn_at IS NOT NULL)
  ORDER BY f.account_id, f.rank, f.at DESC`;

export interface StandingRow extends WorklistFact {
  id: string;
}

/** Everybody who stands on the list, with their first reason, in no order. */
export async function listStanding(tx: Tx, now: Instant): Promise<StandingRow[]> {
  return tx.query<StandingRow>(STANDING, [at(now), dayInJapan(now)], 'worklist-standing');
}

export interface NoteRow {
  id: string;
  note: string;
  lookAgainOn: CivilDate;
  seenUntil: Instant;
  notedAt: Instant;
  notedBy: string;
  undoneAt: Instant | null;
}

export interface TakenRow {
  /** Of the staff. */
  by: string;
  name: string;
  at: Instant;
  /** Cannot sign in any more. */
  locked: boolean;
}

/** What is shown of one person. Instants as epoch ms. */
export interface WorklistRow {
  id: string;
  registrationNumber: string;
  name: string;
  kana: string;
  withdrawnAt: Instant | null;
  windowOpensAt: Instant;
  expiresAt: Instant;
  expiresOn: CivilDate | null;
  lapseCause: LapseCause | null;
  /** The newest failure that is known of the present address, whether it counts or not. */
  failure: { at: Instant; bounceClass: BounceClass | null } | null;
  /** A mail after that failure was accepted. */
  acceptedSince: boolean;
  /** Oldest first. */
  requests: { kind: 'CHANGE' | 'STOP'; at: Instant }[];
  /** The newest mail that we could not send. */
  unsent: { purpose: Purpose; at: Instant } | null;
  facts: WorklistFact[];
  note: NoteRow | null;
  taken: TakenRow | null;
  /** 0: nothing was noted or taken yet. */
  version: number;
}

const NOTE_JSON = `json_build_object('id', w.id, 'note', w.note, 'lookAgainOn', w.look_again_on, 'seenUntil',
  epoch_ms(w.seen_until), 'notedAt', epoch_ms(w.noted_at), 'notedBy', w.noted_by, 'undoneAt', epoch_ms(w.undone_at))`;

const ROWS = `
  SELECT a.id, a.registration_number AS "registrationNumber", a.name, a.kana, a.withdrawn_at AS "withdrawnAt",
    c.window_opens_at AS "windowOpensAt", c.expires_at AS "expiresAt", c.expires_on AS "expiresOn",
    c.lapse_cause AS "lapseCause",
    json_build_object('at', epoch_ms(b.bounced_at), 'bounceClass', b.bounce_class) AS failure,
    coalesce(EXISTS (SELECT FROM reminder n WHERE n.fire_hq_id = a.fire_hq_id AND n.address_id = m.id
      AND n.outcome IN ('ACCEPTED', 'CONFIRMED') AND n.accepted_at > b.bounced_at), false) AS "acceptedSince",
    coalesce((SELECT json_agg(json_build_object('kind', q.kind, 'at', epoch_ms(q.created_at)) ORDER BY q.created_at)
      FROM resident_request q WHERE q.fire_hq_id = a.fire_hq_id AND q.account_id = a.id AND q.state = 'OPEN'), '[]') AS requests,
    (SELECT json_build_object('purpose', r.purpose, 'at', epoch_ms(coalesce(r.bounced_at, r.give_up_at, r.sent_at, r.due_at)))
      FROM reminder r WHERE r.fire_hq_id = a.fire_hq_id AND r.account_id = a.id AND r.outcome = 'FAILED'
      ORDER BY coalesce(r.bounced_at, r.give_up_at, r.sent_at, r.due_at) DESC LIMIT 1) AS unsent,
    coalesce((SELECT json_agg(json_build_object('rank', f.rank, 'at', epoch_ms(f.at))) FROM (${facts((column) => `AND ${column} = a.id`)}) f),
      '[]') AS facts,
    (SELECT ${NOTE_JSON} FROM worklist_note w WHERE w.fire_hq_id = k.fire_hq_id AND w.id = k.note_id) AS note,
    (SELECT json_build_object('by', s.id, 'name', s.display_name, 'at', epoch_ms(k.taken_at), 'locked', s.locked_at IS NOT NULL)
      FROM staff s WHERE s.fire_hq_id = k.fire_hq_id AND s.id = k.taken_by) AS taken,
    coalesce(k.version, 0) AS version
  FROM account a
  JOIN renewal_cycle c ON c.fire_hq_id = a.fire_hq_id AND c.account_id = a.id AND c.renewed_at IS NULL
  JOIN mail_address m ON m.fire_hq_id = a.fire_hq_id AND m.account_id = a.id AND m.role = 'PRESENT'
  LEFT JOIN worklist_mark k ON k.fire_hq_id = a.fire_hq_id AND k.account_id = a.id
  LEFT JOIN LATERAL (SELECT r.bounced_at, r.bounce_class FROM reminder r
    WHERE r.fire_hq_id = m.fire_hq_id AND r.address_id = m.id AND r.outcome = 'BOUNCED'
    ORDER BY r.bounced_at DESC LIMIT 1) b ON true
  WHERE a.fire_hq_id = current_fire_hq() AND a.id = ANY ($3)`;

/** In no particular order; unknown ids are left out. */
export async function readWorklistRows(
  tx: Tx,
  accountIds: readonly string[],
  now: Instant,
): Promise<WorklistRow[]> {
  type Columns = Omit<WorklistRow, 'failure'> & {
    failure: { at: Instant | null; bounceClass: BounceClass | null };
  };
  const rows = await tx.query<Columns>(ROWS, [at(now), dayInJapan(now), accountIds], 'worklist-rows');
  return rows.map(({ failure, ...row }) => ({
    ...row,
    failure: failure.at === null ? null : { at: failure.at, bounceClass: failure.bounceClass },
  }));
}

export interface BouncedRow {
  id: string;
  at: Instant;
}

/** People of whom a mail that did not arrive was heard of since, the newest first, below the cursor; once each. */
export async function listBounced(
  tx: Tx,
  { since, after, limit }: { since: Instant; after: BouncedRow | null; limit: number },
): Promise<BouncedRow[]> {
  return tx.query<BouncedRow>(
    `SELECT r.account_id AS id, max(r.bounced_at) AS at FROM reminder r
     JOIN account a ON a.fire_hq_id = r.fire_hq_id AND a.id = r.account_id AND a.withdrawn_at IS NULL
     WHERE r.fire_hq_id = current_fire_hq() AND r.outcome = 'BOUNCED' AND r.bounced_at >= $1
     GROUP BY r.account_id
     HAVING $2::timestamptz IS NULL OR (max(r.bounced_at), r.account_id) < ($2, $3::uuid)
     ORDER BY max(r.bounced_at) DESC, r.account_id DESC LIMIT $4`,
    [at(since), at(after?.at ?? null), after?.id ?? null, limit],
    'worklist-bounced',
  );
}
