import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Period } from '../../domain/calendar.js';
import { expiryOn } from '../../domain/cycle.js';
import { composeMail } from '../../mail/compose.js';
import type { MailContent } from '../../mail/compose.js';
import type { PersonalContent } from '../../mail/compose-content.js';
import { LINE_WIDTH, textWidth, wrap } from '../../mail/compose-lines.js';

const SEED = 20270331;
const LINK = 'https://renew.net119.example.jp/r/Ab-_efghijklmnopqrstuvwx';
const YEARLY: Period = { years: 1, months: 0, days: 0 };

const hq = {
  displayName: '見本市消防本部',
  shortName: '見本消防',
  fax: '000-000-0000',
  counter: '見本市消防本部 指令課（平日 9時〜17時）',
};
const common = { hq, residentName: '山田 太郎', expiry: expiryOn('2027-03-31') };
const request = {
  template: 'REQUEST',
  ...common,
  link: LINK,
  validity: YEARLY,
  form: 'BEFORE',
  lastAutomatic: false,
} as const satisfies MailContent;
const receipt = {
  template: 'RECEIPT',
  ...common,
  expiry: expiryOn('2028-03-31'),
  nextMail: { on: '2028-01-01', at: Date.parse('2028-01-01T01:07:00Z') },
} as const satisfies MailContent;
const requestReceipt = (asked: 'CHANGE' | 'STOP') =>
  ({ template: 'REQUEST_RECEIPT', ...common, request: asked }) as const satisfies MailContent;

const newAddress = {
  template: 'CHECK',
  hq,
  link: LINK,
  form: 'NEW_ADDRESS',
  answerBy: '2027-03-17',
} as const satisfies MailContent;
const knownAddress = { ...newAddress, form: 'KNOWN_ADDRESS', answerBy: null } as const satisfies MailContent;
const notice = { template: 'ADDRESS_NOTICE', hq } as const satisfies MailContent;

/** The text as one reads it: breaks of lines are no part of the words. */
const words = (content: MailContent) => composeMail(content).text.replace(/\n　?/g, '');

describe('the request', () => {
  test('before the date', () => {
    const { subject, text } = composeMail(request);
    expect(subject).toBe('【見本消防】NET119定期更新手続きのお願い');
    expect(text).toContain(`\n\n${LINK}\n\n`);
    expect(text).toContain('期限：2027年3月31日\n（令和9年・水曜日）\n');
    expect(text).toContain('・FAX 000-000-0000\n');
    for (const sentence of [
      '山田 太郎 さま',
      '見本市消防本部です。',
      'NET119の定期更新手続きのお願いです。',
      'NET119は、スマートフォンで救急車や消防車を呼ぶしくみです。',
      '1年に1回、消防からのメールがあなたに届くかを確かめています。',
      '下の青い文字を押して、3つの答えから1つ選んでください。',
      '期限がすぎても、NET119で119番に通報できます。',
      'メールが届かないと、消防からあなたに連絡できないことがあります。',
      'お金はかかりません。',
      'パスワードや暗証番号は聞きません。',
      '開けないとき、心配なときは、',
      'このメールに返信する',
      '窓口 見本市消防本部 指令課（平日 9時〜17時）',
    ]) {
      expect(words(request)).toContain(sentence);
    }
    expect(text).not.toContain('すぎました');
    expect(text).not.toContain('最後');
  });

  test('after the date', () => {
    const content = { ...request, form: 'AFTER' } as const;
    expect(composeMail(content).subject).toBe('【見本消防】NET119定期更新がまだです');
    expect(words(content)).toContain(
      '期限（2027年3月31日）がすぎました。119番の通報は、今もできます。更新も、今からできます。',
    );
    expect(composeMail(content).text).toContain(`\n\n${LINK}\n\n`);
    expect(composeMail(content).text).toContain('（令和9年・水曜日）');
  });

  test('R16: a person who was never asked is not told that it is still to be done', () => {
    const content = { ...request, form: 'AFTER_NEVER_ASKED' } as const;
    expect(composeMail(content).subject).toBe('【見本消防】NET119定期更新手続きのお願い');
    expect(words(content)).not.toContain('まだ');
    expect(words(content)).toContain('がすぎました。119番の通報は、今もできます。');
  });

  test.each(['BEFORE', 'AFTER', 'AFTER_NEVER_ASKED'] as const)('R6: the last automatic one, %s', (form) => {
    const text = words({ ...request, form, lastAutomatic: true });
    expect(text).toContain('自動で送るメールは、今回が最後です。このあとも、下の青い文字で更新できます。');
  });

  test.each<[Period | null, string]>([
    [YEARLY, '1年に1回、消防からのメールが'],
    [{ years: 2, months: 0, days: 0 }, '2年に1回、消防からのメールが'],
    [{ years: 0, months: 6, days: 0 }, '6か月に1回、消防からのメールが'],
    [{ years: 1, months: 6, days: 10 }, '1年6か月10日に1回、消防からのメールが'],
    [null, 'です。消防からのメールが'],
  ])('R2: how often, %j', (validity, sentence) => {
    expect(words({ ...request, validity })).toContain(sentence);
  });

  test('R12: under a time-based policy the moment is shown', () => {
    const expiry = { expiresOn: null, expiresAt: Date.parse('2027-03-31T01:05:59Z') };
    const content = { ...request, expiry, form: 'AFTER' } as const;
    expect(words(content)).toContain('期限（2027年3月31日 10時05分）がすぎました。');
    expect(composeMail(content).text).toContain('\n期限：2027年3月31日 10時05分\n');
  });
});

