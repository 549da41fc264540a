/** Mail addresses and the story of each (R19, R37). */
import type { AddressStory, MailEvidence, PriorOutcome } from '../domain/address-state.js';
import type { BounceClass } from '../domain/bounce.js';
import { isSoft } from '../domain/bounce.js';
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export interface NewAddressRow {
  id: string;
  accountId: string;
  address: string;
  addressKey: string;
  replacedAnother: boolean;
  createdAt: Instant;
  /** R10: what an older system saw of it, and the fold of that. */
  prior?: { outcome: PriorOutcome; at: Instant; story: AddressStory } | null;
}

export async function insertPresentAddress(tx: Tx, row: NewAddressRow): Promise<void> {
  const { prior = null } = row;
  await tx.query(
    `INSERT INTO mail_address (fire_hq_id, id, account_id, role, address, address_key, state, failures,
       replaced_another, created_at, last_proven_at, last_failed_at, prior_outcome, prior_at)
     VALUES (current_fire_hq(), $1, $2, 'PRESENT', $3, $4, $7, $8, $5, $6, $9, $10, $11, $12)`,
    [
      row.id,
      row.accountId,
      row.address,
      row.addressKey,
      row.replacedAnother,
      at(row.createdAt),
      prior?.story.state ?? 'UNVERIFIED',
      prior?.story.failures ?? 0,
      at(prior?.story.lastProvenAt ?? null),
      at(prior?.story.lastFailure?.at ?? null),
      prior?.outcome ?? null,
      at(prior?.at ?? null),
    ],
    'insert-address',
  );
}

/** R19: an account has one PENDING address at most; whoever writes another ends that one first. */
export async function insertPendingAddress(
  tx: Tx,
  row: Omit<NewAddressRow, 'replacedAnother'> & { pendingUntil: Instant },
): Promise<void> {
  await tx.query(
    `INSERT INTO mail_address (fire_hq_id, id, account_id, role, address, address_key, state, failures,
       replaced_another, created_at, pending_until)
     VALUES (current_fire_hq(), $1, $2, 'PENDING', $3, $4, 'UNVERIFIED', 0, true, $5, $6)`,
    [row.id, row.accountId, row.address, row.addressKey, at(row.createdAt), at(row.pendingUntil)],
  );
}

/** PENDING → PRESENT; the present one is retired before. */
export async function promotePending(tx: Tx, accountId: string, now: Instant): Promise<void> {
  await tx.query(
    `UPDATE mail_address SET role = 'PRESENT', present_since = $2
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND role = 'PENDING'`,
    [accountId, at(now)],
  );
}

/** PENDING → FORMER without ever having been PRESENT: replaced, or taken back. */
export async function endPending(tx: Tx, accountId: string, now: Instant): Promise<void> {
  await tx.query(
    `UPDATE mail_address SET role = 'FORMER', ended_at = $2
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND role = 'PENDING'`,
    [accountId, at(now)],
  );
}

/** The present address in another way of writing that is compared as the same: its story goes on. */
export async function respellPresentAddress(tx: Tx, accountId: string, address: string): Promise<void> {
  await tx.query(
    `UPDATE mail_address SET address = $2
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND role = 'PRESENT'`,
    [accountId, address],
  );
}

/** The address that a mail was written for, whatever has become of it. */
export async function readAddress(tx: Tx, addressId: string): Promise<string | null> {
  const rows = await tx.query<{ address: string }>(
    'SELECT address FROM mail_address WHERE fire_hq_id = current_fire_hq() AND id = $1',
    [addressId],
    'read-address',
  );
  return rows[0]?.address ?? null;
}

/** Null when the account has no such address. */
export async function readRole(
  tx: Tx,
  accountId: string,
  addressId: string,
): Promise<'PENDING' | 'PRESENT' | 'FORMER' | null> {
  const rows = await tx.query<{ role: 'PENDING' | 'PRESENT' | 'FORMER' }>(
    'SELECT role FROM mail_address WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND id = $2',
    [accountId, addressId],
  );
  return rows[0]?.role ?? null;
}

