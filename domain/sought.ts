/** What somebody typed in a hurry to find one person: full-width letters, spaces, hyphens of every kind, either kana. */

export interface Sought {
  /** As it was typed, with plain hyphens, and in capitals: registration numbers are one of them. */
  numbers: string[];
  /** Without spaces, Latin letters small. */
  name: string;
  /** Without spaces, as hiragana. */
  kana: string;
  /** Digits of a whole telephone number, as 0… and as 81…; empty: it was none. */
  mobiles: string[];
}

const HYPHENS = /[-‐‑‒–—―−ーｰ]/g;
const SHORTEST_NUMBER = 10;
const LONGEST_NUMBER = 13;

export function soughtOf(typed: string): Sought {
  const text = typed.normalize('NFKC').replace(/\s/g, '');
  const plain = text.replace(HYPHENS, '-');
  return {
    numbers: [text, plain, plain.toUpperCase()],
    name: text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
    kana: text.replace(/[ァ-ヶ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x60)),
    mobiles: telephoneDigits(plain),
  };
}

/** R17: whoever writes +81, and whoever writes 0, means the same telephone. */
export function telephoneDigits(typed: string): string[] {
  const plain = typed.normalize('NFKC').replace(/\s/g, '').replace(HYPHENS, '-');
  if (!/^\+?[\d\-()]+$/.test(plain)) return [];
  const digits = plain.replace(/\D/g, '');
  if (digits.length < SHORTEST_NUMBER || digits.length > LONGEST_NUMBER) return [];
  if (digits.startsWith('81')) return [digits, `0${digits.slice(2).replace(/^0/, '')}`];
  return digits.startsWith('0') ? [digits, `81${digits.slice(1)}`] : [digits];
}
