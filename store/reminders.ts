/** The ledger of every mail (R20, R23): rows are written before anything is sent, claimed, and settled by evidence. */
import type { Instant } from '../domain/calendar.js';
import { countsAgainstAddress } from '../domain/delivery.js';
import type { Failure, Known, Outcome, Purpose } from '../domain/delivery.js';
import type { ReminderKind } from '../domain/schedule.js';
import { at } from './database.js';
import type { Tx } from './database.js';
import type { FailureColumns } from './failure-columns.js';
import { FAILURE_COLUMNS, failureOf } from './failure-columns.js';

export interface NewReminderRow {
  id: string;
  accountId: string;
  cycle: number;
  addressId: string;
  purpose: Purpose;
  kind: ReminderKind | null;
  slot: string | null;
  dedupeKey: string;
  createdAt: Instant;
  requestedBy: string;
  dueAt: Instant;
  giveUpAt: Instant | null;
  outcome: Outcome;
  reason: string | null;
}

/** False when a row with this dedupe key exists already: then nothing is written. */
export async function insertReminder(tx: Tx, row: NewReminderRow): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO reminder (fire_hq_id, id, account_id, cycle, address_id, purpose, kind, slot, dedupe_key, created_at,
       requested_by, due_at, give_up_at, attempts, outcome, reason, conclusive)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $14, false)
     ON CONFLICT (fire_hq_id, account_id, dedupe_key) DO NOTHING RETURNING id`,
    [
      row.id,
      row.accountId,
      row.cycle,
      row.addressId,
      row.purpose,
      row.kind,
      row.slot,
      row.dedupeKey,
      at(row.createdAt),
      row.requestedBy,
      at(row.dueAt),
      at(row.giveUpAt),
      row.outcome,
      row.reason,
    ],
    'insert-reminder',
  );
  return rows.length > 0;
}

export interface Claim {
  claimToken: string;
  leaseUntil: Instant;
  keyId: string;
  linkHash: Buffer | null;
  returnPathHash: Buffer;
  messageId: string;
  kind: ReminderKind | null;
}

/**
 * Takes the row for one send: nobody else may send it before `leaseUntil`. False when somebody else holds it or it is
 * settled. Message-ID, link and return path belong to the row and are the same at each take (R21), unless its key is gone.
 */
export async function claimReminder(
  tx: Tx,
  reminderId: string,
  claim: Claim,
  now: Instant,
): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE reminder SET outcome = 'SENDING', claim_token = $2, lease_until = $3, key_id = $4, link_hash = $5,
       return_path_hash = $6, message_id = $7, kind = $8, sent_at = $9, attempts = attempts + 1, reason = NULL
     WHERE fire_hq_id = current_fire_hq() AND id = $1 AND accepted_at IS NULL
       AND (outcome IN ('QUEUED', 'DELAYED') OR (outcome = 'SENDING' AND lease_until <= $9))
     RETURNING id`,
    [
      reminderId,
      claim.claimToken,
      at(claim.leaseUntil),
      claim.keyId,
      claim.linkHash,
      claim.returnPathHash,
      claim.messageId,
      claim.kind,
      at(now),
    ],
    'claim-reminder',
  );
  return rows.length > 0;
}

/** What the ledger keeps of a row's secrets: which key made its link and return path. */
export async function readKeyId(tx: Tx, reminderId: string): Promise<string | null> {
  const rows = await tx.query<{ keyId: string | null }>(
    'SELECT key_id AS "keyId" FROM reminder WHERE fire_hq_id = current_fire_hq() AND id = $1',
    [reminderId],
    'read-key-id',
  );
  return rows[0]?.keyId ?? null;
}

export interface Settlement {
  outcome: Outcome;
  reason: string | null;
  nextAttemptAt: Instant | null;
  acceptedAt?: Instant | null;
  /** Replaces what was known of a failure; null forgets it, left out it stays. */
  failure?: Failure | null;
}

