import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Asked } from '../../domain/silent-loss.js';
import { chanceOf, shareOf, silentLoss } from '../../domain/silent-loss.js';
import { silentLossText } from '../../domain/silent-loss-words.js';

const of = (unanswered: number, asked: number): Asked => ({ asked, unanswered });

describe('Fisher’s exact test', () => {
  it('gives what the books give: the lady’s tea, and a table of 24', () => {
    expect(chanceOf(of(3, 4), of(1, 4))).toBeCloseTo(17 / 70, 12);
    expect(chanceOf(of(11, 12), of(3, 12))).toBeCloseTo(0.00137973, 8);
  });

  it('is the sum of the hypergeometric tail, counted the long way', () => {
    const choose = (n: number, k: number): number => {
      let ways = 1;
      for (let i = 1; i <= k; i += 1) ways = (ways * (n - k + i)) / i;
      return k < 0 || k > n ? 0 : ways;
    };
    const small = fc.tuple(fc.nat(25), fc.nat(25)).map(([a, b]) => of(Math.min(a, b), Math.max(a, b)));
    fc.assert(
      fc.property(small, small, (here, others) => {
        const open = here.unanswered + others.unanswered;
        const all = here.asked + others.asked;
        let tail = 0;
        for (let x = here.unanswered; x <= here.asked; x += 1)
          tail += choose(open, x) * choose(all - open, here.asked - x);
        // Below the others' share early terms are small beside later ones, and the sum is not asked for.
        const lead = here.unanswered * others.asked - others.unanswered * here.asked;
        if (lead >= 0) expect(chanceOf(here, others)).toBeCloseTo(tail / choose(all, here.asked), 9);
      }),
    );
  });

  it('ends quickly and stays a chance with a whole country on either side', () => {
    const chance = chanceOf(of(400_000, 500_000), of(200_000, 500_000));
    expect(chance).toBeGreaterThanOrEqual(0);
    expect(chance).toBeLessThan(1e-300);
    expect(chanceOf(of(50_100, 100_000), of(50_000, 100_000))).toBeCloseTo(0.3288, 3);
  });
});

describe('silent loss', () => {
  it('too few people on either side tell nothing, however plain it looks', () => {
    expect(silentLoss(of(19, 19), of(0, 1000))).toBe('TOO_FEW');
    expect(silentLoss(of(20, 20), of(0, 19))).toBe('TOO_FEW');
    expect(silentLoss(of(0, 0), of(0, 0))).toBe('TOO_FEW');
    expect(silentLoss(of(20, 20), of(0, 20))).toBe('NOTICEABLE');
  });

  it('nobody answers, everybody answers: the same everywhere is no loss of one domain', () => {
    expect(silentLoss(of(50, 50), of(500, 500))).toBe('NOT_NOTICEABLE');
    expect(silentLoss(of(0, 50), of(0, 500))).toBe('NOT_NOTICEABLE');
    expect(silentLoss(of(1, 50), of(490, 500))).toBe('NOT_NOTICEABLE');
  });

  it('a difference that chance may make is none', () => {
    // 14 of 20 against half of 1,000: about 1 in 17.
    expect(silentLoss(of(14, 20), of(500, 1000))).toBe('NOT_NOTICEABLE');
    expect(silentLoss(of(18, 20), of(500, 1000))).toBe('NOTICEABLE');
  });

  it('the edge of chance: the first count below 1 in 1,000', () => {
    const first = [...Array(41).keys()].find((n) => silentLoss(of(n, 40), of(200, 400)) === 'NOTICEABLE');
    expect(first).toBeDefined();
    expect(chanceOf(of(first as number, 40), of(200, 400))).toBeLessThan(0.001);
    expect(chanceOf(of((first as number) - 1, 40), of(200, 400))).toBeGreaterThanOrEqual(0.001);
  });

  it('the edge of ten points: with many people certain, and still not worth a letter below', () => {
    expect(silentLoss(of(5_999, 10_000), of(50_000, 100_000))).toBe('NOT_NOTICEABLE');
    expect(silentLoss(of(6_000, 10_000), of(50_000, 100_000))).toBe('NOTICEABLE');
  });

  it('shares are of people asked; of nobody there is none', () => {
    expect(shareOf(of(1, 4))).toBe(0.25);
    expect(shareOf(of(0, 0))).toBeNull();
  });

  it('says it in Japanese, with the numbers and what to do, and never that the address is dead', () => {
    const text = silentLossText('NOTICEABLE', 'docomo.ne.jp', of(38, 45), of(80, 210));
    expect(text).toContain('45人のうち38人');
    expect(text).toContain('210人のうち80人');
    expect(text).toContain('リマインダーメールを送信する');
    expect(text).not.toContain('不達');
    expect(silentLossText('NOT_NOTICEABLE', 'docomo.ne.jp', of(1, 45), of(80, 210))).toContain(
      'docomo.ne.jp',
    );
    expect(silentLossText('TOO_FEW', 'taro.example', of(1, 1), of(80, 210))).not.toContain('taro');
  });
});
