/** Mails that came back: finding the mail they are about, and what is kept of them. */
import type { BounceClass, BounceSource } from '../domain/bounce.js';
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

/** The mail that a report is about: ids only. */
export interface ReportedMail {
  fireHqId: string;
  accountId: string;
  reminderId: string;
  /** Where that mail went. */
  addressId: string;
  /** The return path's keep time counts from here. */
  sentAt: Instant;
}

const REPORTED_MAIL = `fire_hq_id AS "fireHqId", account_id AS "accountId", reminder_id AS "reminderId",
  address_id AS "addressId", sent_at AS "sentAt"`;

/** Which mail a return path's hash stands for; the tenant is not known yet. */
export async function lookupReturnPath(tx: Tx, hash: Buffer): Promise<ReportedMail | null> {
  const rows = await tx.query<ReportedMail>(
    `SELECT ${REPORTED_MAIL} FROM lookup_return_path($1)`,
    [hash],
    'lookup-return-path',
  );
  return rows[0] ?? null;
}

/** Which mail has this Message-ID, angle brackets included; the tenant is not known yet. */
export async function lookupMessageId(tx: Tx, messageId: string): Promise<ReportedMail | null> {
  const rows = await tx.query<ReportedMail>(
    `SELECT ${REPORTED_MAIL} FROM lookup_message_id($1)`,
    [messageId],
    'lookup-message-id',
  );
  return rows[0] ?? null;
}

export interface NewDeliveryReport {
  id: string;
  reminderId: string;
  receivedAt: Instant;
  source: BounceSource;
  matchedBy: 'RETURN_PATH' | 'MESSAGE_ID';
  /** What the mail is, as the reader names it. */
  what: string;
  action: 'FAILED' | 'DELAYED' | null;
  status: string | null;
  diagnostic: string | null;
  bounceClass: BounceClass | null;
  /** Name of the rule that gave the class. */
  rule: string | null;
  rawHash: Buffer;
  raw: Buffer;
  rawDeleteAfter: Instant;
}

/** False when this very mail was recorded for this reminder before: then nothing is written. */
export async function insertDeliveryReport(tx: Tx, row: NewDeliveryReport): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO delivery_report (fire_hq_id, id, reminder_id, received_at, source, matched_by, what, action, status,
       diagnostic, bounce_class, rule, raw_hash, raw, raw_delete_after)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT (fire_hq_id, reminder_id, raw_hash) DO NOTHING RETURNING id`,
    [
      row.id,
      row.reminderId,
      at(row.receivedAt),
      row.source,
      row.matchedBy,
      row.what,
      row.action,
      row.status,
      row.diagnostic,
      row.bounceClass,
      row.rule,
      row.rawHash,
      row.raw,
      at(row.rawDeleteAfter),
    ],
    'insert-delivery-report',
  );
  return rows.length > 0;
}

export interface NewQuarantinedReport {
  id: string;
  receivedAt: Instant;
  source: BounceSource;
  what: string;
  why: 'NO_MATCH' | 'CONTRADICTION';
  /** Of return paths among the recipients; no addresses. */
  codes: readonly string[];
  rawHash: Buffer;
  raw: Buffer;
  deleteAfter: Instant;
}

/** 未照合, without a tenant. False when this very mail lies there already. */
export async function insertQuarantinedReport(tx: Tx, row: NewQuarantinedReport): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO quarantine_report (id, received_at, source, what, why, codes, raw_hash, raw, delete_after)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (raw_hash) DO NOTHING RETURNING id`,
    [
      row.id,
      at(row.receivedAt),
      row.source,
      row.what,
      row.why,
      row.codes,
      row.rawHash,
      row.raw,
      at(row.deleteAfter),
    ],
    'insert-quarantined-report',
  );
  return rows.length > 0;
}

