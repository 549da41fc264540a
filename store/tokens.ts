/** API tokens: only their SHA-256 is stored. */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export interface TokenRow {
  tokenId: string;
  /** null: the vendor's token. */
  fireHqId: string | null;
  scopes: string[];
}

/** The token that is neither revoked nor expired at `now`; the tenant is not known yet. */
export async function lookupApiToken(tx: Tx, hash: Buffer, now: Instant): Promise<TokenRow | null> {
  const rows = await tx.query<TokenRow>(
    'SELECT token_id AS "tokenId", fire_hq_id AS "fireHqId", scopes FROM lookup_api_token($1, $2)',
    [hash, at(now)],
    'lookup-api-token',
  );
  return rows[0] ?? null;
}

/** Under the tenant's own id; a token of the vendor (null) can only be written with the login that owns the tables. */
export async function insertApiToken(
  tx: Tx,
  row: {
    id: string;
    fireHqId: string | null;
    hash: Buffer;
    label: string;
    scopes: readonly string[];
    createdAt: Instant;
    expiresAt: Instant | null;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO api_token (id, fire_hq_id, token_hash, label, scopes, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [row.id, row.fireHqId, row.hash, row.label, row.scopes, at(row.createdAt), at(row.expiresAt)],
  );
}

export interface TokenListRow {
  id: string;
  label: string;
  scopes: string[];
  createdAt: Instant;
  expiresAt: Instant | null;
  revokedAt: Instant | null;
}

/** The tenant's; without a tenant the vendor's, which only the login that owns the tables sees. */
export async function listApiTokens(tx: Tx): Promise<TokenListRow[]> {
  return tx.query<TokenListRow>(
    `SELECT id, label, scopes, created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt"
     FROM api_token WHERE fire_hq_id IS NOT DISTINCT FROM current_fire_hq() ORDER BY created_at`,
  );
}

/** As listApiTokens. False when there is no such live token. */
export async function revokeApiToken(tx: Tx, tokenId: string, now: Instant): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE api_token SET revoked_at = $2
     WHERE fire_hq_id IS NOT DISTINCT FROM current_fire_hq() AND id = $1 AND revoked_at IS NULL RETURNING id`,
    [tokenId, at(now)],
  );
  return rows.length > 0;
}
