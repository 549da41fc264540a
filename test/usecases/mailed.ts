/** Many people whose reminders ended as told, written straight into the ledger: for figures. */
import { randomUUID } from 'node:crypto';
import type { World } from './world.js';

export interface Mailed {
  mailDomain: string;
  people?: number;
  outcome?: string;
  purpose?: string;
  bounceClass?: string | null;
  /** Epoch ms; the present moment when left out. */
  sentAt?: number;
  /** The mail's own link was used. */
  provenAt?: number | null;
  repliedAt?: number | null;
  state?: string;
  withdrawn?: boolean;
  /** One mail each; more go to the same address. */
  mails?: number;
}

const at = (ms: number | null | undefined) =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString();

/** One account and address a person, in one statement a table; returns the ids of the addresses. */
export async function mailed(world: World, fireHqId: string, of: Mailed): Promise<string[]> {
  const ids = Array.from({ length: of.people ?? 1 }, () => randomUUID());
  const sentAt = of.sentAt ?? world.now();
  await world.sql(
    `INSERT INTO account (fire_hq_id, id, registration_number, name, kana, emergency_contacts, registered_at, created_at,
       withdrawn_at, version)
     SELECT $1, id, id::text, 'n', 'k', '[]', $3::timestamptz, $3, CASE WHEN $4 THEN $3::timestamptz END, 1
     FROM unnest($2::uuid[]) AS id`,
    [fireHqId, ids, at(world.now()), of.withdrawn ?? false],
  );
  await world.sql(
    `INSERT INTO renewal_cycle (fire_hq_id, account_id, number, policy_version, expires_at, window_opens_at, auto_stops_at,
       opened_at)
     SELECT $1, id, 1, 1, $3::timestamptz, $3, $3, $3 FROM unnest($2::uuid[]) AS id`,
    [fireHqId, ids, at(world.now())],
  );
  await world.sql(
    `INSERT INTO mail_address (fire_hq_id, id, account_id, role, address, address_key, state, failures, replied_at,
       replaced_another, created_at)
     SELECT $1, id, id, 'PRESENT', id || '@' || $4::text, id || '@' || $4::text, $5, 0, $6::timestamptz, false, $3
     FROM unnest($2::uuid[]) AS id`,
    [fireHqId, ids, at(world.now()), of.mailDomain, of.state ?? 'UNVERIFIED', at(of.repliedAt)],
  );
  for (let mail = 0; mail < (of.mails ?? 1); mail += 1)
    await mailAgain(world, fireHqId, ids, { ...of, sentAt });
  return ids;
}

/** One more mail to each of these addresses. */
export async function mailAgain(
  world: World,
  fireHqId: string,
  addressIds: readonly string[],
  of: Omit<Mailed, 'mailDomain'>,
): Promise<void> {
  const purpose = of.purpose ?? 'REMINDER';
  const outcome = of.outcome ?? 'ACCEPTED';
  await world.sql(
    `INSERT INTO reminder (fire_hq_id, id, account_id, cycle, address_id, purpose, kind, dedupe_key, message_id, created_at,
       requested_by, due_at, sent_at, attempts, outcome, bounce_class, conclusive, accepted_at, proven_at)
     SELECT $1, gen_random_uuid(), m.account_id, 1, m.id, $3, CASE WHEN $3 = 'REMINDER' THEN 'AUTOMATIC' END,
       'k:' || gen_random_uuid(), '<' || gen_random_uuid() || '@bounce.example.jp>', $4::timestamptz, 'system', $4, $4, 1,
       $5, $6, false, CASE WHEN $5 IN ('ACCEPTED', 'CONFIRMED') THEN $4::timestamptz END, $7::timestamptz
     FROM mail_address m WHERE m.fire_hq_id = $1 AND m.id = ANY ($2)`,
    [
      fireHqId,
      addressIds,
      purpose,
      at(of.sentAt ?? world.now()),
      outcome,
      of.bounceClass ?? null,
      at(of.provenAt),
    ],
  );
}
