/** Cycles: opened, lapsed, stopped, renewed. */
import type { Instant } from '../domain/calendar.js';
import type { CycleDates } from '../domain/cycle.js';
import type { LapseCause } from '../domain/lapse.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export type RenewalChannel = 'link' | 'paper' | 'counter' | 'fax' | 'post' | 'proxy' | 'mailReply' | 'signal';

export interface NewCycleRow extends CycleDates {
  accountId: string;
  number: number;
  policyVersion: number;
  slotsAfter: Instant | null;
  openedAt: Instant;
}

export async function insertCycle(tx: Tx, row: NewCycleRow): Promise<void> {
  await tx.query(
    `INSERT INTO renewal_cycle (fire_hq_id, account_id, number, policy_version, expires_on, expires_at,
       window_opens_at, auto_stops_at, slots_after, opened_at)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6, $7, $8, $9)`,
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
