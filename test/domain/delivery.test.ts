import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../domain/calendar.js';
import type { Outcome } from '../../domain/delivery.js';
import { MANUAL_KEPT, OTHERS_KEPT, OUTCOMES, nextAttemptAt, strongerOutcome } from '../../domain/delivery.js';
import { SEED } from './arbitraries.js';

/** R23's own line, weakest first. */
const LINE: Outcome[] = ['SKIPPED', 'QUEUED', 'SENDING', 'FAILED', 'ACCEPTED', 'BOUNCED', 'CONFIRMED'];

describe('R23: evidence', () => {
  it('R23: stronger evidence wins, weaker changes nothing', () => {
    for (const [i, weak] of LINE.entries())
      for (const strong of LINE.slice(i)) {
        expect(strongerOutcome(weak, strong)).toBe(strong);
        expect(strongerOutcome(strong, weak)).toBe(strong);
      }
    expect(strongerOutcome('SKIPPED', 'SUPERSEDED')).toBe('SUPERSEDED');
    expect(strongerOutcome('SUPERSEDED', 'QUEUED')).toBe('QUEUED');
  });

  it.each(['ACCEPTED', 'BOUNCED', 'FAILED', 'CONFIRMED', 'DELAYED'] as const)(
    'R23: DELAYED gives way to a later %s',
    (later) => {
      expect(strongerOutcome('DELAYED', later)).toBe(later);
    },
  );

  it('R23: what is known for good is not undone by "not now"', () => {
    for (const known of ['ACCEPTED', 'BOUNCED', 'CONFIRMED', 'FAILED'] as const)
      expect(strongerOutcome(known, 'DELAYED')).toBe(known);
  });

  it('R23: the order in which replies arrive does not decide the end', () => {
    const some = fc.array(fc.constantFrom(...OUTCOMES.filter((each) => each !== 'SUPERSEDED')), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(some, (evidence) => {
        const fold = (list: Outcome[]) => list.reduce(strongerOutcome);
        expect(fold([...evidence].reverse())).toBe(fold(evidence));
      }),
      { seed: SEED },
    );
  });
});

describe('trying again', () => {
  it('1 minute, 5, 15, then hourly', () => {
    expect([1, 2, 3, 4, 5, 100].map((attempts) => nextAttemptAt(attempts, 1_000) - 1_000)).toEqual([
      MINUTE,
      5 * MINUTE,
      15 * MINUTE,
      HOUR,
      HOUR,
      HOUR,
    ]);
  });

  it('R22: a manual mail is kept 72 hours, others 24', () => {
    expect([MANUAL_KEPT, OTHERS_KEPT]).toEqual([72 * HOUR, 24 * HOUR]);
  });
});
