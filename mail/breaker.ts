/**
 * While a mail server is down one mail a minute asks whether it is back, on behalf of all: the others neither wait for
 * time-outs nor hammer it. One breaker a mail server and process; the state is pure, time comes from the caller's clock.
 */
import type { Instant } from '../domain/calendar.js';
import { MINUTE } from '../domain/calendar.js';
import type { Clock } from '../platform/clock.js';

/** So many connections in a row must fail before the server counts as down. */
export const FAILURES_TO_OPEN = 3;
export const PROBE_EVERY = MINUTE;

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
  /** Runs `attempt` if it may go now; null when it may not. */
  run<Result extends { reach: Reach }>(attempt: () => Promise<Result>): Promise<Result | null>;
  isOpen(): boolean;
}

export function createBreaker(clock: Clock): Breaker {
  let state = CLOSED;
  return {
    async run(attempt) {
      const asked = admit(state, clock.now());
      state = asked.state;
      if (asked.admitted === 'NO') return null;
      let reach: Reach = 'UNKNOWN';
      try {
        const result = await attempt();
        reach = result.reach;
        return result;
      } finally {
        state = afterTry(state, asked.admitted, reach, clock.now());
      }
    },
    isOpen: () => state.lastTryAt !== null,
  };
}
