import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, parsePolicy } from '../../domain/policy.js';
import { datePolicy, policyOf } from './given.js';

/** field:code of every fault. */
function faultsOf(json: unknown): string[] {
  const result = parsePolicy(json);
  return result.ok ? [] : result.faults.map((fault) => `${fault.field}:${fault.code}`);
}
const offsets = (...list: unknown[]) => ({ reminders: { offsets: list } });
const daysOf = (...list: number[]) => offsets(...list.map((n) => (n < 0 ? `-P${-n}D` : `P${n}D`)));

describe('a date-based policy', () => {
  it('R12 R4 R6 R9 R11 R37: what is left out takes the default', () => {
    expect(datePolicy()).toEqual({
      basis: 'date',
      validity: { years: 1, months: 0, days: 0 },
      remindBeforeDays: 90,
      offsets: [-90, -60, -30, -14, -7, -3, 1, 14, 30, 60, 90],
      sendAtMinutes: 600,
      spreadOver: 1_800_000,
      autoStopAfterDays: 180,
      autoStopFrom: 'firstReminder',
      failuresToUndeliverable: 2,
      retryAfterFailureDays: 3,
      onUndeliverable: 'probe',
      longUnusedAfter: { years: 1, months: 0, days: 0 },
      document: DEFAULT_POLICY,
    });
  });

  it('R13: the stored document is complete and reads back as the same policy', () => {
    const policy = datePolicy({ validity: 'P6M', sendAt: '09:30', onUndeliverable: 'stop' });
    expect(Object.keys(policy.document).sort()).toEqual(Object.keys(DEFAULT_POLICY).sort());
    expect(policyOf(policy.document)).toEqual(policy);
    expect(policyOf(JSON.parse(JSON.stringify(policy.document)))).toEqual(policy);
  });

  it('R2: a setting that is present but undefined takes the default in the stored document too', () => {
    expect(policyOf({ sendAt: undefined, validity: undefined }).document).toEqual(DEFAULT_POLICY);
  });

  it('R4: offsets may come in any order and in weeks', () => {
    expect(datePolicy(offsets('P1W', '-P90D', '-P2W')).offsets).toEqual([-90, -14, 7]);
  });

  it('R4: a slot on D itself and one on the stop day are allowed', () => {
    expect(datePolicy(daysOf(-90, 0, 90)).offsets).toEqual([-90, 0, 90]);
    expect(datePolicy(offsets('-P90D', '-P0D')).offsets).toEqual([-90, 0]);
  });

  it('R4: every N days counts from the first slot to the stop day, that day included', () => {
    expect(datePolicy({ reminders: { every: 'P90D' } }).offsets).toEqual([-90, 0, 90]);
    expect(datePolicy({ reminders: { every: 'P91D' } }).offsets).toEqual([-90, 1]);
    expect(datePolicy({ reminders: { every: 'P181D' } }).offsets).toEqual([-90]);
    expect(datePolicy({ reminders: { every: 'P1D' } }).offsets).toHaveLength(181);
    expect(datePolicy({ reminders: { every: 'P90D' }, autoStopFrom: 'expiry' }).offsets).toEqual([
      -90, 0, 90, 180,
    ]);
  });

  it('R4: the first slot must be −remindBefore, neither earlier nor later', () => {
    expect(faultsOf(daysOf(-89, 1))).toEqual(['reminders.offsets:first-slot']);
    expect(faultsOf(daysOf(-91, -90, 1))).toEqual(['reminders.offsets:first-slot']);
    expect(faultsOf({ remindBefore: 'P60D' })).toContain('reminders.offsets:first-slot');
  });

  it('R4 R6: no slot after the stop day', () => {
    expect(faultsOf(daysOf(-90, 91))).toEqual(['reminders.offsets:after-stop']);
    expect(faultsOf({ ...daysOf(-90, 180), autoStopFrom: 'expiry' })).toEqual([]);
    expect(faultsOf({ ...daysOf(-90, 181), autoStopFrom: 'expiry' })).toEqual([
      'reminders.offsets:after-stop',
    ]);
    expect(faultsOf({ ...daysOf(-90, 1), autoStopAfter: 'P90D' })).toEqual(['reminders.offsets:after-stop']);
  });

  it('R4: not two slots on one day, however they are written', () => {
    expect(faultsOf(daysOf(-90, 7, 7))).toEqual(['reminders.offsets:too-close']);
    expect(faultsOf(offsets('-P90D', 'P7D', 'P1W'))).toEqual(['reminders.offsets:too-close']);
    expect(faultsOf(offsets('-P90D', 'P0D', '-P0D'))).toEqual(['reminders.offsets:too-close']);
  });

  it('R4: not none at all', () => {
    expect(faultsOf(offsets())).toEqual(['reminders.offsets:none']);
    expect(faultsOf({ reminders: {} })).toEqual(['reminders:malformed']);
    expect(faultsOf({ reminders: null })).toEqual(['reminders:malformed']);
    expect(faultsOf({ reminders: [] })).toEqual(['reminders:malformed']);
    expect(faultsOf({ reminders: { offsets: ['-P90D'], every: 'P1D' } })).toEqual(['reminders:malformed']);
  });

  it.each(['P1M', 'P1Y', 'PT24H', 'P1DT0S', '', '7', 7, null, {}, ['P1D']])(
    'R4: offset %j is not in whole days',
    (offset) => {
      expect(faultsOf(offsets('-P90D', offset))).toEqual(['reminders.offsets[1]:malformed']);
    },
  );

  it.each(['P0D', '-P1D', 'P1M', 'PT24H', 1, null])('R4: every %j is refused', (every) => {
    expect(faultsOf({ reminders: { every } })).toEqual(['reminders.every:malformed']);
  });

  it.each([
    ['P1Y', 'P364D', true],
    ['P1Y', 'P365D', false],
    ['P4M', 'P111D', true],
    ['P4M', 'P112D', false],
    ['P1Y1M1D', 'P393D', true],
    ['P1Y1M1D', 'P394D', false],
    ['P2D', 'P1D', true],
    ['P1D', 'P1D', false],
  ])('R4: validity %s with remindBefore %s: %s', (validity, remindBefore, accepted) => {
    const json = { validity, remindBefore, reminders: { every: 'P400D' } };
    expect(faultsOf(json)).toEqual(accepted ? [] : ['remindBefore:not-before-validity']);
  });

  it.each(['P0D', 'P0Y0M', '-P1Y', 'P101Y', '1 year', 365, null, ''])(
    'R2: validity %j is refused',
    (validity) => {
      expect(faultsOf({ validity }).some((fault) => fault.startsWith('validity:'))).toBe(true);
    },
  );

  it.each([
    ['08:00', []],
    ['20:59', []],
    ['07:59', ['sendAt:outside-mail-hours']],
    ['21:00', ['sendAt:outside-mail-hours']],
    ['00:00', ['sendAt:outside-mail-hours']],
    ['24:00', ['sendAt:malformed']],
    ['9:00', ['sendAt:malformed']],
    ['10:60', ['sendAt:malformed']],
    ['10:00:00', ['sendAt:malformed']],
    [600, ['sendAt:malformed']],
    [null, ['sendAt:malformed']],
  ])('R9: sendAt %j without spread: %j', (sendAt, wanted) => {
    expect(faultsOf({ sendAt, spreadOver: 'PT0S' })).toEqual(wanted);
  });

  it('R9: a sendAt whose spread leaves the hours is refused; mail ends before 21:00 also where it just fits', () => {
    expect(faultsOf({ sendAt: '20:31' })).toEqual(['spreadOver:outside-mail-hours']);
    expect(faultsOf({ sendAt: '20:30', spreadOver: 'PT1801S' })).toEqual(['spreadOver:outside-mail-hours']);
    expect(faultsOf({ sendAt: '20:30' })).toEqual([]);
    expect(faultsOf({ sendAt: '08:00', spreadOver: 'PT13H' })).toEqual([]);
  });

  it.each(['P1D', 'P0D', '-PT1S', '30', 30, null, 'P1DT1S'])(
    'R11: spreadOver %j is refused',
    (spreadOver) => {
      expect(faultsOf({ spreadOver })).toEqual(['spreadOver:malformed']);
    },
  );

  it.each(['remindBefore', 'autoStopAfter', 'retryAfterFailure', 'longUnusedAfter'])(
    'R12: %s has no time part',
    (field) => {
      expect(faultsOf({ [field]: 'PT24H' })).toEqual([`${field}:time-part`]);
      expect(faultsOf({ [field]: 'P90DT0S' })).toEqual([`${field}:time-part`]);
    },
  );

  it.each(['remindBefore', 'autoStopAfter', 'retryAfterFailure'])(
    'R4: %s is in whole days, at least one',
    (field) => {
      expect(faultsOf({ [field]: 'P3M' })).toEqual([`${field}:not-whole-days`]);
      expect(faultsOf({ [field]: 'P0D' })).toContain(`${field}:not-positive`);
      expect(faultsOf({ [field]: '-P1D' })).toContain(`${field}:not-positive`);
      expect(faultsOf({ [field]: null })).toEqual([`${field}:malformed`]);
    },
  );

  it('R33: longUnusedAfter may be in months, but not nothing', () => {
    expect(datePolicy({ longUnusedAfter: 'P18M' }).longUnusedAfter).toEqual({
      years: 0,
      months: 18,
      days: 0,
    });
    expect(faultsOf({ longUnusedAfter: 'P0D' })).toEqual(['longUnusedAfter:not-positive']);
  });

  it('R37: failuresToUndeliverable and onUndeliverable', () => {
    for (const value of [0, -1, 1.5, '2', null, NaN, 11]) {
      expect(faultsOf({ failuresToUndeliverable: value })).toEqual(['failuresToUndeliverable:out-of-range']);
    }
    expect(datePolicy({ failuresToUndeliverable: 1 }).failuresToUndeliverable).toBe(1);
    for (const value of ['probe', 'stop', 'continue'])
      expect(faultsOf({ onUndeliverable: value })).toEqual([]);
    for (const value of ['PROBE', '', null, 0]) {
      expect(faultsOf({ onUndeliverable: value })).toEqual(['onUndeliverable:unknown-value']);
    }
    expect(faultsOf({ autoStopFrom: 'window' })).toEqual(['autoStopFrom:unknown-value']);
  });

  it('R4: all faults at once, each saying how to mend it', () => {
    const result = parsePolicy({
      sendAt: '03:00',
      autoStopFrom: 'x',
      colour: 'red',
      ...daysOf(-80, -80, 200),
    });
    if (result.ok) throw new Error('must be refused');
    expect(result.faults.map((fault) => fault.field).sort()).toEqual([
      'autoStopFrom',
      'colour',
      'reminders.offsets',
      'reminders.offsets',
      'reminders.offsets',
      'sendAt',
    ]);
    for (const fault of result.faults) expect(fault.message).toMatch(/^.{10,}\.$/);
  });

  it.each([null, undefined, 'P1Y', 5, true, [], [{}]])('R2: %j is no policy', (json) => {
    expect(faultsOf(json)).toEqual(['policy:not-an-object']);
  });

  it('R2: names from the object’s prototype are no settings', () => {
    expect(faultsOf(JSON.parse('{"__proto__": {}, "constructor": 1, "toString": 1}'))).toEqual([
      '__proto__:unknown-field',
      'constructor:unknown-field',
      'toString:unknown-field',
    ]);
  });

  it('R4: a plan nobody could mean is refused before it is built', () => {
    expect(faultsOf({ reminders: { every: 'P1D' }, autoStopAfter: 'P999999D' })).not.toEqual([]);
    expect(faultsOf(offsets(...Array.from({ length: 5000 }, () => 'P1D')))).not.toEqual([]);
  });

  it.each([
    ['autoStopAfter', 'P999999W', { reminders: { every: 'P999999W' } }],
    ['autoStopAfter', 'P999999W', {}],
    ['longUnusedAfter', 'P999999Y', {}],
  ])(
    'R2 R4: %s %s would leave the calendar: refused, since what validates must yield a plan',
    (field, value, more) => {
      expect(faultsOf({ [field]: value, ...more })).not.toEqual([]);
    },
  );
});
