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

/** To an address that may be anybody's (R19): nothing of the person, and nothing of what the mail is about. */
export interface CheckContent {
  template: 'CHECK';
  hq: MailHeadquarters;
  link: string;
  /** An address that was only just given; or one we have been writing to (R18, R37). */
  form: 'NEW_ADDRESS' | 'KNOWN_ADDRESS';
  /** The last whole day on which the link can be answered; null: it does not end by itself. */
  answerBy: CivilDate | null;
}

/** To the address that was replaced (R19): as nameless as a check mail, and without a link. */
export interface AddressNoticeContent {
  template: 'ADDRESS_NOTICE';
  hq: MailHeadquarters;
}

/** Mails about the account, to the person; the others are about an address only. */
export type PersonalContent = RequestContent | ReceiptContent | RequestReceiptContent;
export type MailContent = PersonalContent | CheckContent | AddressNoticeContent;