/** Writes what became of a mail, as `weigh` found it (R23); an acceptance once there keeps its time. */
export async function settleReminder(tx: Tx, reminderId: string, settlement: Settlement): Promise<void> {
  const { failure } = settlement;
  await tx.query(
    `UPDATE reminder SET outcome = $2, reason = $3, next_attempt_at = $4, lease_until = NULL, claim_token = NULL,
       accepted_at = coalesce(accepted_at, $5),
       bounced_at = CASE WHEN $6 THEN $7 ELSE bounced_at END, conclusive = CASE WHEN $6 THEN $8 ELSE conclusive END,
       bounce_class = CASE WHEN $6 THEN $9 ELSE bounce_class END,
       bounce_status = CASE WHEN $6 THEN $10 ELSE bounce_status END,
       bounce_diagnostic = CASE WHEN $6 THEN $11 ELSE bounce_diagnostic END,
       bounce_source = CASE WHEN $6 THEN $12 ELSE bounce_source END,
       excused_at = CASE WHEN $6 THEN $13 ELSE excused_at END
     WHERE fire_hq_id = current_fire_hq() AND id = $1`,
    [
      reminderId,
      settlement.outcome,
      settlement.reason,
      at(settlement.nextAttemptAt),
      at(settlement.acceptedAt ?? null),
      failure !== undefined,
      at(failure?.at ?? null),
      failure ? countsAgainstAddress(failure) : false,
      failure?.bounceClass ?? null,
      failure?.status ?? null,
      failure?.diagnostic ?? null,
      failure?.source ?? null,
      at(failure?.excusedAt ?? null),
    ],
    'settle-reminder',
  );
}

/** Ends waiting rows without sending. Rows in the middle of a send are left to their sender. */
export async function dismissWaiting(
  tx: Tx,
  reminderIds: readonly string[],
  outcome: 'SKIPPED' | 'SUPERSEDED' | 'FAILED',
  reason: string,
): Promise<void> {
  if (reminderIds.length === 0) return;
  await tx.query(
    `UPDATE reminder SET outcome = $2, reason = $3, next_attempt_at = NULL
     WHERE fire_hq_id = current_fire_hq() AND id = ANY ($1) AND outcome IN ('QUEUED', 'DELAYED') AND accepted_at IS NULL`,
    [reminderIds, outcome, reason],
  );
}

/** What a reply or a report is judged against. */
export interface LockedReminder extends Known {
  reason: string | null;
  claimToken: string | null;
  attempts: number;
  /** When a sender last took the row; null: never. */
  sentAt: Instant | null;
  addressId: string;
  /** Where the mail went, also when that address is a former one: as it is compared, and its domain, in lower case. */
  addressKey: string;
  mailDomain: string;
}

/** What is known of the mail, locked until the transaction ends (R23). */
export async function lockReminder(tx: Tx, reminderId: string): Promise<LockedReminder | null> {
  const rows = await tx.query<Omit<LockedReminder, 'failure'> & FailureColumns>(
    `SELECT r.outcome, r.reason, r.claim_token AS "claimToken", r.attempts, r.sent_at AS "sentAt",
       r.address_id AS "addressId", r.accepted_at AS "acceptedAt", ${FAILURE_COLUMNS}, m.address_key AS "addressKey",
       split_part(m.address_key, '@', 2) AS "mailDomain"
     FROM reminder r JOIN mail_address m ON m.fire_hq_id = r.fire_hq_id AND m.id = r.address_id
     WHERE r.fire_hq_id = current_fire_hq() AND r.id = $1 FOR UPDATE OF r`,
    [reminderId],
    'lock-reminder',
  );
  const row = rows[0];
  return row ? { ...row, failure: failureOf(row) } : null;
}

