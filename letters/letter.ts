/** The letter itself: whom it is for, until when, how to answer, and how our mail gets through (R31). */
import type { CivilDate, Instant } from '../domain/calendar.js';
import { dayInWords, fullExpiryInWords } from '../mail/compose-dates.js';
import type { Letter, Print } from './content.js';
import type { Look, Paper, Text } from './flow.js';
import { heightOf, paragraph } from './flow.js';
import { drawQr } from './qr.js';
import { BOTTOM, INNER, MARGIN, PAGE, box, mm, rule } from './sheet.js';
import {
  AT_COUNTER,
  BY_FAX,
  BY_FAX_HOW,
  BY_MAIL,
  BY_MAIL_HOW,
  BY_PHONE,
  BY_PHONE_HOW,
  CARRIERS,
  GOOD_TO_KNOW,
  HOW_TITLE,
  OVER,
  SETTINGS_HELP,
  SETTINGS_HOW,
  SETTINGS_TITLE,
  THREE_ANSWERS,
  TITLE,
  TYPE_IT,
  WHAT_IT_IS,
  howOften,
} from './texts.js';
import { drawAddressee } from './window.js';

/** Right of all that the window could show. */
const SENDER = { x: mm(122), y: mm(14), width: PAGE.width - mm(122) - mm(14) } as const;
/** Below all that it could show. */
const BELOW_WINDOW = mm(61);
const TOP = mm(16);
const FOLDS = [mm(99), mm(198)] as const;
const QR = mm(44);
/** The column of the telephone companies. */
const COMPANY = mm(47);

/** On how many pages the letter would be. */
export function pagesOfLetter(paper: Paper, print: Print, letter: Letter, at: Instant): number {
  const nowhere: object = new Proxy({}, { get: () => () => nowhere });
  return drawLetter({ ...paper, doc: nowhere as PDFKit.PDFDocument }, print, letter, at);
}

