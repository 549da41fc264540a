/** What was typed into a search, as the store compares each field (migration 0008 says the same in SQL). */
import { addressKey, parseMailAddress } from '../mail/addresses.js';
import type { SearchKeys } from '../store/account-search.js';

const KATAKANA = /[\u30a1-\u30f6]/g;
const TO_HIRAGANA = 0x60;

export function nameKey(text: string): string {
  return withoutSpaces(text).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export function kanaKey(text: string): string {
  return withoutSpaces(text).replace(KATAKANA, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) - TO_HIRAGANA),
  );
}

/** Digits alone; +81 is 0. */
export function mobileKey(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/^ *\+81/, '0')
    .replace(/[^0-9]/g, '');
}

export function searchKeys(typed: string): SearchKeys {
  const text = typed.normalize('NFKC').trim();
  const address = parseMailAddress(text);
  return {
    numbers: [...new Set([typed.trim(), text, text.toUpperCase()])],
    name: nameKey(text),
    kana: kanaKey(text),
    // Else every text with a digit in it would be one.
    mobile: /^\+?[0-9()\- ー−‐]+$/.test(text) ? mobileKey(text) : null,
    address: address.ok ? addressKey(address.address) : null,
  };
}

function withoutSpaces(text: string): string {
  return text.normalize('NFKC').replaceAll(' ', '');
}
