import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AddressStory, MailEvidence } from '../../domain/address-state.js';
import { foldAddress } from '../../domain/address-state.js';
import { DAY } from '../../domain/calendar.js';
import { SEED } from './arbitraries.js';

let ids = 0;
const mail = (more: Partial<MailEvidence>): MailEvidence => {
  ids += 1;
  return {
    reminderId: `m${ids}`,
    acceptedAt: null,
    failedAt: null,
    softFailedAt: null,
    provenAt: null,
    ...more,
  };
};
const ok = (acceptedAt: number) => mail({ acceptedAt });
const failed = (failedAt: number) => mail({ failedAt });
const soft = (softFailedAt: number) => mail({ softFailedAt });
const proven = (acceptedAt: number, provenAt: number) => mail({ acceptedAt, provenAt });
const state = (...mails: MailEvidence[]) => {
  const story = foldAddress(mails, 2);
  return `${story.state} ${story.failures}`;
};

describe('R37: the state of an address', () => {
  it.each<[string, MailEvidence[], string]>([
    ['nothing sent', [], 'UNVERIFIED 0'],
    ['accepted', [ok(1)], 'UNVERIFIED 0'],
    ['answered', [proven(1, 2)], 'OK 0'],
    ['one failure', [failed(1)], 'SUSPECT 1'],
    ['two failures', [failed(1), failed(2)], 'UNDELIVERABLE 2'],
    ['a third', [failed(1), failed(2), failed(3)], 'UNDELIVERABLE 3'],
    ['failure, then accepted, never proven', [failed(1), ok(2)], 'UNVERIFIED 0'],
    ['proven once, failure, then accepted', [proven(1, 2), failed(3), ok(4)], 'OK 0'],
    ['failure, accepted, failure: not two in a row', [failed(1), ok(2), failed(3)], 'SUSPECT 1'],
    ['two failures, then accepted', [failed(1), failed(2), ok(3)], 'SUSPECT 0'],
    ['… and accepted again: only a proof ends the doubt', [failed(1), failed(2), ok(3), ok(4)], 'SUSPECT 0'],
    ['… and one more failure', [failed(1), failed(2), ok(3), failed(4)], 'SUSPECT 1'],
    ['… and two more failures', [failed(1), failed(2), ok(3), failed(4), failed(5)], 'UNDELIVERABLE 2'],
    ['two failures, then answered', [failed(1), failed(2), proven(3, 4)], 'OK 0'],
    ['answered, then two failures, then accepted', [proven(1, 2), failed(3), failed(4), ok(5)], 'SUSPECT 0'],
  ])('R37: %s: %s', (_name, mails, wanted) => {
    expect(state(...mails)).toBe(wanted);
  });

  it('R37: the acceptance of a mail that bounced later is left out', () => {
    expect(state(failed(1), mail({ acceptedAt: 2, failedAt: 3 }))).toBe('UNDELIVERABLE 2');
  });

  it('R37: a mail whose own link was used never counts as failed, whenever the report came', () => {
    expect(state(mail({ acceptedAt: 1, provenAt: 2, failedAt: 3 }))).toBe('OK 0');
    expect(state(mail({ acceptedAt: 1, failedAt: 2, provenAt: 3 }))).toBe('OK 0');
  });

  it('R37: the threshold is the policy’s', () => {
    const mails = [failed(1), failed(2), failed(3)];
    expect([1, 2, 3, 4].map((n) => foldAddress(mails, n).state)).toEqual([
      'UNDELIVERABLE',
      'UNDELIVERABLE',
      'UNDELIVERABLE',
      'SUSPECT',
    ]);
    expect(foldAddress([failed(1)], 1).state).toBe('UNDELIVERABLE');
  });

  it('R37: a reply that belongs to no single mail is a proof too', () => {
    expect(foldAddress([failed(1), failed(2)], 2, [3])).toMatchObject({
      state: 'OK',
      failures: 0,
      lastProvenAt: 3,
    });
    expect(foldAddress([failed(1), failed(5)], 2, [3])).toMatchObject({
      state: 'SUSPECT',
      failures: 1,
      lastProvenAt: 3,
    });
  });

  it('R37: it tells the last proof and the last failure', () => {
    const last = failed(9);
    expect(foldAddress([proven(1, 2), failed(4), last], 2)).toMatchObject({
      lastProvenAt: 2,
      lastFailure: { reminderId: last.reminderId, at: 9 },
    });
  });
});

