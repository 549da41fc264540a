/** Random policies, expiries and moments for properties; each policy in two writings: JSON, and the oracle's integers. */
import fc from 'fast-check';
import type { OracleDatePolicy, OracleExpiry, OraclePolicy, OracleTimePolicy } from './oracle.js';
import { dayNumber, oracleDates, inJapan } from './oracle.js';

/** Fixed, so that a run of the suite is repeatable; change it to explore. */
export const SEED = 20270331;

export interface RandomPolicy {
  json: Record<string, unknown>;
  oracle: OraclePolicy;
}

const stopFrom = fc.constantFrom('firstReminder' as const, 'expiry' as const);
const iso = (offset: number, unit: (n: number) => string) =>
  offset < 0 ? `-${unit(-offset)}` : unit(offset);

/** Slots between the first one and the stop, the first included; or every so many. */
function slots(first: number, stop: number, shortest: number) {
  const listed = fc
    .uniqueArray(fc.integer({ min: 0, max: Math.floor((stop - first) / shortest) }), { maxLength: 12 })
    .map((list) => ({
      offsets: [...new Set([0, ...list])].sort((a, b) => a - b).map((n) => first + n * shortest),
    }));
  const fewest = Math.max(1, Math.ceil((stop - first) / shortest / 40));
  const every = fc.integer({ min: fewest, max: fewest + 120 }).map((n) => {
    const offsets: number[] = [];
    for (let at = first; at <= stop; at += n * shortest) offsets.push(at);
    return { offsets, every: n * shortest };
  });
  return fc.oneof({ weight: 3, arbitrary: listed }, { weight: 1, arbitrary: every }) as fc.Arbitrary<{
    offsets: number[];
    every?: number;
  }>;
}

const remindersJson = (drawn: { offsets: number[]; every?: number }, unit: (n: number) => string) =>
  drawn.every === undefined
    ? { offsets: drawn.offsets.map((offset) => iso(offset, unit)) }
    : { every: unit(drawn.every) };

const days = (n: number) => `P${n}D`;
const seconds = (n: number) => `PT${n / 1000}S`;

export const dateBased: fc.Arbitrary<RandomPolicy> = fc
  .record({
    validity: fc
      .record({ years: fc.nat(3), months: fc.nat(14), days: fc.nat(400) }, { noNullPrototype: true })
      .filter(({ years, months, days: d }) => years * 365 + months * 28 + d >= 2),
    share: fc.integer({ min: 1, max: 100 }),
    stopAfter: fc.integer({ min: 1, max: 400 }),
    stopFrom,
    sendAt: fc.oneof(fc.constantFrom(480, 600, 1259), fc.integer({ min: 480, max: 1259 })),
    spreadShare: fc.constantFrom(0, 0.01, 0.3, 1),
  })
  .chain((drawn) => {
    const { years, months, days: d } = drawn.validity;
    const shortest = years * 365 + months * 28 + d;
    const remindBefore = Math.max(1, Math.min(shortest - 1, Math.floor((shortest * drawn.share) / 100)));
    const stop = drawn.stopFrom === 'expiry' ? drawn.stopAfter : drawn.stopAfter - remindBefore;
    return slots(-remindBefore, stop, 1).map((reminders): RandomPolicy => {
      const spread = Math.floor((1260 - drawn.sendAt) * 60 * drawn.spreadShare) * 1000;
      const time = `${String(Math.floor(drawn.sendAt / 60)).padStart(2, '0')}:${String(drawn.sendAt % 60).padStart(2, '0')}`;
      const oracle: OracleDatePolicy = {
        basis: 'date',
        validity: drawn.validity,
        remindBefore,
        offsets: reminders.offsets,
        sendAt: drawn.sendAt,
        spread,
        stopAfter: drawn.stopAfter,
        stopFrom: drawn.stopFrom,
      };
      const json = {
        validity: `P${years}Y${months}M${d}D`,
        remindBefore: days(remindBefore),
        reminders: remindersJson(reminders, days),
        sendAt: time,
        spreadOver: seconds(spread),
        autoStopAfter: days(drawn.stopAfter),
        autoStopFrom: drawn.stopFrom,
      };
      return { json, oracle };
    });
  });

