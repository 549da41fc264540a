import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../domain/delivery.js';
import { OUTCOMES } from '../../domain/delivery.js';
import type { CycleMail, LapseFacts } from '../../domain/lapse.js';
import { lapseCause } from '../../domain/lapse.js';
import { datePolicy, jst, planOf } from './given.js';

const D = '2027-03-31';
const E = jst('2027-04-01 00:00');
const SLOT = '2027-03-28';
const slotMail = (outcome: Outcome, more: Partial<CycleMail> = {}): CycleMail => ({
  slot: SLOT,
  dueAt: jst(`${SLOT} 10:00`),
  outcome,
  reason: null,
  acceptedAt: null,
  ...more,
});
const steps = (more = {}) => planOf(datePolicy(), D, E, more).steps;
/** The account joined so late that the slot of D−3 was its only one before E. */
const LATE = { slotsAfter: jst('2027-03-25 12:00') };
const cause = (facts: Partial<LapseFacts>) =>
  lapseCause({ presentAddress: 'UNVERIFIED', mails: [], steps: steps(LATE), expiresAt: E, ...facts });
const withMail = (...mails: CycleMail[]) =>
  cause({ mails, steps: steps({ ...LATE, handled: [{ slot: SLOT, kind: 'AUTOMATIC', at: 0 }] }) });

describe('R16: the cause of a lapse', () => {
  it('R16: UNDELIVERABLE exactly when the present address is, whatever was sent', () => {
    expect(cause({ presentAddress: 'UNDELIVERABLE', mails: [slotMail('ACCEPTED', { acceptedAt: 1 })] })).toBe(
      'UNDELIVERABLE',
    );
    for (const presentAddress of ['OK', 'SUSPECT', 'UNVERIFIED'] as const)
      expect(cause({ presentAddress, mails: [slotMail('ACCEPTED', { acceptedAt: 1 })] })).toBe('NO_RESPONSE');
  });

  it.each<[Outcome, string]>([
    ['QUEUED', 'NOT_SENT'],
    ['SENDING', 'NOT_SENT'],
    ['DELAYED', 'NOT_SENT'],
    ['FAILED', 'NOT_SENT'],
    ['SUPERSEDED', 'NOT_SENT'],
    ['SKIPPED', 'UNKNOWN'],
    ['BOUNCED', 'UNKNOWN'],
    ['CONFIRMED', 'NO_RESPONSE'],
  ])('R16: the only slot before E ended %s: %s', (outcome, wanted) => {
    expect(withMail(slotMail(outcome))).toBe(wanted);
  });

  it('R16: accepted counts, also when a delay was reported later; accepted and bounced later does not', () => {
    expect(withMail(slotMail('ACCEPTED', { acceptedAt: 1 }))).toBe('NO_RESPONSE');
    expect(withMail(slotMail('DELAYED', { acceptedAt: 1 }))).toBe('NO_RESPONSE');
    expect(withMail(slotMail('BOUNCED', { acceptedAt: 1 }))).toBe('UNKNOWN');
    // R24: taken by a relay and refused further on because of us.
    expect(withMail(slotMail('FAILED', { acceptedAt: 1 }))).toBe('NOT_SENT');
  });

  it('R16: a manual mail that was accepted is a mail of the cycle; one that failed is no slot', () => {
    const manual = (outcome: Outcome, acceptedAt: number | null) =>
      slotMail(outcome, { slot: null, dueAt: E - 1, acceptedAt });
    expect(withMail(slotMail('FAILED'), manual('ACCEPTED', 1))).toBe('NO_RESPONSE');
    expect(withMail(slotMail('SKIPPED'), manual('FAILED', null))).toBe('UNKNOWN');
  });

  it('R16: no row at all for a slot that fell due before E: 未送信', () => {
    expect(cause({})).toBe('NOT_SENT');
  });

  it('R16 R10: slots at or before creation, and slots from E on, are nobody’s fault', () => {
    expect(cause({ steps: steps({ slotsAfter: jst('2027-03-28 10:00') }) })).toBe('UNKNOWN');
    expect(cause({ steps: [], mails: [slotMail('FAILED', { dueAt: E })] })).toBe('UNKNOWN');
    expect(cause({ steps: [], mails: [slotMail('FAILED', { dueAt: E - 1 })] })).toBe('NOT_SENT');
  });

  it('R16 R13: a slot of an earlier plan counts by its row, though the plan of today does not know it', () => {
    expect(cause({ steps: [], mails: [slotMail('FAILED', { slot: '2027-03-20' })] })).toBe('NOT_SENT');
  });

  it('R16 R6: what was left when automatic mail ended stays ours', () => {
    expect(withMail(slotMail('SKIPPED', { reason: 'AFTER_STOP' }))).toBe('NOT_SENT');
    expect(withMail(slotMail('SKIPPED', { reason: 'NOT_ON_ALLOW_LIST' }))).toBe('UNKNOWN');
    expect(OUTCOMES).toHaveLength(9);
  });
});