describe('R37: failures that may pass by themselves', () => {
  const WEEK = 7 * DAY;
  it.each<[string, MailEvidence[], string]>([
    ['two over a week', [soft(1), soft(1 + WEEK)], 'UNVERIFIED 0'],
    ['three within a week', [soft(1), soft(2), soft(WEEK)], 'UNVERIFIED 0'],
    ['three over a week, to the millisecond', [soft(1), soft(2), soft(1 + WEEK)], 'SUSPECT 0'],
    ['of a proven address', [proven(1, 2), soft(3), soft(4), soft(3 + WEEK)], 'SUSPECT 0'],
    ['never further', [1, 2, 3, 4, 5, 6].map((n) => soft(n * WEEK)), 'SUSPECT 0'],
    ['an acceptance in between', [soft(1), soft(2), ok(3), soft(1 + WEEK)], 'UNVERIFIED 0'],
    ['… starts the week anew', [soft(1), ok(2), soft(3), soft(4), soft(2 + WEEK)], 'UNVERIFIED 0'],
    ['… and ends it', [soft(1), ok(2), soft(3), soft(4), soft(3 + WEEK)], 'SUSPECT 0'],
    ['a proof in between', [soft(1), soft(2), proven(2, 3), soft(1 + WEEK)], 'OK 0'],
    ['an acceptance afterwards', [soft(1), soft(2), soft(1 + WEEK), ok(2 + WEEK)], 'UNVERIFIED 0'],
    ['… of a proven address', [proven(0, 0), soft(1), soft(2), soft(1 + WEEK), ok(2 + WEEK)], 'OK 0'],
    [
      'the acceptance of a mail that failed later is none',
      [soft(1), mail({ acceptedAt: 2, softFailedAt: 3 }), soft(1 + WEEK)],
      'SUSPECT 0',
    ],
    ['a mail whose link was used', [soft(1), mail({ softFailedAt: 2, provenAt: 2 }), soft(1 + WEEK)], 'OK 0'],
    ['then one conclusive', [soft(1), soft(2), soft(1 + WEEK), failed(2 + WEEK)], 'SUSPECT 1'],
    ['after one conclusive', [failed(1), soft(2), soft(3), soft(2 + WEEK)], 'SUSPECT 1'],
    ['after two conclusive', [failed(1), failed(2), soft(3), soft(4), soft(3 + WEEK)], 'UNDELIVERABLE 2'],
  ])('R37: %s', (_name, mails, wanted) => {
    expect(state(...mails)).toBe(wanted);
  });

  it('R37: they are no failure to be tried again after three days', () => {
    const mails = [soft(1), soft(2), soft(1 + WEEK)];
    expect(foldAddress(mails, 1)).toMatchObject({ state: 'SUSPECT', failures: 0, lastFailure: null });
  });
});

describe('R37: properties of the fold', () => {
  const instant = fc.integer({ min: 0, max: 1_000 });
  const maybe = fc.option(instant);
  const evidence = fc
    .array(fc.record({ acceptedAt: maybe, failedAt: maybe, softFailedAt: maybe, provenAt: maybe }), {
      maxLength: 12,
    })
    // An instant of its own for each event: the order of what comes together is not the matter here.
    .map((mails) =>
      mails.map((each, i): MailEvidence => {
        const apart = (at: number | null, k: number) => (at === null ? null : (at * DAY) / 10 + i * 4 + k);
        return {
          reminderId: `m${i}`,
          acceptedAt: apart(each.acceptedAt, 0),
          failedAt: apart(each.failedAt, 1),
          softFailedAt: each.failedAt === null ? apart(each.softFailedAt, 2) : null,
          provenAt: apart(each.provenAt, 3),
        };
      }),
    );
  const threshold = fc.integer({ min: 1, max: 4 });
  const check = (property: (mails: MailEvidence[], n: number, story: AddressStory) => void) => {
    fc.assert(
      fc.property(evidence, threshold, (mails, n) => {
        property(mails, n, foldAddress(mails, n));
      }),
      { seed: SEED, numRuns: 500 },
    );
  };

  it('R37: the order in which evidence becomes known does not matter', () => {
    check((mails, n, story) => expect(foldAddress([...mails].reverse(), n)).toEqual(story));
  });

  it('R37: UNDELIVERABLE exactly from the threshold on; OK and UNVERIFIED only without failures', () => {
    check((_mails, n, story) => {
      expect(story.state === 'UNDELIVERABLE').toBe(story.failures >= n);
      if (story.state === 'OK' || story.state === 'UNVERIFIED') expect(story.failures).toBe(0);
      if (story.state === 'OK') expect(story.lastProvenAt).not.toBeNull();
    });
  });

  it('R37: soft failures make nobody UNDELIVERABLE, and count nothing', () => {
    check((mails, n, story) => {
      const without = foldAddress(
        mails.map((each) => ({ ...each, softFailedAt: null })),
        n,
      );
      // Where a soft failure took an acceptance away, more may be left of the failures before it; else nothing changes.
      if (mails.every(({ softFailedAt, acceptedAt }) => softFailedAt === null || acceptedAt === null))
        expect([story.failures, story.state === 'UNDELIVERABLE', story.lastProvenAt]).toEqual([
          without.failures,
          without.state === 'UNDELIVERABLE',
          without.lastProvenAt,
        ]);
    });
  });

  it('R37: a proof after everything makes it OK, whatever came before', () => {
    check((mails, n) => {
      expect(foldAddress([...mails, mail({ provenAt: 1_000 * DAY })], n)).toMatchObject({
        state: 'OK',
        failures: 0,
      });
    });
  });
});
