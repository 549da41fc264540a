/** Finding one person in a hurry, and over all headquarters by the whole mobile number. */
import type { Sought } from '../domain/sought.js';
import type { Tx } from './database.js';

/** Just above every text that begins so, in the order of code points. */
const end = (prefix: string) => `${prefix}\u{10ffff}`;

export interface LookMatch {
  id: string;
  /** The whole number, or the whole mobile number. */
  exact: boolean;
}

/** What fits exactly first, then what begins so: name, kana, number. */
export async function findPeople(tx: Tx, sought: Sought, limit: number): Promise<LookMatch[]> {
  const { numbers, mobiles, name, kana } = sought;
  const begins = (column: string, way: number, from: string, to: string) =>
    `(SELECT id, ${way} AS way FROM account WHERE fire_hq_id = current_fire_hq() AND ${column} >= ${from} AND ${column} < ${to}
      ORDER BY ${column}, id LIMIT $9)`;
  return tx.query<LookMatch>(
    `SELECT id, min(way) <= 2 AS exact FROM (
       (SELECT id, 1 AS way FROM account WHERE fire_hq_id = current_fire_hq() AND registration_number = ANY ($1))
       UNION ALL (SELECT id, 2 FROM account WHERE fire_hq_id = current_fire_hq() AND mobile_digits = ANY ($2) LIMIT $9)
       UNION ALL ${begins('name_key', 3, '$3', '$4')}
       UNION ALL ${begins('kana_key', 4, '$5', '$6')}
       UNION ALL ${begins('registration_number', 5, '$7', '$8')}
     ) AS found GROUP BY id ORDER BY min(way), id LIMIT $9`,
    [numbers, mobiles, name, end(name), kana, end(kana), numbers[1] ?? name, end(numbers[1] ?? name), limit],
    'find-people',
  );
}

/** Null: nobody has this number, or several people have it. */
export async function findByMobileNumber(tx: Tx, digits: readonly string[]): Promise<string | null> {
  const rows = await tx.query<{ id: string }>(
    'SELECT id FROM account WHERE fire_hq_id = current_fire_hq() AND mobile_digits = ANY ($1) LIMIT 2',
    [digits],
    'find-by-mobile-number',
  );
  return rows.length === 1 ? (rows[0]?.id ?? null) : null;
}

export interface MobileMatch {
  fireHqId: string;
  accountId: string;
  withdrawn: boolean;
}

/** Whose mobile number it is, over all headquarters; at most three, those who are not withdrawn first. */
export async function lookupMobileNumber(tx: Tx, digits: readonly string[]): Promise<MobileMatch[]> {
  return tx.query<MobileMatch>(
    'SELECT fire_hq_id AS "fireHqId", account_id AS "accountId", withdrawn FROM lookup_mobile_number($1)',
    [digits],
    'lookup-mobile-number',
  );
}
