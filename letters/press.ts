/** What can be printed, asked before anything is (R31: printed right or refused with a clear message, never blank). */
import { unprintableIn } from './characters.js';
import { askableFonts } from './fonts.js';
import type { Addressee } from './window.js';
import { fitsWindow } from './window.js';

/** Answers from the fonts themselves; they are read once, at the first question. */
export const press = {
  /** The characters that cannot be printed right, each once, as staff may be shown them. */
  unprintable: (text: string): string[] => unprintableIn(askableFonts(), text),
  /** For letters by post: a text that can be printed, and is not too long for the window of the envelope. */
  fitsWindow: (addressee: Addressee): boolean => fitsWindow(askableFonts(), addressee),
};
