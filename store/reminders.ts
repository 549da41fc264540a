/** The ledger of every mail (R20, R23): rows are written before anything is sent, claimed, and settled by evidence. */
import type { Instant } from '../domain/calendar.js';
import type { Outcome, Purpose } from '../domain/delivery.js';
import type { ReminderKind } from '../domain/schedule.js';
import { at } from './database.js';
import type { Tx } from './database.js';

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
       return_path_hash = $6, message_id = $7, kind = $8, attempts = attempts + 1, reason = NULL
     WHERE fire_hq_id = current_fire_hq() AND id = $1
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
  bouncedAt?: Instant | null;
  conclusive?: boolean;
}

/** Writes what became of a mail; evidence once there is never overwritten by its absence. */
export async function settleReminder(tx: Tx, reminderId: string, settlement: Settlement): Promise<void> {
  await tx.query(
    `UPDATE reminder SET outcome = $2, reason = $3, next_attempt_at = $4, lease_until = NULL, claim_token = NULL,
       accepted_at = coalesce(accepted_at, $5), bounced_at = coalesce(bounced_at, $6), conclusive = conclusive OR $7
     WHERE fire_hq_id = current_fire_hq() AND id = $1`,
    [
      reminderId,
      settlement.outcome,
      settlement.reason,
      at(settlement.nextAttemptAt),
      at(settlement.acceptedAt ?? null),
      at(settlement.bouncedAt ?? null),
      settlement.conclusive ?? false,
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
     WHERE fire_hq_id = current_fire_hq() AND id = ANY ($1) AND outcome IN ('QUEUED', 'DELAYED')`,
    [reminderIds, outcome, reason],
  );
}

/** The row's present outcome and token, locked: a late reply is judged against them (R23). */
export async function lockReminder(
  tx: Tx,
  reminderId: string,
): Promise<{
  outcome: Outcome;
  reason: string | null;
  claimToken: string | null;
  attempts: number;
  addressId: string;
} | null> {
  const rows = await tx.query<{
    outcome: Outcome;
    reason: string | null;
    claimToken: string | null;
    attempts: number;
    addressId: string;
  }>(
    `SELECT outcome, reason, claim_token AS "claimToken", attempts, address_id AS "addressId"
     FROM reminder WHERE fire_hq_id = current_fire_hq() AND id = $1 FOR UPDATE`,
    [reminderId],
    'lock-reminder',
  );
  return rows[0] ?? null;
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

export interface ReminderListRow {
  id: string;
  cycle: number;
  slot: string | null;
  purpose: Purpose;
  kind: ReminderKind | null;
  outcome: Outcome;
  reason: string | null;
  createdAt: Instant;
  dueAt: Instant;
  nextAttemptAt: Instant | null;
  acceptedAt: Instant | null;
  bouncedAt: Instant | null;
  address: string;
  messageId: string | null;
  attempts: AttemptJson[] | null;
}

/** Instants as epoch ms. */
export interface AttemptJson {
  at: number;
  verdict: string;
  code: number | null;
  enhanced: string | null;
  text: string | null;
}

const LIST_COLUMNS = `r.id, r.cycle, r.slot, r.purpose, r.kind, r.outcome, r.reason, r.created_at AS "createdAt",
  r.due_at AS "dueAt", r.next_attempt_at AS "nextAttemptAt", r.accepted_at AS "acceptedAt", r.bounced_at AS "bouncedAt",
  m.address, r.message_id AS "messageId",
  (SELECT json_agg(json_build_object('at', epoch_ms(t.at), 'verdict', t.verdict, 'code', t.code,
      'enhanced', t.enhanced, 'text', t.reply) ORDER BY t.at)
    FROM reminder_attempt t WHERE t.fire_hq_id = r.fire_hq_id AND t.reminder_id = r.id) AS attempts`;

/** リマインダー履歴, newest first, below the cursor. */
export async function listReminders(
  tx: Tx,
  {
    accountId,
    before,
    limit,
  }: { accountId: string; before: { createdAt: Instant; id: string } | null; limit: number },
): Promise<ReminderListRow[]> {
  return tx.query<ReminderListRow>(
    `SELECT ${LIST_COLUMNS} FROM reminder r
     JOIN mail_address m ON m.fire_hq_id = r.fire_hq_id AND m.id = r.address_id
     WHERE r.fire_hq_id = current_fire_hq() AND r.account_id = $1
       AND ($2::timestamptz IS NULL OR (r.created_at, r.id) < ($2, $3::uuid))
     ORDER BY r.created_at DESC, r.id DESC LIMIT $4`,
    [accountId, at(before?.createdAt ?? null), before?.id ?? null, limit],
  );
}

export async function findReminder(
  tx: Tx,
  accountId: string,
  reminderId: string,
): Promise<ReminderListRow | null> {
  const rows = await tx.query<ReminderListRow>(
    `SELECT ${LIST_COLUMNS} FROM reminder r
     JOIN mail_address m ON m.fire_hq_id = r.fire_hq_id AND m.id = r.address_id
     WHERE r.fire_hq_id = current_fire_hq() AND r.account_id = $1 AND r.id = $2`,
    [accountId, reminderId],
  );
  return rows[0] ?? null;
}

/** The mail that a link came with: ids only. */
export interface LinkRow {
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
    `SELECT fire_hq_id AS "fireHqId", account_id AS "accountId", reminder_id AS "reminderId", cycle,
       address_id AS "addressId"
     FROM lookup_link($1)`,
    [hash],
    'lookup-link',
  );
  return rows[0] ?? null;
}
