/** What became of one recipient, and the small readings that every kind of report shares. */
import type { Finding } from './report.js';
import { tidy } from './text.js';

export type Action = Finding['action'] | 'SUCCESS';

/** `action` is null where the report tells nothing about it. */
export interface Fate extends Omit<Finding, 'action'> {
  action: Action | null;
  /** The address to which a server had passed it on, where that is the one that failed. */
  passedOnTo?: string | null;
}

/** RFC 5321's 64 + 1 + 255, and room for what is written around it. */
const LONGEST_ADDRESS = 330;
const ENHANCED = /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d]|\.\d)/;
const REPLY_CODE = /(?:^|[\s:;'"(<#=-])([245]\d\d)(?=[\s:;,'")#-]|$)/;
const GIVEN_UP =
  /\b(?:envelope|message|mail|delivery time|queue (?:time|lifetime)) (?:has |was )?expired\b|\b(?:gave|given|giving) up\b|\bwill (?:be deleted from queue|not be retried)\b/i;

/** `5.1.1` out of `550 5.1.1 no such user`; an address of a machine is none. */
export function statusIn(text: string): string | null {
  return ENHANCED.exec(text)?.[1] ?? null;
}

export function hasReply(text: string): boolean {
  return ENHANCED.test(text) || REPLY_CODE.test(text);
}

export function tidyAddress(text: string): string | null {
  return tidy(text.replace(/^["'\s]+(?=[^"']*$)|["'\s]+$/g, ''), LONGEST_ADDRESS);
}

/** A server that says 「delayed」 of a mail that it no longer has (OpenSMTPD: 4.4.7, 「Envelope expired」). */
export function hasGivenUp(text: string): boolean {
  return GIVEN_UP.test(text);
}

/** By the first digit of the status, else of the reply code. */
export function actionOfCode(status: string | null, diagnostic: string | null): Action | null {
  switch (status?.[0] ?? REPLY_CODE.exec(diagnostic ?? '')?.[1]?.[0]) {
    case '2':
      return 'SUCCESS';
    case '4':
      return 'DELAYED';
    case '5':
      return 'FAILED';
    default:
      return null;
  }
}
