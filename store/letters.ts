/** 案内書 (R31): who may get one, what was printed, and the link on each letter. */
import type { CivilDate, Instant } from '../domain/calendar.js';
import type { LapseCause } from '../domain/lapse.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export const LETTER_KINDS = ['POST', 'FAX'] as const;
export type LetterKind = (typeof LETTER_KINDS)[number];

/** A person with an open cycle, and what a letter to them needs. */
export interface CandidateRow {
  accountId: string;
  registrationNumber: string;
  name: string;
  kana: string;
  postalAddress: string | null;
  fax: string | null;
  withdrawnAt: Instant | null;
  cycle: number;
  expiresOn: CivilDate | null;
  /** Exclusive. */
  expiresAt: Instant;
  windowOpensAt: Instant;
  lapseCause: LapseCause | null;
  /** R28: the person asked to stop, and staff have not answered. */
  stopRequested: boolean;
  /** The last letter of this cycle that was not told to be unsent; null: none. */
  printedAt: Instant | null;
}

/** `soon`: the window opens after now, and at `opensBefore` at the latest. */
export type CandidateFilter =
  | { show: 'soon'; opensBefore: Instant; fresh: boolean }
  | { show: 'pending'; fresh: boolean }
  | { show: 'lapsed'; cause: LapseCause | null; fresh: boolean };

const CANDIDATE = `a.id AS "accountId", a.registration_number AS "registrationNumber", a.name, a.kana,
  a.postal_address AS "postalAddress", a.fax, a.withdrawn_at AS "withdrawnAt", c.number AS cycle,
  c.expires_on AS "expiresOn", c.expires_at AS "expiresAt", c.window_opens_at AS "windowOpensAt",
  c.lapse_cause AS "lapseCause",
  EXISTS (SELECT FROM resident_request q WHERE q.fire_hq_id = a.fire_hq_id AND q.account_id = a.id AND q.kind = 'STOP'
    AND q.state = 'OPEN') AS "stopRequested", p.printed_at AS "printedAt"`;
const OPEN_CYCLES = `renewal_cycle c
  JOIN account a ON a.fire_hq_id = c.fire_hq_id AND a.id = c.account_id
  LEFT JOIN LATERAL (SELECT max(b.printed_at) AS printed_at FROM letter l
    JOIN letter_batch b ON b.fire_hq_id = l.fire_hq_id AND b.id = l.batch_id AND b.voided_at IS NULL
    WHERE l.fire_hq_id = c.fire_hq_id AND l.account_id = c.account_id AND l.cycle = c.number) p ON true
  WHERE c.fire_hq_id = current_fire_hq() AND c.renewed_at IS NULL`;

/** In the order of expiry. `fresh`: only those without a letter in this cycle. Nobody who is 廃止. */
export async function listCandidates(
  tx: Tx,
  filter: CandidateFilter,
  { now, after, limit }: { now: Instant; after: { expiresAt: Instant; id: string } | null; limit: number },
): Promise<CandidateRow[]> {
  const which = {
    soon: 'c.window_opens_at > $1 AND c.window_opens_at <= $2 AND c.expires_at > $1',
    pending: '$2::timestamptz IS NULL AND c.window_opens_at <= $1 AND c.expires_at > $1',
    lapsed: '$2::timestamptz IS NULL AND c.expires_at <= $1',
  }[filter.show];
  return tx.query<CandidateRow>(
    `SELECT ${CANDIDATE} FROM ${OPEN_CYCLES} AND a.withdrawn_at IS NULL AND ${which}
       AND ($3::text IS NULL OR c.lapse_cause = $3) AND (NOT $4::boolean OR p.printed_at IS NULL)
       AND ($5::timestamptz IS NULL OR (c.expires_at, c.account_id) > ($5, $6::uuid))
     ORDER BY c.expires_at, c.account_id LIMIT $7`,
    [
      at(now),
      filter.show === 'soon' ? at(filter.opensBefore) : null,
      filter.show === 'lapsed' ? filter.cause : null,
      filter.fresh,
      at(after?.expiresAt ?? null),
      after?.id ?? null,
      limit,
    ],
  );
}

