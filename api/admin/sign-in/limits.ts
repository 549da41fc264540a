/**
 * How often a password may be wrong. Counted by name and client together, so that nobody can lock a colleague out from
 * elsewhere, and by client alone, so that one client cannot try many names. Kept in this process, as on the resident's page.
 */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { consume } from '../../middleware/limit.js';

const QUARTER = 15 * 60;
const PER_NAME_AND_CLIENT = { points: 5, duration: QUARTER };
/** A whole headquarters may share one address: wide enough that one machine that guesses does not lock the others out soon. */
const PER_CLIENT = { points: 300, duration: QUARTER };
/** From everywhere together: slow enough for any password of ours, wide enough that colleagues still get in. */
const PER_NAME = { points: 100, duration: QUARTER };

const MOST_KNOWN = 10_000;

export interface SignInLimits {
  /** Counts a try before it is made, so that many at once are counted too. Seconds to wait; null: go ahead. */
  begin(signInName: string, client: string): Promise<number | null>;
  /** It was the right password: the try does not count, nor do the wrong ones before it. */
  succeeded(signInName: string, client: string): Promise<void>;
}

export function createSignInLimits(): SignInLimits {
  const limits = [
    { of: new RateLimiterMemory(PER_NAME_AND_CLIENT), key: pair },
    { of: new RateLimiterMemory(PER_CLIENT), key: (_name: string, client: string) => client },
    { of: new RateLimiterMemory(PER_NAME), key: (name: string) => name },
  ] as const;
  /** Where somebody has got in before: guesses from everywhere else do not keep them out. */
  const known = new Set<string>();
  return {
    async begin(name, client) {
      // In this order: what one client is refused for must not count against the name, or it would lock a colleague out.
      for (const { of, key } of known.has(pair(name, client)) ? limits.slice(0, 2) : limits) {
        const wait = await consume(of, key(name, client));
        if (wait !== null) return wait;
      }
      return null;
    },
    async succeeded(name, client) {
      if (known.size >= MOST_KNOWN) known.clear();
      known.add(pair(name, client));
      await limits[0].of.delete(pair(name, client));
      await Promise.all(limits.slice(1).map(({ of, key }) => of.reward(key(name, client))));
    },
  };
}

/** The name cannot hold the separator. */
function pair(name: string, client: string): string {
  return `${name.slice(0, 80)}\n${client}`;
}

/** For steps of signing in that cost something before anybody has proven anything. Seconds to wait; null: go ahead. */
export type ClientLimit = (client: string) => Promise<number | null>;

export function createClientLimit(): ClientLimit {
  const limit = new RateLimiterMemory(PER_CLIENT);
  return (client) => consume(limit, client);
}

/** A session left open must not be used to guess the password at one's own page. */
const PER_PERSON = { points: 5, duration: QUARTER };

export interface PasswordLimit {
  /** Seconds to wait; null: go ahead. */
  begin(staffId: string): Promise<number | null>;
  succeeded(staffId: string): Promise<void>;
}

export function createPasswordLimit(): PasswordLimit {
  const limit = new RateLimiterMemory(PER_PERSON);
  return {
    begin: (staffId) => consume(limit, staffId),
    succeeded: async (staffId) => void (await limit.delete(staffId)),
  };
}
