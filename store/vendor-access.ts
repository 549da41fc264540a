/** 運用担当に見せる: what a manager opens of this tenant for some hours, and what was looked at then. */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export interface VendorAccessRow {
  id: string;
  reason: string;
  openedAt: Instant;
  /** As in the audit trail. */
  openedBy: string;
  until: Instant;
  closedAt: Instant | null;
}

const COLUMNS = `id, reason, opened_at AS "openedAt", opened_by AS "openedBy", until, closed_at AS "closedAt"`;

/** Those whose time is over are closed with it, so that another may be opened. */
export async function closeOverAccess(tx: Tx, now: Instant): Promise<void> {
  await tx.query(
    `UPDATE vendor_access SET closed_at = until, closed_by = 'system'
     WHERE fire_hq_id = current_fire_hq() AND closed_at IS NULL AND until <= $1`,
    [at(now)],
  );
}

/** False when one is open already. */
export async function insertVendorAccess(tx: Tx, row: Omit<VendorAccessRow, 'closedAt'>): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO vendor_access (fire_hq_id, id, reason, opened_at, opened_by, until)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5) ON CONFLICT (fire_hq_id) WHERE closed_at IS NULL DO NOTHING RETURNING id`,
    [row.id, row.reason, at(row.openedAt), row.openedBy, at(row.until)],
  );
  return rows.length > 0;
}

/** False when it is not open. */
export async function closeVendorAccess(tx: Tx, id: string, now: Instant, by: string): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE vendor_access SET closed_at = $2, closed_by = $3
     WHERE fire_hq_id = current_fire_hq() AND id = $1 AND closed_at IS NULL AND until > $2 RETURNING id`,
    [id, at(now), by],
  );
  return rows.length > 0;
}

/** The one that is open at `now`. */
export async function findOpenAccess(tx: Tx, now: Instant): Promise<VendorAccessRow | null> {
  const rows = await tx.query<VendorAccessRow>(
    `SELECT ${COLUMNS} FROM vendor_access
     WHERE fire_hq_id = current_fire_hq() AND closed_at IS NULL AND until > $1`,
    [at(now)],
    'find-open-vendor-access',
  );
  return rows[0] ?? null;
}

/** Newest first. */
export async function listVendorAccess(tx: Tx, limit: number): Promise<VendorAccessRow[]> {
  return tx.query<VendorAccessRow>(
    `SELECT ${COLUMNS} FROM vendor_access WHERE fire_hq_id = current_fire_hq() ORDER BY opened_at DESC LIMIT $1`,
    [limit],
  );
}

/** A page that is about to be shown, by its pattern; with the person it is about, if this tenant has them. */
export async function appendVendorView(
  tx: Tx,
  view: { at: Instant; actor: string; page: string; accountId: string | null },
): Promise<void> {
  await tx.query(
    `INSERT INTO audit_event (fire_hq_id, at, actor, action, account_id, after)
     VALUES (current_fire_hq(), $1, $2, 'vendor.page-viewed',
       (SELECT id FROM account WHERE fire_hq_id = current_fire_hq() AND id = $3::uuid), jsonb_build_object('page', $4::text))`,
    [at(view.at), view.actor, view.accountId, view.page],
    'append-vendor-view',
  );
}

export interface VendorViewRow {
  at: Instant;
  actor: string;
  page: string;
  accountId: string | null;
}

/** Newest first. */
export async function listVendorViews(tx: Tx, limit: number): Promise<VendorViewRow[]> {
  return tx.query<VendorViewRow>(
    `SELECT at, actor, after->>'page' AS page, account_id AS "accountId" FROM audit_event
     WHERE fire_hq_id = current_fire_hq() AND action = 'vendor.page-viewed' ORDER BY at DESC, id DESC LIMIT $1`,
    [limit],
  );
}
