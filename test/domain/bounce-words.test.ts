import { describe, expect, test } from 'vitest';
import { BOUNCE_CLASSES, isConclusive, isSoft } from '../../domain/bounce.js';
import { BOUNCE_WORDS, EXCUSED_WORDS } from '../../domain/bounce-words.js';
import { COMPLAINT_WORDS } from '../../domain/complaint-words.js';

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

  test('change nothing about the person when it is not about the person, and never forget the person', () => {
    const isAbout = isConclusive(bounceClass) || isSoft(bounceClass);
    expect(BOUNCE_WORDS[bounceClass].nextSteps[0]?.includes('登録は変えない')).toBe(!isAbout);
    expect(all(bounceClass)).toContain('FAXか郵送');
    // What may pass by itself, or is ours, must not let the expiry go by without a word.
    expect(BOUNCE_WORDS[bounceClass].nextSteps.at(-1)?.includes('有効期限が近いとき')).toBe(
      !isConclusive(bounceClass),
    );
  });
});

test('R37: receive settings come before 「the address is gone」', () => {
  for (const bounceClass of ['REFUSED', 'UNKNOWN_OR_REFUSED'] as const) {
    expect(BOUNCE_WORDS[bounceClass].nextSteps[0]).toContain('設定');
  }
  expect(BOUNCE_WORDS.UNKNOWN_OR_REFUSED.whatHappened).toContain('docomoとau');
  const steps = BOUNCE_WORDS.UNKNOWN_ADDRESS.nextSteps;
  expect(steps[0]).toContain('受信拒否');
  // First the right address, then a mail to it.
  expect(steps.slice(-2).map((step) => /もう使っていない|リマインダーメール/.exec(step)?.[0])).toEqual([
    'もう使っていない',
    'リマインダーメール',
  ]);
});

test('a complaint is told without a word of mail technique, and changes nothing about the person', () => {
  const { label, whatHappened, nextSteps } = COMPLAINT_WORDS;
  expect(label.length).toBeLessThanOrEqual(20);
  expect([label, whatHappened, ...nextSteps].join('\n')).not.toMatch(
    /SMTP|DNS|ドメイン|サーバ|バウンス|フィードバック|電話(して|で)/,
  );
  expect(nextSteps[0]).toContain('登録は変えない');
});

test('R24: of one failure among many they blame neither the person nor the address', () => {
  const { label, whatHappened, nextSteps } = EXCUSED_WORDS;
  expect(label.length).toBeLessThanOrEqual(20);
  expect(whatHappened).toContain('本人やアドレスのせいではない');
  expect(nextSteps[0]).toContain('登録は変えない');
  expect(nextSteps.at(-1)).toContain('有効期限が近いとき');
});
