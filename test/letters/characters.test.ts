import { describe, expect, it } from 'vitest';
import { clustersOf, tidy } from '../../letters/characters.js';
import { press } from '../../letters/press.js';

const HYOGAI = '𠮷髙﨑塚德濵栁祐';
const code = (text: string) => [...text].map((char) => char.codePointAt(0)?.toString(16));

describe('R31: printed right or refused, never blank', () => {
  it.each([
    ['everyday ones', '山田 太郎'],
    ['rare ones', HYOGAI],
    ['Latin and Cyrillic', 'Анна Müller'],
    ['half-width ones', 'ﾔﾏﾀﾞ'],
    ['variations that the fonts themselves name', '葛\u{e0100}辻\u{e0100}邉\u{e0100}髙\u{e0100}'],
    ['marks and digits', '〒100-0001（①）'],
    ['tags and quotes', `<b>"'&`],
  ])('%s can be printed', (_what, text) => {
    expect(press.unprintable(text)).toEqual([]);
  });

  it.each([
    ['a variation no font has', '邉\u{e0102}', '邉\u{e0102}（U+9089 U+E0102）'],
    ['an emoji', '😀', '😀（U+1F600）'],
    ['Hangul', '한', '한（U+D55C）'],
    ['Arabic', 'ع', 'ع（U+0639）'],
    ['a town’s own character (外字)', '\ue000', '目に見えない文字など（U+E000）'],
    ['what joins', 'a\u200db', '目に見えない文字など（U+200D）'],
    ['what has no width', 'a\u200bb', '目に見えない文字など（U+200B）'],
    ['a mark that finds no letter', '山\u0301', '目に見えない文字など（U+0301）'],
    ['half of a character', '\ud842', '目に見えない文字など（U+D842）'],
    ['a filler without a line in it', '\u3164', '\u3164（U+3164）'],
  ])('%s is refused, and named', (_what, text, told) => {
    expect(press.unprintable(`山${text}田`)).toEqual([told]);
  });

  it('a selector of nothing is refused', () => {
    expect(press.unprintable('\ufe00山')).toEqual(['目に見えない文字など（U+FE00）']);
  });

  it('each is told once', () => {
    expect(press.unprintable('😀山😀')).toHaveLength(1);
  });
});

describe('a text as it is printed', () => {
  it('か and ゛ become one, 﨑 and 神 (compatibility) stay what they are', () => {
    expect(tidy('か\u3099は\u309a')).toBe('がぱ');
    expect(code(tidy('﨑\ufa19'))).toEqual(['fa11', 'fa19']);
    expect(tidy('e\u0301')).toBe('é');
  });

  it('nothing in it begins a line or turns the direction', () => {
    expect(tidy('山\n田\u202e太')).toBe('山 田 太');
  });

  it('a character and its selector are one', () => {
    expect(clustersOf('祐\u{e0100}𠮷')).toEqual(['祐\u{e0100}', '𠮷']);
  });
});

describe('the window of the envelope', () => {
  const address = '〒100-0001 見本県見本市中央区大字見本一丁目2番3号 見本ハイツ見本棟1203号室';
  it('takes a long address, and a name of a hundred letters only with a short one', () => {
    expect(press.fitsWindow({ name: '山田 太郎', postalAddress: address })).toBe(true);
    expect(press.fitsWindow({ name: '見本'.repeat(50), postalAddress: '見本市1' })).toBe(true);
    expect(press.fitsWindow({ name: '見本'.repeat(50), postalAddress: address })).toBe(false);
    expect(press.fitsWindow({ name: '山田', postalAddress: '見本'.repeat(150) })).toBe(false);
  });
});
