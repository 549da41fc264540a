import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../domain/calendar.js';
import type { MassFailureInput, SentCount } from '../../domain/mass-failure.js';
import { findMassFailures } from '../../domain/mass-failure.js';

const T = Date.parse('2027-03-03T01:00:00Z');
const of = (mailDomain: string | null, results: number, failures: number, after = 0): SentCount => ({
  mailDomain,
  paused: false,
  sentFrom: T + after,
  person: null,
  results,
  failures,
});
const found = (counts: SentCount[], more: Partial<MassFailureInput> = {}) =>
  findMassFailures({ counts, endedLately: [], letBe: [], ...more });
const scopes = (counts: SentCount[], more: Partial<MassFailureInput> = {}) =>
  found(counts, more).map(({ scope }) => scope);

describe('R24: over 20 % of at least 20 in ten minutes', () => {
  it.each([
    ['20 % of 20 is not over 20 %', 20, 4, false],
    ['5 of 20', 20, 5, true],
    ['5 of 24', 24, 5, true],
    ['5 of 25 is 20 %', 25, 5, false],
    ['all of 19', 19, 19, false],
    ['all of 20', 20, 20, true],
    ['nothing failed', 500, 0, false],
  ])('%s', (_, results, failures, isMass) => {
    expect(found([of(null, results, failures)])).toEqual(
      isMass ? [{ scope: null, since: T, people: results, failed: failures }] : [],
    );
  });

  it('ten minutes by when they were sent: a span ends before its ten minutes are over', () => {
    const half = of(null, 10, 10);
    expect(scopes([half, of(null, 10, 10, 10 * MINUTE - 10 * SECOND)])).toEqual([null]);
    expect(scopes([half, of(null, 10, 10, 10 * MINUTE)])).toEqual([]);
  });

  it('the first span in which it shows is the one, also in no order', () => {
    const counts = [of(null, 15, 15, 9 * MINUTE), of(null, 10, 0), of(null, 15, 15, 20 * MINUTE)];
    expect(found(counts)).toEqual([{ scope: null, since: T, people: 25, failed: 15 }]);
    expect(
      found([of(null, 80, 0), of(null, 20, 20, 9 * MINUTE + SECOND * 50), of(null, 5, 5, 12 * MINUTE)]),
    ).toEqual([{ scope: null, since: T + 9 * MINUTE + SECOND * 50, people: 25, failed: 25 }]);
  });

  it('single failures all day long are none', () => {
    const day = Array.from({ length: 200 }, (_, n) => of(null, 10, n % 5 === 0 ? 10 : 0, n * 5 * MINUTE));
    expect(found(day.filter((_, n) => n % 5 !== 0))).toEqual([]);
    expect(found(day.map((each) => ({ ...each, failures: 2 })))).toEqual([]);
  });
});

describe('R24: people are counted, not mails', () => {
  const mailsOf = (person: number, failures: (n: number) => number, count = 10): SentCount[] =>
    Array.from({ length: count }, (_, n) => ({ ...of(null, 1, failures(n), n * MINUTE), person }));
  const several = (people: number, failures: (n: number) => number, count?: number) =>
    Array.from({ length: people }, (_, person) => mailsOf(person, failures, count)).flat();

  it('nine dead addresses, written to each minute, beside others that live, are none', () => {
    const living = [0, 3, 6, 9].map((n) => of(null, 40, 0, n * MINUTE));
    expect(found([...several(9, () => 1), ...living])).toEqual([]);
  });
  it('twenty are, from the first mail that fails', () => {
    expect(found(several(20, () => 1, 2))).toEqual([{ scope: null, since: T, people: 20, failed: 20 }]);
    expect(found(several(20, (n) => (n === 9 ? 1 : 0)))).toMatchObject([{ people: 20, failed: 20 }]);
  });
  it('whoever left the span is not in it any more', () => {
    const early = [...several(18, () => 1, 3), of(null, 1, 0, 2 * MINUTE)];
    const late = mailsOf(19, () => 1, 20).filter(({ sentFrom }) => sentFrom >= T + 13 * MINUTE);
    expect(found([...early, ...late])).toEqual([]);
  });
  it('a small town: twenty mails to five people, and not one accepted', () => {
    expect(found(several(5, () => 1, 4))).toEqual([{ scope: null, since: T, people: 5, failed: 5 }]);
    expect(found(several(12, () => 1, 2))).toMatchObject([{ scope: null, people: 12 }]);
    expect(found([...several(5, () => 1, 4), of(null, 1, 0)])).toEqual([]);
    expect(found(several(4, () => 1, 10))).toEqual([]);
    expect(found(several(19, () => 1, 1))).toEqual([]);
  });
});

describe('R24: one domain, or all', () => {
  it('one domain fails and the rest does not: that domain', () => {
    expect(scopes([of('docomo.ne.jp', 20, 20), of(null, 60, 3)])).toEqual(['docomo.ne.jp']);
  });
  it('each of several', () => {
    expect(scopes([of('a.jp', 20, 20), of('b.jp', 30, 10), of(null, 200, 3)])).toEqual(['a.jp', 'b.jp']);
  });
  it('the rest shares the trouble, however few they are: all', () => {
    expect(scopes([of('a.jp', 20, 20), of(null, 4, 4)])).toEqual([null]);
    expect(scopes([of('a.jp', 20, 20), of(null, 2, 2)])).toEqual([null]);
  });
  it('one dead address in the rest is no trouble of all', () => {
    expect(scopes([of('a.jp', 20, 20), of(null, 1, 1)])).toEqual(['a.jp']);
  });
  it('many domains with few mails each: all', () => {
    expect(scopes([of('a.jp', 12, 12), of(null, 12, 12)])).toEqual([null]);
  });
  it('a domain that is paused counts for all, and not once more for itself', () => {
    const paused = { ...of('a.jp', 20, 20), paused: true };
    expect(scopes([paused])).toEqual([]);
    expect(scopes([paused, of(null, 6, 6, MINUTE)])).toEqual([null]);
    expect(scopes([paused, of(null, 30, 2, MINUTE)])).toEqual([]);
  });
  it('what failed in a domain before it was all belongs to it', () => {
    const counts = [
      of('a.jp', 20, 20),
      of('b.jp', 30, 0),
      of('b.jp', 40, 40, 11 * MINUTE),
      of(null, 9, 9, 11 * MINUTE),
    ];
    expect(found(counts)).toMatchObject([{ scope: null, since: T }]);
  });
});

describe('R24: after a pause', () => {
  it('five tell that it goes on, within the hour and for its own scope', () => {
    const five = [of('a.jp', 5, 2)];
    expect(scopes(five)).toEqual([]);
    expect(scopes(five, { endedLately: ['a.jp'] })).toEqual(['a.jp']);
    expect(scopes(five, { endedLately: ['b.jp'] })).toEqual([]);
    expect(scopes([of('a.jp', 4, 4)], { endedLately: ['a.jp'] })).toEqual([]);
    expect(scopes([of(null, 5, 5)], { endedLately: [null] })).toEqual([null]);
  });
  it('which a person ended: none of that scope, and none at all when it was of all', () => {
    const counts = [of('a.jp', 40, 40), of('b.jp', 40, 40), of(null, 100, 0)];
    expect(scopes(counts, { letBe: ['a.jp'] })).toEqual(['b.jp']);
    expect(scopes(counts, { letBe: [null] })).toEqual([]);
  });
});
