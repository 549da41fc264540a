/** Sheets that are not for the person: what lies on top for staff, and what goes before a FAX. */
import { dayInWords, momentInWords } from '../mail/compose-dates.js';
import type { Letter, LetterPrint } from './content.js';
import type { Look, Paper, Text } from './flow.js';
import { paragraph } from './flow.js';
import { BOTTOM, INNER, MARGIN, box, mm, rule } from './sheet.js';

const LIST: Look = { size: 9.5, leading: 1.35 };
const COLUMNS = 2;
const GAP = mm(6);
/** Of a name on the list; the number beside it says who it is. */
const MOST_LETTERS = 16;

/** Who is in it and in which order, who is not and why, and how it is sent. Returns on how many pages. */
export function drawStaffSheet(paper: Paper, print: LetterPrint): number {
  const plain = { ...paper, ruby: false };
  const { doc } = paper;
  const post = print.kind === 'POST';
  doc.addPage();
  let pages = 1;
  let y = mm(14);
  const say = (text: string, look: Look, gap = 2) => {
    y = paragraph(plain, [{ free: text }], { ...look, x: MARGIN, y, width: INNER }) + gap;
  };
  box(doc, MARGIN, y, INNER, mm(15), 2);
  paragraph(plain, ['職員用の表紙：この紙は送らないでください'], {
    size: 18,
    weight: 700,
    x: MARGIN,
    y: y + mm(3),
    width: INNER,
    align: 'center',
  });
  y += mm(18);
  say(`案内書（${post ? '郵送' : 'FAX'}）　${print.letters.length}人`, { size: 15, weight: 700 });
  say(`印刷した日時：${momentInWords(print.printedAt)}　${print.hq.displayName}`, { size: 11 });
  for (const line of post
    ? [
        '・かならず封書で送ってください。はがきでは送れません（登録していることが、ほかの人に見えます）。',
        '・窓あき封筒は長形3号です。印刷面を外にして、左の印で三つに折ると、宛名が窓から見えます。',
        '・1人分ずつ、名前をよく見て、ほかの人の紙がまじらないように入れてください。',
      ]
    : [
        '・送る前に、FAX番号を2人で確かめてください。番号をまちがえると、登録していることが、ほかの人に知られます。',
        '・1人分ずつ、送信票から順に送ってください。',
      ])
    say(line, { size: 11 });
  y += 4;
  const columnWidth = (INNER - GAP) / COLUMNS;
  let column = 0;
  let top = y;
  const entry = (text: string) => {
    if (y + LIST.size * 1.5 > BOTTOM) {
      column += 1;
      if (column === COLUMNS) {
        doc.addPage();
        pages += 1;
        column = 0;
        top = mm(14);
      }
      y = top;
    }
    y = paragraph(plain, [{ free: text }], {
      ...LIST,
      x: MARGIN + column * (columnWidth + GAP),
      y,
      width: columnWidth,
    });
  };
  print.letters.forEach(({ registrationNumber, name }, i) =>
    entry(`${i + 1}. ${shortened(name)}　${registrationNumber}`),
  );
  if (print.missing.length > 0) {
    entry('　');
    entry(`入っていない人（${print.missing.length}人）`);
    for (const { registrationNumber, why } of print.missing)
      entry(`× 登録番号 ${registrationNumber}：${why}`);
  }
  return pages;
}

/** FAX送信票: says nothing of NET119, for whoever stands beside the machine. */
export function drawFaxCover(paper: Paper, print: LetterPrint, letter: Letter, sheets: number): void {
  const plain = { ...paper, ruby: false };
  const { doc } = paper;
  doc.addPage();
  let y = mm(25);
  y =
    paragraph(plain, ['FAX送信票'], { size: 26, weight: 700, x: MARGIN, y, width: INNER, align: 'center' }) +
    mm(10);
  const row = (label: string, value: Text[], size: number) => {
    paragraph(plain, [label], { size: 13, x: MARGIN, y: y + 3, width: mm(32) });
    y = paragraph(plain, value, { size, x: MARGIN + mm(34), y, width: INNER - mm(34) }) + 4;
    rule(doc, MARGIN, y, INNER);
    y += 6;
  };
  row('送り先', [{ free: letter.name }, '　様'], [...letter.name].length <= 20 ? 18 : 12);
  row('FAX', [{ free: letter.fax }], 20);
  row('送り主', [{ free: print.hq.displayName }], 16);
  row('', [{ free: print.hq.counter }], 12);
  row('FAX', [{ free: print.hq.fax }], 16);
  row('日', [{ free: dayInWords(print.printedOn) }], 14);
  row('枚数', [{ free: `この紙を入れて ${sheets + 1}枚` }], 14);
  row('用件', ['お願いしたい手続きがあります。次の紙を見てください。'], 14);
  y += mm(8);
  box(doc, MARGIN, y, INNER, mm(26), 1.5);
  paragraph(
    plain,
    [
      'この人でない方へ：まちがって届いたときは、次の紙を読まないで捨ててください。上の送り主に、FAXで知らせていただけると助かります。',
    ],
    { size: 12.5, x: MARGIN + mm(4), y: y + mm(4), width: INNER - mm(8) },
  );
}

function shortened(name: string): string {
  const letters = [...name];
  return letters.length <= MOST_LETTERS ? name : `${letters.slice(0, MOST_LETTERS).join('')}…`;
}
