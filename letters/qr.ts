/** A QR code in lines, sharp at any size. */
import QRCode from 'qrcode';

/** Modules around it that must stay white. */
const QUIET = 4;

/** `size`: with the white margin. */
export function drawQr(doc: PDFKit.PDFDocument, text: string, x: number, y: number, size: number): void {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const module = size / (modules.size + 2 * QUIET);
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (!modules.get(row, column)) continue;
      const from = column;
      while (column + 1 < modules.size && modules.get(row, column + 1)) column += 1;
      doc.rect(x + (QUIET + from) * module, y + (QUIET + row) * module, (column + 1 - from) * module, module);
    }
  }
  doc.fill('black');
}
