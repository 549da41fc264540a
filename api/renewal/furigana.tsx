/**
 * ふりがな over our own texts, when the reader switched it on. Readings stand in one list, not in the texts, so that the
 * texts stay readable; a test holds that no kanji of ours is without one. What headquarters write of themselves
 * (name, counter) and the person's name are left alone: a guessed reading of a name is an insult.
 */
import type { VNode } from 'preact';
import { useContext } from 'preact/hooks';
import { VisitContext } from './visit.js';

/** Longer words win, so a compound needs its own line only where its parts are read otherwise. */
const READINGS: Readonly<Record<string, string>> = {
  一度: 'いちど',
  一部: 'いちぶ',
  下: 'した',
  人: 'ひと',
  今: 'いま',
  今日: 'きょう',
  令和: 'れいわ',
  以上: 'いじょう',
  伝: 'つた',
  住所: 'じゅうしょ',
  何: 'なに',
  使: 'つか',
  元: 'がん',
  全部: 'ぜんぶ',
  内容: 'ないよう',
  切: 'き',
  別: 'べつ',
  前: 'まえ',
  取: 'と',
  受: 'う',
  同: 'おな',
  名前: 'なまえ',
  土曜日: 'どようび',
  変: 'か',
  安全: 'あんぜん',
  定期: 'ていき',
  少: 'すこ',
  届: 'とど',
  平成: 'へいせい',
  年: 'ねん',
  待: 'ま',
  心: 'こころ',
  心配: 'しんぱい',
  必要: 'ひつよう',
  手紙: 'てがみ',
  手続: 'てつづ',
  押: 'お',
  文: 'ぶん',
  方: 'かた',
  文字: 'もじ',
  新: 'あたら',
  日: 'にち',
  日曜日: 'にちようび',
  時: 'じ',
  暗証番号: 'あんしょうばんごう',
  更新: 'こうしん',
  書: 'か',
  月: 'がつ',
  月曜日: 'げつようび',
  期限: 'きげん',
  木曜日: 'もくようび',
  次: 'つぎ',
  水曜日: 'すいようび',
  消防: 'しょうぼう',
  消防本部: 'しょうぼうほんぶ',
  火曜日: 'かようび',
  番: 'ばん',
  番号: 'ばんごう',
  登録: 'とうろく',
  直: 'なお',
  知: 'し',
  短: 'みじか',
  確: 'たし',
  確認: 'かくにん',
  窓口: 'まどぐち',
  答: 'こた',
  終: 'お',
  緊急連絡先: 'きんきゅうれんらくさき',
  聞: 'き',
  自分: 'じぶん',
  見: 'み',
  返信: 'へんしん',
  送: 'おく',
  通報: 'つうほう',
  連絡: 'れんらく',
  選: 'えら',
  金: 'かね',
  金曜日: 'きんようび',
  長: 'なが',
  閉: 'と',
  間: 'あいだ',
  電話会社: 'でんわがいしゃ',
  青: 'あお',
  願: 'ねが',
};

/** The days of the month that are not read by their number. */
const DAYS: Readonly<Record<string, string>> = {
  1: 'ついたち',
  2: 'ふつか',
  3: 'みっか',
  4: 'よっか',
  5: 'いつか',
  6: 'むいか',
  7: 'なのか',
  8: 'ようか',
  9: 'ここのか',
  10: 'とおか',
  14: 'じゅうよっか',
  20: 'はつか',
  24: 'にじゅうよっか',
};

const words = Object.keys(READINGS).sort((a, b) => b.length - a.length);
// A day with its number; minutes after a number; then the words, longest first.
const READABLE = new RegExp(
  `(?<!\\d)(?:${Object.keys(DAYS).join('|')})日|(?<=\\d)分|${words.join('|')}`,
  'gu',
);

/** Kept on one line where there is room: a date that is torn apart is easily misread. */
const DATE = /(\d{4}年\d{1,2}月\d{1,2}日)/;

/** One of our texts. */
export function Ja({ text }: { text: string }): VNode {
  const { ruby } = useContext(VisitContext);
  const read = (part: string) => (ruby ? withFurigana(part) : part);
  return (
    <>
      {text.split(DATE).map((part, i) => (i % 2 === 1 ? <span class="date">{read(part)}</span> : read(part)))}
    </>
  );
}

function withFurigana(text: string): (VNode | string)[] {
  const parts: (VNode | string)[] = [];
  let done = 0;
  for (const { 0: word, index } of text.matchAll(READABLE)) {
    parts.push(text.slice(done, index));
    parts.push(
      <ruby>
        {word}
        <rt>{readingOf(word, text.slice(0, index))}</rt>
      </ruby>,
    );
    done = index + word.length;
  }
  parts.push(text.slice(done));
  return parts;
}

function readingOf(word: string, before: string): string {
  // 2分 ふん, 3分 ぷん.
  if (word === '分' && /\d$/.test(before)) return /[2579]$/.test(before) ? 'ふん' : 'ぷん';
  return READINGS[word] ?? DAYS[word.slice(0, -1)] ?? '';
}