export const timeBased: fc.Arbitrary<RandomPolicy> = fc
  .record({
    validity: fc.integer({ min: 10, max: 200_000 }),
    fraction: fc.constantFrom(0, 0, 1, 500, 999),
    share: fc.integer({ min: 1, max: 100 }),
    stopAfter: fc.oneof(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 200_000 })),
    stopFrom,
  })
  .chain((drawn) => {
    const wholeSeconds = Math.max(
      1,
      Math.min(drawn.validity - 1, Math.floor((drawn.validity * drawn.share) / 100)),
    );
    const remindBefore = wholeSeconds * 1000 + drawn.fraction;
    const stopAfter = drawn.stopAfter * 1000;
    const stop = drawn.stopFrom === 'expiry' ? stopAfter : stopAfter - remindBefore;
    return slots(-remindBefore, stop, 1000).map((reminders): RandomPolicy => {
      const oracle: OracleTimePolicy = {
        basis: 'time',
        validity: drawn.validity * 1000,
        remindBefore,
        offsets: reminders.offsets,
        stopAfter,
        stopFrom: drawn.stopFrom,
      };
      const json = {
        validity: seconds(oracle.validity),
        remindBefore: seconds(oracle.remindBefore),
        reminders: remindersJson(reminders, seconds),
        autoStopAfter: seconds(oracle.stopAfter),
        autoStopFrom: drawn.stopFrom,
        retryAfterFailure: 'PT5S',
        longUnusedAfter: 'PT60S',
      };
      return { json, oracle };
    });
  });

/** Day numbers between 1900 and 2999, month ends and leap days often. */
export const expiryDay: fc.Arbitrary<number> = fc.oneof(
  fc
    .constantFrom('2028-02-29', '2028-02-28', '2027-02-28', '2027-12-31', '2027-01-31', '2100-02-28')
    .map(dayNumber),
  fc.integer({ min: dayNumber('2025-01-01'), max: dayNumber('2033-12-31') }),
  fc.integer({ min: dayNumber('1900-01-01'), max: dayNumber('2999-12-31') }),
);

/** E of a time-based account, now and then on a whole second. */
const expiryInstant: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }).map((n) => n * 1000),
  fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
);

const anyPolicy: fc.Arbitrary<RandomPolicy> = fc.oneof(dateBased, timeBased);

export const policyAndExpiry: fc.Arbitrary<RandomPolicy & { expiry: OracleExpiry }> = anyPolicy.chain(
  (policy) =>
    (policy.oracle.basis === 'date' ? expiryDay : expiryInstant).map((expiry) => ({ ...policy, expiry })),
);

/** Moments that matter in that cycle: slots, hours of mail, the ends of their days, window, E, stop; and ± around them. */
export function momentIn(policy: OraclePolicy, expiry: OracleExpiry): fc.Arbitrary<number> {
  const { windowOpensAt, expiresAt, autoStopsAt } = oracleDates(policy, expiry);
  const anchors = policy.offsets.flatMap((offset) => {
    if (policy.basis === 'time') return [expiry + offset, expiry + offset + 60_000];
    const day = expiry + offset;
    return [policy.sendAt, policy.sendAt + policy.spread / 60_000, 8 * 60, 21 * 60, 24 * 60].map((m) =>
      inJapan(day, m),
    );
  });
  const unit = policy.basis === 'date' ? 86_400_000 : 1_000;
  const shift = fc.oneof(
    fc.constantFrom(-1, 0, 1, -unit, unit, -unit + 1, unit - 1, 60_000, 60_001, -60_000),
    fc.integer({ min: -2 * unit, max: 2 * unit }),
    fc.integer({ min: -90 * unit, max: 90 * unit }),
  );
  return fc
    .tuple(fc.constantFrom(...anchors, windowOpensAt, expiresAt, autoStopsAt, autoStopsAt + 60_000), shift)
    .map(([anchor, by]) => Math.round(anchor + by));
}
