import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskAddress, maskName } from '../../domain/masking.js';
import { SEED } from './arbitraries.js';

describe('R23 R25: what is shown where only the person should know it', () => {
  it.each([
    ['山田 太郎', '山○ 太○'],
    ['山田　太郎', '山○ 太○'],
    [' 佐々木 小次郎 ', '佐○○ 小○○'],
    ['林 一', '○ ○'],
    ['𠮷田 花', '𠮷○ ○'],
    ['ジョン・スミスフィールド', 'ジ○○○○'],
  ])('R25: %s: %s', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });

  it.each([
    ['taro.yamada@docomo.ne.jp', 'ta○○○@d○○○.ne.jp'],
    ['abc@example.jp', 'a○○○@e○○○.jp'],
    ['a@b.jp', 'a○○○@b○○○.jp'],
    ['a..b@ezweb.ne.jp', 'a.○○○@e○○○.ne.jp'],
  ])('R25: %s: %s', (address, masked) => {
    expect(maskAddress(address)).toBe(masked);
  });

  it('R25: the length of what is hidden is hidden too', () => {
    const local = fc.stringMatching(/^[a-z]{4,60}$/);
    fc.assert(
      fc.property(local, local, (a, b) => {
        const shape = (address: string) => maskAddress(address).length;
        expect(shape(`${a}@${b}.jp`)).toBe(shape(`${b}@${a}.jp`));
        expect(maskAddress(`${a}@${b}.jp`)).not.toContain(a);
      }),
      { seed: SEED },
    );
  });

  it('R25: a name never comes out whole, and never longer than five characters a part', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[一-龠]{1,20}$/), (name) => {
        expect(maskName(name)).not.toBe(name);
        expect([...maskName(name)].length).toBeLessThanOrEqual(5);
      }),
      { seed: SEED },
    );
  });
});
