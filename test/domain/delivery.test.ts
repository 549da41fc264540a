import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../domain/calendar.js';
import type { BounceClass, BounceSource } from '../../domain/bounce.js';
import { BOUNCE_CLASSES, BOUNCE_SOURCES, isConclusive } from '../../domain/bounce.js';
import type { Evidence, Known, Outcome } from '../../domain/delivery.js';
import {
  MANUAL_KEPT,
  OTHERS_KEPT,
  OUTCOMES,
  countsAgainstAddress,
  isWaiting,
  nextAttemptAt,
  strongerOutcome,
  weigh,
} from '../../domain/delivery.js';
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

describe('R23: what is known of one mail', () => {
  const failure = (
    bounceClass: BounceClass,
    source: BounceSource,
    at = 5,
  ): Evidence & { what: 'FAILURE' } => ({
    what: 'FAILURE',
    failure: { at, bounceClass, status: null, diagnostic: null, source },
  });
  const SENT: Known = { outcome: 'SENDING', acceptedAt: null, failure: null };
  const ACCEPTED: Evidence = { what: 'ACCEPTED', at: 2 };
  const DELAY: Evidence = { what: 'REPORTED_DELAY', at: 3 };
  const after = (...evidence: Evidence[]) => evidence.reduce(weigh, SENT);
  const told = (...evidence: Evidence[]) => {
    const { outcome, failure: why } = after(...evidence);
    return [outcome, why?.bounceClass ?? ''].join(' ').trim();
  };

  it('R24: excused once, it stays so, whatever is heard before or after; only the proof is stronger', () => {
    const counted = failure('UNKNOWN_ADDRESS', 'REPORT_SMTP', 7);
    const excused = { what: 'FAILURE', failure: { ...counted.failure, at: 6, excusedAt: 6 } } as const;
    const full = failure('MAILBOX_FULL', 'REPORT_SMTP', 4);
    for (const heard of [
      [excused],
      [counted, excused],
      [excused, counted],
      [ACCEPTED, excused, counted],
      [excused, ACCEPTED],
      [excused, DELAY, full, { what: 'TRY_AGAIN' } as const],
    ]) {
      const known = after(...heard);
      expect([known.outcome, known.failure?.bounceClass, known.failure?.excusedAt]).toEqual([
        'FAILED',
        'UNKNOWN_ADDRESS',
        6,
      ]);
      expect(known.failure && countsAgainstAddress(known.failure)).toBe(false);
    }
    const confirmed: Known = { outcome: 'CONFIRMED', acceptedAt: 1, failure: null };
    expect(weigh(confirmed, excused)).toBe(confirmed);
    expect(countsAgainstAddress(counted.failure)).toBe(true);
  });

  it.each<[string, Evidence[], string]>([
    [
      'accepted, then reported as failed',
      [ACCEPTED, failure('UNKNOWN_ADDRESS', 'REPORT_SMTP')],
      'BOUNCED UNKNOWN_ADDRESS',
    ],
    [
      'accepted, then reported as ours (ADR 0010)',
      [ACCEPTED, failure('SENDER_BLOCKED', 'REPORT_SMTP')],
      'FAILED SENDER_BLOCKED',
    ],
    [
      'refused as ours, then taken at the next attempt',
      [failure('SENDER_BLOCKED', 'SMTP'), ACCEPTED],
      'ACCEPTED',
    ],
    ['accepted, then delayed', [ACCEPTED, DELAY], 'DELAYED'],
    ['delayed, then given up', [ACCEPTED, DELAY, failure('EXPIRED', 'REPORT_SMTP')], 'BOUNCED EXPIRED'],
    [
      'full, and for good',
      [failure('MAILBOX_FULL', 'REPORT_SMTP'), failure('REFUSED', 'REPORT_HTTP')],
      'BOUNCED REFUSED',
    ],
    [
      'nothing known, and ours',
      [failure('OTHER', 'REPORT_SMTP'), failure('SENDER_BLOCKED', 'REPORT_SMTP')],
      'BOUNCED OTHER',
    ],
    ['a lost line, then delayed: somebody has it', [{ what: 'TRY_AGAIN' }, DELAY], 'DELAYED'],
    ['delayed, then a lost line', [DELAY, { what: 'TRY_AGAIN' }], 'DELAYED'],
  ])('R23: %s, in whichever order', (_name, evidence, wanted) => {
    expect(told(...evidence)).toBe(wanted);
    expect(told(...evidence.reverse())).toBe(wanted);
  });

  it('R23: a mail that a server has taken is not waiting, whatever it is called', () => {
    expect(isWaiting(after({ what: 'TRY_AGAIN' }))).toBe(true);
    expect(isWaiting(SENT)).toBe(true);
    expect([after(ACCEPTED), after(DELAY), after(ACCEPTED, DELAY)].map(isWaiting)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('R23: CONFIRMED is never overturned', () => {
    const confirmed: Known = { outcome: 'CONFIRMED', acceptedAt: 1, failure: null };
    for (const evidence of [
      ACCEPTED,
      DELAY,
      failure('UNKNOWN_ADDRESS', 'REPORT_SMTP'),
      failure('SENDER_BLOCKED', 'SMTP'),
    ])
      expect(weigh(confirmed, evidence)).toBe(confirmed);
  });

  it('R23: the order in which replies and reports come does not decide the end, and none can take it back', () => {
    const some = fc.oneof(
      fc.constant(ACCEPTED),
      fc.constant(DELAY),
      fc.constant<Evidence>({ what: 'TRY_AGAIN' }),
      fc
        .tuple(fc.constantFrom(...BOUNCE_CLASSES), fc.constantFrom(...BOUNCE_SOURCES), fc.nat(5))
        .map(([bounceClass, source, at]) => failure(bounceClass, source, at)),
    );
    const end = ({ outcome, failure: why }: Known) => [outcome, why && isConclusive(why.bounceClass)];
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 6 }), (evidence) => {
        const known = after(...evidence);
        expect(end(after(...[...evidence].reverse()))).toEqual(end(known));
        for (const again of evidence) expect(end(weigh(known, again))).toEqual(end(known));
        if (known.outcome === 'BOUNCED' || known.outcome === 'FAILED') expect(known.failure).not.toBeNull();
        if (known.outcome === 'ACCEPTED') expect(known.failure).toBeNull();
      }),
      { seed: SEED, numRuns: 500 },
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
