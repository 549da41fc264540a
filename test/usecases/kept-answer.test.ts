/** Answers that are dear, given to several readers. */
import { describe, expect, it } from 'vitest';
import { createKeptAnswers } from '../../usecases/kept-answer.js';

function given(dear = true) {
  let now = 1_000;
  let made = 0;
  const answers = createKeptAnswers<number>({ now: () => now }, { keptFor: 100, isDear: () => dear });
  const make = () => Promise.resolve((made += 1));
  return {
    ask: () => answers.of('hq', make),
    forget: () => answers.forget('hq'),
    at: (then: number) => (now = then),
  };
}

describe('answers that are kept', () => {
  it('a cheap one is made each time', async () => {
    const { ask } = given(false);
    expect([await ask(), await ask()]).toEqual([1, 2]);
  });

  it('readers who come together wait for the same one, and it is kept for its time', async () => {
    const { ask, at } = given();
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    at(1_099);
    expect(await ask()).toBe(1);
  });

  it('past its time nobody waits: the old one once more, made anew behind the reader', async () => {
    const { ask, at } = given();
    await ask();
    at(1_100);
    expect([await ask(), await ask()]).toEqual([1, 2]);
    at(1_400);
    expect(await ask()).toBe(3);
  });

  it('forgotten while the next one is made: neither is given', async () => {
    const { ask, at, forget } = given();
    await ask();
    at(1_100);
    const old = ask();
    forget();
    expect(await ask()).toBe(3);
    await old;
    expect(await ask()).toBe(3);
  });
});
