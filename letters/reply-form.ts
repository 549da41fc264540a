/** 「FAXで返事をする紙」: one page, drawn so that it can be read after being faxed twice. */
import type { Letter, Print } from './content.js';
import type { Look, Paper, Text } from './flow.js';
import { paragraph } from './flow.js';
import { INNER, MARGIN, box, letterBoxes, mm, rule } from './sheet.js';
import { FORM } from './texts.js';

const TICK = mm(7);
const LETTER = mm(8.5);
const LETTER_HEIGHT = mm(9);
const LETTERS_IN_A_ROW = 20;
const NUMBER_LENGTH = 11;
const LONG_NUMBER = 20;

/** `letter` null: with empty fields for number and name. */
export function drawReplyForm(paper: Paper, print: Print, letter: Letter | null): void {
  const { doc } = paper;
  doc.addPage();
  const label: Look = { size: print.large ? 13.5 : 12, leading: 1.3 };
  let y = mm(12);
  y =
    paragraph(paper, FORM.title, { size: 18, weight: 700, x: MARGIN, y, width: INNER, align: 'center' }) + 3;
  box(doc, MARGIN, y, INNER, mm(17), 2);
  paragraph(paper, FORM.to, { size: 13, weight: 700, x: MARGIN + mm(4), y: y + mm(4.5), width: mm(35) });
  const plain = { ...paper, ruby: false };
  paragraph(plain, [{ free: print.hq.fax }], {
    size: 27,
    weight: 700,
    x: MARGIN + mm(42),
    y: y + mm(1),
    width: INNER - mm(44),
  });
  y += mm(18.5);
  y =
    paragraph(paper, [{ free: print.hq.displayName }, '　', ...FORM.thisPage], {
      ...label,
      x: MARGIN,
      y,
      width: INNER,
    }) + 4;

  y = drawWho(paper, letter, label, y);
  y =
    paragraph(paper, FORM.question, { size: label.size + 1.5, weight: 700, x: MARGIN, y, width: INNER }) + 4;
  for (const answer of FORM.answers) {
    box(doc, MARGIN, y, TICK, TICK, 1.5);
    paragraph(paper, answer, {
      size: label.size + 1,
      x: MARGIN + TICK + mm(3),
      y: y + (paper.ruby ? -1 : 2),
      width: INNER - TICK,
    });
    y += TICK + mm(2.6);
  }
  rule(doc, MARGIN, y, INNER, 1.2);
  y += 3;

  const field = (texts: readonly Text[], rows: number, count: number) => {
    y = paragraph(paper, texts, { ...label, x: MARGIN, y, width: INNER }) + 2;
    for (let row = 0; row < rows; row += 1) {
      letterBoxes(doc, { x: MARGIN, y, count, size: LETTER, height: LETTER_HEIGHT });
      y += LETTER_HEIGHT;
    }
    y += 3;
  };
  field(FORM.mail, print.ruby ? 2 : 3, LETTERS_IN_A_ROW);
  field(FORM.mobile, 1, NUMBER_LENGTH);
  field(FORM.fax, 1, NUMBER_LENGTH);
  field(FORM.newName, 1, LETTERS_IN_A_ROW);
  y = paragraph(paper, FORM.address, { ...label, x: MARGIN, y, width: INNER }) + 2;
  const last = mm(276);
  box(doc, MARGIN, y, INNER, last - y);
  y = last + 3;
  paragraph(paper, FORM.written, { ...label, x: MARGIN, y, width: mm(75) });
  paragraph(paper, FORM.writer, { ...label, x: MARGIN + mm(75), y, width: INNER - mm(75) });
}

function drawWho(paper: Paper, letter: Letter | null, label: Look, top: number): number {
  const { doc } = paper;
  const plain = { ...paper, ruby: false };
  const x = MARGIN + mm(26);
  let y = top;
  paragraph(paper, FORM.number, { ...label, weight: 700, x: MARGIN, y: y + 4, width: mm(26) });
  if (letter === null) {
    letterBoxes(doc, { x, y, count: Math.floor((INNER - mm(26)) / mm(8)), size: mm(8) });
    y += mm(9.5);
  } else {
    // As long as they fit, each in its box, as they are typed in again from a FAX.
    const letters = [...letter.registrationNumber];
    const size = Math.min(mm(8), (INNER - mm(26)) / letters.length);
    if (letters.length <= LONG_NUMBER) {
      letterBoxes(doc, { x, y, count: letters.length, size, height: mm(8) });
      letters.forEach((each, i) => {
        const place = { x: x + i * size, y: y + 1, width: size, align: 'center' as const };
        paragraph(plain, [{ free: each }], {
          size: Math.min(14, size * 0.75),
          weight: 700,
          leading: 1.3,
          ...place,
        });
      });
    } else {
      paragraph(plain, [{ free: letter.registrationNumber }], {
        size: 11,
        weight: 700,
        x,
        y,
        width: INNER - mm(26),
      });
    }
    y += mm(9.5);
  }
  paragraph(paper, FORM.name, { ...label, weight: 700, x: MARGIN, y, width: mm(26) });
  if (letter === null) {
    rule(doc, x, y + mm(8), INNER - mm(26));
    return y + mm(11);
  }
  const short = [...letter.name].length <= 24;
  return (
    paragraph(plain, [{ free: letter.name }], {
      size: short ? 14 : 9.5,
      leading: 1.3,
      x,
      y,
      width: INNER - mm(26),
    }) + 4
  );
}
