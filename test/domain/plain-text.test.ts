import { describe, expect, it } from 'vitest';
import { plainLine } from '../../domain/plain-text.js';

describe('plainLine', () => {
  it.each([
    ['lines become one', '550-5.1.1 no\r\n550 5.1.1\tsuch   user \n', '550-5.1.1 no 550 5.1.1 such user'],
    ['control characters go', 'a\u0000b\u001b[31mc\u0085d\u2028e', 'a b [31mc d e'],
    ['what cannot be seen or turns the text round goes', 'ex\u200be\u202egnp\ufeff', 'exegnp'],
    ['half a character is shown as none', 'a\ud83d', 'a\ufffd'],
    ['Japanese and signs stay', '宛先不明です 😀 <script> =1+1', '宛先不明です 😀 <script> =1+1'],
    ['nothing', ' \n ', ''],
  ])('%s', (_name, text, wanted) => {
    expect(plainLine(text)).toBe(wanted);
  });

  it('is cut by characters, however long the text', () => {
    expect(plainLine('😀'.repeat(1e6), 5)).toBe('😀'.repeat(5));
    expect(plainLine('x'.repeat(1e6))).toHaveLength(1_000);
  });
});
