/**
 * How often a password may be wrong. Counted by name and client together, so that nobody can lock a colleague out from
 * elsewhere, and by client alone, so that one client cannot try many names. Kept in this process, as on the resident's page.
 */
import { RateLimiterMemory } from 'rate-limiter-flexible';

const QUARTER = 15 * 60;
const PER_NAME_AND_CLIENT = { points: 5, duration: QUARTER };
/** A whole headquarters may share one address. */
const PER_CLIENT = { points: 50, duration: QUARTER };
/** From everywhere together: slow enough for any password of ours, wide enough that colleagues still get in. */
const PER_NAME = { points: 100, duration: QUARTER };

export interface SignInLimits {
  /** Seconds to wait; null: go ahead. */
  waitFor(signInName: string, client: string): Promise<number | null>;
  failed(signInName: string, client: string): Promise<void>;
  succeeded(signInName: string, client: string): Promise<void>;
}

export function createSignInLimits(): SignInLimits {
  const limits = [
    { of: new RateLimiterMemory(PER_NAME_AND_CLIENT), key: pair },
    { of: new RateLimiterMemory(PER_CLIENT), key: (_name: string, client: string) => client },
    { of: new RateLimiterMemory(PER_NAME), key: (name: string) => name },
  ] as const;
  return {
    async waitFor(name, client) {
      const waits = await Promise.all(
        limits.map(async ({ of, key }) => {
          const counted = await of.get(key(name, client));
          return counted !== null && counted.consumedPoints >= of.points
            ? Math.max(1, Math.ceil(counted.msBeforeNext / 1_000))
            : 0;
        }),
      );
      const longest = Math.max(...waits);
      return longest === 0 ? null : longest;
    },
    async failed(name, client) {
      await Promise.all(limits.map(({ of, key }) => of.penalty(key(name, client))));
    },
    async succeeded(name, client) {
      await limits[0].of.delete(pair(name, client));
    },
  };
}

/** The name cannot hold the separator. */
function pair(name: string, client: string): string {
  return `${name.slice(0, 80)}\n${client}`;
}
