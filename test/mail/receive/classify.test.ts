import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BOUNCE_CLASSES, isConclusive } from '../../../domain/bounce.js';
import { classify, classifyBy } from '../../../mail/receive/classify.js';
import type { Evidence } from '../../../mail/receive/classify.js';
import { RULES } from '../../../mail/receive/rules.js';
import { ANSWERS } from './answers.js';

function evidence(more: Partial<Evidence>): Evidence {
  return {
    status: null,
    code: null,
    diagnostic: null,
    mailDomain: 'example.jp',
    action: 'FAILED',
    stage: null,
    ...more,
  };
}

describe.each(Object.entries(ANSWERS))('answers of %s', (_who, answers) => {
  test.each(answers)('%j: %s', (diagnostic, expected, more = {}) => {
    const { bounceClass, rule } = classify(evidence({ ...more, diagnostic }));
    expect(bounceClass, rule).toBe(expected);
  });
});

describe('the table of rules', () => {
  test.each(RULES.map((rule) => [rule.name, rule] as const))('%s is needed', (_name, rule) => {
    const example = evidence(rule.example);
    expect(classify(example)).toEqual({ bounceClass: rule.bounceClass, rule: rule.name });
    const without = RULES.filter((each) => each !== rule);
    expect(classifyBy(without, example).bounceClass).not.toBe(rule.bounceClass);
  });

  test('each wording is needed by an answer or an example', () => {
    const all = [
      ...Object.values(ANSWERS).flatMap((answers) =>
        answers.map(([diagnostic, , more]) => evidence({ ...more, diagnostic })),
      ),
      ...RULES.map((rule) => evidence(rule.example)),
    ];
    const decided = all.map((each) => ({ each, ...classify(each) }));
    const wordings = new Set(RULES.flatMap((rule) => rule.text ?? []));
    const idle = [...wordings].filter((wording) => {
      const table = RULES.map((rule) =>
        rule.text ? { ...rule, text: rule.text.filter((each) => each !== wording) } : rule,
      );
      const having = RULES.filter((rule) => rule.text?.includes(wording)).map((rule) => rule.name);
      // Without the wording only what its rules decided can change.
      return decided
        .filter(({ rule }) => having.includes(rule))
        .every(({ each, bounceClass }) => classifyBy(table, each).bounceClass === bounceClass);
    });
    expect(idle).toEqual([]);
  });

  test('names are unique, and a source is given', () => {
    expect(new Set(RULES.map((rule) => rule.name)).size).toBe(RULES.length);
    expect(RULES.filter((rule) => rule.source.length < 8)).toEqual([]);
  });

  test('wordings are written for lower case, and repeat nothing without a bound', () => {
    for (const wording of RULES.flatMap((rule) => rule.text ?? [])) {
      expect(wording.flags).toBe('');
      // Without `*`, `+` and `{n,}` outside of classes no text makes a search take more than a fixed time a letter.
      const bare = wording.source.replace(/\\./g, '_').replace(/\[[^\]]*\]/g, '_');
      expect(bare).not.toMatch(/[*+]|\{\d+,\}/);
      expect(bare).toBe(bare.toLowerCase());
    }
  });
});

describe('R37: what is not clearly about the person is not conclusive', () => {
  const texts = Object.values(ANSWERS).flatMap((answers) => answers.map(([text]) => text ?? ''));

  test.each(['CONNECT', 'AUTH', 'MAIL_FROM'] as const)('nothing said at %s is', (stage) => {
    for (const diagnostic of texts) {
      expect(classify(evidence({ diagnostic, stage, code: 550 })).bounceClass).toBe('SENDER_BLOCKED');
    }
  });

  test('no 「not now」 and no delay is', () => {
    for (const diagnostic of texts) {
      for (const more of [{ action: 'DELAYED' }, { code: 450 }, { code: 421, status: '5.1.1' }] as const) {
        expect(isConclusive(classify(evidence({ diagnostic, ...more })).bounceClass), diagnostic).toBe(false);
      }
    }
  });

  test('the name of an address says nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'spam',
          'user.unknown',
          'over-quota',
          'blacklist',
          'no_such_user',
          '受信拒否',
          '5.1.1',
        ),
        fc.constantFrom('spf.example', 'dkim-policy.example', 'nullmx.example'),
        (local, domain) => {
          const said = `554 <${local}@${domain}>: no`;
          expect(classify(evidence({ diagnostic: said })).bounceClass).toBe('OTHER');
        },
      ),
    );
  });
});

describe('any text', () => {
  const anything: fc.Arbitrary<Evidence> = fc.record({
    status: fc.option(fc.oneof(fc.string(), fc.constantFrom('5.1.1', '4.4.7', '5.0.0'))),
    code: fc.option(fc.integer()),
    diagnostic: fc.option(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc
          .array(fc.constantFrom('550', ' ', '5.1.1', 'user', 'unknown', '@', '<', '\n', '受信', 'host', '['))
          .map((words) => words.join('')),
      ),
    ),
    mailDomain: fc.string(),
    action: fc.constantFrom('FAILED', 'DELAYED'),
    stage: fc.option(fc.constantFrom('CONNECT', 'AUTH', 'MAIL_FROM', 'RCPT_TO', 'DATA')),
  });

  test('gets a class, always the same', () => {
    fc.assert(
      fc.property(anything, (each) => {
        const { bounceClass } = classify(each);
        expect(BOUNCE_CLASSES).toContain(bounceClass);
        expect(classify(each).bounceClass).toBe(bounceClass);
      }),
      { numRuns: 500 },
    );
  });

  test('case, width and white space do not matter', () => {
    const wide = (text: string) =>
      text.replace(/[a-z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0));
    for (const [diagnostic, expected, more] of Object.values(ANSWERS).flat()) {
      if (diagnostic === null || diagnostic.includes('\n')) continue;
      for (const same of [
        diagnostic.toUpperCase(),
        diagnostic.toLowerCase(),
        `  ${diagnostic.replaceAll(' ', ' \t\r\n  ')}\u200b\n`,
        wide(diagnostic),
      ]) {
        expect(classify(evidence({ ...more, diagnostic: same })).bounceClass, same).toBe(expected);
      }
    }
  });

  test('only its beginning is looked at, however long it is', () => {
    const long = 'x '.repeat(5_000_000);
    expect(classify(evidence({ diagnostic: `550 user unknown ${long}` })).bounceClass).toBe(
      'UNKNOWN_ADDRESS',
    );
    expect(classify(evidence({ diagnostic: `${long} user unknown` })).bounceClass).toBe('OTHER');
  });

  test.each([
    'a'.repeat(4_000),
    '@'.repeat(4_000),
    'host '.repeat(800),
    'host a[1'.repeat(500),
    'http://'.repeat(570),
    '550 5.1.1 '.repeat(400),
    'user @ '.repeat(570),
    '受信拒否'.repeat(1_000),
    'domain a '.repeat(440),
    "doesn't have a ".repeat(260),
  ])('one that was made to take long: %#', (hostile) => {
    expect(BOUNCE_CLASSES).toContain(classify(evidence({ diagnostic: hostile })).bounceClass);
  });
});
