/** A QR code as inline SVG: no image is loaded, which the page's policy would refuse. */
import type { VNode } from 'preact';
import { create } from 'qrcode';

/** Light modules around it, without which readers do not find it. */
const QUIET = 4;

/** `label` is read out in its place. */
export function QrCode({ text, label }: { text: string; label: string }): VNode {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const { size } = modules;
  const dark: string[] = [];
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (modules.get(y, x)) dark.push(`M${x + QUIET} ${y + QUIET}h1v1h-1z`);
    }
  }
  const whole = size + QUIET * 2;
  return (
    <svg class="qr" viewBox={`0 0 ${whole} ${whole}`} role="img" aria-label={label}>
      <rect width={whole} height={whole} fill="#fff" />
      <path d={dark.join('')} fill="#000" />
    </svg>
  );
}
