/** 庁内の認証でサインイン: the OpenID Connect settings of a headquarters. */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export interface OidcSettingRow {
  issuer: string;
  clientId: string;
  secretSealed: string;
  /** The claim that holds the sign-in name. */
  claim: string;
  /** Our second factor is not asked when the provider says amr mfa. */
  trustsMfa: boolean;
}

/** Null: this tenant has none. */
export async function readOidcSetting(tx: Tx): Promise<OidcSettingRow | null> {
  const rows = await tx.query<OidcSettingRow>(
    `SELECT issuer, client_id AS "clientId", secret_sealed AS "secretSealed", claim, trusts_mfa AS "trustsMfa"
     FROM oidc_setting WHERE fire_hq_id = current_fire_hq()`,
  );
  return rows[0] ?? null;
}

export async function putOidcSetting(tx: Tx, row: OidcSettingRow, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO oidc_setting (fire_hq_id, issuer, client_id, secret_sealed, claim, trusts_mfa, changed_at)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6)
     ON CONFLICT (fire_hq_id) DO UPDATE SET issuer = $1, client_id = $2, secret_sealed = $3, claim = $4, trusts_mfa = $5,
       changed_at = $6`,
    [row.issuer, row.clientId, row.secretSealed, row.claim, row.trustsMfa, at(now)],
  );
}

export async function deleteOidcSetting(tx: Tx): Promise<void> {
  await tx.query('DELETE FROM oidc_setting WHERE fire_hq_id = current_fire_hq()');
}
