/** What became of a mail (R23), which evidence is stronger, and when a send is tried again. */
import type { BounceClass, BounceSource } from './bounce.js';
import { isConclusive, isSoft } from './bounce.js';
import type { Instant } from './calendar.js';
import { HOUR, MINUTE } from './calendar.js';

export const OUTCOMES = [
  'QUEUED',
  'SENDING',
  'ACCEPTED',
  'CONFIRMED',
  'DELAYED',
  'BOUNCED',
  'FAILED',
  'SKIPPED',
  'SUPERSEDED',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const PURPOSES = ['REMINDER', 'RECEIPT', 'REQUEST_RECEIPT', 'CHECK', 'ADDRESS_NOTICE'] as const;
export type Purpose = (typeof PURPOSES)[number];

const OPEN: readonly Outcome[] = ['QUEUED', 'SENDING', 'DELAYED'];

/**
 * Still to be sent, or being sent. DELAYED on the word of a report is not: a server has the mail and tries on, and a
 * second copy from us would be a second mail (R21, R23).
 */
export function isWaiting({
  outcome,
  acceptedAt,
}: {
  outcome: Outcome;
  acceptedAt: Instant | null;
}): boolean {
  return OPEN.includes(outcome) && acceptedAt === null;
}

/** That a mail failed for good, and who said so. Texts are harmless: one line, no control characters. */
export interface Failure {
  /** When we heard of it. */
  at: Instant;
  bounceClass: BounceClass;
  /** Enhanced status, `5.1.1`. */
  status: string | null;
  diagnostic: string | null;
  source: BounceSource;
  /** R24: it failed as one of many at once, noted then: so it never counts. */
  excusedAt?: Instant | null;
}

/** R24: what is ours to mend is FAILED and never 不達. */
export function outcomeOfFailure(failure: Failure): 'BOUNCED' | 'FAILED' {
  return failure.bounceClass === 'SENDER_BLOCKED' || isExcused(failure) ? 'FAILED' : 'BOUNCED';
}

export function isExcused({ excusedAt }: Failure): boolean {
  return excusedAt !== undefined && excusedAt !== null;
}

/** About this recipient, and not one of many at once: it counts against the address (R37). */
export function countsAgainstAddress(failure: Failure): boolean {
  return isConclusive(failure.bounceClass) && !isExcused(failure);
}

/** What is known of one mail. */
export interface Known {
  outcome: Outcome;
  /** A server took it, at the latest then. */
  acceptedAt: Instant | null;
  failure: Failure | null;
}

/** What one reply or report says about it. */
export type Evidence =
  | { what: 'ACCEPTED'; at: Instant }
  | { what: 'FAILURE'; failure: Failure }
  /** A server has taken the mail and could not yet pass it on. */
  | { what: 'REPORTED_DELAY'; at: Instant }
  /** A 4xx, a lost line: nobody has it. */
  | { what: 'TRY_AGAIN' };

type Grade = Outcome | 'REPORTED_DELAY' | 'REPORTED_FAILURE' | 'EXCUSED_FAILURE';

const STRENGTH: Record<Grade, number> = {
  SKIPPED: 0,
  SUPERSEDED: 0,
  QUEUED: 1,
  SENDING: 2,
  // A 4xx or a lost line: any reply that comes later is worth more, waiting is worth less.
  DELAYED: 3,
  FAILED: 4,
  ACCEPTED: 5,
  // Somebody took the mail before he could report on it: so a report outranks the acceptance (ADR 0010).
  REPORTED_DELAY: 6,
  REPORTED_FAILURE: 7,
  BOUNCED: 8,
  // Nobody got the mail, whichever way we heard of it; what makes it no 不達 stays true (ADR 0012).
  EXCUSED_FAILURE: 9,
  CONFIRMED: 10,
};

/** R23: later evidence wins unless the present outcome is stronger. */
export function strongerOutcome<G extends Grade>(present: G, evidence: G): G {
  return STRENGTH[evidence] >= STRENGTH[present] ? evidence : present;
}

/** R23: what is known with one more piece of evidence; the order in which the pieces come does not decide the end. */
export function weigh(known: Known, evidence: Evidence): Known {
  if (known.outcome === 'CONFIRMED') return known;
  const grade = strongerOutcome(gradeOf(known), gradeOfEvidence(evidence));
  return {
    outcome: OUTCOME_OF[grade],
    acceptedAt: known.acceptedAt ?? ('at' in evidence ? evidence.at : null),
    failure: failureWith(known, evidence, grade),
  };
}

const OUTCOME_OF = {
  ...(Object.fromEntries(OUTCOMES.map((each) => [each, each])) as { [O in Outcome]: O }),
  REPORTED_DELAY: 'DELAYED',
  REPORTED_FAILURE: 'FAILED',
  EXCUSED_FAILURE: 'FAILED',
} as const satisfies Record<Grade, Outcome>;

function gradeOf({ outcome, acceptedAt, failure }: Known): Grade {
  if (outcome === 'DELAYED' && acceptedAt !== null) return 'REPORTED_DELAY';
  if (failure !== null && isExcused(failure)) return 'EXCUSED_FAILURE';
  if (outcome === 'FAILED' && failure !== null && failure.source !== 'SMTP') return 'REPORTED_FAILURE';
  return outcome;
}

function gradeOfEvidence(evidence: Evidence): Grade {
  if (evidence.what === 'TRY_AGAIN') return 'DELAYED';
  if (evidence.what !== 'FAILURE') return evidence.what;
  if (isExcused(evidence.failure)) return 'EXCUSED_FAILURE';
  const outcome = outcomeOfFailure(evidence.failure);
  return outcome === 'FAILED' && evidence.failure.source !== 'SMTP' ? 'REPORTED_FAILURE' : outcome;
}

function failureWith({ failure }: Known, evidence: Evidence, grade: Grade): Failure | null {
  // Refused at one attempt and taken at another, in whichever order: the refusal was not the end.
  if (grade === 'ACCEPTED' || grade === 'REPORTED_DELAY') return null;
  return evidence.what === 'FAILURE' ? strongerFailure(failure, evidence.failure) : failure;
}

/**
 * Of several reports about one mail the one that says most about the recipient; among equals the first. Excused once,
 * it stays so.
 */
function strongerFailure(present: Failure | null, found: Failure): Failure {
  if (present === null) return found;
  const more = rankOf(found) - rankOf(present);
  const stronger = more > 0 || (more === 0 && found.at < present.at) ? found : present;
  const excusedAt = present.excusedAt ?? found.excusedAt ?? null;
  return (stronger.excusedAt ?? null) === excusedAt ? stronger : { ...stronger, excusedAt };
}

function rankOf({ bounceClass, source }: Failure): number {
  if (isConclusive(bounceClass)) return 4;
  if (isSoft(bounceClass)) return 3;
  if (bounceClass !== 'SENDER_BLOCKED') return 2;
  return source === 'SMTP' ? 0 : 1;
}

const RETRY_AFTER = [MINUTE, 5 * MINUTE, 15 * MINUTE] as const;

/** After the `attempts`-th attempt (1 …) that ended in a 4xx or a lost line: 1 min, 5, 15, then hourly. */
export function nextAttemptAt(attempts: number, at: Instant): Instant {
  return at + (RETRY_AFTER[attempts - 1] ?? HOUR);
}

/** R22: a manual mail is given up after 72 h. */
export const MANUAL_KEPT = 72 * HOUR;
/** Receipts and other single mails are given up after 24 h; a slot's mail when the next slot is due (R9). */
export const OTHERS_KEPT = 24 * HOUR;
