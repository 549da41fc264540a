/** Messages that could not be recorded: how often, and when each may be tried again. Forgotten when the process ends. */
import type { Instant } from '../domain/calendar.js';
import type { Waiting } from './mailbox-line.js';

export interface Tries {
  /** Forgets whatever is not there any more. */
  keep(waiting: Waiting): void;
  /** How often it has failed. */
  failures(uid: number): number;
  /** When it may be tried again; 0: at any time. */
  restsUntil(uid: number): Instant;
  failed(uid: number, now: Instant): void;
}

/** Ms to the next try: `first`, and twice as long each time, but not over `most`. */
export interface BackOff {
  first: number;
  most: number;
}

export function backOff({ first, most }: BackOff, failures: number): number {
  return Math.min(most, first * 2 ** Math.min(failures - 1, 30));
}

export function createTries(rest: BackOff): Tries {
  let validity = '';
  let tries = new Map<number, { count: number; until: Instant }>();
  return {
    keep(waiting) {
      // Under another validity the same numbers are other messages.
      const there = new Set(waiting.validity === validity ? waiting.uids : []);
      validity = waiting.validity;
      tries = new Map([...tries].filter(([uid]) => there.has(uid)));
    },
    failures: (uid) => tries.get(uid)?.count ?? 0,
    restsUntil: (uid) => tries.get(uid)?.until ?? 0,
    failed(uid, now) {
      const count = (tries.get(uid)?.count ?? 0) + 1;
      tries.set(uid, { count, until: now + backOff(rest, count) });
    },
  };
}
