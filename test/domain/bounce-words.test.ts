import { describe, expect, test } from 'vitest';
import { BOUNCE_CLASSES, isConclusive, isSoft } from '../../domain/bounce.js';
import { BOUNCE_WORDS } from '../../domain/bounce-words.js';

function all(bounceClass: (typeof BOUNCE_CLASSES)[number]): string {
  const { label, whatHappened, nextSteps } = BOUNCE_WORDS[bounceClass];
  return [label, whatHappened, ...nextSteps].join('\n');
}

describe.each(BOUNCE_CLASSES)('the words for %s', (bounceClass) => {
  test('are for people who do not know mail', () => {
    const { label, whatHappened, nextSteps } = BOUNCE_WORDS[bounceClass];
    expect(label.length).toBeLessThanOrEqual(20);
    expect(whatHappened).toMatch(/。$/);
    expect(nextSteps.length).toBeGreaterThanOrEqual(2);
    expect(all(bounceClass)).not.toMatch(
      /SMTP|DNS|MX|ドメイン|サーバ|ホスト|バウンス|エラーコード|\d{3}|電話(して|で)/,
    );
  });

  test('send the clerk to the person only when it is about the person', () => {
    const asks = /FAXか郵送/.test(all(bounceClass));
    expect(asks).toBe(isConclusive(bounceClass) || isSoft(bounceClass));
    expect(all(bounceClass).includes('本人への連絡や、登録の変更は、しなくてよいです')).toBe(!asks);
  });
});

test('R37: receive settings come before 「the address is gone」', () => {
  for (const bounceClass of ['REFUSED', 'UNKNOWN_OR_REFUSED'] as const) {
    expect(BOUNCE_WORDS[bounceClass].nextSteps[0]).toContain('設定');
  }
  expect(BOUNCE_WORDS.UNKNOWN_OR_REFUSED.whatHappened).toContain('docomoとau');
  const last = BOUNCE_WORDS.UNKNOWN_ADDRESS.nextSteps.at(-1);
  expect(last).toContain('もう使っていない');
});