/** R25: the mail's own link was used: 届いた, whatever was thought before. */
export async function setProven(tx: Tx, reminderId: string, provenAt: Instant): Promise<void> {
  await tx.query(
    `UPDATE reminder SET outcome = 'CONFIRMED', proven_at = coalesce(proven_at, $2), reason = NULL, next_attempt_at = NULL
     WHERE fire_hq_id = current_fire_hq() AND id = $1`,
    [reminderId, at(provenAt)],
    'set-proven',
  );
}

export interface NewAttemptRow {
  reminderId: string;
  claimToken: string;
  at: Instant;
  verdict: string;
  code: number | null;
  enhanced: string | null;
  reply: string | null;
}

export async function insertAttempt(tx: Tx, row: NewAttemptRow): Promise<void> {
  await tx.query(
    `INSERT INTO reminder_attempt (fire_hq_id, reminder_id, claim_token, at, verdict, code, enhanced, reply)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [row.reminderId, row.claimToken, at(row.at), row.verdict, row.code, row.enhanced, row.reply],
    'insert-attempt',
  );
}

/** When the last manual mail of the account was asked for, whatever became of it (R22). */
export async function lastManualAt(tx: Tx, accountId: string): Promise<Instant | null> {
  const rows = await tx.query<{ createdAt: Instant }>(
    `SELECT created_at AS "createdAt" FROM reminder
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND kind = 'MANUAL' ORDER BY created_at DESC LIMIT 1`,
    [accountId],
  );
  return rows[0]?.createdAt ?? null;
}

/** When the last check mail to that address was asked for, whatever became of it (R19). */
export async function lastCheckAt(tx: Tx, addressId: string): Promise<Instant | null> {
  const rows = await tx.query<{ createdAt: Instant }>(
    `SELECT created_at AS "createdAt" FROM reminder
     WHERE fire_hq_id = current_fire_hq() AND address_id = $1 AND purpose = 'CHECK' ORDER BY created_at DESC LIMIT 1`,
    [addressId],
  );
  return rows[0]?.createdAt ?? null;
}

/** Check mails of one account, to whichever address, since an instant (R28). */
export async function countChecksSince(tx: Tx, accountId: string, since: Instant): Promise<number> {
  const rows = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM reminder
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND purpose = 'CHECK' AND created_at > $2`,
    [accountId, at(since)],
  );
  return rows[0]?.n ?? 0;
}

/** What the page of a link must know of the mail that brought it. */
export interface LinkMail {
  purpose: Purpose;
  provenAt: Instant | null;
}

export async function readLinkMail(tx: Tx, reminderId: string): Promise<LinkMail | null> {
  const rows = await tx.query<LinkMail>(
    `SELECT purpose, proven_at AS "provenAt" FROM reminder WHERE fire_hq_id = current_fire_hq() AND id = $1`,
    [reminderId],
    'link-mail',
  );
  return rows[0] ?? null;
}

/** The mail that a link came with: ids only. */
export interface LinkRow {
  by: 'MAIL';
  fireHqId: string;
  accountId: string;
  reminderId: string;
  cycle: number;
  /** Where that mail went. */
  addressId: string;
}

/** Which mail a link's hash stands for; the tenant is not known yet. */
export async function lookupLink(tx: Tx, hash: Buffer): Promise<LinkRow | null> {
  const rows = await tx.query<LinkRow>(
    `SELECT 'MAIL' AS by, fire_hq_id AS "fireHqId", account_id AS "accountId", reminder_id AS "reminderId", cycle,
       address_id AS "addressId"
     FROM lookup_link($1)`,
    [hash],
    'lookup-link',
  );
  return rows[0] ?? null;
}

/** When a mail was first called a nuisance. False when that is known already: then nothing is written. */
export async function noteComplaint(tx: Tx, reminderId: string, complainedAt: Instant): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE reminder SET complained_at = $2
     WHERE fire_hq_id = current_fire_hq() AND id = $1 AND complained_at IS NULL RETURNING id`,
    [reminderId, at(complainedAt)],
    'note-complaint',
  );
  return rows.length > 0;
}
