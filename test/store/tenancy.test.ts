/** Row level security, table by table, as the application's login meets it. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenHash } from '../../platform/keys.js';
import { openDatabase } from '../../store/database.js';
import type { Database } from '../../store/database.js';
import { lookupLetter } from '../../store/letters.js';
import { lookupLink } from '../../store/reminders.js';
import { lookupMessageId, lookupReturnPath } from '../../store/reports.js';
import { lookupApiToken } from '../../store/tokens.js';
import type { TestDatabase } from '../support/postgres.js';
import { createTestDatabase } from '../support/postgres.js';

const TENANT_TABLES = [
  'policy_version',
  'account',
  'mail_address',
  'renewal_cycle',
  'reminder',
  'reminder_attempt',
  'delivery_report',
  'resident_request',
  'contact_record',
  'contact_cancellation',
  'bulk_send',
  'bulk_send_item',
  'audit_event',
  'mail_pause_tenant',
  'api_token',
  'idempotency_key',
  'staff',
  'worklist_note',
  'worklist_mark',
  'import_run',
  'import_row',
  'letter_batch',
  'letter',
  'vendor_access',
  'oidc_setting',
] as const;
const HASH = tokenHash('a link');
const PATH_HASH = tokenHash('a return path');
const MESSAGE_ID = '<a-mail@bounce.example.jp>';
const REPORTED_MAIL =
  'TABLE(fire_hq_id uuid, account_id uuid, reminder_id uuid, address_id uuid, sent_at timestamp with time zone)';

let testDatabase: TestDatabase;
let owner: pg.Client;
let app: Database;
/** Two tenants, each with one row in every table. */
const tenants = [randomUUID(), randomUUID()] as [string, string];

