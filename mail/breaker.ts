/**
 * While a mail server is down one mail in half a minute asks whether it is back, on behalf of all: the others neither
 * hammer it nor wait for time-outs of their own. One breaker a mail server and process; the state is pure, time comes from
 * the caller's clock.
 */
import type { Instant } from '../domain/calendar.js';
import { SECOND } from '../domain/calendar.js';
import type { Clock } from '../platform/clock.js';

/** So many connections in a row must fail before the server counts as down. */
export const FAILURES_TO_OPEN = 3;
/** Below the minute after which a mail is tried again: of those that failed together the first asks for the others. */
export const PROBE_EVERY = 30 * SECOND;

export interface BreakerState {
  /** Failed in a row. */
  failures: number;
  /** When it opened or last let a probe through; null: closed. */
  lastTryAt: Instant | null;
  probing: boolean;
}

/** REACHED: the server talked about a mail. UNKNOWN: the line was lost on the way, which says nothing about the next. */
export type Reach = 'REACHED' | 'UNREACHABLE' | 'UNKNOWN';

export const CLOSED: BreakerState = { failures: 0, lastTryAt: null, probing: false };

/** Whether a send may try, and the state after it was asked. */
export function admit(
  state: BreakerState,
  now: Instant,
): { state: BreakerState; admitted: 'YES' | 'AS_PROBE' | 'NO' } {
  if (state.lastTryAt === null) return { state, admitted: 'YES' };
  if (state.probing || now < state.lastTryAt + PROBE_EVERY) return { state, admitted: 'NO' };
  return { state: { ...state, lastTryAt: now, probing: true }, admitted: 'AS_PROBE' };
}

/** After a send that was admitted. */
export function afterTry(
  state: BreakerState,
  admitted: 'YES' | 'AS_PROBE',
  reach: Reach,
  now: Instant,
): BreakerState {
  if (reach === 'REACHED') return CLOSED;
  const waiting = admitted === 'AS_PROBE' ? { ...state, probing: false } : state;
  if (reach === 'UNKNOWN' || waiting.lastTryAt !== null) return waiting;
  const failures = waiting.failures + 1;
  return { ...waiting, failures, lastTryAt: failures >= FAILURES_TO_OPEN ? now : null };
}

export interface Breaker {
  /** Runs `attempt` if it may go, after the probe that may be under way; null when it may not. */
  run<Result extends { reach: Reach }>(attempt: () => Promise<Result>): Promise<Result | null>;
  isOpen(): boolean;
}

export function createBreaker(clock: Clock): Breaker {
  let state = CLOSED;
  let probe: Promise<unknown> = Promise.resolve();

  async function tryOnce<Result extends { reach: Reach }>(
    admitted: 'YES' | 'AS_PROBE',
    attempt: () => Promise<Result>,
  ): Promise<Result> {
    let reach: Reach = 'UNKNOWN';
    try {
      const result = await attempt();
      reach = result.reach;
      return result;
    } finally {
      state = afterTry(state, admitted, reach, clock.now());
    }
  }

  return {
    async run(attempt) {
      // Sent away now, it would come back much later, though the answer is on its way.
      if (state.probing) await probe;
      const { state: asked, admitted } = admit(state, clock.now());
      state = asked;
      if (admitted === 'NO') return null;
      const tried = tryOnce(admitted, attempt);
      if (admitted === 'AS_PROBE') probe = tried.catch(() => {});
      return tried;
    },
    isOpen: () => state.lastTryAt !== null,
  };
}
