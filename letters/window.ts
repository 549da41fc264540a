/**
 * The window of an envelope 長形3号 (120 × 235 mm; window 45 × 90 mm, 22 mm from the left, 12 mm from the top), and A4 folded
 * in three, which slides in it by 19 mm upwards and 21 mm to the side: what stands here is seen in any position, and
 * nothing else of the letter ever is.
 */
import type { Fonts } from './fonts.js';
import type { Look, Paper, Text } from './flow.js';
import { heightOf, paragraph } from './flow.js';
import { tidy } from './characters.js';
import { mm } from './sheet.js';

const WINDOW = { x: mm(23), y: mm(12), width: mm(67), height: mm(26) } as const;
/** Down to what a postman reads. */
const SIZES = [12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8] as const;
const NAME_BIGGER = 1.15;
/** Up to so many letters the name is written bigger than the address. */
const SHORT_NAME = 20;

export interface Addressee {
  name: string;
  postalAddress: string;
}

/** False where a postal address and a name are too long to be seen whole. */
export function fitsWindow(fonts: Fonts, addressee: Addressee): boolean {
  const paper = { fonts, ruby: false, doc: undefined as unknown as PDFKit.PDFDocument };
  return sizeFor(paper, addressee) !== null;
}

export function drawAddressee(paper: Paper, addressee: Addressee): void {
  const plain = { ...paper, ruby: false };
  const size = sizeFor(plain, addressee);
  if (size === null) throw new Error('an address that does not fit the window');
  let y = WINDOW.y;
  for (const { texts, look } of blocks(addressee, size)) {
    y = paragraph(plain, texts, { ...look, x: WINDOW.x, y, width: WINDOW.width });
  }
}

function sizeFor(paper: Paper, addressee: Addressee): number | null {
  for (const size of SIZES) {
    const height = blocks(addressee, size).reduce(
      (sum, { texts, look }) => sum + heightOf(paper, texts, look, WINDOW.width),
      0,
    );
    if (height <= WINDOW.height) return size;
  }
  return null;
}

function blocks({ name, postalAddress }: Addressee, size: number): { texts: Text[]; look: Look }[] {
  const [, code, rest = ''] =
    /^〒?\s*(\d{3}-?\d{4})?\s*(.*)$/su.exec(halfWidthCode(tidy(postalAddress))) ?? [];
  const look = { size, leading: 1.25 };
  return [
    ...(code === undefined ? [] : [{ texts: [`〒${code.replace(/^(\d{3})-?/, '$1-')}`], look }]),
    { texts: [{ free: rest }], look },
    {
      texts: [{ free: name }, '　様'],
      look: [...name].length <= SHORT_NAME ? { size: size * NAME_BIGGER, leading: 1.4 } : look,
    },
  ];
}

/** Full-width digits and hyphens of the post code at its beginning. */
function halfWidthCode(address: string): string {
  return address.replace(/^〒?\s*[０-９0-9]{3}[-－‐−ー]?[０-９0-9]{4}/u, (code) =>
    code.normalize('NFKC').replace(/[‐−ー]/gu, '-'),
  );
}
