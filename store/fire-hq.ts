/** 消防本部, the tenants. */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';
import type { FireHqRow } from './rows.js';

/** Under the new tenant's own id. Throws a unique violation on fire_hq_code_key. */
export async function insertFireHq(tx: Tx, row: FireHqRow & { createdAt: Instant }): Promise<void> {
  await tx.query(
    `INSERT INTO fire_hq (id, code, display_name, short_name, reply_to, fax, counter, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [row.id, row.code, row.displayName, row.shortName, row.replyTo, row.fax, row.counter, at(row.createdAt)],
  );
}

/** Ids and codes only; the tenant is not known yet. */
export async function listFireHq(tx: Tx): Promise<{ id: string; code: string }[]> {
  return tx.query<{ id: string; code: string }>('SELECT fire_hq_id AS id, code FROM list_fire_hq()');
}

export async function lookupFireHq(tx: Tx, code: string): Promise<string | null> {
  const rows = await tx.query<{ id: string }>('SELECT fire_hq_id AS id FROM lookup_fire_hq($1)', [code]);
  return rows[0]?.id ?? null;
}

/** This tenant. */
export async function readFireHq(tx: Tx): Promise<FireHqRow> {
  const [row] = await tx.query<FireHqRow>(
    `SELECT id, code, display_name AS "displayName", short_name AS "shortName", reply_to AS "replyTo", fax, counter
     FROM fire_hq WHERE id = current_fire_hq()`,
  );
  if (row === undefined) throw new Error('no tenant');
  return row;
}
