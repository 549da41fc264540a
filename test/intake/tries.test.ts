/** How often a message of a mailbox was tried, and when it may be tried again. */
import { describe, expect, it } from 'vitest';
import { backOff, createTries } from '../../intake/tries.js';

const REST = { first: 10, most: 60 };

describe('tries', () => {
  it('rest twice as long each time, up to a bound', () => {
    expect([1, 2, 3, 4, 5, 2_000].map((n) => backOff(REST, n))).toEqual([10, 20, 40, 60, 60, 60]);
    const tries = createTries(REST);
    tries.keep({ validity: '1', uids: [7, 8] });
    expect([tries.failures(7), tries.restsUntil(7)]).toEqual([0, 0]);
    tries.failed(7, 1_000);
    tries.failed(7, 2_000);
    expect([tries.failures(7), tries.restsUntil(7)]).toEqual([2, 2_020]);
    expect(tries.failures(8)).toBe(0);
  });

  it('are forgotten with their message, and when the numbers mean others', () => {
    const tries = createTries(REST);
    tries.keep({ validity: '1', uids: [7, 8] });
    tries.failed(7, 0);
    tries.failed(8, 0);
    tries.keep({ validity: '1', uids: [8] });
    tries.keep({ validity: '1', uids: [7, 8] });
    expect([tries.failures(7), tries.failures(8)]).toEqual([0, 1]);
    tries.keep({ validity: '2', uids: [7, 8] });
    expect(tries.failures(8)).toBe(0);
  });
});
