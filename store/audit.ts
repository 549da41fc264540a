/** The audit trail 操作履歴 (R34): append-only, enforced by the database. */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export interface NewAuditEvent {
  at: Instant;
  actor: string;
  /** `<subject>.<past tense>`, for example `account.registered`. */
  action: string;
  accountId?: string;
  before?: unknown;
  after?: unknown;
}

export async function appendAudit(tx: Tx, event: NewAuditEvent): Promise<void> {
  await tx.query(
    `INSERT INTO audit_event (fire_hq_id, at, actor, action, account_id, before, after)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6)`,
    [
      at(event.at),
      event.actor,
      event.action,
      event.accountId ?? null,
      event.before === undefined ? null : JSON.stringify(event.before),
      event.after === undefined ? null : JSON.stringify(event.after),
    ],
    'append-audit',
  );
}

/** R34: once in each ten minutes and pair of viewer and person (audit_event_viewed), however often a page is opened. */
export async function appendView(
  tx: Tx,
  view: { at: Instant; actor: string; accountId: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO audit_event (fire_hq_id, at, actor, action, account_id)
     VALUES (current_fire_hq(), $1, $2, 'account.viewed', $3) ON CONFLICT DO NOTHING`,
    [at(view.at), view.actor, view.accountId],
    'append-view',
  );
}

export interface AuditRow {
  id: number;
  at: Instant;
  actor: string;
  action: string;
  accountId: string | null;
  before: unknown;
  after: unknown;
}

/** Newest first, below `beforeId`. */
export async function listAudit(
  tx: Tx,
  { accountId, beforeId, limit }: { accountId?: string | undefined; beforeId: number | null; limit: number },
): Promise<AuditRow[]> {
  return tx.query<AuditRow>(
    `SELECT id, at, actor, action, account_id AS "accountId", before, after FROM audit_event
     WHERE fire_hq_id = current_fire_hq() AND ($1::uuid IS NULL OR account_id = $1) AND ($2::bigint IS NULL OR id < $2)
     ORDER BY id DESC LIMIT $3`,
    [accountId ?? null, beforeId, limit],
  );
}