/** The present address becomes FORMER: links mailed to it die, its mails' outcomes stay its own (R19). */
export async function retirePresentAddress(tx: Tx, accountId: string, endedAt: Instant): Promise<void> {
  await tx.query(
    `UPDATE mail_address SET role = 'FORMER', ended_at = $2
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND role = 'PRESENT'`,
    [accountId, at(endedAt)],
  );
}

/** What the mails sent to the address have shown, for foldAddress, and the last reply noted by staff. */
export async function readEvidence(
  tx: Tx,
  addressId: string,
): Promise<{
  mails: MailEvidence[];
  repliedAt: Instant | null;
  prior: { outcome: PriorOutcome; at: Instant } | null;
}> {
  const rows = await tx.query<EvidenceColumns>(
    `SELECT r.id AS "reminderId", r.accepted_at AS "acceptedAt", r.bounced_at AS "bouncedAt", r.conclusive,
       r.bounce_class AS "bounceClass", r.excused_at AS "excusedAt", r.proven_at AS "provenAt", m.replied_at AS "repliedAt",
       m.prior_outcome AS "priorOutcome", m.prior_at AS "priorAt"
     FROM mail_address m LEFT JOIN reminder r ON r.fire_hq_id = m.fire_hq_id AND r.address_id = m.id
       AND (r.accepted_at IS NOT NULL OR r.bounced_at IS NOT NULL OR r.proven_at IS NOT NULL)
     WHERE m.fire_hq_id = current_fire_hq() AND m.id = $1`,
    [addressId],
    'read-evidence',
  );
  const { repliedAt = null, priorOutcome: outcome = null, priorAt = null } = rows[0] ?? {};
  const prior = outcome === null || priorAt === null ? null : { outcome, at: priorAt };
  return { mails: rows.flatMap(evidenceOf), repliedAt, prior };
}

interface EvidenceColumns {
  /** null: an address without any mail is one row of nulls. */
  reminderId: string | null;
  acceptedAt: Instant | null;
  bouncedAt: Instant | null;
  conclusive: boolean;
  bounceClass: BounceClass | null;
  excusedAt: Instant | null;
  provenAt: Instant | null;
  repliedAt: Instant | null;
  priorOutcome: PriorOutcome | null;
  priorAt: Instant | null;
}

/** R37: the acceptance of a mail that failed later is left out. R24: what failed as one of many says nothing at all. */
function evidenceOf(row: EvidenceColumns): MailEvidence[] {
  const { reminderId, acceptedAt, bouncedAt, conclusive, bounceClass, excusedAt, provenAt } = row;
  if (reminderId === null) return [];
  const isSoftFailure = bounceClass !== null && isSoft(bounceClass) && excusedAt === null;
  return [
    {
      reminderId,
      acceptedAt: bouncedAt === null ? acceptedAt : null,
      failedAt: conclusive ? bouncedAt : null,
      softFailedAt: isSoftFailure ? bouncedAt : null,
      provenAt,
    },
  ];
}

/** Keeps the fold's result beside the address, for lists. */
export async function saveStory(tx: Tx, addressId: string, story: AddressStory): Promise<void> {
  await tx.query(
    `UPDATE mail_address SET state = $2, failures = $3, last_proven_at = $4, last_failed_at = $5,
       last_failed_reminder_id = $6
     WHERE fire_hq_id = current_fire_hq() AND id = $1`,
    [
      addressId,
      story.state,
      story.failures,
      at(story.lastProvenAt),
      at(story.lastFailure?.at ?? null),
      story.lastFailure?.reminderId ?? null,
    ],
    'save-story',
  );
}

/** A reply to our mail was read by staff (channel mailReply): a proof for this address. */
export async function setReplied(tx: Tx, addressId: string, repliedAt: Instant): Promise<void> {
  await tx.query(
    `UPDATE mail_address SET replied_at = greatest(replied_at, $2)
     WHERE fire_hq_id = current_fire_hq() AND id = $1`,
    [addressId, at(repliedAt)],
  );
}

/** What was taken for a reply was none: null, or the last one that stands. */
export async function resetReplied(tx: Tx, addressId: string, repliedAt: Instant | null): Promise<void> {
  await tx.query('UPDATE mail_address SET replied_at = $2 WHERE fire_hq_id = current_fire_hq() AND id = $1', [
    addressId,
    at(repliedAt),
  ]);
}