/** Those of this tenant, in the order of expiry; unknown ids are left out. */
export async function findCandidates(tx: Tx, accountIds: readonly string[]): Promise<CandidateRow[]> {
  return tx.query<CandidateRow>(
    `SELECT ${CANDIDATE} FROM ${OPEN_CYCLES} AND a.id = ANY ($1) ORDER BY c.expires_at, c.account_id`,
    [accountIds],
  );
}

export interface BatchRow {
  id: string;
  kind: LetterKind;
  large: boolean;
  ruby: boolean;
  /** Which key made the links. */
  keyId: string;
  letters: number;
  printedAt: Instant;
  printedBy: string;
  sentRecordedAt: Instant | null;
  voidedAt: Instant | null;
}

const BATCH = `id, kind, large, ruby, key_id AS "keyId", letters, printed_at AS "printedAt", printed_by AS "printedBy",
  sent_recorded_at AS "sentRecordedAt", voided_at AS "voidedAt"`;

export interface NewLetterRow {
  id: string;
  accountId: string;
  cycle: number;
  linkHash: Buffer;
}

/** The batch and its letters, in their order. */
export async function insertBatch(
  tx: Tx,
  batch: Omit<BatchRow, 'letters' | 'sentRecordedAt' | 'voidedAt'>,
  letters: readonly NewLetterRow[],
): Promise<void> {
  await tx.query(
    `INSERT INTO letter_batch (fire_hq_id, id, kind, large, ruby, key_id, letters, printed_at, printed_by)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      batch.id,
      batch.kind,
      batch.large,
      batch.ruby,
      batch.keyId,
      letters.length,
      at(batch.printedAt),
      batch.printedBy,
    ],
  );
  await tx.query(
    `INSERT INTO letter (fire_hq_id, id, batch_id, position, account_id, cycle, link_hash)
     SELECT current_fire_hq(), l.id, $1, l.position, l.account_id, l.cycle, l.hash
     FROM unnest($2::uuid[], $3::uuid[], $4::integer[], $5::bytea[]) WITH ORDINALITY
       AS l (id, account_id, cycle, hash, position)`,
    [
      batch.id,
      letters.map(({ id }) => id),
      letters.map(({ accountId }) => accountId),
      letters.map(({ cycle }) => cycle),
      letters.map(({ linkHash }) => linkHash),
    ],
  );
}

/** `lock` holds the row until the transaction ends. */
export async function findBatch(
  tx: Tx,
  batchId: string,
  { lock = false }: { lock?: boolean } = {},
): Promise<BatchRow | null> {
  const rows = await tx.query<BatchRow>(
    `SELECT ${BATCH} FROM letter_batch WHERE fire_hq_id = current_fire_hq() AND id = $1 ${lock ? 'FOR UPDATE' : ''}`,
    [batchId],
  );
  return rows[0] ?? null;
}

/** Newest first. */
export async function listBatches(
  tx: Tx,
  { before, limit }: { before: { printedAt: Instant; id: string } | null; limit: number },
): Promise<BatchRow[]> {
  return tx.query<BatchRow>(
    `SELECT ${BATCH} FROM letter_batch WHERE fire_hq_id = current_fire_hq()
       AND ($1::timestamptz IS NULL OR (printed_at, id) < ($1, $2::uuid))
     ORDER BY printed_at DESC, id DESC LIMIT $3`,
    [at(before?.printedAt ?? null), before?.id ?? null, limit],
  );
}

/** A letter with what is known of its person today. */
export interface LetterRow {
  id: string;
  position: number;
  accountId: string;
  registrationNumber: string;
  name: string;
  kana: string;
  postalAddress: string | null;
  fax: string | null;
  withdrawnAt: Instant | null;
  cycle: number;
  expiresOn: CivilDate | null;
  expiresAt: Instant;
  renewedAt: Instant | null;
}

/** In their order, from the one behind `after` on. */
export async function listLetters(
  tx: Tx,
  batchId: string,
  { after, limit }: { after: number; limit: number },
): Promise<LetterRow[]> {
  return tx.query<LetterRow>(
    `SELECT l.id, l.position, a.id AS "accountId", a.registration_number AS "registrationNumber", a.name, a.kana,
       a.postal_address AS "postalAddress", a.fax, a.withdrawn_at AS "withdrawnAt", c.number AS cycle,
       c.expires_on AS "expiresOn", c.expires_at AS "expiresAt", c.renewed_at AS "renewedAt"
     FROM letter l
     JOIN account a ON a.fire_hq_id = l.fire_hq_id AND a.id = l.account_id
     JOIN renewal_cycle c ON c.fire_hq_id = l.fire_hq_id AND c.account_id = l.account_id AND c.number = l.cycle
     WHERE l.fire_hq_id = current_fire_hq() AND l.batch_id = $1 AND l.position > $2 ORDER BY l.position LIMIT $3`,
    [batchId, after, limit],
  );
}

export async function setVoided(tx: Tx, batchId: string, voidedAt: Instant): Promise<void> {
  await tx.query('UPDATE letter_batch SET voided_at = $2 WHERE fire_hq_id = current_fire_hq() AND id = $1', [
    batchId,
    at(voidedAt),
  ]);
}

export async function setSentRecorded(tx: Tx, batchId: string, recordedAt: Instant): Promise<void> {
  await tx.query(
    'UPDATE letter_batch SET sent_recorded_at = $2 WHERE fire_hq_id = current_fire_hq() AND id = $1',
    [batchId, at(recordedAt)],
  );
}

/** The same event in the trail of each person of the batch (R34). */
export async function auditLetters(
  tx: Tx,
  batchId: string,
  event: { at: Instant; actor: string; action: string; after: object },
): Promise<void> {
  await tx.query(
    `INSERT INTO audit_event (fire_hq_id, at, actor, action, account_id, after)
     SELECT current_fire_hq(), $2, $3, $4, l.account_id, $5 FROM letter l
     WHERE l.fire_hq_id = current_fire_hq() AND l.batch_id = $1 ORDER BY l.position`,
    [batchId, at(event.at), event.actor, event.action, JSON.stringify(event.after)],
  );
}

/** R32: one record of contact for each person of the batch. */
export async function recordLettersSent(
  tx: Tx,
  batchId: string,
  record: { kind: 'POST_SENT' | 'FAX_SENT'; at: Instant; by: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO contact_record (fire_hq_id, id, account_id, kind, at, recorded_by, created_at)
     SELECT current_fire_hq(), gen_random_uuid(), l.account_id, $2, $3, $4, $3 FROM letter l
     WHERE l.fire_hq_id = current_fire_hq() AND l.batch_id = $1`,
    [batchId, record.kind, at(record.at), record.by],
  );
}

/** The letter that a link stands on: ids only. */
export interface PaperLinkRow {
  by: 'PAPER';
  fireHqId: string;
  accountId: string;
  letterId: string;
  cycle: number;
}

/** Which letter a link's hash stands for; the tenant is not known yet. */
export async function lookupLetter(tx: Tx, hash: Buffer): Promise<PaperLinkRow | null> {
  const rows = await tx.query<PaperLinkRow>(
    `SELECT 'PAPER' AS by, fire_hq_id AS "fireHqId", account_id AS "accountId", letter_id AS "letterId", cycle
     FROM lookup_letter($1)`,
    [hash],
    'lookup-letter',
  );
  return rows[0] ?? null;
}

/** True when its batch was told not to have been sent. */
export async function isLetterVoid(tx: Tx, letterId: string): Promise<boolean> {
  const rows = await tx.query<{ void: boolean }>(
    `SELECT b.voided_at IS NOT NULL AS void FROM letter l
     JOIN letter_batch b ON b.fire_hq_id = l.fire_hq_id AND b.id = l.batch_id
     WHERE l.fire_hq_id = current_fire_hq() AND l.id = $1`,
    [letterId],
    'letter-void',
  );
  return rows[0]?.void ?? true;
}