/** For one person, or nameless (`letter` null). Returns on how many pages; each begins a page of its own. */
export function drawLetter(paper: Paper, print: Print, letter: Letter | null, at: Instant): number {
  const { doc } = paper;
  const post = print.what === 'LETTERS' && print.kind === 'POST';
  const body: Look = { size: print.large ? 15.5 : 13 };
  const small: Look = { size: print.large ? 14 : 12, leading: 1.4 };
  let pages = 0;
  let y = 0;
  const newPage = () => {
    doc.addPage();
    pages += 1;
    y = TOP;
  };
  const room = (height: number) => {
    if (y + height > BOTTOM) newPage();
  };
  const say = (texts: readonly Text[], look: Look = body, gap = 0) => {
    room(heightOf(paper, texts, look, INNER));
    y = paragraph(paper, texts, { ...look, x: MARGIN, y, width: INNER }) + gap;
  };
  const heading = (texts: readonly Text[], below: number) => {
    const look: Look = { size: body.size + 1.5, weight: 700 };
    room(heightOf(paper, texts, look, INNER) + below);
    y = paragraph(paper, texts, { ...look, x: MARGIN, y: y + 3, width: INNER }) + 2;
    rule(doc, MARGIN, y, INNER, 1.2);
    y += 3;
  };

  newPage();
  drawSender(paper, print, print.printedOn);
  if (letter !== null && post) {
    drawAddressee(paper, letter);
    for (const fold of FOLDS) rule(doc, mm(4), fold, mm(5));
  }
  y = post ? BELOW_WINDOW : mm(50);
  y = paragraph(paper, TITLE, { size: 19, weight: 700, x: MARGIN, y, width: INNER, align: 'center' }) + 4;
  if (letter === null) say(['NET119を{使|つか}っているみなさま'], { ...body, weight: 700 });
  else say([{ free: letter.name, reading: letter.kana }, ' さま'], { ...body, weight: 700 });
  say([{ free: print.hq.displayName }, 'です。', ...WHAT_IT_IS]);
  say(howOften(print.validity));
  const over = letter !== null && at >= letter.expiry.expiresAt;
  if (letter !== null) {
    if (over) say(OVER);
    const until: Look = { size: body.size + 3, weight: 700 };
    const [day = '', era = ''] = fullExpiryInWords(letter.expiry);
    room(until.size * 3);
    box(doc, MARGIN, y + 4, INNER, heightOf(paper, [day], until, INNER) + 7, 1.5);
    y = paragraph(paper, ['{期限|きげん}：', { free: `${day}${era}` }], {
      ...until,
      x: MARGIN,
      y: y + 5,
      width: INNER,
      align: 'center',
    });
    y += 7;
  }

  heading(HOW_TITLE, letter === null ? 60 : QR + 10);
  if (letter === null) {
    y = way(paper, y, BY_MAIL, BY_MAIL_HOW, body);
  } else {
    drawQr(doc, letter.link, MARGIN + INNER - QR, y, QR);
    const width = INNER - QR - mm(4);
    let left = paragraph(paper, ['● ', ...BY_PHONE], { ...body, weight: 700, x: MARGIN, y, width });
    left = paragraph(paper, BY_PHONE_HOW, { ...body, x: MARGIN + mm(5), y: left, width: width - mm(5) });
    left = paragraph(paper, THREE_ANSWERS, { ...small, x: MARGIN + mm(5), y: left, width: width - mm(5) });
    y = Math.max(left, y + QR);
    say([...TYPE_IT], small);
    room(small.size * 3);
    y = paragraph(paper, [{ free: grouped(letter.link) }], {
      size: print.large ? 13 : 12,
      x: MARGIN + mm(5),
      y,
      width: INNER - mm(5),
    });
    y += 2;
  }
  room(body.size * 4);
  y = way(paper, y, BY_FAX, BY_FAX_HOW(print.hq.fax), body);
  y = way(paper, y, AT_COUNTER, [{ free: print.hq.counter }], body);
  y += 3;
  for (const texts of GOOD_TO_KNOW(over)) say(['・', ...texts], small);

  const width = INNER - COMPANY;
  const settings = CARRIERS.reduce((sum, [, texts]) => sum + heightOf(paper, texts, small, width), 0);
  heading(SETTINGS_TITLE, settings + small.size * 6);
  say(SETTINGS_HOW(print.mailFrom), small);
  for (const [company, texts] of CARRIERS) {
    const left = paragraph(paper, [company], { ...small, weight: 700, x: MARGIN, y, width: COMPANY });
    y = Math.max(left, paragraph(paper, texts, { ...small, x: MARGIN + COMPANY, y, width }));
  }
  say(SETTINGS_HELP, small);
  return pages;
}

function way(paper: Paper, y: number, name: readonly Text[], how: readonly Text[], look: Look): number {
  paragraph(paper, ['● ', ...name], { ...look, weight: 700, x: MARGIN, y, width: mm(24) });
  return paragraph(paper, how, { ...look, x: MARGIN + mm(24), y, width: INNER - mm(24) });
}

function drawSender(paper: Paper, { hq }: Print, printedOn: CivilDate): void {
  const plain = { ...paper, ruby: false };
  const look: Look = { size: 10.5, leading: 1.35 };
  let { y } = SENDER;
  for (const [text, weight] of [
    [dayInWords(printedOn), 400],
    [hq.displayName, 700],
    [hq.counter, 400],
    [`FAX ${hq.fax}`, 400],
  ] as const) {
    y = paragraph(plain, [{ free: text }], { ...look, ...SENDER, y, weight });
  }
}

/** https://net119.example.jp/r/abcd efgh …: what has to be typed, in fours. */
export function grouped(link: string): string {
  const from = link.lastIndexOf('/') + 1;
  return link.slice(0, from) + ' ' + (link.slice(from).match(/.{1,4}/gu) ?? []).join(' ');
}
