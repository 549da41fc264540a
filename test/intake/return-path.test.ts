/** Whom the intake takes mail for. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { returnPathOf } from '../../intake/return-path.js';
import { returnPathCode } from '../../platform/keys.js';

const KEY = { id: 'k1', secret: new Uint8Array(32).fill(7) };
const CODE = 'abcdefghijklmnopqrstuvwx27';
const OURS = `b+${CODE}@bounce.example.jp`;

describe('a return path', () => {
  it('is whatever our own key makes', () => {
    for (let n = 0; n < 50; n += 1) {
      const address = `b+${returnPathCode(KEY, randomUUID())}@bounce.example.jp`;
      expect(returnPathOf(address, 'bounce.example.jp')).toBe(address);
    }
  });

  it.each([
    ['as sent', OURS],
    ['in capitals', OURS.toUpperCase()],
    ['without its plus', `b${CODE}@bounce.example.jp`],
    ['in quotes', `"b+${CODE}"@bounce.example.jp`],
    ['in capitals, quotes and without its plus', `"B${CODE.toUpperCase()}"@BOUNCE.example.jp`],
  ])('is known %s', (_how, address) => {
    expect(returnPathOf(address, 'bounce.example.jp')).toBe(OURS);
  });

  it('is known in a domain that is written in Japanese', () => {
    expect(returnPathOf(`b+${CODE}@例え.jp`, 'xn--r8jz45g.jp')).toBe(`b+${CODE}@xn--r8jz45g.jp`);
  });

  it.each([
    ['another domain', `b+${CODE}@example.jp`],
    ['a domain below ours', `b+${CODE}@x.bounce.example.jp`],
    ['a code cut short', `b+${CODE.slice(1)}@bounce.example.jp`],
    ['a code with more', `b+${CODE}a@bounce.example.jp`],
    ['a letter that no code has', `b+${CODE.slice(1)}1@bounce.example.jp`],
    ['another letter in front', `c+${CODE}@bounce.example.jp`],
    ['two of them', `b++${CODE}@bounce.example.jp`],
    ['nothing in front', `${CODE}@bounce.example.jp`],
    ['a person', 'postmaster@bounce.example.jp'],
    ['no domain', `b+${CODE}`],
    ['the local part of another domain', `x@b+${CODE}@example.jp`],
    ['a line break', `b+${CODE}\n@bounce.example.jp`],
    ['nothing', ''],
  ])('is not %s', (_what, address) => {
    expect(returnPathOf(address, 'bounce.example.jp')).toBeNull();
  });
});
