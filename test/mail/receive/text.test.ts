import { describe, expect, test } from 'vitest';
import { openMail } from '../../../mail/receive/open-mail.js';
import { htmlToText, tidy } from '../../../mail/receive/text.js';
import { wordsMail } from './make-mail.js';

describe('HTML becomes lines of words', () => {
  test.each([
    ['<p>a</p><p>b<br>c</p>', '\na\n\nb\nc\n'],
    ['a <b class="x">bold</b> word', 'a bold word'],
    ['a<style>p { } <b></style>b', 'ab'],
    ['a<SCRIPT>x</script >y</script>b', 'ab'],
    ['<title>t</title>a<!-- <p> -->b', 'ab'],
    ['a<!-- b', 'a<!-- b'],
    ['&lt;a@example.jp&gt; &amp;lt; &quot;&apos;&nbsp;&hellip;', '<a@example.jp> &lt; "\' &hellip;'],
    ['&#65;&#x42;&#0;&#x110000;', 'AB'],
  ])('%s', (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });
});

test.each([
  [' a \t\r\n b\u3000c ', 'a b c'],
  ['a\u0000\u001b[31mb\u007f\u0085c', 'a[31mbc'],
  ['a\u202eb\u200b\ufeffc\u2028d', 'ab c d'],
  ['a\ud800b\ufffd', 'ab'],
  [' \u0007 ', null],
  ['', null],
])('tidy(%j)', (text, tidied) => {
  expect(tidy(text)).toBe(tidied);
});

test('a mail cut short within a character is read in its own character set', async () => {
  const words = 'a@example.jp 宛のメールは配信できませんでした。理由は宛';
  const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
  const whole = wordsMail(words, headers);
  for (const end of [whole.length, whole.length - 2, whole.length - 3]) {
    expect((await openMail(whole.subarray(0, end))).text).toContain('配信できませんでした。理由は');
  }
});
