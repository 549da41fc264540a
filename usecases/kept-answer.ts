/** An answer that is dear is given to several readers; a cheap one is made each time. Kept in this process alone. */
import type { Instant } from '../domain/calendar.js';
import type { Clock } from '../platform/clock.js';

export interface KeptAnswers<T> {
  of(fireHqId: string, make: (now: Instant) => Promise<T>): Promise<T>;
  forget(fireHqId: string): void;
}

const MOST_KEPT = 50;

/** `isDear` decides by the answer whether it is kept, for `keptFor` ms; readers who come meanwhile wait for the same one. */
export function createKeptAnswers<T>(
  clock: Clock,
  { keptFor, isDear }: { keptFor: number; isDear: (answer: T) => boolean },
): KeptAnswers<T> {
  const kept = new Map<string, { at: Instant; answer: Promise<T> }>();
  return {
    forget: (fireHqId) => void kept.delete(fireHqId),
    async of(fireHqId, make) {
      const now = clock.now();
      const known = kept.get(fireHqId);
      if (known !== undefined && now >= known.at && now - known.at < keptFor) return known.answer;
      const answer = make(now);
      kept.delete(fireHqId);
      kept.set(fireHqId, { at: now, answer });
      for (const oldest of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(oldest);
      const unkept = () => {
        if (kept.get(fireHqId)?.answer === answer) kept.delete(fireHqId);
      };
      try {
        const made = await answer;
        if (!isDear(made)) unkept();
        return made;
      } catch (error) {
        unkept();
        throw error;
      }
    },
  };
}