async function fill(fireHqId: string, code: string): Promise<void> {
  const [accountId, addressId, reminderId] = [randomUUID(), randomUUID(), randomUUID()];
  const contactId = randomUUID();
  const now = '2026-06-01T03:00:00Z';
  const insert = (sql: string, values: unknown[]) => owner.query(sql, values);
  await insert(
    `INSERT INTO fire_hq (id, code, display_name, short_name, reply_to, fax, counter, created_at)
     VALUES ($1, $2, 'x', 'x', 'x@example.jp', '0', 'x', $3)`,
    [fireHqId, code, now],
  );
  await insert(`INSERT INTO policy_version VALUES ($1, 1, 'date', '{}', 'r', 'operator', $2)`, [
    fireHqId,
    now,
  ]);
  await insert(
    `INSERT INTO account (fire_hq_id, id, registration_number, name, kana, emergency_contacts, registered_at, created_at, version)
     VALUES ($1, $2, 'A-1', 'n', 'k', '[]', $3, $3, 1)`,
    [fireHqId, accountId, now],
  );
  await insert(
    `INSERT INTO mail_address (fire_hq_id, id, account_id, role, address, address_key, state, failures, replaced_another, created_at)
     VALUES ($1, $2, $3, 'PRESENT', 'a@example.jp', 'a@example.jp', 'UNVERIFIED', 0, false, $4)`,
    [fireHqId, addressId, accountId, now],
  );
  await insert(
    `INSERT INTO renewal_cycle (fire_hq_id, account_id, number, policy_version, expires_at, window_opens_at, auto_stops_at, opened_at)
     VALUES ($1, $2, 1, 1, $3, $3, $3, $3)`,
    [fireHqId, accountId, now],
  );
  await insert(
    `INSERT INTO reminder (fire_hq_id, id, account_id, cycle, address_id, purpose, kind, dedupe_key, link_hash, created_at,
       requested_by, due_at, attempts, outcome, conclusive, return_path_hash, message_id)
     VALUES ($1, $2, $3, 1, $4, 'REMINDER', 'AUTOMATIC', 'k', $5, $6, 'system', $6, 0, 'QUEUED', false, $7, $8)`,
    [
      fireHqId,
      reminderId,
      accountId,
      addressId,
      code === 'one' ? HASH : null,
      now,
      code === 'two' ? PATH_HASH : null,
      code === 'two' ? MESSAGE_ID : null,
    ],
  );
  await insert(
    `INSERT INTO reminder_attempt (fire_hq_id, reminder_id, claim_token, at, verdict) VALUES ($1, $2, $3, $4, 'ACCEPTED')`,
    [fireHqId, reminderId, randomUUID(), now],
  );
  await insert(`INSERT INTO oidc_setting VALUES ($1, 'https://idp.example.jp', 'c', 's', 'sub', false, $2)`, [
    fireHqId,
    now,
  ]);
  await insert(
    `INSERT INTO vendor_access (fire_hq_id, id, reason, opened_at, opened_by, until)
     VALUES ($1, $2, 'r', $3, 'staff:x', $3::timestamptz + interval '1 hour')`,
    [fireHqId, randomUUID(), now],
  );
  await insert(
    `INSERT INTO delivery_report (fire_hq_id, id, reminder_id, received_at, source, matched_by, what, raw_hash, raw, raw_delete_after)
     VALUES ($1, $2, $3, $4, 'REPORT_SMTP', 'RETURN_PATH', 'REPORT', '\\x01', '\\x02', $4)`,
    [fireHqId, randomUUID(), reminderId, now],
  );
  await insert(
    `INSERT INTO resident_request (fire_hq_id, id, account_id, cycle, reminder_id, kind, state, items, created_at, version)
     VALUES ($1, $2, $3, 1, $4, 'CHANGE', 'OPEN', '{NAME}', $5, 1)`,
    [fireHqId, randomUUID(), accountId, reminderId, now],
  );
  await insert(
    `INSERT INTO contact_record (fire_hq_id, id, account_id, kind, at, recorded_by, created_at) VALUES ($1, $2, $3, 'FAX_SENT', $4, 'x', $4)`,
    [fireHqId, contactId, accountId, now],
  );
  await insert(`INSERT INTO contact_cancellation VALUES ($1, $2, 'r', 'x', $3)`, [fireHqId, contactId, now]);
  await insert(
    `INSERT INTO audit_event (fire_hq_id, at, actor, action) VALUES ($1, $2, 'system', 'test.done')`,
    [fireHqId, now],
  );
  await insert(
    `INSERT INTO api_token (id, fire_hq_id, token_hash, label, scopes, created_at) VALUES ($1, $2, $3, 'x', '{accounts:read}', $4)`,
    [randomUUID(), fireHqId, tokenHash(code), now],
  );
  await insert(
    `INSERT INTO idempotency_key (fire_hq_id, key, request_hash, created_at) VALUES ($1, 'k', '\\x00', $2)`,
    [fireHqId, now],
  );
  const bulkSendId = randomUUID();
  await insert(
    `INSERT INTO bulk_send (fire_hq_id, id, state, filter, people, created_by, created_at, confirmed)
     VALUES ($1, $2, 'DRAFT', '{}', 1, 'x', $3, false)`,
    [fireHqId, bulkSendId, now],
  );
  await insert(
    `INSERT INTO bulk_send_item (fire_hq_id, bulk_send_id, position, account_id, state) VALUES ($1, $2, 1, $3, 'WAITING')`,
    [fireHqId, bulkSendId, accountId],
  );
  const stopId = randomUUID();
  await insert(
    `INSERT INTO mail_stop (id, fire_hq_id, reason, created_by, created_at) VALUES ($1, $2, 'r', 'x', $3)`,
    [stopId, fireHqId, now],
  );
  await insert(
    `INSERT INTO staff (fire_hq_id, id, sign_in_name, display_name, role, password_hash, created_at, created_by)
     VALUES ($1, $2, $3, 'x', 'CLERK', 'x', $4, 'operator')`,
    [fireHqId, randomUUID(), `${code}.x`, now],
  );
  await insert(
    `INSERT INTO worklist_note (fire_hq_id, id, account_id, number, note, look_again_on, seen_until, noted_at, noted_by)
     VALUES ($1, $2, $3, 1, 'x', '2026-07-01', $4, $4, 'x')`,
    [fireHqId, randomUUID(), accountId, now],
  );
  await insert('INSERT INTO worklist_mark (fire_hq_id, account_id, version) VALUES ($1, $2, 1)', [
    fireHqId,
    accountId,
  ]);
  const runId = randomUUID();
  await insert(
    `INSERT INTO import_run (fire_hq_id, id, state, file_name, headers, unknown_columns, check_mail, created_at, created_by, counts)
     VALUES ($1, $2, 'DONE', 'x', '{}', '{}', false, $3, 'x', '{}')`,
    [fireHqId, runId, now],
  );
  await insert(
    `INSERT INTO import_row (fire_hq_id, run_id, line, kind, cells, changes, faults, notes)
     VALUES ($1, $2, 2, 'SAME', '{}', '[]', '[]', '[]')`,
    [fireHqId, runId],
  );
  const batchId = randomUUID();
  await insert(
    `INSERT INTO letter_batch (fire_hq_id, id, kind, large, ruby, key_id, letters, printed_at, printed_by)
     VALUES ($1, $2, 'POST', false, false, 'k1', 1, $3, 'x')`,
    [fireHqId, batchId, now],
  );
  await insert(
    `INSERT INTO letter (fire_hq_id, id, batch_id, position, account_id, cycle, link_hash) VALUES ($1, $2, $3, 1, $4, 1, $5)`,
    [fireHqId, randomUUID(), batchId, accountId, tokenHash(`a letter of ${code}`)],
  );
  await insert('INSERT INTO mail_pause_tenant (fire_hq_id, mail_stop_id, announced_at) VALUES ($1, $2, $3)', [
    fireHqId,
    stopId,
    now,
  ]);
}

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  owner = new pg.Client(testDatabase.ownerUrl);
  await owner.connect();
  // One connection, so that each transaction meets what the one before left behind.
  app = openDatabase(testDatabase.databaseUrl, { max: 1 });
  await fill(tenants[0], 'one');
  await fill(tenants[1], 'two');
});
afterAll(async () => {
  await app.close();
  await owner.end();
  await testDatabase.drop();
});

