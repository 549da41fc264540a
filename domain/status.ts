/** 利用状況: a pure function of facts and now, right to the millisecond however late a worker is (R5, R15). */
import type { Instant } from './calendar.js';

export const STATUSES = ['ACTIVE', 'RENEWAL_PENDING', 'LAPSED', 'WITHDRAWN'] as const;
export type Status = (typeof STATUSES)[number];

export interface StatusFacts {
  withdrawnAt: Instant | null;
  /** Of the open cycle, that is the newest. */
  windowOpensAt: Instant;
  expiresAt: Instant;
}

/** R5: at E itself the account is LAPSED. The store's SQL says the same; a property test holds them equal. */
export function statusAt(facts: StatusFacts, now: Instant): Status {
  if (facts.withdrawnAt !== null) return 'WITHDRAWN';
  if (now >= facts.expiresAt) return 'LAPSED';
  return now >= facts.windowOpensAt ? 'RENEWAL_PENDING' : 'ACTIVE';
}
