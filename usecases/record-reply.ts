/** What a reply of the mail server makes of the ledger, of the address and of the lapse's cause (R16, R23, R24, R37). */
import type { Instant } from '../domain/calendar.js';
import { nextAttemptAt, strongerOutcome } from '../domain/delivery.js';
import type { Outcome } from '../domain/delivery.js';
import type { SendResult } from '../mail/transport.js';
import type { Tx } from '../store/database.js';
import { insertAttempt, lockReminder, settleReminder } from '../store/reminders.js';
import type { Settlement } from '../store/reminders.js';
import type { AccountSnapshot } from '../store/rows.js';
import { lockAccount, readSnapshot } from '../store/snapshots.js';
import { refoldAddress, refreshLapseCause } from './evidence.js';

/** One claim of one ledger row. */
export interface Attempt {
  reminderId: string;
  claimToken: string;
}

/**
 * The reply and all that follows from it; returns how the account stands then, null when there is no such mail. A late
 * reply of a sender that lost its claim is recorded as well (R23).
 */
export async function recordReply(
  tx: Tx,
  accountId: string,
  attempt: Attempt,
  result: SendResult,
  repliedAt: Instant,
): Promise<AccountSnapshot | null> {
  if (!(await lockAccount(tx, accountId))) return null;
  const row = await lockReminder(tx, attempt.reminderId);
  if (!row) return null;
  if (result.verdict !== 'EXPIRED') {
    await insertAttempt(tx, {
      reminderId: attempt.reminderId,
      claimToken: attempt.claimToken,
      at: repliedAt,
      verdict: result.verdict === 'DEFERRED' ? result.why : result.verdict,
      code: result.code,
      enhanced: result.enhanced,
      reply: result.text,
    });
  }
  const settlement = settlementOf(result, row.attempts, repliedAt);
  const late = row.claimToken !== attempt.claimToken;
  if (late && !isFinal(row.outcome, settlement.outcome)) return readSnapshot(tx, accountId);
  const outcome = strongerOutcome(row.outcome, settlement.outcome);
  await settleReminder(
    tx,
    attempt.reminderId,
    outcome === settlement.outcome
      ? settlement
      : { ...settlement, outcome, reason: row.reason, nextAttemptAt: null },
  );
  return followUp(tx, accountId, result, row.addressId, repliedAt);
}

/** What the outcome changes beyond its row: the address's story, and the cause of a lapse. */
async function followUp(
  tx: Tx,
  accountId: string,
  result: SendResult,
  addressId: string,
  now: Instant,
): Promise<AccountSnapshot | null> {
  const settled = await readSnapshot(tx, accountId);
  if (settled === null) return null;
  const refold = changesAddress(result, settled, addressId);
  if (refold) await refoldAddress(tx, settled, addressId);
  const judged = refold ? ((await readSnapshot(tx, accountId)) ?? settled) : settled;
  const caused = await refreshLapseCause(tx, judged, now);
  return caused ? readSnapshot(tx, accountId) : judged;
}

/**
 * Whether a late reply says anything about a row that others have gone on with. "Not now" does not; nor does a failure of
 * ours while another sender is at work: it would take the row out of that sender's hands.
 */
function isFinal(present: Outcome, late: Outcome): boolean {
  if (late === 'ACCEPTED' || late === 'BOUNCED') return true;
  return late === 'FAILED' && present !== 'SENDING';
}

/** Acceptance changes nothing while every mail to the address was accepted: spares a fold in the ordinary case. */
function changesAddress(result: SendResult, { address }: AccountSnapshot, addressId: string): boolean {
  if (result.verdict === 'BOUNCED') return result.conclusive;
  const clean =
    address.id === addressId &&
    address.failures === 0 &&
    (address.state === 'OK' || address.state === 'UNVERIFIED');
  return result.verdict === 'ACCEPTED' && !clean;
}

/** What a send's result makes of the row. Only a refusal of this recipient counts against the address (R24, R37). */
function settlementOf(result: SendResult, attempts: number, repliedAt: Instant): Settlement {
  switch (result.verdict) {
    case 'ACCEPTED':
      return { outcome: 'ACCEPTED', reason: null, nextAttemptAt: null, acceptedAt: repliedAt };
    case 'BOUNCED':
      return {
        outcome: 'BOUNCED',
        reason: result.conclusive ? 'RECIPIENT_REFUSED' : 'MAILBOX_FULL',
        nextAttemptAt: null,
        bouncedAt: repliedAt,
        conclusive: result.conclusive,
      };
    case 'DEFERRED':
      return { outcome: 'DELAYED', reason: result.why, nextAttemptAt: nextAttemptAt(attempts, repliedAt) };
    case 'EXPIRED':
      return {
        outcome: 'DELAYED',
        reason: 'DEADLINE_PASSED',
        nextAttemptAt: nextAttemptAt(attempts, repliedAt),
      };
    case 'FAILED':
      return { outcome: 'FAILED', reason: 'OUR_FAILURE', nextAttemptAt: null };
  }
}
