/**
 * The two fonts, and which of them has a character. pdfkit draws nothing, or another shape, where a font lacks one; so every
 * text is asked here first (R31: printed right or refused, never blank).
 */
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';

const require = createRequire(import.meta.url);
const FILES = {
  'biz-400': '@expo-google-fonts/biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf',
  'biz-700': '@expo-google-fonts/biz-udpgothic/700Bold/BIZUDPGothic_700Bold.ttf',
  'noto-400': '@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf',
  'noto-700': '@expo-google-fonts/noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf',
} as const;
export type Face = keyof typeof FILES;
export type Weight = 400 | 700;
/** In the order in which they are asked. */
const FAMILIES = ['biz', 'noto'] as const;

interface Glyph {
  id: number;
  advanceWidth: number;
  path: { commands: unknown[] };
}

interface VariationSelector {
  varSelector: number;
  defaultUVS?: { startUnicodeValue: number; additionalCount: number }[];
  nonDefaultUVS?: { unicodeValue: number; glyphID: number }[];
}

/** What pdfkit's own font library gives; pdfkit's types do not tell of it. */
interface OpenFont {
  unitsPerEm: number;
  hasGlyphForCodePoint(codePoint: number): boolean;
  glyphForCodePoint(codePoint: number): Glyph;
  glyphsForString(text: string): Glyph[];
  _cmapProcessor: {
    uvs: { varSelectors: { toArray(): VariationSelector[] } } | null;
    getVariationSelector(base: number, selector: number): number;
  };
}

export interface Measured {
  face: Face;
  /** Of a font of size 1. */
  width: number;
}

export interface Fonts {
  /** Null: neither font draws this cluster (a character with its variation selector, if any) as it is meant. */
  measure(cluster: string, weight: Weight): Measured | null;
}

/** Makes `doc` know the faces by their names; a file is read when its face is first used. */
export function registerFonts(doc: PDFKit.PDFDocument): Fonts {
  for (const [face, file] of Object.entries(FILES)) doc.registerFont(face, require.resolve(file));
  const opened = new Map<Face, OpenFont>();
  const known = new Map<string, Measured | null>();
  const open = (face: Face): OpenFont => {
    let font = opened.get(face);
    if (font === undefined) {
      doc.font(face);
      const opening = (doc as unknown as { _font: { font: OpenFont } })._font.font;
      // Its own look-up passes over the special glyphs of a selector that has usual ones as well.
      opening._cmapProcessor.getVariationSelector = (base, selector) =>
        variantOf(opening, base, selector) ?? 0;
      font = opening;
      opened.set(face, font);
    }
    return font;
  };
  return {
    measure(cluster, weight) {
      const key = `${weight}${cluster}`;
      let found = known.get(key);
      if (found === undefined) {
        found = null;
        for (const family of FAMILIES) {
          const face: Face = `${family}-${weight}`;
          const font = open(face);
          const glyph = rightGlyph(font, cluster);
          if (glyph === null) continue;
          found = { face, width: glyph.advanceWidth / font.unitsPerEm };
          break;
        }
        known.set(key, found);
      }
      return found;
    },
  };
}

let ownFonts: Fonts | null = null;

/** For asking only: a document of its own that is never written. */
export function askableFonts(): Fonts {
  ownFonts ??= registerFonts(new PDFDocument({ autoFirstPage: false }));
  return ownFonts;
}

function rightGlyph(font: OpenFont, cluster: string): Glyph | null {
  const [base = 0, selector, ...more] = [...cluster].map((char) => char.codePointAt(0) ?? 0);
  if (more.length > 0 || !font.hasGlyphForCodePoint(base)) return null;
  const glyphs = font.glyphsForString(cluster);
  const [glyph] = glyphs;
  if (glyph === undefined || glyphs.length !== 1 || glyph.id === 0) return null;
  if (selector !== undefined && glyph.id !== variantOf(font, base, selector)) return null;
  // Some fonts have a glyph without a line in it.
  const blank = /^\s$/u.test(String.fromCodePoint(base));
  return blank || glyph.path.commands.length > 0 ? glyph : null;
}

/** The glyph that the font itself names for a variation sequence; null: it knows nothing of it. */
function variantOf(font: OpenFont, base: number, selector: number): number | null {
  const selectors = font._cmapProcessor.uvs?.varSelectors.toArray() ?? [];
  const found = selectors.find(({ varSelector }) => varSelector === selector);
  const other = found?.nonDefaultUVS?.find(({ unicodeValue }) => unicodeValue === base);
  if (other !== undefined) return other.glyphID;
  const usual = found?.defaultUVS?.some(
    ({ startUnicodeValue, additionalCount }) =>
      base >= startUnicodeValue && base <= startUnicodeValue + additionalCount,
  );
  return usual === true ? font.glyphForCodePoint(base).id : null;
}
