import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../domain/policy.js';
import { TIME_BASED, policyOf, timePolicy } from './given.js';

function faultsOf(json: unknown): string[] {
  const result = parsePolicy(json);
  return result.ok ? [] : result.faults.map((fault) => `${fault.field}:${fault.code}`);
}
const withOffsets = (...offsets: string[]) => ({ ...TIME_BASED, reminders: { offsets } });

describe('R12: a policy in exact time', () => {
  it('R12: a time part in validity makes everything exact instants', () => {
    expect(timePolicy()).toEqual({
      basis: 'time',
      validity: 600_000,
      remindBefore: 300_000,
      offsets: [-300_000, -60_000, 0, 60_000, 300_000],
      autoStopAfter: 600_000,
      autoStopFrom: 'firstReminder',
      retryAfterFailure: 30_000,
      longUnusedAfter: 600_000,
      failuresToUndeliverable: 2,
      onUndeliverable: 'probe',
      document: {
        ...TIME_BASED,
        autoStopFrom: 'firstReminder',
        failuresToUndeliverable: 2,
        onUndeliverable: 'probe',
      },
    });
  });

  it('R12 R13: the stored document reads back as the same policy', () => {
    const policy = timePolicy({ autoStopFrom: 'expiry' });
    expect(policyOf(JSON.parse(JSON.stringify(policy.document)))).toEqual(policy);
  });

  it.each(['remindBefore', 'reminders', 'autoStopAfter', 'retryAfterFailure', 'longUnusedAfter'])(
    'R12: %s must be given, and only that is said',
    (field) => {
      const { [field as keyof typeof TIME_BASED]: _left, ...json } = TIME_BASED;
      expect(faultsOf(json)).toEqual([`${field}:required`]);
    },
  );

  it('R12: only validity given: all five are asked for', () => {
    expect(faultsOf({ validity: 'PT600S' })).toEqual([
      'remindBefore:required',
      'reminders:required',
      'autoStopAfter:required',
      'retryAfterFailure:required',
      'longUnusedAfter:required',
    ]);
  });

  it.each([
    ['sendAt', '10:00'],
    ['spreadOver', 'PT30M'],
    ['sendAt', null],
  ])('R12: %s is refused', (field, value) => {
    expect(faultsOf({ ...TIME_BASED, [field]: value })).toEqual([`${field}:not-in-time-based`]);
  });

  it.each(['remindBefore', 'autoStopAfter', 'retryAfterFailure', 'longUnusedAfter'])(
    'R12: %s must be exact too',
    (field) => {
      for (const value of ['P1D', 'P1M', 'P1MT1S', 'PT0S', 'PT0.999S', '-PT1S', null, 5]) {
        expect(faultsOf({ ...TIME_BASED, [field]: value })).toContain(`${field}:malformed`);
      }
    },
  );

  it('R12: offsets and every must be exact too', () => {
    expect(faultsOf(withOffsets('-PT300S', 'P1D'))).toEqual(['reminders.offsets[1]:malformed']);
    expect(faultsOf({ ...TIME_BASED, reminders: { every: 'P1D' } })).toEqual(['reminders.every:malformed']);
  });

  it('R12: a day written before T counts 24 hours', () => {
    expect(timePolicy({ validity: 'P1DT0S' }).validity).toBe(86_400_000);
  });

  it.each([
    ['PT10S', []],
    ['PT9.999S', ['validity:too-short']],
    ['PT0S', ['validity:too-short']],
    ['P1YT1S', ['validity:too-short']],
  ])('R12: validity %s ≥ PT10S: %j', (validity, wanted) => {
    const json = { ...TIME_BASED, validity, remindBefore: 'PT5S', reminders: { offsets: ['-PT5S'] } };
    expect(faultsOf(json).filter((fault) => fault.startsWith('validity'))).toEqual(wanted);
  });

  it('R12: slots ≥ PT1S apart', () => {
    expect(faultsOf(withOffsets('-PT300S', '-PT299S'))).toEqual([]);
    expect(faultsOf(withOffsets('-PT300S', '-PT299.001S'))).toEqual(['reminders.offsets:too-close']);
    expect(faultsOf({ ...TIME_BASED, reminders: { every: 'PT0.999S' } })).toEqual([
      'reminders.every:malformed',
    ]);
    expect(faultsOf({ ...TIME_BASED, reminders: { every: 'PT1S' } })).toEqual([]);
  });

  it('R12 R4: first slot, stop, window as ever', () => {
    expect(faultsOf(withOffsets('-PT299S'))).toEqual(['reminders.offsets:first-slot']);
    expect(faultsOf(withOffsets('-PT300S', 'PT300.001S'))).toEqual(['reminders.offsets:after-stop']);
    expect(faultsOf(withOffsets('-PT300S', 'PT300S'))).toEqual([]);
    const window = (remindBefore: string) => ({
      ...TIME_BASED,
      remindBefore,
      reminders: { offsets: [`-${remindBefore}`] },
    });
    expect(faultsOf(window('PT600S'))).toEqual(['remindBefore:not-before-validity']);
    expect(faultsOf(window('PT599.999S'))).toEqual([]);
  });

  it('R4: every N counts from the first to the stop instant, that one included', () => {
    expect(timePolicy({ reminders: { every: 'PT300S' } }).offsets).toEqual([-300_000, 0, 300_000]);
    expect(timePolicy({ reminders: { every: 'PT301S' } }).offsets).toEqual([-300_000, 1_000]);
  });
});
