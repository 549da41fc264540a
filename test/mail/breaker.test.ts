import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLOSED, FAILURES_TO_OPEN, PROBE_EVERY, admit, afterTry, createBreaker } from '../../mail/breaker.js';
import type { BreakerState, Reach } from '../../mail/breaker.js';

const NOW = Date.parse('2027-03-01T01:00:00Z');

function afterFailures(count: number): BreakerState {
  let state = CLOSED;
  for (let i = 0; i < count; i += 1) state = afterTry(state, 'YES', 'UNREACHABLE', NOW);
  return state;
}

describe('the state', () => {
  test('stays closed until enough connections fail in a row', () => {
    expect(admit(afterFailures(FAILURES_TO_OPEN - 1), NOW).admitted).toBe('YES');
    expect(admit(afterFailures(FAILURES_TO_OPEN), NOW).admitted).toBe('NO');
    const interrupted = afterTry(afterFailures(FAILURES_TO_OPEN - 1), 'YES', 'REACHED', NOW);
    expect(interrupted).toEqual(CLOSED);
  });

  test('a line lost in the middle of a mail neither counts nor clears the count', () => {
    const state = afterFailures(FAILURES_TO_OPEN - 1);
    expect(afterTry(state, 'YES', 'UNKNOWN', NOW)).toEqual(state);
  });

  test('open, it lets one probe through in half a minute, and only one at a time', () => {
    const open = afterFailures(FAILURES_TO_OPEN);
    expect(admit(open, NOW + PROBE_EVERY - 1).admitted).toBe('NO');
    const probed = admit(open, NOW + PROBE_EVERY);
    expect(probed.admitted).toBe('AS_PROBE');
    expect(admit(probed.state, NOW + 10 * PROBE_EVERY).admitted).toBe('NO');
    const failed = afterTry(probed.state, 'AS_PROBE', 'UNREACHABLE', NOW + PROBE_EVERY + 10_000);
    expect(admit(failed, NOW + 2 * PROBE_EVERY - 1).admitted).toBe('NO');
    expect(admit(failed, NOW + 2 * PROBE_EVERY).admitted).toBe('AS_PROBE');
  });

  test('whatever reaches the server closes it, also a mail begun before it opened', () => {
    expect(afterTry(afterFailures(FAILURES_TO_OPEN), 'YES', 'REACHED', NOW)).toEqual(CLOSED);
  });

  test('never more than one probe in any half minute, whatever the order of events', () => {
    const step = fc.record({
      wait: fc.nat(90_000),
      reach: fc.constantFrom<Reach>('UNREACHABLE', 'UNKNOWN'),
      reported: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let state = afterFailures(FAILURES_TO_OPEN);
        let now = NOW;
        let probes: number[] = [];
        for (const { wait, reach, reported } of steps) {
          now += wait;
          const asked = admit(state, now);
          state = asked.state;
          expect(asked.admitted).not.toBe('YES');
          if (asked.admitted === 'AS_PROBE') probes = [...probes, now];
          if (reported && state.probing) state = afterTry(state, 'AS_PROBE', reach, now);
        }
        probes.forEach((at, i) => {
          expect(at - (probes[i - 1] ?? NOW)).toBeGreaterThanOrEqual(PROBE_EVERY);
        });
      }),
      { seed: 20270331 },
    );
  });
});

test('the breaker runs attempts by the given clock, and a throwing probe does not lock it', async () => {
  let now = NOW;
  const breaker = createBreaker({ now: () => now });
  const down = () => Promise.resolve({ reach: 'UNREACHABLE' as const });
  for (let i = 0; i < FAILURES_TO_OPEN; i += 1) expect(await breaker.run(down)).not.toBeNull();
  expect(breaker.isOpen()).toBe(true);
  expect(await breaker.run(down)).toBeNull();
  now += PROBE_EVERY;
  await expect(breaker.run(() => Promise.reject(new Error('defect')))).rejects.toThrow('defect');
  now += PROBE_EVERY;
  expect(await breaker.run(() => Promise.resolve({ reach: 'REACHED' as const }))).toEqual({
    reach: 'REACHED',
  });
  expect(breaker.isOpen()).toBe(false);
});

test('whoever comes while a probe is under way goes when it finds the server, and does not when it does not', async () => {
  for (const reach of ['REACHED', 'UNREACHABLE'] as const) {
    let now = NOW;
    const breaker = createBreaker({ now: () => now });
    const down = () => Promise.resolve({ reach: 'UNREACHABLE' as const });
    for (let i = 0; i < FAILURES_TO_OPEN; i += 1) await breaker.run(down);
    now += PROBE_EVERY;
    let answer: () => void = () => {};
    const probe = breaker.run(
      () => new Promise<{ reach: Reach }>((done) => (answer = () => done({ reach }))),
    );
    const others = [1, 2, 3].map(() => breaker.run(() => Promise.resolve({ reach: 'REACHED' as const })));
    answer();
    expect(await probe).toEqual({ reach });
    const expected = reach === 'REACHED' ? { reach } : null;
    expect(await Promise.all(others)).toEqual([expected, expected, expected]);
  }
});
