/** What every activity needs: the instant it acts at, and errors that may stand in a history. */
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Clock } from '../platform/clock.js';
import { describeError } from '../platform/log.js';
import { RefusedError } from '../usecases/errors.js';

/**
 * Epoch ms. Never before the instant the workflow asked at: its timers follow the server, whose clock (skipped time in
 * tests) may be ahead of ours.
 */
export function nowOf(clock: Clock): number {
  return Math.max(Context.current().info.currentAttemptScheduledTimestampMs, clock.now());
}

/**
 * Runs an activity's work. Whatever it throws reaches the history as a name and a code only: messages of PostgreSQL or
 * of a mail server may hold an address. A refusal would be refused again; everything else passes, or is mended.
 */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RefusedError) throw ApplicationFailure.nonRetryable('refused', error.refusal.code);
    const { name, code } = describeError(error);
    throw ApplicationFailure.retryable('failed', code === undefined ? name : `${name}:${code}`);
  }
}
