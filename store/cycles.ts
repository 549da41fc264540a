/** Cycles: opened, lapsed, stopped, renewed. */
import type { Instant } from '../domain/calendar.js';
import type { CycleDates } from '../domain/cycle.js';
import type { LapseCause, PriorCause } from '../domain/lapse.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export type RenewalChannel = 'link' | 'paper' | 'counter' | 'fax' | 'post' | 'proxy' | 'mailReply' | 'signal';

export interface NewCycleRow extends CycleDates {
  accountId: string;
  number: number;
  policyVersion: number;
  slotsAfter: Instant | null;
  openedAt: Instant;
  /** R10. */
  priorCause?: PriorCause | null;
}

export async function insertCycle(tx: Tx, row: NewCycleRow): Promise<void> {
  await tx.query(
    `INSERT INTO renewal_cycle (fire_hq_id, account_id, number, policy_version, expires_on, expires_at,
       window_opens_at, auto_stops_at, slots_after, opened_at, prior_cause)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      row.accountId,
      row.number,
      row.policyVersion,
      row.expiresOn,
      at(row.expiresAt),
      at(row.windowOpensAt),
      at(row.autoStopsAt),
      at(row.slotsAfter),
      at(row.openedAt),
      row.priorCause ?? null,
    ],
    'insert-cycle',
  );
}

/** R7: closes the open cycle. False when that cycle was not open any more. */
export async function closeCycle(
  tx: Tx,
  accountId: string,
  number: number,
  renewal: { at: Instant; channel: RenewalChannel; by: string; note: string | null; evidence: string | null },
): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE renewal_cycle SET renewed_at = $3, renewed_channel = $4, renewed_by = $5, renewal_note = $6,
       renewal_evidence = $7
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND number = $2 AND renewed_at IS NULL
     RETURNING number`,
    [accountId, number, at(renewal.at), renewal.channel, renewal.by, renewal.note, renewal.evidence],
    'close-cycle',
  );
  return rows.length > 0;
}

/** The lapse as an event with its cause (R5, R16); `lapsedAt` null takes it back (R7). */
export async function setLapse(
  tx: Tx,
  accountId: string,
  number: number,
  lapsedAt: Instant | null,
  cause: LapseCause | null,
): Promise<void> {
  await tx.query(
    `UPDATE renewal_cycle SET lapse_recorded_at = $3, lapse_cause = $4
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND number = $2`,
    [accountId, number, at(lapsedAt), cause],
  );
}

/** R6: automatic mail of this cycle has ended. */
export async function setAutoStop(
  tx: Tx,
  accountId: string,
  number: number,
  stoppedAt: Instant,
): Promise<void> {
  await tx.query(
    `UPDATE renewal_cycle SET auto_stop_recorded_at = $3
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND number = $2`,
    [accountId, number, at(stoppedAt)],
  );
}

/** R15: after an undone withdrawal the slots that passed meanwhile are not revived. */
export async function setSlotsAfter(
  tx: Tx,
  accountId: string,
  number: number,
  slotsAfter: Instant,
): Promise<void> {
  await tx.query(
    `UPDATE renewal_cycle SET slots_after = greatest(slots_after, $3)
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND number = $2`,
    [accountId, number, at(slotsAfter)],
  );
}

/** R13 "apply now": window, stop and slots under another policy version; D and E stay. */
export async function setCyclePolicy(
  tx: Tx,
  accountId: string,
  number: number,
  change: { policyVersion: number; windowOpensAt: Instant; autoStopsAt: Instant; slotsAfter: Instant },
): Promise<void> {
  await tx.query(
    `UPDATE renewal_cycle SET policy_version = $3, window_opens_at = $4, auto_stops_at = $5,
       slots_after = greatest(slots_after, $6)
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND number = $2`,
    [
      accountId,
      number,
      change.policyVersion,
      at(change.windowOpensAt),
      at(change.autoStopsAt),
      at(change.slotsAfter),
    ],
  );
}

/** A 更新期間 as it was, or as it stands. */
export interface CycleListRow {
  number: number;
  expiresOn: string | null;
  /** Exclusive. */
  expiresAt: Instant;
  openedAt: Instant;
  /** Null: it is the open one. */
  renewedAt: Instant | null;
  renewedChannel: RenewalChannel | null;
  renewedBy: string | null;
  note: string | null;
  evidence: string | null;
}

/** Newest first, below `beforeNumber`. */
export async function listCycles(
  tx: Tx,
  { accountId, beforeNumber, limit }: { accountId: string; beforeNumber: number | null; limit: number },
): Promise<CycleListRow[]> {
  return tx.query<CycleListRow>(
    `SELECT number, expires_on AS "expiresOn", expires_at AS "expiresAt", opened_at AS "openedAt",
       renewed_at AS "renewedAt", renewed_channel AS "renewedChannel", renewed_by AS "renewedBy",
       renewal_note AS note, renewal_evidence AS evidence
     FROM renewal_cycle
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND ($2::integer IS NULL OR number < $2)
     ORDER BY number DESC LIMIT $3`,
    [accountId, beforeNumber, limit],
  );
}

/** R39: the open cycle keeps its number; everything that follows from D, and what was recorded of the old one. */
export async function setCycleExpiry(
  tx: Tx,
  accountId: string,
  number: number,
  change: CycleDates & {
    slotsAfter: Instant | null;
    lapseRecordedAt: Instant | null;
    lapseCause: LapseCause | null;
    autoStopRecordedAt: Instant | null;
  },
): Promise<void> {
  await tx.query(
    `UPDATE renewal_cycle SET expires_on = $3, expires_at = $4, window_opens_at = $5, auto_stops_at = $6,
       slots_after = $7, lapse_recorded_at = $8, lapse_cause = $9, auto_stop_recorded_at = $10
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND number = $2 AND renewed_at IS NULL`,
    [
      accountId,
      number,
      change.expiresOn,
      at(change.expiresAt),
      at(change.windowOpensAt),
      at(change.autoStopsAt),
      at(change.slotsAfter),
      at(change.lapseRecordedAt),
      change.lapseCause,
      at(change.autoStopRecordedAt),
    ],
  );
}
