import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressKey, parseMailAddress } from '../../mail/addresses.js';
import { isAllowed } from '../../mail/allow.js';

const SEED = 20270331;

describe('addresses that exist', () => {
  test.each([
    ['taro@example.jp', 'taro@example.jp'],
    ['  taro@example.jp\t\n', 'taro@example.jp'],
    ['Taro.Yamada+119@Example.JP', 'Taro.Yamada+119@example.jp'],
    ['a..b@docomo.ne.jp', 'a..b@docomo.ne.jp'],
    ['"a..b"@docomo.ne.jp', 'a..b@docomo.ne.jp'],
    ['a.@ezweb.ne.jp', 'a.@ezweb.ne.jp'],
    ['.a@softbank.ne.jp', '.a@softbank.ne.jp'],
    ['-a_@docomo.ne.jp', '-a_@docomo.ne.jp'],
    ['a/b?c@docomo.ne.jp', 'a/b?c@docomo.ne.jp'],
    ['taro@t.vodafone.ne.jp', 'taro@t.vodafone.ne.jp'],
    ['taro@例え.jp', 'taro@xn--r8jz45g.jp'],
    [`${'a'.repeat(64)}@example.jp`, `${'a'.repeat(64)}@example.jp`],
  ])('%s', (text, address) => {
    expect(parseMailAddress(text)).toEqual({ ok: true, address });
  });
});

describe('addresses that cannot exist', () => {
  test.each([
    ['', 'EMPTY'],
    ['　 ', 'EMPTY'],
    ['taro', 'NO_AT_SIGN'],
    ['taro@', 'BAD_DOMAIN'],
    ['@example.jp', 'BAD_LOCAL_PART'],
    ['taro@localhost', 'DOMAIN_WITHOUT_DOT'],
    ['taro@example..jp', 'BAD_DOMAIN'],
    ['taro@.example.jp', 'BAD_DOMAIN'],
    ['taro@example.jp.', 'BAD_DOMAIN'],
    ['taro@-example.jp', 'BAD_DOMAIN'],
    ['taro@example-.jp', 'BAD_DOMAIN'],
    ['taro@ex_ample.jp', 'BAD_DOMAIN'],
    ['taro@exam%70le.jp', 'BAD_DOMAIN'],
    ['taro@example.jp:25', 'BAD_DOMAIN'],
    ['taro@example.jp/x', 'BAD_DOMAIN'],
    ['taro@example.j', 'BAD_DOMAIN'],
    ['taro@example.123', 'BAD_DOMAIN'],
    [`taro@${'a'.repeat(64)}.jp`, 'BAD_DOMAIN'],
    ['taro@192.0.2.1', 'IP_ADDRESS'],
    ['taro@[192.0.2.1]', 'IP_ADDRESS'],
    ['taro@[IPv6:2001:db8::1]', 'IP_ADDRESS'],
    ['taro@127.1', 'BAD_DOMAIN'],
    ['ta ro@example.jp', 'SPACE'],
    ['taro @example.jp', 'SPACE'],
    ['山田 <taro@example.jp>', 'SPACE'],
    ['<taro@example.jp>', 'BAD_LOCAL_PART'],
    ['mailto:taro@example.jp', 'BAD_LOCAL_PART'],
    ['"ta\\"ro"@example.jp', 'BAD_LOCAL_PART'],
    ['taro@example.jp,hanako@example.jp', 'SEVERAL_ADDRESSES'],
    ['taro@example.jp hanako@example.jp', 'SEVERAL_ADDRESSES'],
    ['taro@example.jp、hanako@example.jp', 'SEVERAL_ADDRESSES'],
    ['taro@example.jp;', 'SEVERAL_ADDRESSES'],
    ['taro@@example.jp', 'SEVERAL_ADDRESSES'],
    ['"a@b"@example.jp', 'SEVERAL_ADDRESSES'],
    ['taro@example.jp\r\nBcc: hanako@example.jp', 'CONTROL_CHARACTER'],
    ['taro\u0000@example.jp', 'CONTROL_CHARACTER'],
    ['ta\u200bro@example.jp', 'CONTROL_CHARACTER'],
    ['ta\u202ero@example.jp', 'CONTROL_CHARACTER'],
    ['taro＠example.jp', 'FULL_WIDTH_CHARACTER'],
    ['ｔａｒｏ@example.jp', 'FULL_WIDTH_CHARACTER'],
    ['taro@ｅｘａｍｐｌｅ.jp', 'FULL_WIDTH_CHARACTER'],
    ['taro@example。jp', 'FULL_WIDTH_CHARACTER'],
    ['taroー1@example.jp', 'FULL_WIDTH_CHARACTER'],
    ['太郎@example.jp', 'FULL_WIDTH_CHARACTER'],
    ['tarö@example.jp', 'BAD_LOCAL_PART'],
    [`${'a'.repeat(65)}@example.jp`, 'TOO_LONG'],
    [`taro@${'a.'.repeat(125)}jp`, 'TOO_LONG'],
    [`taro@${`${'例'.repeat(20)}.`.repeat(10)}jp`, 'TOO_LONG'],
  ])('%j: %s', (text, reason) => {
    expect(parseMailAddress(text)).toEqual({ ok: false, reason });
  });

  test('whatever is accepted is one ASCII address that parses to itself and cannot break a header', () => {
    const piece = fc.constantFrom(
      'a',
      '.',
      '@',
      ' ',
      '\r\n',
      '"',
      '<',
      ',',
      'ｅ',
      '例',
      'jp',
      '.jp',
      '-',
      '%',
      '\u0000',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map((all) => all.join('')),
        ),
        (text) => {
          const parsed = parseMailAddress(text);
          if (!parsed.ok) return;
          expect(parsed.address).toMatch(/^[!-~]+$/);
          expect(parsed.address).not.toMatch(/[<>,;:"\\()]/);
          expect(parsed.address.split('@')).toHaveLength(2);
          expect(parseMailAddress(parsed.address)).toEqual(parsed);
          expect(addressKey(text.trim())).toBe(addressKey(parsed.address));
        },
      ),
      { seed: SEED, numRuns: 2_000 },
    );
  });
});

test.each([
  ['Taro@Example.JP', 'taro@example.jp'],
  ['"a..b"@docomo.ne.jp', 'a..b@docomo.ne.jp'],
  ['taro@例え.JP', 'taro@xn--r8jz45g.jp'],
])('addressKey(%s) is %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});

describe('the allow list', () => {
  test.each([
    ['everybody' as const, 'taro@example.jp', true],
    ['nobody' as const, 'taro@example.jp', false],
    [[], 'taro@example.jp', false],
    [['taro@example.jp'], 'Taro@EXAMPLE.jp', true],
    [['hanako@example.jp'], 'taro@example.jp', false],
    [['@example.jp'], 'taro@example.jp', true],
    [['@example.jp'], 'taro@sub.example.jp', false],
    [['@example.jp'], 'taro@example.jp.example.org', false],
    [['@例え.jp'], 'taro@xn--r8jz45g.jp', true],
    [['a..b@docomo.ne.jp'], 'a..b@docomo.ne.jp', true],
    [['example.jp'], 'taro@example.jp', false],
  ])('%j, %s: %s', (allow, address, allowed) => {
    expect(isAllowed(address, allow)).toBe(allowed);
  });
});