/** Forgets the mails themselves once their time is over; what was read in them stays. Part of the hourly reconcile. */
export async function pruneReportRaws(tx: Tx, now: Instant): Promise<void> {
  await tx.query(
    `UPDATE delivery_report SET raw = NULL, raw_delete_after = NULL
     WHERE fire_hq_id = current_fire_hq() AND raw_delete_after <= $1`,
    [at(now)],
  );
}

/** As pruneReportRaws, without a tenant: here nothing stays. */
export async function pruneQuarantine(tx: Tx, now: Instant): Promise<void> {
  await tx.query('DELETE FROM quarantine_report WHERE delete_after <= $1', [at(now)]);
}

export interface DeliveryReportRow extends Omit<NewDeliveryReport, 'rawHash' | 'raw' | 'rawDeleteAfter'> {
  accountId: string;
  /** null: it has been deleted. */
  rawDeleteAfter: Instant | null;
}

/** The tenant's, newest first. */
export async function listDeliveryReports(tx: Tx, limit: number): Promise<DeliveryReportRow[]> {
  return tx.query<DeliveryReportRow>(
    `SELECT d.id, d.reminder_id AS "reminderId", r.account_id AS "accountId", d.received_at AS "receivedAt", d.source,
       d.matched_by AS "matchedBy", d.what, d.action, d.status, d.diagnostic, d.bounce_class AS "bounceClass", d.rule,
       d.raw_delete_after AS "rawDeleteAfter"
     FROM delivery_report d JOIN reminder r ON r.fire_hq_id = d.fire_hq_id AND r.id = d.reminder_id
     WHERE d.fire_hq_id = current_fire_hq() ORDER BY d.received_at DESC, d.id DESC LIMIT $1`,
    [limit],
  );
}

export type QuarantinedReportRow = Omit<NewQuarantinedReport, 'codes' | 'rawHash' | 'raw'>;

/** Newest first, below `before`; no content. */
export async function listQuarantine(
  tx: Tx,
  limit: number,
  before: { receivedAt: Instant; id: string } | null = null,
): Promise<QuarantinedReportRow[]> {
  return tx.query<QuarantinedReportRow>(
    `SELECT id, received_at AS "receivedAt", source, what, why, delete_after AS "deleteAfter"
     FROM quarantine_report WHERE $2::timestamptz IS NULL OR (received_at, id) < ($2, $3::uuid)
     ORDER BY received_at DESC, id DESC LIMIT $1`,
    [limit, at(before?.receivedAt ?? null), before?.id ?? null],
  );
}

export interface QuarantineCount extends Pick<NewQuarantinedReport, 'why' | 'source'> {
  count: number;
  oldestReceivedAt: Instant;
}

/** What lies there, by reason and way in. */
export async function countQuarantine(tx: Tx): Promise<QuarantineCount[]> {
  return tx.query<QuarantineCount>(
    `SELECT why, source, count(*)::int AS count, min(received_at) AS "oldestReceivedAt"
     FROM quarantine_report GROUP BY why, source`,
  );
}

/** The mail itself; only the login that owns the tables may read it. null: unknown, or deleted by now. */
export async function readReportRaw(
  ownerTx: Tx,
  fireHqId: string,
  reportId: string,
): Promise<{ raw: Buffer; accountId: string } | null> {
  const rows = await ownerTx.query<{ raw: Buffer; accountId: string }>(
    `SELECT d.raw, r.account_id AS "accountId" FROM delivery_report d
     JOIN reminder r ON r.fire_hq_id = d.fire_hq_id AND r.id = d.reminder_id
     WHERE d.fire_hq_id = $1 AND d.id = $2 AND d.raw IS NOT NULL`,
    [fireHqId, reportId],
  );
  return rows[0] ?? null;
}

/** As readReportRaw. */
export async function readQuarantinedRaw(ownerTx: Tx, reportId: string): Promise<Buffer | null> {
  const rows = await ownerTx.query<{ raw: Buffer }>('SELECT raw FROM quarantine_report WHERE id = $1', [
    reportId,
  ]);
  return rows[0]?.raw ?? null;
}
