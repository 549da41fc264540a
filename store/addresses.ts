/** Mail addresses and the story of each (R19, R37). */
import type { AddressStory, MailEvidence } from '../domain/address-state.js';
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
}

export async function insertPresentAddress(tx: Tx, row: NewAddressRow): Promise<void> {
  await tx.query(
    `INSERT INTO mail_address (fire_hq_id, id, account_id, role, address, address_key, state, failures,
       replaced_another, created_at)
     VALUES (current_fire_hq(), $1, $2, 'PRESENT', $3, $4, 'UNVERIFIED', 0, $5, $6)`,
    [row.id, row.accountId, row.address, row.addressKey, row.replacedAnother, at(row.createdAt)],
    'insert-address',
  );
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
): Promise<{ mails: MailEvidence[]; repliedAt: Instant | null }> {
  const rows = await tx.query<EvidenceColumns>(
    `SELECT r.id AS "reminderId", r.accepted_at AS "acceptedAt", r.bounced_at AS "bouncedAt", r.conclusive,
       r.bounce_class AS "bounceClass", r.excused_at AS "excusedAt", r.proven_at AS "provenAt", m.replied_at AS "repliedAt"
     FROM mail_address m LEFT JOIN reminder r ON r.fire_hq_id = m.fire_hq_id AND r.address_id = m.id
       AND (r.accepted_at IS NOT NULL OR r.bounced_at IS NOT NULL OR r.proven_at IS NOT NULL)
     WHERE m.fire_hq_id = current_fire_hq() AND m.id = $1`,
    [addressId],
    'read-evidence',
  );
  return { mails: rows.flatMap(evidenceOf), repliedAt: rows[0]?.repliedAt ?? null };
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
