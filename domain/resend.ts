/** R22: when a reminder may be asked for by hand. One place for one person's button, for many at once, and for previews. */
import type { Instant } from './calendar.js';
import { DAY, MINUTE, SECOND } from './calendar.js';
import type { Status } from './status.js';

export interface ManualFacts {
  status: Status;
  windowOpensAt: Instant;
  basis: 'date' | 'time';
  /** A manual mail that has not gone yet. */
  waiting: boolean;
  /** When the last manual mail was asked for, whatever became of it. */
  lastAskedAt: Instant | null;
}

export type ResendObstacle =
  | { code: 'resend-not-in-this-status'; status: Status; windowOpensAt: Instant }
  | { code: 'resend-already-waiting' }
  | { code: 'resend-too-soon'; nextAllowedAt: Instant }
  | { code: 'resend-needs-confirm'; lastRequestedAt: Instant };

/** R22, R28: whoever told us 「もう使わない」 is answered first, and gets no mail among many. */
export type ManyObstacle = ResendObstacle | { code: 'stop-asked' };

/** As `resendObstacle`, for one of many. */
export function manyObstacle(
  { stopRequested, ...facts }: ManualFacts & { stopRequested: boolean },
  now: Instant,
  confirmed: boolean,
): ManyObstacle | null {
  return stopRequested ? { code: 'stop-asked' } : resendObstacle(facts, now, confirmed);
}

/** Milliseconds between two, date-based and time-based. */
export const APART = { date: 10 * MINUTE, time: 10 * SECOND } as const;

/** In this order: the status, a mail that waits, the time since the last one. Null: it may go. */
export function resendObstacle(
  { status, windowOpensAt, basis, waiting, lastAskedAt }: ManualFacts,
  now: Instant,
  confirmed: boolean,
): ResendObstacle | null {
  if (status !== 'RENEWAL_PENDING' && status !== 'LAPSED') {
    return { code: 'resend-not-in-this-status', status, windowOpensAt };
  }
  if (waiting) return { code: 'resend-already-waiting' };
  if (lastAskedAt === null) return null;
  const nextAllowedAt = lastAskedAt + APART[basis];
  if (now < nextAllowedAt) return { code: 'resend-too-soon', nextAllowedAt };
  if (basis === 'date' && !confirmed && now - lastAskedAt < DAY) {
    return { code: 'resend-needs-confirm', lastRequestedAt: lastAskedAt };
  }
  return null;
}
