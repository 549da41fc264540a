/** An answer that is dear is given to several readers; a cheap one is made each time. Kept in this process alone. */
import type { Instant } from '../domain/calendar.js';
import type { Clock } from '../platform/clock.js';

type Make<T> = (now: Instant) => Promise<T>;

export interface KeptAnswers<T> {
  of(fireHqId: string, make: Make<T>): Promise<T>;
  forget(fireHqId: string): void;
}

interface Kept<T> {
  at: Instant;
  answer: Promise<T>;
  /** The next one is being made. */
  renewing: boolean;
}

const MOST_KEPT = 50;

/**
 * `isDear` decides by the answer whether it is kept, for `keptFor` ms; readers who come meanwhile wait for the same one. As
 * long again it is still given, while the next one is made behind the reader, so that nobody waits for it.
 */
export function createKeptAnswers<T>(
  clock: Clock,
  { keptFor, isDear }: { keptFor: number; isDear: (answer: T) => boolean },
): KeptAnswers<T> {
  const kept = new Map<string, Kept<T>>();

  function keep(fireHqId: string, one: Kept<T>): void {
    kept.delete(fireHqId);
    kept.set(fireHqId, one);
    for (const oldest of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(oldest);
  }

  /** Nothing in place of an answer that was forgotten meanwhile. */
  async function renew(fireHqId: string, old: Kept<T>, now: Instant, make: Make<T>): Promise<void> {
    old.renewing = true;
    const made = await make(now).catch(() => null);
    if (kept.get(fireHqId) !== old) return;
    if (made !== null && isDear(made))
      keep(fireHqId, { at: now, answer: Promise.resolve(made), renewing: false });
    else kept.delete(fireHqId);
  }

  return {
    forget: (fireHqId) => void kept.delete(fireHqId),
    async of(fireHqId, make) {
      const now = clock.now();
      const known = kept.get(fireHqId);
      if (known !== undefined && now >= known.at && now - known.at < 2 * keptFor) {
        if (now - known.at >= keptFor && !known.renewing) void renew(fireHqId, known, now, make);
        return known.answer;
      }
      const one = { at: now, answer: make(now), renewing: false };
      keep(fireHqId, one);
      const unkept = () => {
        if (kept.get(fireHqId) === one) kept.delete(fireHqId);
      };
      try {
        const made = await one.answer;
        if (!isDear(made)) unkept();
        return made;
      } catch (error) {
        unkept();
        throw error;
      }
    },
  };
}
