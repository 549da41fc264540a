/** 対応が必要な人 (R30): why somebody stands there, and in which order. */
import type { CivilDate, Instant } from './calendar.js';
import { dayInJapan } from './calendar.js';

/** In the order in which they are worked off. */
export const WORKLIST_REASONS = [
  'UNREACHABLE',
  'REQUEST',
  'NOT_SENT',
  'NEWLY_LAPSED',
  'MAIL_UNCONFIRMED',
  'LOOK_AGAIN',
  'AUTO_MAIL_ENDED',
] as const;
export type WorklistReason = (typeof WORKLIST_REASONS)[number];

/**
 * Something that is so and asks for work, whatever was noted about it. `at`: since when it can be known. The rank orders
 * people: UNREACHABLE has two, 失効中（不達） before all others.
 */
export interface WorklistFact {
  rank: number;
  at: Instant;
}

export const RANKS = {
  LAPSED_UNREACHABLE: 0,
  UNREACHABLE: 1,
  REQUEST: 2,
  NOT_SENT: 3,
  NEWLY_LAPSED: 4,
  MAIL_UNCONFIRMED: 5,
  LOOK_AGAIN: 6,
  AUTO_MAIL_ENDED: 7,
} as const;

/** The note that counts: the newest that was not undone. */
export interface WorklistNoteMark {
  /** What is newer had not been seen when it was written. */
  seenUntil: Instant;
  lookAgainOn: CivilDate;
}

export function reasonOfRank(rank: number): WorklistReason {
  return WORKLIST_REASONS[Math.max(0, rank - 1)] ?? 'AUTO_MAIL_ENDED';
}

/**
 * Why the person stands on the list now, the first reason first; empty: not on it. Until the day of the note only what is
 * newer than it counts. From that day on everything counts again, save that a lapse that was noted once is not new.
 */
export function standingFacts(
  facts: readonly WorklistFact[],
  note: WorklistNoteMark | null,
  now: Instant,
): WorklistFact[] {
  const come = note === null || note.lookAgainOn <= dayInJapan(now);
  const stands = ({ rank, at }: WorklistFact) =>
    note === null || at > note.seenUntil || (come && rank !== RANKS.NEWLY_LAPSED);
  return facts
    .filter(stands)
    .sort((a, b) => worklistKey(a) - worklistKey(b))
    .filter(
      ({ rank }, i, sorted) =>
        sorted.findIndex((other) => reasonOfRank(other.rank) === reasonOfRank(rank)) === i,
    );
}

/** Rank first, then what is newest. A whole number below 2^53, the same as `key` in the store's SQL. */
export function worklistKey({ rank, at }: WorklistFact): number {
  return rank * A_RANK + (LATEST - at);
}

const A_RANK = 100_000_000_000_000;
/** After the year 4000; every instant lies before it. */
const LATEST = 70_000_000_000_000;
