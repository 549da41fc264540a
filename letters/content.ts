/** What is to be printed, as it goes to the thread that composes it: plain data. */
import type { CivilDate, Instant, Period } from '../domain/calendar.js';
import type { Expiry } from '../domain/cycle.js';

export interface LetterHeadquarters {
  displayName: string;
  fax: string;
  counter: string;
}

/** What is the same on all letters of one file. */
interface Common {
  hq: LetterHeadquarters;
  /** How often the headquarters asks; null under a time-based policy. */
  validity: Period | null;
  /** The From address of our mails, which phones must let in. */
  mailFrom: string;
  printedOn: CivilDate;
  /** 大きい文字. */
  large: boolean;
  /** ふりがな, of our own words and of the name. */
  ruby: boolean;
}

export interface Letter {
  name: string;
  kana: string;
  registrationNumber: string;
  /** As registered; with or without 〒. */
  postalAddress: string;
  fax: string;
  expiry: Expiry;
  /** The whole address of its page. */
  link: string;
}

/** On the sheet for staff: who has no letter in this file, and why, in Japanese. */
export interface Missing {
  name: string;
  registrationNumber: string;
  why: string;
}

export interface LetterPrint extends Common {
  what: 'LETTERS';
  kind: 'POST' | 'FAX';
  printedAt: Instant;
  letters: readonly Letter[];
  missing: readonly Missing[];
}

/** R31 [S]: the nameless one. */
export interface BlankPrint extends Common {
  what: 'BLANK';
}

export type Print = LetterPrint | BlankPrint;