describe('the receipt', () => {
  test('tells the new date, the next mail and that nothing is to be done', () => {
    const { subject, text } = composeMail(receipt);
    expect(subject).toBe('【見本消防】NET119定期更新が終わりました');
    expect(text).toContain('\n更新できました。\n');
    expect(text).toContain('\n次の期限：2028年3月31日\n（令和10年・金曜日）\n');
    expect(words(receipt)).toContain('次のお願いのメールは、2028年1月1日ごろ送ります。');
    expect(words(receipt)).toContain('今は、何もしなくてだいじょうぶです。');
  });

  test('without a slot the day in Japan is told; R12: under a time-based policy the moment', () => {
    const at = Date.parse('2027-12-31T15:00:00Z');
    expect(words({ ...receipt, nextMail: { on: null, at } })).toContain('2028年1月1日ごろ送ります。');
    const expiry = { expiresOn: null, expiresAt: at };
    expect(words({ ...receipt, expiry, nextMail: { on: null, at } })).toContain(
      '2028年1月1日 0時00分ごろ送ります。',
    );
  });
});

describe('R28: the receipt of a request', () => {
  test('a change', () => {
    const content = requestReceipt('CHANGE');
    expect(composeMail(content).subject).toBe('【見本消防】NET119の連絡を受け取りました');
    expect(words(content)).toContain('変わったことの連絡を、受け取りました。');
    expect(words(content)).toContain('今は、何もしなくてだいじょうぶです。');
  });

  test('the wish to stop: nothing has ended, and it can be taken back', () => {
    const content = requestReceipt('STOP');
    expect(words(content)).toContain(
      '「NET119をやめたい」という連絡を受け取りました。まだ、やめていません。',
    );
    expect(words(content)).toContain('NET119で119番に通報できます。');
    expect(words(content)).toContain(
      'やっぱり使うときは、前に届いたメールの青い文字を押して、「やっぱり使います」を選んでください。',
    );
  });
});

