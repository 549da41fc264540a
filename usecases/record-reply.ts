/** What a reply of the mail server makes of the ledger, of the address and of the lapse's cause (R16, R23, R24, R37). */
import type { BounceClass } from '../domain/bounce.js';
import type { Instant } from '../domain/calendar.js';
import type { Evidence, Outcome } from '../domain/delivery.js';
import { nextAttemptAt, outcomeOfFailure } from '../domain/delivery.js';
import { plainLine } from '../domain/plain-text.js';
import type { Reply, SendResult } from '../mail/transport.js';
import type { Tx } from '../store/database.js';
import { endPauseByTrial } from '../store/mail-pauses.js';
import { insertAttempt, lockReminder } from '../store/reminders.js';
import type { AccountSnapshot } from '../store/rows.js';
import { lockAccount, readSnapshot } from '../store/snapshots.js';
import { excusedInPause } from './excuse-failure.js';
import type { Again } from './settle-mail.js';
import { settleMail } from './settle-mail.js';

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
      // PostgreSQL stores no NUL, and a reply that cannot be recorded would be a mail sent twice.
      reply: result.text?.replaceAll('\u0000', '') ?? null,
    });
  }
  const evidence = await excusedInPause(tx, row, evidenceOf(result, repliedAt));
  // Its sender lost the claim, to another sender or to a report that was quicker than the reply.
  const late = row.claimToken !== attempt.claimToken;
  if (late && !isFinal(row.outcome, evidence)) return readSnapshot(tx, accountId);
  const again = againOf(result, row.attempts, repliedAt);
  const settled = await settleMail(tx, accountId, attempt.reminderId, row, evidence, repliedAt, again);
  // R24: "accepted" ends the pause that tried this mail; the watch then wakes everybody.
  if (evidence.what === 'ACCEPTED' && settled?.stops.some(({ cause }) => cause === 'MASS_FAILURE'))
    await endPauseByTrial(tx, attempt.reminderId, repliedAt);
  return settled;
}

/**
 * Whether a late reply says anything about a row that others have gone on with. "Not now" does not; nor does a failure of
 * ours while another sender is at work: it would take the row out of that sender's hands.
 */
function isFinal(present: Outcome, late: Evidence): boolean {
  if (late.what !== 'FAILURE') return late.what === 'ACCEPTED';
  return outcomeOfFailure(late.failure) === 'BOUNCED' || present !== 'SENDING';
}

/** Only a refusal of this recipient counts against the address (R24, R37). */
function evidenceOf(result: SendResult, repliedAt: Instant): Evidence {
  switch (result.verdict) {
    case 'ACCEPTED':
      return { what: 'ACCEPTED', at: repliedAt };
    case 'BOUNCED':
      return refusal(result, result.bounceClass, repliedAt);
    case 'FAILED':
      return refusal(result, 'SENDER_BLOCKED', repliedAt);
    case 'DEFERRED':
    case 'EXPIRED':
      return { what: 'TRY_AGAIN' };
  }
}

function refusal({ enhanced, text }: Reply, bounceClass: BounceClass, repliedAt: Instant): Evidence {
  const diagnostic = text === null ? null : plainLine(text);
  return {
    what: 'FAILURE',
    failure: { at: repliedAt, bounceClass, status: enhanced, diagnostic, source: 'SMTP' },
  };
}

function againOf(result: SendResult, attempts: number, repliedAt: Instant): Again | null {
  if (result.verdict !== 'DEFERRED' && result.verdict !== 'EXPIRED') return null;
  const why = result.verdict === 'DEFERRED' ? result.why : 'DEADLINE_PASSED';
  return { at: nextAttemptAt(attempts, repliedAt), why };
}
