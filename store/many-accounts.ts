/**
 * The rows of many new accounts at once: the same as insertAccount, insertPresentAddress, insertCycle and appendAudit
 * write one by one (a test compares them), in a statement a table.
 */
import type { NewAccountRow } from './accounts.js';
import type { NewAddressRow } from './addresses.js';
import type { NewAuditEvent } from './audit.js';
import type { NewCycleRow } from './cycles.js';
import { at } from './database.js';
import type { Tx } from './database.js';

/** Returns the ids that were written; a registration number that is taken is passed over. */
export async function insertAccounts(tx: Tx, rows: readonly NewAccountRow[]): Promise<Set<string>> {
  const written = await tx.query<{ id: string }>(
    `INSERT INTO account (fire_hq_id, id, registration_number, name, kana, mobile_number, fax, postal_address,
       municipality, emergency_contacts, registered_at, created_at, version)
     SELECT current_fire_hq(), id, number, name, kana, mobile, fax, postal, municipality, contacts, registered, created, 1
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::jsonb[], $10::timestamptz[], $11::timestamptz[]) AS r (id, number, name, kana, mobile, fax, postal,
       municipality, contacts, registered, created)
     ON CONFLICT (fire_hq_id, registration_number) DO NOTHING RETURNING id`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.registrationNumber),
      rows.map((row) => row.name),
      rows.map((row) => row.kana),
      rows.map((row) => row.mobileNumber),
      rows.map((row) => row.fax),
      rows.map((row) => row.postalAddress),
      rows.map((row) => row.municipality),
      rows.map((row) => JSON.stringify(row.emergencyContacts)),
      rows.map((row) => at(row.registeredAt)),
      rows.map((row) => at(row.createdAt)),
    ],
    'insert-accounts',
  );
  return new Set(written.map(({ id }) => id));
}

export async function insertPresentAddresses(tx: Tx, rows: readonly NewAddressRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO mail_address (fire_hq_id, id, account_id, role, address, address_key, state, failures,
       replaced_another, created_at, last_proven_at, last_failed_at, prior_outcome, prior_at)
     SELECT current_fire_hq(), id, account_id, 'PRESENT', address, key, state, failures, replaced, created, proven, failed,
       outcome, prior
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::bool[], $8::timestamptz[],
       $9::timestamptz[], $10::timestamptz[], $11::text[], $12::timestamptz[]) AS r (id, account_id, address, key, state,
       failures, replaced, created, proven, failed, outcome, prior)`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.accountId),
      rows.map((row) => row.address),
      rows.map((row) => row.addressKey),
      rows.map(({ prior }) => prior?.story.state ?? 'UNVERIFIED'),
      rows.map(({ prior }) => prior?.story.failures ?? 0),
      rows.map((row) => row.replacedAnother),
      rows.map((row) => at(row.createdAt)),
      rows.map(({ prior }) => at(prior?.story.lastProvenAt ?? null)),
      rows.map(({ prior }) => at(prior?.story.lastFailure?.at ?? null)),
      rows.map(({ prior }) => prior?.outcome ?? null),
      rows.map(({ prior }) => at(prior?.at ?? null)),
    ],
    'insert-addresses',
  );
}

export async function insertCycles(tx: Tx, rows: readonly NewCycleRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO renewal_cycle (fire_hq_id, account_id, number, policy_version, expires_on, expires_at,
       window_opens_at, auto_stops_at, slots_after, opened_at, prior_cause)
     SELECT current_fire_hq(), r.* FROM unnest($1::uuid[], $2::int[], $3::int[], $4::date[], $5::timestamptz[],
       $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::text[]) AS r`,
    [
      rows.map((row) => row.accountId),
      rows.map((row) => row.number),
      rows.map((row) => row.policyVersion),
      rows.map((row) => row.expiresOn),
      rows.map((row) => at(row.expiresAt)),
      rows.map((row) => at(row.windowOpensAt)),
      rows.map((row) => at(row.autoStopsAt)),
      rows.map((row) => at(row.slotsAfter)),
      rows.map((row) => at(row.openedAt)),
      rows.map((row) => row.priorCause ?? null),
    ],
    'insert-cycles',
  );
}

export async function appendAudits(tx: Tx, events: readonly NewAuditEvent[]): Promise<void> {
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  await tx.query(
    `INSERT INTO audit_event (fire_hq_id, at, actor, action, account_id, before, after)
     SELECT current_fire_hq(), r.* FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::uuid[], $5::jsonb[],
       $6::jsonb[]) AS r`,
    [
      events.map((event) => at(event.at)),
      events.map((event) => event.actor),
      events.map((event) => event.action),
      events.map((event) => event.accountId ?? null),
      events.map((event) => json(event.before)),
      events.map((event) => json(event.after)),
    ],
    'append-audits',
  );
}
