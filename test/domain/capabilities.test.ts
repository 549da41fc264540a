import { describe, expect, it } from 'vitest';
import { ADDRESS_STATES } from '../../domain/address-state.js';
import { DAY } from '../../domain/calendar.js';
import type { CapabilityFacts } from '../../domain/capabilities.js';
import { capabilitiesAt } from '../../domain/capabilities.js';
import { LAPSE_CAUSES } from '../../domain/lapse.js';
import { STATUSES } from '../../domain/status.js';

const NOW = 1_800_000_000_000;
const of = (facts: Partial<CapabilityFacts>) =>
  capabilitiesAt({
    status: 'ACTIVE',
    lapseCause: null,
    presentAddress: 'OK',
    unverifiedAfterChange: false,
    lastProvenAt: NOW,
    now: NOW,
    ...facts,
  });
const fireSide = (facts: Partial<CapabilityFacts>) => {
  const { callback, mailManagement } = of(facts);
  expect(mailManagement).toEqual(callback);
  return `${callback.level} ${callback.reasonCode}`;
};

describe('R17: what works for a person', () => {
  it('R17: emergency and practice calls are ok in every status, cause and state of the address', () => {
    for (const status of STATUSES)
      for (const lapseCause of [null, ...LAPSE_CAUSES])
        for (const presentAddress of ADDRESS_STATES)
          for (const unverifiedAfterChange of [true, false]) {
            const found = of({ status, lapseCause, presentAddress, unverifiedAfterChange });
            const reasonCode = status === 'WITHDRAWN' ? 'NOT_DECIDED_HERE' : 'ALWAYS_AVAILABLE';
            expect(found.emergencyReport).toEqual({ level: 'ok', reasonCode });
            expect(found.practiceReport).toEqual({ level: 'ok', reasonCode });
          }
  });

  it('R17: the fire side is blocked for 失効中 because of 不達, and for nothing else', () => {
    for (const status of STATUSES)
      for (const lapseCause of [null, ...LAPSE_CAUSES])
        for (const presentAddress of ADDRESS_STATES) {
          const blocked = status === 'LAPSED' && lapseCause === 'UNDELIVERABLE';
          expect(fireSide({ status, lapseCause, presentAddress }).startsWith('blocked')).toBe(blocked);
        }
  });

  it.each<[Partial<CapabilityFacts>, string]>([
    [{}, 'ok MAIL_REACHES'],
    [{ status: 'RENEWAL_PENDING' }, 'ok MAIL_REACHES'],
    [{ status: 'LAPSED', lapseCause: 'NO_RESPONSE' }, 'ok MAIL_REACHES'],
    [{ status: 'LAPSED', lapseCause: 'NOT_SENT', presentAddress: 'UNVERIFIED' }, 'ok MAIL_REACHES'],
    [
      { status: 'LAPSED', lapseCause: 'UNDELIVERABLE', presentAddress: 'UNDELIVERABLE' },
      'blocked LAPSED_UNDELIVERABLE',
    ],
    [{ presentAddress: 'UNDELIVERABLE' }, 'warn ADDRESS_UNDELIVERABLE'],
    [{ status: 'RENEWAL_PENDING', presentAddress: 'SUSPECT' }, 'warn ADDRESS_SUSPECT'],
    [{ status: 'LAPSED', lapseCause: 'NO_RESPONSE', presentAddress: 'SUSPECT' }, 'warn ADDRESS_SUSPECT'],
    [{ presentAddress: 'UNVERIFIED', unverifiedAfterChange: true }, 'warn ADDRESS_CHANGED_UNVERIFIED'],
    [{ presentAddress: 'UNVERIFIED' }, 'ok MAIL_REACHES'],
    // R23: nothing was ever answered, so nobody knows whether mail arrives.
    [{ lastProvenAt: null }, 'ok MAIL_UNPROVEN'],
    [{ status: 'LAPSED', lapseCause: 'NO_RESPONSE', lastProvenAt: null }, 'ok MAIL_UNPROVEN'],
    [{ status: 'WITHDRAWN', presentAddress: 'UNDELIVERABLE' }, 'warn WITHDRAWN'],
  ])('R17: %j: %s', (facts, wanted) => {
    expect(fireSide(facts)).toBe(wanted);
  });

  it('R17: the last proof is told, and when it is over a year ago or never was', () => {
    expect(of({ lastProvenAt: NOW - 365 * DAY })).toMatchObject({
      lastProvenAt: NOW - 365 * DAY,
      provenLongAgo: false,
    });
    expect(of({ lastProvenAt: NOW - 365 * DAY - 1 }).provenLongAgo).toBe(true);
    expect(of({ lastProvenAt: null })).toMatchObject({ lastProvenAt: null, provenLongAgo: true });
  });
});
