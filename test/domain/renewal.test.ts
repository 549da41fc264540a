import { describe, expect, it } from 'vitest';
import { cycleDates, expiryOn } from '../../domain/cycle.js';
import type { Policy } from '../../domain/policy.js';
import { decideRenewal } from '../../domain/renewal.js';
import { datePolicy, jst, timePolicy } from './given.js';

const yearly = datePolicy();

function renew(
  expiresOn: string,
  received: string,
  {
    policy = yearly,
    early = false,
    inForce = policy,
  }: { policy?: Policy; early?: boolean; inForce?: Policy } = {},
) {
  const current = cycleDates(policy, expiryOn(expiresOn));
  const decided = decideRenewal({ policy: inForce, current, receivedAt: jst(received), early });
  return decided.decision === 'RENEW' ? decided.next.expiresOn : decided.decision;
}

describe('what a renewal gives', () => {
  it.each([
    ['2027-03-31', '2026-12-31 00:00:00.000', '2028-03-31'],
    ['2027-03-31', '2027-03-31 23:59:59.999', '2028-03-31'],
    ['2027-03-31', '2027-04-01 00:00:00.000', '2028-04-01'],
    ['2027-03-31', '2027-04-01 23:59:59.999', '2028-04-01'],
    ['2027-03-31', '2030-05-05 12:00:00.000', '2031-05-05'],
    ['2028-02-29', '2028-02-29 23:59:59.999', '2029-02-28'],
    ['2028-02-29', '2028-03-01 00:00:00.000', '2029-03-01'],
    ['2027-02-27', '2028-02-29 10:00:00.000', '2029-02-28'],
    ['2027-12-31', '2027-12-31 23:59:59.999', '2028-12-31'],
  ])('R7: D %s, received %s: D′ = %s', (expiresOn, received, wanted) => {
    expect(renew(expiresOn, received)).toBe(wanted);
  });

  it('R7: the validity is that of the policy in force at r, not of the cycle', () => {
    const inForce = datePolicy({ validity: 'P2Y' });
    expect(renew('2027-03-31', '2027-02-01 10:00', { inForce })).toBe('2029-03-31');
    expect(renew('2027-03-31', '2027-05-01 10:00', { inForce })).toBe('2029-05-01');
  });

  it('R7 R3: the next mails start 90 days before D′', () => {
    const current = cycleDates(yearly, expiryOn('2027-03-31'));
    const decided = decideRenewal({
      policy: yearly,
      current,
      receivedAt: jst('2027-02-01 10:00'),
      early: false,
    });
    if (decided.decision !== 'RENEW') throw new Error(decided.decision);
    expect(cycleDates(yearly, decided.next).windowOpensAt).toBe(jst('2028-01-01 00:00'));
  });

  it('R8: nothing changes before the window, to the millisecond', () => {
    expect(renew('2027-03-31', '2026-12-30 23:59:59.999')).toBe('TOO_EARLY');
  });

  it.each([
    ['2026-12-30 23:59:59.999', '2027-12-30'],
    ['2026-04-01 00:00:00.000', '2027-04-01'],
    ['2026-03-31 23:59:59.999', 'NOTHING_GAINED'],
    ['2026-03-31 00:00:00.000', 'NOTHING_GAINED'],
    ['2026-03-30 10:00:00.000', 'NOTHING_GAINED'],
  ])('R8: early by staff at %s: the later of D and day(r) + validity: %s', (received, wanted) => {
    expect(renew('2027-03-31', received, { early: true })).toBe(wanted);
  });

  it('R8: early on 29 February of a leap year does not reach past 28 February', () => {
    expect(renew('2029-02-28', '2028-02-29 10:00', { early: true })).toBe('NOTHING_GAINED');
    expect(renew('2029-02-27', '2028-02-29 10:00', { early: true })).toBe('2029-02-28');
  });

  it('R8: "early" once the window is open is an ordinary renewal', () => {
    expect(renew('2027-03-31', '2026-12-31 00:00', { early: true })).toBe('2028-03-31');
    expect(renew('2027-03-31', '2027-04-01 00:00', { early: true })).toBe('2028-04-01');
  });

  const exact = (receivedAt: number, early = false) => {
    const policy = timePolicy();
    const current = cycleDates(policy, { expiresOn: null, expiresAt: 1_000_000 });
    return decideRenewal({ policy, current, receivedAt, early });
  };
  const until = (expiresAt: number) => ({ decision: 'RENEW', next: { expiresOn: null, expiresAt } });

  it('R12: E′ = max(E, r) + validity', () => {
    expect(exact(700_000)).toEqual(until(1_600_000));
    expect(exact(999_999)).toEqual(until(1_600_000));
    expect(exact(1_000_000)).toEqual(until(1_600_000));
    expect(exact(1_000_001)).toEqual(until(1_600_001));
    expect(exact(699_999)).toEqual({ decision: 'TOO_EARLY' });
  });

  it('R12: early by staff: the later of E and r + validity', () => {
    expect(exact(699_999, true)).toEqual(until(1_299_999));
    expect(exact(400_001, true)).toEqual(until(1_000_001));
    expect(exact(400_000, true)).toEqual({ decision: 'NOTHING_GAINED' });
  });
});
