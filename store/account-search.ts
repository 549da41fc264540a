/** The search over accounts, as people type it. Ranges, because LIKE cannot use its index under row level security. */
import type { Tx } from './database.js';

/** The text just above every text that begins with `prefix`, in the order of code points (COLLATE "C"). */
function prefixEnd(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}

/** A search looks at most this deep into each field: past it the reader must type more. Keeps a one-letter search quick. */
const SEARCH_DEPTH = 1_000;

/** What was typed, as each field is compared; null: that field need not be looked at. */
export interface SearchKeys {
  numbers: readonly string[];
  name: string | null;
  kana: string | null;
  mobile: string | null;
  /** The whole address. */
  address: string | null;
}

/** Accounts whose number, name, kana or mobile number begins so, or whose present mail address it is; in id order. */
export async function searchAccountIds(
  tx: Tx,
  { keys, afterId, limit }: { keys: SearchKeys; afterId: string | null; limit: number },
): Promise<string[]> {
  const values: unknown[] = [afterId, limit];
  const beginsWith = (column: string, prefix: string | null) => {
    if (prefix === null || prefix === '') return [];
    values.push(prefix, prefixEnd(prefix));
    const [from, until] = [`$${values.length - 1}`, `$${values.length}`];
    return [
      `(SELECT id FROM account WHERE fire_hq_id = current_fire_hq() AND ${column} >= ${from} AND ${column} < ${until}
        ORDER BY ${column}, id LIMIT ${SEARCH_DEPTH})`,
    ];
  };
  const branches = [
    ...keys.numbers.flatMap((number) => beginsWith('registration_number', number)),
    ...beginsWith('name_key', keys.name),
    ...beginsWith('kana_key', keys.kana),
    ...beginsWith('mobile_digits', keys.mobile),
  ];
  if (keys.address !== null) {
    values.push(keys.address);
    branches.push(
      `(SELECT account_id FROM mail_address
        WHERE fire_hq_id = current_fire_hq() AND address_key = $${values.length} AND role = 'PRESENT')`,
    );
  }
  if (branches.length === 0) return [];
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM (${branches.join(' UNION ')}) AS found WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`,
    values,
  );
  return rows.map((row) => row.id);
}
