/**
 * How often may be asked. Kept in this process: each API process counts for itself, which is generous enough.
 * A link that exists is never refused because of its neighbours: many phones share one address of their carrier.
 */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { consume } from '../middleware/limit.js';

/** A double click, a correction, a second thought: far below. */
const ANSWERS_PER_LINK = { points: 30, duration: 60 };
/** Links that are none of ours, per client: torn links of a whole hospital are below, a search is above. */
const UNKNOWN_PER_CLIENT = { points: 60, duration: 60 };

export interface Limits {
  /** Seconds to wait before this link may be answered again; null: go ahead. */
  answer(linkId: string): Promise<number | null>;
  /** The same for a client that asks for links that do not exist. */
  unknown(client: string): Promise<number | null>;
}

export function createLimits(): Limits {
  const answers = new RateLimiterMemory(ANSWERS_PER_LINK);
  const unknown = new RateLimiterMemory(UNKNOWN_PER_CLIENT);
  return {
    answer: (linkId) => consume(answers, linkId),
    unknown: (client) => consume(unknown, client),
  };
}
