import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, SECOND, dayInJapan } from '../../domain/calendar.js';
import { checkMailAt, isPendingAt } from '../../domain/check-mail.js';
import { cycleDates, expiryOn } from '../../domain/cycle.js';
import type { ProbeInput } from '../../domain/probe.js';
import { plannedProbe } from '../../domain/probe.js';
import { datePolicy, jst, timePolicy } from './given.js';

/** D = 2027-06-01: the window opens on 2027-03-03, automatic mail ends with 2027-08-30. */
const policy = datePolicy({ spreadOver: 'PT0S' });
const dates = cycleDates(policy, expiryOn('2027-06-01'));
const probe = (more: Partial<ProbeInput>) =>
  plannedProbe({
    policy,
    dates,
    notUntil: null,
    lastFailedAt: jst('2027-03-06 10:00'),
    earlier: [],
    spreadKey: 'a',
    ...more,
  });

describe('R37: probes', () => {
  it('30 days after the last failure at sendAt, then 30 days after each that changed nothing', () => {
    expect(probe({})).toEqual({ name: '2027-04-05', at: jst('2027-04-05 10:00') });
    expect(probe({ earlier: [jst('2027-04-05 10:00')] })?.name).toBe('2027-05-05');
    // Sent late: the next one is counted from then.
    expect(probe({ earlier: [jst('2027-04-09 17:00')] })?.name).toBe('2027-05-09');
    expect(probe({ lastFailedAt: jst('2027-05-02 23:59'), earlier: [jst('2027-04-05 10:00')] })?.name).toBe(
      '2027-06-01',
    );
  });

  it('not before the window, whose first day it may be', () => {
    expect(probe({ lastFailedAt: jst('2026-07-01 10:00') })?.at).toBe(jst('2027-03-03 10:00'));
    expect(probe({ lastFailedAt: jst('2027-02-01 10:00') })?.name).toBe('2027-03-03');
    expect(probe({ lastFailedAt: jst('2027-02-02 10:00') })?.name).toBe('2027-03-04');
  });

  it('R6: up to the last moment of the stop day, and not a day later', () => {
    expect(probe({ lastFailedAt: jst('2027-07-31 00:00') })?.name).toBe('2027-08-30');
    expect(probe({ lastFailedAt: jst('2027-08-01 00:00') })).toBeNull();
  });

  it('R10 R15: what fell due until then is left out, at the instant itself too', () => {
    expect(probe({ notUntil: jst('2027-04-05 09:59') })?.name).toBe('2027-04-05');
    expect(probe({ notUntil: jst('2027-04-05 10:00') })?.name).toBe('2027-05-05');
    expect(probe({ notUntil: jst('2027-07-01 00:00') })?.name).toBe('2027-07-04');
  });

  it('R11: spread like any other mail', () => {
    const spread = datePolicy({ spreadOver: 'PT2H' });
    const found = probe({ policy: spread });
    expect(found?.name).toBe('2027-04-05');
    expect(found?.at).toBeGreaterThan(jst('2027-04-05 10:00'));
    expect(found?.at).toBeLessThan(jst('2027-04-05 12:00'));
    expect(probe({ policy: spread })).toEqual(found);
  });

  it('R12: under exact time a sixth of autoStopAfter; none on the stop itself', () => {
    const exact = timePolicy();
    const at = Date.UTC(2027, 0, 1);
    const timeDates = cycleDates(exact, { expiresOn: null, expiresAt: at });
    const found = probe({ policy: exact, dates: timeDates, lastFailedAt: at - 290 * SECOND });
    expect(found).toEqual({ name: new Date(at - 190 * SECOND).toISOString(), at: at - 190 * SECOND });
    expect(probe({ policy: exact, dates: timeDates, lastFailedAt: at - 900 * SECOND })?.at).toBe(
      at - 300 * SECOND,
    );
    expect(probe({ policy: exact, dates: timeDates, lastFailedAt: at + 200 * SECOND })).toBeNull();
  });

  it('is inside the window and 30 days from everything before, whatever the days', () => {
    const day = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 0, 1) });
    fc.assert(
      fc.property(day, fc.array(day, { maxLength: 4 }), fc.option(day), (lastFailedAt, earlier, notUntil) => {
        const found = probe({ lastFailedAt, earlier, notUntil });
        if (!found) return;
        expect(found.at).toBeGreaterThanOrEqual(dates.windowOpensAt);
        expect(found.at).toBeLessThan(dates.autoStopsAt);
        expect(found.at).toBeGreaterThan(notUntil ?? -Infinity);
        expect(found.at - Math.max(lastFailedAt, ...earlier)).toBeGreaterThan(29 * DAY);
        expect(dayInJapan(found.at)).toBe(found.name);
      }),
      { seed: 20270601, numRuns: 500 },
    );
  });
});

describe('R19: check mails', () => {
  it('R9: at once from 08:00 to before 21:00, else at the next 08:00; for the person always at once', () => {
    const at = (text: string) => checkMailAt(policy, jst(text), false);
    expect(at('2027-03-03 08:00')).toBe(jst('2027-03-03 08:00'));
    expect(at('2027-03-03 20:59:59.999')).toBe(jst('2027-03-03 20:59:59.999'));
    expect(at('2027-03-03 21:00')).toBe(jst('2027-03-04 08:00'));
    expect(at('2027-03-03 07:59:59.999')).toBe(jst('2027-03-03 08:00'));
    expect(checkMailAt(policy, jst('2027-03-03 03:00'), true)).toBe(jst('2027-03-03 03:00'));
    expect(checkMailAt(timePolicy(), jst('2027-03-03 03:00'), false)).toBe(jst('2027-03-03 03:00'));
  });

  it('the end of the 14 days is exclusive', () => {
    expect(isPendingAt({ until: 10 }, 9)).toBe(true);
    expect(isPendingAt({ until: 10 }, 10)).toBe(false);
    expect(isPendingAt(null, 0)).toBe(false);
  });
});