const idsIn = (table: string, fireHqId: string | null) => {
  const read = (tx: { query<Row extends object>(sql: string): Promise<Row[]> }) =>
    tx.query<{ fire_hq_id: string }>(`SELECT fire_hq_id FROM ${table}`);
  return (fireHqId === null ? app.withoutTenant(read) : app.inTenant(fireHqId, read)).then((rows) =>
    rows.map((row) => row.fire_hq_id),
  );
};
/** The error's code, or the number of rows a statement touched. */
async function doing(fireHqId: string, sql: string, values: unknown[] = []): Promise<string | number> {
  try {
    return (await app.inTenant(fireHqId, (tx) => tx.query(sql, values))).length;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
const REFUSED = '42501';

it('every table is known to these tests, carries a comment and forced row level security', async () => {
  const tables = await owner.query<{ name: string; forced: boolean; comment: string | null }>(
    `SELECT relname AS name, relrowsecurity AND relforcerowsecurity AS forced, obj_description(oid, 'pg_class') AS comment
     FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'schema_migration'`,
  );
  expect(tables.rows.map(({ name }) => name).sort()).toEqual(
    [
      ...TENANT_TABLES,
      'fire_hq',
      'mail_stop',
      'quarantine_report',
      'signal_outbox',
      'staff_session',
      'vendor_event',
      'vendor_operator',
    ].sort(),
  );
  expect(tables.rows.filter(({ forced, comment }) => !forced || !comment)).toEqual([]);
});

describe.each(TENANT_TABLES)('tenancy of %s', (table) => {
  it('a tenant sees its own row and no other', async () => {
    expect(await idsIn(table, tenants[0])).toEqual([tenants[0]]);
    expect(await idsIn(table, tenants[1])).toEqual([tenants[1]]);
  });

  it('without a tenant nothing is seen, also on a connection that had one', async () => {
    await idsIn(table, tenants[0]);
    expect(await idsIn(table, null)).toEqual([]);
  });

  it('another tenant’s rows can be neither written, changed nor removed', async () => {
    const given = await owner.query<{ names: string }>(
      `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS names FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> 'fire_hq_id'`,
      [table],
    );
    const columns = given.rows[0]?.names ?? '';
    const copied = await doing(
      tenants[0],
      `INSERT INTO ${table} (fire_hq_id, ${columns}) OVERRIDING SYSTEM VALUE SELECT $1::uuid, ${columns} FROM ${table}`,
      [tenants[1]],
    );
    expect(copied).toBe(REFUSED);
    const moved = await doing(tenants[0], `UPDATE ${table} SET fire_hq_id = $1 RETURNING 1`, [tenants[1]]);
    expect(moved).toBe(REFUSED);
    // A tenant that is not the row's touches none, or may not even try.
    const removed = await doing(randomUUID(), `DELETE FROM ${table} RETURNING 1`);
    expect([0, REFUSED]).toContain(removed);
    const all = await owner.query<{ fire_hq_id: string }>(`SELECT fire_hq_id FROM ${table}`);
    expect(all.rows.map((row) => row.fire_hq_id).sort()).toEqual([...tenants].sort());
  });

  it('a backfill as owner touches every row', async () => {
    if (table === 'audit_event') return expect(table).toBe('audit_event');
    const touched = await owner.query(`UPDATE ${table} SET fire_hq_id = fire_hq_id`);
    expect(touched.rowCount).toBe(2);
  });
});

describe('the tables that are shared', () => {
  it('fire_hq: a tenant sees and changes itself only', async () => {
    const seen = await app.inTenant(tenants[0], (tx) =>
      tx.query<{ code: string }>('SELECT code FROM fire_hq'),
    );
    expect(seen).toEqual([{ code: 'one' }]);
    expect(await app.withoutTenant((tx) => tx.query('SELECT id FROM fire_hq'))).toEqual([]);
    expect(
      await doing(tenants[0], 'UPDATE fire_hq SET fax = fax WHERE id = $1 RETURNING 1', [tenants[1]]),
    ).toBe(0);
    const foreign = `INSERT INTO fire_hq SELECT $1, 'three', display_name, short_name, reply_to, fax, counter, created_at FROM fire_hq`;
    expect(await doing(tenants[0], foreign, [randomUUID()])).toBe(REFUSED);
  });

  it('R36 mail_stop: a stop of all is read by every tenant and written by none', async () => {
    const id = randomUUID();
    await owner.query(
      `INSERT INTO mail_stop (id, reason, created_by, created_at) VALUES ($1, 'all', 'operator', '2026-06-01')`,
      [id],
    );
    for (const tenant of tenants) {
      const seen = await app.inTenant(tenant, (tx) =>
        tx.query<{ fire_hq_id: string | null }>('SELECT fire_hq_id FROM mail_stop'),
      );
      expect(seen.map((row) => row.fire_hq_id).sort()).toEqual([null, tenant].sort());
      expect(
        await doing(tenant, 'UPDATE mail_stop SET reason = reason WHERE id = $1 RETURNING 1', [id]),
      ).toBe(0);
      expect(await doing(tenant, 'DELETE FROM mail_stop')).toBe(REFUSED);
    }
    const mine = `INSERT INTO mail_stop (id, fire_hq_id, reason, created_by, created_at) VALUES ($1, NULL, 'r', 'x', '2026-06-01')`;
    expect(await doing(tenants[0], mine, [randomUUID()])).toBe(REFUSED);
    expect(
      await app.withoutTenant((tx) => tx.query('SELECT id FROM mail_stop WHERE fire_hq_id IS NOT NULL')),
    ).toEqual([]);
    await owner.query('DELETE FROM mail_stop WHERE id = $1', [id]);
  });

  it('quarantine_report: the application fills it, sees how much there is, and never what it says', async () => {
    const row = `INSERT INTO quarantine_report (id, received_at, source, what, why, codes, raw_hash, raw, delete_after)
      VALUES ($1, '2026-06-01', 'REPORT_SMTP', 'REPORT', 'NO_MATCH', '{}', '\\x01', '\\x02', '2026-07-01')`;
    expect(await doing(tenants[0], row, [randomUUID()])).toBe(0);
    for (const column of ['raw', 'codes', '*'])
      expect(await doing(tenants[0], `SELECT ${column} FROM quarantine_report`)).toBe(REFUSED);
    expect(await doing(tenants[1], 'SELECT id, what FROM quarantine_report')).toBe(1);
    expect(await doing(tenants[0], `UPDATE quarantine_report SET why = 'CONTRADICTION'`)).toBe(REFUSED);
    expect(
      await doing(
        tenants[0],
        `DELETE FROM quarantine_report WHERE delete_after <= '2026-07-01' RETURNING id`,
      ),
    ).toBe(1);
  });

  it('R24 mail_stop: a pause of all is written by the application, and only as such', async () => {
    const pause = `INSERT INTO mail_stop (id, fire_hq_id, reason, created_by, created_at, cause, failures_since, next_trial_at)
      VALUES ($1, NULL, 'r', 'system', '2026-06-01', $2, '2026-06-01', '2026-06-01') RETURNING 1`;
    const id = randomUUID();
    expect(await doing(tenants[0], pause, [randomUUID(), 'STAFF'])).toBe(REFUSED);
    expect(await doing(tenants[0], pause, [id, 'MASS_FAILURE'])).toBe(1);
    expect(await doing(tenants[0], pause, [randomUUID(), 'MASS_FAILURE'])).toBe('23505');
    const become = (change: string) =>
      doing(tenants[0], `UPDATE mail_stop SET ${change} WHERE id = $1`, [id]);
    expect(await become(`cause = 'STAFF'`)).toBe(REFUSED);
    expect(await become(`fire_hq_id = '${tenants[0]}'`)).toBe('23514');
    expect(
      await doing(tenants[1], `UPDATE mail_stop SET ended_at = '2026-06-02' WHERE id = $1 RETURNING 1`, [id]),
    ).toBe(1);
    await owner.query('DELETE FROM mail_stop WHERE id = $1', [id]);
  });

  it('delivery_report: a tenant reads what was found, not the mail itself, and only forgets that', async () => {
    expect(await doing(tenants[0], 'SELECT id, what, rule FROM delivery_report')).toBe(1);
    expect(await doing(tenants[0], 'SELECT raw FROM delivery_report')).toBe(REFUSED);
    expect(await doing(tenants[0], `UPDATE delivery_report SET what = 'SUCCESS'`)).toBe(REFUSED);
    expect(await doing(tenants[0], 'DELETE FROM delivery_report')).toBe(REFUSED);
  });

  it('vendor_operator: the application signs them in, and can neither make, name nor lock one', async () => {
    const id = randomUUID();
    const row = `INSERT INTO vendor_operator (id, sign_in_name, display_name, created_at) VALUES ($1, 'vendor.one', 'x', '2026-06-01')`;
    expect(await doing(tenants[0], row, [id])).toBe(REFUSED);
    await owner.query(row, [id]);
    expect(await doing(tenants[0], 'UPDATE vendor_operator SET wrong_codes = 1 RETURNING 1')).toBe(1);
    for (const change of [`locked_at = NULL`, `display_name = 'y'`, `sign_in_name = 'vendor.two'`])
      expect(await doing(tenants[0], `UPDATE vendor_operator SET ${change}`)).toBe(REFUSED);
    expect(await doing(tenants[0], 'DELETE FROM vendor_operator')).toBe(REFUSED);
    const event = `INSERT INTO vendor_event (at, vendor_operator_id, action) VALUES ('2026-06-01', $1, 'signed-in')`;
    expect(await doing(tenants[0], event, [id])).toBe(0);
    expect(await doing(tenants[0], 'SELECT 1 FROM vendor_event')).toBe(REFUSED);
    await expect(owner.query('DELETE FROM vendor_event')).rejects.toThrow('append-only');
  });

  it('vendor_access: eight hours at most, one at a time, and only closed afterwards', async () => {
    const open = (until: string) =>
      doing(
        tenants[0],
        `INSERT INTO vendor_access (fire_hq_id, id, reason, opened_at, opened_by, until)
         VALUES (current_fire_hq(), $1, 'r', '2026-07-01T00:00Z', 'staff:x', $2) RETURNING 1`,
        [randomUUID(), until],
      );
    expect(await open('2026-07-01T08:00:01Z')).toBe('23514');
    expect(await open('2026-07-01T00:00:00Z')).toBe('23514');
    expect(await open('2026-07-01T08:00:00Z')).toBe('23505');
    expect(await doing(tenants[0], `UPDATE vendor_access SET until = until`)).toBe(REFUSED);
  });

  it('what 運用担当 count of mail stops is seen by that function alone', async () => {
    await owner.query('BEGIN; SET LOCAL ROLE net119_lookup');
    const seen = await owner.query(`SELECT id FROM mail_stop WHERE cause <> 'MASS_FAILURE'`);
    await owner.query('ROLLBACK');
    expect(seen.rowCount).toBe(0);
    const counted = await app.withoutTenant((tx) =>
      tx.query<{ code: string }>(`SELECT code, cause, stops FROM vendor_mail_stops('2026-06-02')`),
    );
    const stops = await owner.query('SELECT id FROM mail_stop WHERE ended_at IS NULL');
    expect(counted).toHaveLength(stops.rowCount ?? -1);
  });

  it('signal_outbox is one queue for all tenants, of ids only', async () => {
    const columns = await owner.query<{ name: string; type: string }>(
      `SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_name = 'signal_outbox'`,
    );
    expect(
      columns.rows.filter(
        ({ type }) => !['uuid', 'bigint', 'integer', 'timestamp with time zone'].includes(type),
      ),
    ).toEqual([]);
  });
});

describe('lookups before a tenant is known', () => {
  it('R25: a link’s hash gives ids, and only the mail it belongs to', async () => {
    const found = await app.withoutTenant((tx) => lookupLink(tx, HASH));
    expect(found).toMatchObject({ fireHqId: tenants[0] });
    expect(await app.withoutTenant((tx) => lookupLink(tx, tokenHash('another')))).toBeNull();
  });

  it('R31: so does the hash of a link on paper', async () => {
    const found = await app.withoutTenant((tx) => lookupLetter(tx, tokenHash('a letter of two')));
    expect(found).toMatchObject({ by: 'PAPER', fireHqId: tenants[1], cycle: 1 });
    expect(await app.withoutTenant((tx) => lookupLetter(tx, HASH))).toBeNull();
  });

  it('a return path’s hash, and a Message-ID, give ids and when the mail went; only of the mail they belong to', async () => {
    const by = (hash: Buffer, messageId: string) =>
      app.withoutTenant((tx) => Promise.all([lookupReturnPath(tx, hash), lookupMessageId(tx, messageId)]));
    const mail = { fireHqId: tenants[1], sentAt: Date.parse('2026-06-01T03:00:00Z') };
    expect(await by(PATH_HASH, MESSAGE_ID)).toMatchObject([mail, mail]);
    expect(await by(tokenHash('another'), '<another@bounce.example.jp>')).toEqual([null, null]);
  });

  it.each([
    ['reminder_link', `link_hash = '\\x01'`],
    ['reminder_return_path', `return_path_hash = '\\x01'`],
    ['reminder_message_id', `message_id COLLATE "C" = '<a@b>'`],
    ['reminder_sent', `sent_at >= '2027-01-01' AND sent_at < '2027-01-02'`],
    ['reminder_failed', `bounced_at >= '2027-01-01'`],
    ['reminder_excused', `excused_at >= '2027-01-01'`],
  ])('%s serves the lookup under its policies, however many mails there are', async (index, where) => {
    await owner.query('BEGIN; SET LOCAL ROLE net119_lookup; SET LOCAL enable_seqscan = off');
    const plan = await owner.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT id FROM reminder WHERE ${where}`,
    );
    await owner.query('ROLLBACK');
    const lines = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(lines).toMatch(new RegExp(`Scan (using|on) ${index}\\w*[^]*Index Cond`));
  });

  it('a token’s hash gives ids and scopes; not when revoked or expired', async () => {
    const now = Date.parse('2026-06-02T00:00:00Z');
    const look = (at = now) => app.withoutTenant((tx) => lookupApiToken(tx, tokenHash('two'), at));
    expect(await look()).toMatchObject({ fireHqId: tenants[1], scopes: ['accounts:read'] });
    await owner.query('UPDATE api_token SET expires_at = $1 WHERE fire_hq_id = $2', [
      new Date(now),
      tenants[1],
    ]);
    expect([await look(now - 1), await look(now)].map((found) => found !== null)).toEqual([true, false]);
    await owner.query('UPDATE api_token SET expires_at = NULL, revoked_at = $1 WHERE fire_hq_id = $2', [
      new Date(now),
      tenants[1],
    ]);
    expect(await look()).toBeNull();
  });

  it('the role that counts over all tenants sees mail domains and no address', async () => {
    const asLookup = async (sql: string) => {
      await owner.query('BEGIN; SET LOCAL ROLE net119_lookup');
      try {
        return (await owner.query<{ domain: string }>(sql)).rows.map((row) => row.domain);
      } catch (error) {
        return (error as { code?: string }).code;
      } finally {
        await owner.query('ROLLBACK');
      }
    };
    expect(await asLookup('SELECT mail_domain AS domain FROM mail_address')).toEqual([
      'example.jp',
      'example.jp',
    ]);
    for (const column of ['address', 'address_key', 'account_id', '*'])
      expect(await asLookup(`SELECT ${column} FROM mail_address`)).toBe(REFUSED);
    expect(await asLookup('SELECT bounce_diagnostic FROM reminder')).toBe(REFUSED);
  });

  it('every lookup returns ids, codes, scopes and counts, nothing about a person', async () => {
    const found = await owner.query<{ name: string; returns: string }>(
      `SELECT proname AS name, pg_get_function_result(oid) AS returns FROM pg_proc
       WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY 1`,
    );
    expect(found.rows).toEqual([
      {
        name: 'count_sent_around_failures',
        returns:
          'TABLE(mail_domain text, paused boolean, sent_from timestamp with time zone, person integer, results integer, failures integer)',
      },
      {
        name: 'list_failures_to_excuse',
        returns: 'TABLE(fire_hq_id uuid, account_id uuid, reminder_id uuid)',
      },
      { name: 'list_fire_hq', returns: 'TABLE(fire_hq_id uuid, code text)' },
      { name: 'list_trial_candidates', returns: 'TABLE(fire_hq_id uuid, account_id uuid)' },
      { name: 'lookup_api_token', returns: 'TABLE(token_id uuid, fire_hq_id uuid, scopes text[])' },
      { name: 'lookup_bulk_send_due', returns: 'TABLE(fire_hq_id uuid, bulk_send_id uuid)' },
      { name: 'lookup_fire_hq', returns: 'TABLE(fire_hq_id uuid)' },
      {
        name: 'lookup_letter',
        returns: 'TABLE(fire_hq_id uuid, account_id uuid, letter_id uuid, cycle integer)',
      },
      {
        name: 'lookup_link',
        returns: 'TABLE(fire_hq_id uuid, account_id uuid, reminder_id uuid, cycle integer, address_id uuid)',
      },
      { name: 'lookup_message_id', returns: REPORTED_MAIL },
      {
        name: 'lookup_mobile_number',
        returns: 'TABLE(fire_hq_id uuid, account_id uuid, withdrawn boolean)',
      },
      { name: 'lookup_return_path', returns: REPORTED_MAIL },
      { name: 'lookup_running_imports', returns: 'TABLE(fire_hq_id uuid, run_id uuid)' },
      { name: 'lookup_staff', returns: 'TABLE(fire_hq_id uuid, staff_id uuid)' },
      {
        name: 'vendor_headquarters',
        returns:
          'TABLE(code text, display_name text, people bigint, undeliverable bigint, no_response bigint, not_sent bigint, unknown bigint, last_signed_in_at timestamp with time zone, open_until timestamp with time zone)',
      },
      { name: 'vendor_mail_stops', returns: 'TABLE(code text, cause text, stops bigint)' },
      {
        name: 'watch_fire_hqs',
        returns: 'TABLE(code text, sent bigint, failed bigint, failed_ours bigint)',
      },
      {
        name: 'watch_mail_domains',
        returns: 'TABLE(mail_domain text, sent bigint, failed bigint, failed_ours bigint)',
      },
      { name: 'watch_unanswered', returns: 'TABLE(mail_domain text, asked bigint, unanswered bigint)' },
    ]);
  });
});

describe('the audit trail is append-only', () => {
  it.each(['UPDATE audit_event SET actor = actor', 'DELETE FROM audit_event', 'TRUNCATE audit_event'])(
    'R34: %s is refused to the application and to the owner',
    async (sql) => {
      expect(await doing(tenants[0], sql)).toBe(REFUSED);
      await expect(owner.query(sql)).rejects.toThrow('audit_event is append-only');
      expect((await owner.query('SELECT FROM audit_event')).rowCount).toBe(2);
    },
  );

  it('R23 R32: attempts and contacts can be written, not rewritten', async () => {
    for (const table of ['reminder_attempt', 'contact_record', 'contact_cancellation', 'policy_version'])
      expect(await doing(tenants[0], `UPDATE ${table} SET fire_hq_id = fire_hq_id`)).toBe(REFUSED);
  });
});
