/** A4, in points, and what every sheet has: black lines that a FAX keeps (0.75 pt and more), nothing grey. */
export const PAGE = { width: 595.28, height: 841.89 } as const;
/** A point is 1/72 inch. */
export const mm = (millimetres: number): number => (millimetres * 72) / 25.4;

export const MARGIN = mm(20);
export const INNER = PAGE.width - 2 * MARGIN;
export const BOTTOM = PAGE.height - mm(14);
const LINE = 0.9;

export function rule(doc: PDFKit.PDFDocument, x: number, y: number, width: number, line = LINE): void {
  doc
    .lineWidth(line)
    .moveTo(x, y)
    .lineTo(x + width, y)
    .stroke('black');
}

export function box(
  doc: PDFKit.PDFDocument,
  x: number,
  y: number,
  width: number,
  height: number,
  line = LINE,
): void {
  doc.lineWidth(line).rect(x, y, width, height).stroke('black');
}

/** One box for each letter, as a FAX is read best. */
export function letterBoxes(
  doc: PDFKit.PDFDocument,
  {
    x,
    y,
    count,
    size,
    height = size,
  }: { x: number; y: number; count: number; size: number; height?: number },
): void {
  doc.lineWidth(LINE);
  doc.rect(x, y, count * size, height);
  for (let i = 1; i < count; i += 1) doc.moveTo(x + i * size, y).lineTo(x + i * size, y + height);
  doc.stroke('black');
}
