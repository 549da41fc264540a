/** One file of letters: the sheet for staff, then each person's pages, written out as they are done. */
import PDFDocument from 'pdfkit';
import type { Letter, LetterPrint, Print } from './content.js';
import { drawFaxCover, drawStaffSheet } from './cover.js';
import { paragraph } from './flow.js';
import type { Paper } from './flow.js';
import { registerFonts } from './fonts.js';
import { drawLetter, pagesOfLetter } from './letter.js';
import { drawReplyForm } from './reply-form.js';
import { INNER, MARGIN, mm } from './sheet.js';

/** Nothing of anybody: the title of a file is shown in lists and window frames. */
const TITLE = '定期更新手続きのお願い';

/** The PDF in pieces, in their order. Between two letters it waits for whoever takes the pieces. */
export async function* compose(print: Print): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces: Uint8Array[] = [];
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    lang: 'ja',
    displayTitle: true,
    pdfVersion: '1.7',
    info: { Title: TITLE, Author: print.hq.displayName },
  });
  doc.on('data', (piece: Uint8Array) => pieces.push(piece));
  const ended = new Promise<void>((resolve) => doc.on('end', resolve));
  const paper: Paper = { doc, fonts: registerFonts(doc), ruby: print.ruby };
  if (print.what === 'BLANK') {
    drawLetter(paper, print, null, 0);
    drawReplyForm(paper, print, null);
  } else {
    if (print.letters.length > 1 || print.missing.length > 0)
      evenOut(paper, print, drawStaffSheet(paper, print));
    for (const letter of print.letters) {
      drawOne(paper, print, letter);
      // A stream of pdfkit passes its data on in the next turn.
      await nextTurn();
      yield* pieces.splice(0);
    }
  }
  doc.end();
  await ended;
  yield* pieces.splice(0);
}

function drawOne(paper: Paper, print: LetterPrint, letter: Letter): void {
  if (print.kind === 'POST') {
    const pages = drawLetter(paper, print, letter, print.printedAt);
    drawReplyForm(paper, print, letter);
    evenOut(paper, print, pages + 1);
    return;
  }
  drawFaxCover(paper, print, letter, pagesOfLetter(paper, print, letter, print.printedAt) + 1);
  drawLetter(paper, print, letter, print.printedAt);
  drawReplyForm(paper, print, letter);
}

/** Printed on both sides, the next person's letter must not begin on the back of this one. */
function evenOut(paper: Paper, { kind }: LetterPrint, pages: number): void {
  if (kind === 'FAX' || pages % 2 === 0) return;
  paper.doc.addPage();
  const place = { size: 11, x: MARGIN, y: mm(20), width: INNER };
  paragraph({ ...paper, ruby: false }, ['このページには、何も書いてありません。'], place);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
