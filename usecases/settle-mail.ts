/** One piece of evidence about a mail, from an SMTP reply or a report, and all that follows from it (R16, R23, R37). */
import { isConclusive } from '../domain/bounce.js';
import type { Instant } from '../domain/calendar.js';
import type { Evidence, Failure, Known } from '../domain/delivery.js';
import { isExcused, outcomeOfFailure, weigh } from '../domain/delivery.js';
import type { Tx } from '../store/database.js';
import type { LockedReminder } from '../store/reminders.js';
import { settleReminder } from '../store/reminders.js';
import type { AccountSnapshot } from '../store/rows.js';
import { readSnapshot } from '../store/snapshots.js';
import { refoldAddress, refreshLapseCause } from './evidence.js';

/** A mail that nobody has taken yet: when it is tried again, and why. */
export interface Again {
  at: Instant;
  why: string;
}

/**
 * Under the account's lock, with the row locked. Returns how the account stands then, null when there is none. `again`
 * belongs to evidence of TRY_AGAIN.
 */
export async function settleMail(
  tx: Tx,
  accountId: string,
  reminderId: string,
  row: LockedReminder,
  evidence: Evidence,
  now: Instant,
  again: Again | null = null,
): Promise<AccountSnapshot | null> {
  const known = weigh(row, evidence);
  const waits = known.outcome === 'DELAYED' && known.acceptedAt === null;
  await settleReminder(tx, reminderId, {
    ...known,
    reason: waits && again ? again.why : reasonOf(known, row.reason),
    nextAttemptAt: waits && again ? again.at : null,
  });
  const settled = await readSnapshot(tx, accountId);
  if (settled === null) return null;
  const refold = changesAddress(evidence, settled, row.addressId);
  if (refold) await refoldAddress(tx, settled, row.addressId);
  const judged = refold ? ((await readSnapshot(tx, accountId)) ?? settled) : settled;
  const caused = await refreshLapseCause(tx, judged, now);
  return caused ? readSnapshot(tx, accountId) : judged;
}

/** Acceptance changes nothing while every mail to the address was accepted: spares a fold in the ordinary case. */
function changesAddress(evidence: Evidence, { address }: AccountSnapshot, addressId: string): boolean {
  // A failure that does not count may still take an acceptance back.
  if (evidence.what === 'FAILURE') return true;
  if (evidence.what === 'TRY_AGAIN') return false;
  const clean =
    address.id === addressId &&
    address.failures === 0 &&
    (address.state === 'OK' || address.state === 'UNVERIFIED');
  return !clean;
}

/** The word beside the outcome in リマインダー履歴. */
function reasonOf({ outcome, acceptedAt, failure }: Known, before: string | null): string | null {
  if (outcome === 'ACCEPTED') return null;
  if (outcome === 'DELAYED' && acceptedAt !== null) return 'REPORTED_DELAY';
  return failure !== null && outcome === outcomeOfFailure(failure) ? reasonOfFailure(failure) : before;
}

function reasonOfFailure(failure: Failure): string {
  const { bounceClass } = failure;
  if (isExcused(failure)) return 'MASS_FAILURE';
  if (bounceClass === 'SENDER_BLOCKED') return 'OUR_FAILURE';
  return isConclusive(bounceClass) && bounceClass !== 'DOMAIN_NOT_FOUND' ? 'RECIPIENT_REFUSED' : bounceClass;
}