describe('R19: mails about an address, which a stranger may read', () => {
  test('to a new address: who asks, what to press, until when; who did not ask for it does nothing', () => {
    const { subject, text } = composeMail(newAddress);
    expect(subject).toBe('【見本消防】メールアドレスの確認');
    expect(text).toContain(`\n\n${LINK}\n\n`);
    expect(words(newAddress)).toContain(
      '見本市消防本部です。このメールアドレスを登録する申し込みがありました。',
    );
    expect(words(newAddress)).toContain('申し込んだ人は、下の青い文字を押してください。');
    expect(words(newAddress)).toContain('2027年3月17日までに押してください。');
    expect(words(newAddress)).toContain('申し込んでいない人は、何もしないでください。');
  });

  test('R18 R37: to an address that is known: nothing was asked for, and nothing ends', () => {
    expect(words(knownAddress)).toContain('このメールアドレスに、メールが届くかを確かめています。');
    expect(words(knownAddress)).toContain('このメールを読んだ人は、下の青い文字を押してください。');
    expect(words(knownAddress)).not.toMatch(/申し込/);
    expect(words(knownAddress)).not.toMatch(/までに/);
  });

  test('to the address that was replaced: the fact, and whom to tell; no link and no answer by mail', () => {
    expect(composeMail(notice).subject).toBe('【見本消防】メールアドレスが変わりました');
    expect(words(notice)).toContain('登録してあるメールアドレスが、新しいアドレスに変わりました。');
    expect(words(notice)).toContain(
      '自分で変えていない人は、下のどちらかで知らせてください。・FAX 000-000-0000',
    );
    expect(words(notice)).not.toMatch(/返信|青い文字|http/);
  });

  test('none says NET119, 119, 更新 or a name', () => {
    for (const content of [newAddress, knownAddress, notice]) {
      const { subject, text } = composeMail(content);
      const said = (subject + text).replaceAll(LINK, '');
      expect(said).not.toMatch(/119|更新|期限|登録番号|さま|救急|通報/);
    }
  });
});

