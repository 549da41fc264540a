/** R38, pure: whatever a life was like, the sums are even when every row is there, and lack exactly what is taken away. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOUR } from '../../domain/calendar.js';
import type { CycleFacts, SlotRow } from '../../domain/completeness.js';
import { personFate, plannedMails } from '../../domain/completeness.js';
import { cycleDates, expiryOn } from '../../domain/cycle.js';
import type { Outcome } from '../../domain/delivery.js';
import { OUTCOMES } from '../../domain/delivery.js';
import { LAPSE_CAUSES } from '../../domain/lapse.js';
import { parsePolicy } from '../../domain/policy.js';
import { slotsOf } from '../../domain/schedule.js';
import { SEED, momentIn, policyAndExpiry } from './arbitraries.js';

const read = (json: unknown) => {
  const result = parsePolicy(json);
  if (!result.ok) throw new Error('no policy');
  return result.policy;
};

/** A cycle of a random policy, ended or not at random, and every row that its over slots should have. */
const lives = policyAndExpiry.chain((drawn) => {
  const moment = momentIn(drawn.oracle, drawn.expiry);
  return fc
    .record({
      now: moment,
      slotsAfter: fc.option(moment),
      renewedAt: fc.option(moment),
      withdrawnAt: fc.option(moment),
      outcomes: fc.array(fc.constantFrom<Outcome[]>(...OUTCOMES), { minLength: 1, maxLength: 9 }),
      taken: fc.array(fc.nat(1000), { maxLength: 5 }),
      cause: fc.constantFrom(...LAPSE_CAUSES),
      strangers: fc.nat(2),
    })
    .map((life) => {
      const policy = read(drawn.json);
      const expiry =
        policy.basis === 'date'
          ? expiryOn(new Date(drawn.expiry * 86_400_000).toISOString().slice(0, 10))
          : { expiresOn: null, expiresAt: drawn.expiry };
      const past = (at: number | null) => (at !== null && at <= life.now ? at : null);
      const dates = cycleDates(policy, expiry);
      const cycle: CycleFacts = {
        ...dates,
        slotsAfter: life.slotsAfter,
        renewedAt: past(life.renewedAt),
        withdrawnAt: past(life.withdrawnAt),
        lapseRecordedAt: dates.expiresAt <= life.now ? dates.expiresAt : null,
        lapseCause: dates.expiresAt <= life.now ? life.cause : null,
      };
      const ends = Math.min(cycle.renewedAt ?? Infinity, cycle.withdrawnAt ?? Infinity);
      const over = slotsOf(policy, dates).filter(
        ({ at }) => at > (cycle.slotsAfter ?? -Infinity) && at <= Math.min(ends, life.now),
      );
      const row = (slot: string, at: number, i: number): SlotRow => {
        const outcome = life.outcomes[i % life.outcomes.length] ?? 'ACCEPTED';
        return { slot, dueAt: at, outcome, reason: null, acceptedAt: i % 2 === 0 ? at : null };
      };
      const strangers = Array.from({ length: life.strangers }, (_, i) => row(`earlier-${i}`, i, i));
      const rows = [...over.map(({ name, at }, i) => row(name, at, i)), ...strangers];
      return { policy, cycle, rows, over, taken: life.taken, now: life.now, ends };
    });
});

describe('R38', () => {
  test('with every row there, each planned mail has a fate, and the plan counts what was written and what is to come', () => {
    fc.assert(
      fc.property(lives, ({ policy, cycle, rows, now, ends }) => {
        const mails = plannedMails(cycle, policy, rows, now);
        expect(mails.filter(({ fate }) => fate === null || fate === 'UNDECIDED')).toEqual([]);
        const toCome = slotsOf(policy, cycle).filter(
          ({ at }) => at > now && at > (cycle.slotsAfter ?? -Infinity) && at <= ends,
        );
        expect(mails).toHaveLength(rows.length + toCome.length);
        expect(mails.filter(({ fate }) => fate === 'PLANNED')).toHaveLength(toCome.length);
        expect(personFate(cycle, now)).not.toBeNull();
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('each row that is taken away is one mail without a fate, no more and no less', () => {
    fc.assert(
      fc.property(lives, ({ policy, cycle, rows, over, taken, now, ends }) => {
        const gone = new Set(taken.flatMap((n) => over[n % Math.max(1, over.length)]?.name ?? []));
        const left = rows.filter(({ slot }) => !gone.has(slot));
        const mails = plannedMails(cycle, policy, left, now);
        const without = mails.filter(({ fate }) => fate === null || fate === 'UNDECIDED');
        expect(new Set(without.map(({ slot }) => slot))).toEqual(gone);
        // Only the plan of a running account can still tell a hole from a mail that waits.
        expect(without.every(({ fate }) => (fate === 'UNDECIDED') === (ends === Infinity))).toBe(true);
        expect(mails).toHaveLength(plannedMails(cycle, policy, rows, now).length);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('a person: E itself is too late, an hour without a recorded lapse is a hole, a renewal wins over 廃止', () => {
    const dates = cycleDates(read({ validity: 'P1Y' }), expiryOn('2027-03-31'));
    const cycle: CycleFacts = {
      ...dates,
      slotsAfter: null,
      renewedAt: null,
      withdrawnAt: null,
      lapseRecordedAt: null,
      lapseCause: null,
    };
    const e = dates.expiresAt;
    const fate = (more: Partial<CycleFacts>, now: number) => personFate({ ...cycle, ...more }, now);
    expect(fate({}, e - 1)).toBe('NOT_YET_EXPIRED');
    expect(fate({}, e)).toBe('LAPSING');
    expect(fate({}, e + HOUR - 1)).toBe('LAPSING');
    expect(fate({}, e + HOUR)).toBeNull();
    expect(fate({ lapseRecordedAt: e, lapseCause: 'NOT_SENT' }, e)).toBe('LAPSED_NOT_SENT');
    expect(fate({ renewedAt: e - 1 }, e)).toBe('RENEWED_IN_TIME');
    expect(fate({ renewedAt: e }, e)).toBe('RENEWED_LATER');
    expect(fate({ renewedAt: e - 1, withdrawnAt: e }, e)).toBe('RENEWED_IN_TIME');
    expect(fate({ withdrawnAt: e - 1 }, e)).toBe('WITHDRAWN');
  });
});
