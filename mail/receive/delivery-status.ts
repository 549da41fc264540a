/** RFC 3464 (and RFC 6533) status fields: one group about the mail, one for each recipient. */
import { decodeWords } from 'postal-mime';
import { actionOfCode, hasGivenUp, statusIn, tidyAddress } from './fate.js';
import type { Action, Fate } from './fate.js';
import { readGroups, withoutComments, withoutType } from './fields.js';
import type { Fields } from './fields.js';
import { tidy } from './text.js';

const STATUS_TYPES = new Set(['message/delivery-status', 'message/global-delivery-status']);
/** Fields of a recipient: a group without any of them is about the whole mail. */
const OF_RECIPIENT = ['final-recipient', 'original-recipient', 'action', 'status', 'diagnostic-code'];
const STATUS_FIELDS = /^(?:reporting-mta|final-recipient|original-recipient)[ \t]{0,5}:/im;

/** By its type, or, sent as something else, by what is in it. */
export function isDeliveryStatus(type: string, text: string): boolean {
  if (isStatusType(type)) return true;
  return (
    !type.startsWith('message/') && type !== 'text/rfc822-headers' && STATUS_FIELDS.test(text.slice(0, 2_000))
  );
}

export function isStatusType(type: string): boolean {
  return STATUS_TYPES.has(type);
}

/** Where status fields begin in the words of a report; -1 when there are none. */
export function findStatusFields(text: string): number {
  return text.search(STATUS_FIELDS);
}

/** What is told of one recipient, and every address by which it is called. */
export interface Told {
  fate: Fate;
  /** Lower case: the original recipient and the final one. */
  names: readonly string[];
}

export function readDeliveryStatus(text: string): Told[] {
  const recipients: Map<string, string>[] = [];
  for (const group of readGroups(text)) {
    if (!OF_RECIPIENT.some((name) => group.has(name))) continue;
    const above = recipients.at(-1);
    if (above === undefined || group.has('final-recipient') || group.has('original-recipient')) {
      recipients.push(new Map(group));
      continue;
    }
    // A blank line too many tears a recipient's fields apart.
    for (const [name, value] of group) if (!above.has(name)) above.set(name, value);
  }
  return recipients.map((fields) => ({ fate: toFate(fields), names: namesIn(fields) }));
}

function toFate(fields: Fields): Fate {
  const said = [fields.get('diagnostic-code'), fields.get('x-supplementary-info')].find(Boolean) ?? '';
  // PowerMTA: the reason is a comment beside the number.
  const comment = /\(([^()]{5,300})\)/.exec(fields.get('status') ?? '')?.[1] ?? '';
  const diagnostic = tidy(decodeWords(said || comment).replace(/^\s*[A-Za-z][\w.-]{0,30}\s*;/, ''));
  const status = statusIn(fields.get('status') ?? '') ?? statusIn(diagnostic ?? '');
  return {
    action: actionOf(fields, status, diagnostic),
    recipient: recipientOf(fields),
    status,
    diagnostic,
    remoteMta: tidy(withoutType(fields.get('remote-mta') ?? '')),
  };
}

function namesIn(fields: Fields): string[] {
  const named = ['original-recipient', 'final-recipient'].map((name) => address(fields.get(name) ?? ''));
  return named.flatMap((name) => (name === null ? [] : [name.toLowerCase()]));
}

/** Whom we wrote to, where it is told: the final recipient may be the one it was forwarded to. */
function recipientOf(fields: Fields): string | null {
  const named = ['original-recipient', 'final-recipient'].map((name) => address(fields.get(name) ?? ''));
  return named.find((text) => text?.includes('@')) ?? named.find((text) => text !== null) ?? null;
}

function address(value: string): string | null {
  const isUnicode = /^\s*utf-8\s*;/i.test(value);
  const text = withoutType(value);
  // RFC 6533: `\x{8FD4}` for what does not fit into ASCII.
  return tidyAddress(isUnicode ? text.replace(/\\x\{([0-9a-f]{2,6})\}/gi, character) : text);
}

function character(written: string, hex: string): string {
  const point = parseInt(hex, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : written;
}

function actionOf(fields: Fields, status: string | null, diagnostic: string | null): Action | null {
  const word = withoutComments(fields.get('action') ?? '').toLowerCase();
  if (/^fail/.test(word)) return 'FAILED';
  if (/^(?:delivered|relayed|expanded)/.test(word)) return 'SUCCESS';
  const action = /^delay/.test(word) ? 'DELAYED' : actionOfCode(status, diagnostic);
  return action === 'DELAYED' && !fields.has('will-retry-until') && hasGivenUp(diagnostic ?? '')
    ? 'FAILED'
    : action;
}