describe('every mail, whatever the names', () => {
  const kanji = fc.constantFrom(
    ...'山田太郎花子東西消防本部髙﨑邉𠮷あいうゃゅっーア、。」（）々 　'.split(''),
    '𠮷',
    '葛\u{e0100}',
  );
  const japanese = (maxLength: number) =>
    fc.array(kanji, { minLength: 1, maxLength }).map((chars) => chars.join(''));
  const hostile = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
  const latin = fc.constantFrom(
    'Christopher Alexander Montgomery-Featherstonehaugh the Third',
    'w'.repeat(100),
  );
  const name = fc.oneof(japanese(100), hostile, latin);
  const date = fc
    .integer({ min: Date.parse('2020-01-01'), max: Date.parse('2099-12-31') })
    .map((at) => new Date(at).toISOString().slice(0, 10));
  const facts = fc.record({
    residentName: name,
    hq: fc.record({
      displayName: fc.oneof(japanese(30), hostile),
      shortName: japanese(6),
      fax: fc.constantFrom('000-000-0000', '+81-000-0000-0000'),
      counter: japanese(60),
    }),
    expiry: fc.oneof(
      date.map(expiryOn),
      date.map((on) => ({ expiresOn: null, expiresAt: expiryOn(on).expiresAt + 61_000 })),
    ),
  });
  const contents: fc.Arbitrary<MailContent> = facts.chain((common) =>
    fc.oneof(
      fc
        .record({
          template: fc.constant('REQUEST' as const),
          form: fc.constantFrom('BEFORE', 'AFTER', 'AFTER_NEVER_ASKED'),
          lastAutomatic: fc.boolean(),
          validity: fc.option(
            fc.record({ years: fc.nat(10), months: fc.nat(11), days: fc.integer({ min: 1, max: 30 }) }),
          ),
        })
        .map((rest) => ({ ...common, ...rest, link: LINK })),
      date.map((on) => ({
        template: 'RECEIPT' as const,
        ...common,
        nextMail: { on, at: expiryOn(on).expiresAt },
      })),
      fc.constantFrom('CHANGE' as const, 'STOP' as const).map((asked) => ({
        template: 'REQUEST_RECEIPT' as const,
        ...common,
        request: asked,
      })),
      fc.constantFrom('NEW_ADDRESS' as const, 'KNOWN_ADDRESS' as const).map((form) => ({
        template: 'CHECK' as const,
        hq: common.hq,
        link: LINK,
        form,
        answerBy: common.expiry.expiresOn,
      })),
      fc.constant({ template: 'ADDRESS_NOTICE' as const, hq: common.hq }),
    ),
  );
  const isPersonal = (content: MailContent): content is PersonalContent => 'residentName' in content;
  const check = (property: (content: MailContent, lines: string[], subject: string) => void) =>
    fc.assert(
      fc.property(contents, (content) => {
        const { subject, text } = composeMail(content);
        property(content, text.split('\n'), subject);
      }),
      { seed: SEED, numRuns: 1_000 },
    );

  test('lines are at most 25 full-width characters wide, the link excepted; the text ends with one line break', () => {
    check((_content, lines) => {
      expect(Math.max(...lines.filter((line) => line !== LINK).map(textWidth))).toBeLessThanOrEqual(
        LINE_WIDTH,
      );
      expect(lines.at(-1)).toBe('');
      expect(lines.at(-2)).not.toBe('');
    });
  });

  test('subjects are at most 20 full-width characters wide and begin with the headquarters', () => {
    check(({ hq: { shortName } }, _lines, subject) => {
      expect(subject.startsWith(`【${shortName.trim()}】`)).toBe(true);
      expect(textWidth(subject)).toBeLessThanOrEqual(40);
      expect(subject).not.toMatch(/\p{Cc}/u);
    });
  });

  test('a request and a check mail have their link once, alone on its line; the others have none', () => {
    check((content, lines) => {
      const withUrl = lines.filter((line) => line.includes(LINK));
      expect(withUrl).toEqual('link' in content ? [LINK] : []);
    });
  });

  test('no name can forge a line, turn the text round or be cut', () => {
    check((content, lines) => {
      const bare = (text: string) =>
        text.replace(/[\p{Cc}\s\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]/gu, '');
      const text = lines.join('\n');
      expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\r\u2028\u2029\u0085\u0000]/);
      const greeting = isPersonal(content) ? `${bare(content.residentName)}さま` : '';
      expect(bare(text).startsWith(`${greeting}${bare(content.hq.displayName)}です。`)).toBe(true);
      if (content.template !== 'CHECK') expect(bare(text)).toContain(`・窓口${bare(content.hq.counter)}`);
      const named = { ...content, hq: { ...content.hq, displayName: 'B' } };
      const frame = composeMail(isPersonal(named) ? { ...named, residentName: 'A' } : named);
      // Blank lines stay as many as the frame has: nothing new begins a paragraph.
      expect(lines.filter((line) => line === '')).toHaveLength(
        frame.text.split('\n').filter((line) => line === '').length,
      );
    });
  });

  test('our own words are plain Japanese: no English, no word for a disability, no threat', () => {
    for (const content of [
      request,
      { ...request, form: 'AFTER', lastAutomatic: true } as const,
      receipt,
      requestReceipt('CHANGE'),
      requestReceipt('STOP'),
      newAddress,
      knownAddress,
      notice,
    ]) {
      const { subject, text } = composeMail(content);
      const own = `${subject}\n${text}`.replace(LINK, '').replace(/NET119|FAX/g, '');
      expect(own).not.toMatch(/[A-Za-z]/);
      expect(own).not.toMatch(/障害|障がい|聴覚|ろう|言語|削除|取り消し|失効|あと\d+日|電話/);
      expect(own).not.toMatch(/[ァ-ヶー]{8,}/);
      for (const line of own.split('\n')) expect(line).not.toMatch(/^[、。」）ー々っゃゅょ]/);
    }
  });
});

describe('wrap', () => {
  test('no line begins with 、。」 or a small kana, and numbers stay whole', () => {
    const long = `${'あ'.repeat(24)}い、${'あ'.repeat(22)}「う」。${'あ'.repeat(20)}きゃ000-000-0000`;
    const lines = wrap(long);
    expect(lines.join('')).toBe(long);
    for (const line of lines) expect(line).not.toMatch(/^[、。」ゃ]/);
    expect(lines.some((line) => line.includes('000-000-0000'))).toBe(true);
  });

  test('characters outside the basic plane and their variants are not torn', () => {
    for (const line of wrap('葛\u{e0100}𠮷'.repeat(60))) {
      expect(line).not.toMatch(/^\u{e0100}/u);
      expect(line).not.toMatch(/\p{Cs}/u);
    }
  });

  test('a list item goes on under its first word', () => {
    const [first, second] = wrap('窓口 '.repeat(20), '・');
    expect(first).toMatch(/^・窓口/);
    expect(second).toMatch(/^　窓口/);
  });
});
