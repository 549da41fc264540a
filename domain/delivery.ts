/** What became of a mail (R23), which evidence is stronger, and when a send is tried again. */
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

/** Still to be sent, or being sent. */
export const WAITING: readonly Outcome[] = ['QUEUED', 'SENDING', 'DELAYED'];

const STRENGTH: Record<Outcome, number> = {
  SKIPPED: 0,
  SUPERSEDED: 0,
  QUEUED: 1,
  SENDING: 2,
  // A 4xx or a lost line: any reply that comes later is worth more, waiting is worth less.
  DELAYED: 3,
  FAILED: 4,
  ACCEPTED: 5,
  BOUNCED: 6,
  CONFIRMED: 7,
};

/** R23: later evidence wins unless the present outcome is stronger. */
export function strongerOutcome(present: Outcome, evidence: Outcome): Outcome {
  return STRENGTH[evidence] >= STRENGTH[present] ? evidence : present;
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
