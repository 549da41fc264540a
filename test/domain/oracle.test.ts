/** R14: the domain's plan, dates and renewals against an independent reading of the rules, some thousand random cases. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addPeriod, dayInJapan, instantInJapan } from '../../domain/calendar.js';
import { cycleDates, expiryOn, firstExpiry } from '../../domain/cycle.js';
import { decideRenewal } from '../../domain/renewal.js';
import type { HandledMail } from '../../domain/schedule.js';
import { planReminders, spreadOffset } from '../../domain/schedule.js';
import { SEED, dateBased, expiryDay, momentIn, policyAndExpiry, timeBased } from './arbitraries.js';
import { policyOf } from './given.js';
import type { OraclePolicy, OracleQuestion } from './oracle.js';
import {
  addValidity,
  dayName,
  dayNumber,
  dayOf,
  inJapan,
  oracleDates,
  oraclePlan,
  oracleRenewal,
} from './oracle.js';

const runs = { numRuns: 4000, seed: SEED } as const;
const expiryOf = (policy: OraclePolicy, expiry: number) =>
  policy.basis === 'date' ? expiryOn(dayName(expiry)) : { expiresOn: null, expiresAt: expiry };

const situation = policyAndExpiry.chain(({ json, oracle, expiry }) => {
  const moment = momentIn(oracle, expiry);
  return fc.record({
    json: fc.constant(json),
    oracle: fc.constant(oracle),
    expiry: fc.constant(expiry),
    now: moment,
    created: fc.option(moment, { freq: 3 }),
    handled: fc.array(fc.nat(oracle.offsets.length - 1), { maxLength: 2 }),
    manualAt: fc.array(moment, { maxLength: 2 }),
    renewedAt: fc.option(moment, { freq: 1 }),
    heldUntil: fc.option(moment, { freq: 1 }),
    key: fc.option(fc.uuid(), { freq: 3 }),
  });
});

describe('the domain agrees with the oracle', () => {
  it('R14 R4 R6 R9 R10 R12 on what becomes of every slot', () => {
    const seen: Record<string, number> = {};
    fc.assert(
      fc.property(
        situation,
        ({ json, oracle, expiry, now, created, handled, manualAt, renewedAt, heldUntil, key }) => {
          const policy = policyOf(json);
          const dates = cycleDates(policy, expiryOf(oracle, expiry));
          const question: OracleQuestion = {
            policy: oracle,
            expiry,
            now,
            created,
            handledSlots: [],
            manualAt,
            renewedAt,
            heldUntil,
            spreadOf: (slot) => spreadOffset(policy, key ?? undefined, slot),
          };
          const names = oraclePlan(question).map((step) => step.slot);
          const handledMails = [...new Set(handled)].map((i): HandledMail => ({
            slot: names[i] as string,
            kind: i % 2 === 0 ? 'AUTOMATIC' : 'CATCH_UP',
            at: now,
          }));
          question.handledSlots = handledMails.map(({ slot, kind }) => ({ slot: slot as string, kind }));
          const plan = planReminders({
            policy,
            dates,
            now,
            slotsAfter: created,
            handled: [
              ...handledMails,
              ...manualAt.map((at): HandledMail => ({ slot: null, kind: 'MANUAL', at })),
            ],
            renewedAt,
            heldUntil,
            ...(key === null ? {} : { spreadKey: key }),
          });
          const wanted = oraclePlan(question);
          for (const step of wanted) seen[step.state] = (seen[step.state] ?? 0) + 1;
          expect(
            plan.steps.map(({ slot, at, latestAt, state, kind, goesAt }) => ({
              slot,
              at,
              latestAt,
              state,
              kind,
              goesAt,
            })),
          ).toEqual(
            wanted.map((step) => ({
              ...step,
              kind: step.state === 'SUPERSEDED' || step.state === 'SKIPPED' ? expect.any(String) : step.kind,
            })),
          );
          expect(plan.due?.slot ?? null).toBe(wanted.find((step) => step.state === 'DUE')?.slot ?? null);
        },
      ),
      runs,
    );
    // The random cases reach every state often enough to mean something.
    for (const state of ['PLANNED', 'DUE', 'HANDLED', 'SKIPPED', 'SUPERSEDED'])
      expect(seen[state]).toBeGreaterThan(300);
  });

  it('R1 R3 R6 R12 on window, expiry and stop', () => {
    fc.assert(
      fc.property(policyAndExpiry, ({ json, oracle, expiry }) => {
        expect(cycleDates(policyOf(json), expiryOf(oracle, expiry))).toEqual(oracleDates(oracle, expiry));
      }),
      runs,
    );
  });

  it('R7 R8 R12 on what a renewal gives', () => {
    const renewal = policyAndExpiry.chain((drawn) =>
      fc.record({
        drawn: fc.constant(drawn),
        early: fc.boolean(),
        receivedAt: fc.oneof(
          momentIn(drawn.oracle, drawn.expiry),
          fc
            .integer({ min: -1000, max: 1000 })
            .map((days) => oracleDates(drawn.oracle, drawn.expiry).expiresAt + days * 86_400_000),
        ),
      }),
    );
    const seen = new Set<string>();
    fc.assert(
      fc.property(renewal, ({ drawn: { json, oracle, expiry }, receivedAt, early }) => {
        const policy = policyOf(json);
        const current = cycleDates(policy, expiryOf(oracle, expiry));
        const decided = decideRenewal({ policy, current, receivedAt, early });
        const wanted = oracleRenewal(oracle, expiry, receivedAt, early);
        seen.add(decided.decision);
        if (typeof wanted === 'string') expect(decided).toEqual({ decision: wanted });
        else expect(decided).toEqual({ decision: 'RENEW', next: expiryOf(oracle, wanted) });
      }),
      runs,
    );
    expect([...seen].sort()).toEqual(['NOTHING_GAINED', 'RENEW', 'TOO_EARLY']);
  });

  it('R2 on the first expiry after a registration at any instant', () => {
    const registration = fc.tuple(
      dateBased,
      fc.integer({ min: -2_000_000_000_000, max: 30_000_000_000_000 }),
    );
    fc.assert(
      fc.property(registration, ([{ json, oracle }, at]) => {
        if (oracle.basis !== 'date') throw new Error('dateBased is date-based');
        expect(firstExpiry(policyOf(json), at)).toEqual(
          expiryOn(dayName(addValidity(dayOf(at), oracle.validity))),
        );
      }),
      runs,
    );
    fc.assert(
      fc.property(timeBased, fc.integer({ min: 0, max: 4_000_000_000_000 }), ({ json, oracle }, at) => {
        expect(firstExpiry(policyOf(json), at)).toEqual({
          expiresOn: null,
          expiresAt: at + Number(oracle.validity),
        });
      }),
      { ...runs, numRuns: 500 },
    );
  });

  it('R2 on calendar days: names, instants, periods', () => {
    fc.assert(
      fc.property(
        expiryDay,
        fc.nat(100),
        fc.nat(40),
        fc.nat(5000),
        fc.nat(86_399_999),
        (day, years, months, days, ms) => {
          const name = dayName(day);
          expect(dayNumber(name)).toBe(day);
          expect(instantInJapan(name)).toBe(inJapan(day));
          expect(dayInJapan(inJapan(day) + ms)).toBe(name);
          expect(addPeriod(name, { years, months, days })).toBe(
            dayName(addValidity(day, { years, months, days })),
          );
        },
      ),
      runs,
    );
  });
});
