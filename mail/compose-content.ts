/** The facts each mail is made of, by template. */
import type { CivilDate, Instant, Period } from '../domain/calendar.js';
import type { Expiry } from '../domain/cycle.js';

export interface MailHeadquarters {
  displayName: string;
  /** Up to 6 characters; stands in the subject. */
  shortName: string;
  fax: string;
  counter: string;
}

interface Common {
  hq: MailHeadquarters;
  residentName: string;
  /** Of the cycle as it stands: after a renewal the new one. */
  expiry: Expiry;
}

export interface RequestContent extends Common {
  template: 'REQUEST';
  link: string;
  /** How often the headquarters asks; null under a time-based policy. */
  validity: Period | null;
  /** AFTER_NEVER_ASKED: over, but no mail of the cycle was accepted before, so nobody is late. */
  form: 'BEFORE' | 'AFTER' | 'AFTER_NEVER_ASKED';
  /** Nothing automatic follows (R6). */
  lastAutomatic: boolean;
}

export interface ReceiptContent extends Common {
  template: 'RECEIPT';
  /** When the next cycle's first mail goes; `on` is null under a time-based policy. */
  nextMail: { on: CivilDate | null; at: Instant };
}

export interface RequestReceiptContent extends Common {
  template: 'REQUEST_RECEIPT';
  request: 'CHANGE' | 'STOP';
}

export type MailContent = RequestContent | ReceiptContent | RequestReceiptContent;
