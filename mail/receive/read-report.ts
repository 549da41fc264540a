/** Reads a mail that came back to a return path: what it is, whom it speaks of, and what it says. */
import { wasDelivered } from './behind.js';
import { findStatusFields, isDeliveryStatus, isStatusType, readDeliveryStatus } from './delivery-status.js';
import type { Told } from './delivery-status.js';
import { hasGivenUp, tidyAddress } from './fate.js';
import type { Fate } from './fate.js';
import { declaredKind, harmlessKind, isNote } from './not-a-failure.js';
import { openMail } from './open-mail.js';
import type { OpenedMail } from './open-mail.js';
import { originalMessageId, originalRecipient, returnsOriginal } from './original.js';
import { readProse } from './prose.js';
import type { Prose } from './prose.js';
import type { Finding, Reading } from './report.js';
import { hasNullReturnPath, isAnswer, senderOf } from './sender.js';
import type { Sender } from './sender.js';

const FINDINGS = 100;
const REPORT_TYPES = ['', 'delivery-status', 'global-delivery-status'];

/**
 * Never throws; reads a bounded part of `raw`, whatever its size. `hasNoSender`: the envelope it came in named none, as
 * that of every report; a `Return-Path` in the mail itself says it better.
 */
export async function readReport(raw: Buffer, hasNoSender = false): Promise<Reading> {
  try {
    const mail = await openMail(raw, hasNoSender);
    const within = reportWithin(mail);
    return readOpened(within === null ? mail : await openMail(within));
  } catch {
    // Not a mail that can be taken apart: what it says is unknown, and nothing follows from it.
    return { what: 'UNREADABLE', messageId: null };
  }
}

/** A gateway that wraps the whole report of the server behind it, with words of its own that tell nothing. */
function reportWithin(mail: OpenedMail): Buffer | null {
  if (senderOf(mail, false) !== 'SERVER' || statusTexts(mail).length > 0) return null;
  const wrapped = mail.parts.find(
    ({ type, text }) =>
      type === 'message/rfc822' && WRAPPED_REPORT.test(text.slice(0, 16_000).split(/\r?\n\r?\n/)[0] ?? ''),
  );
  return wrapped === undefined ? null : Buffer.from(wrapped.text);
}

/** In the header of a mail within. */
const WRAPPED_REPORT = /^content-type:\s{0,20}multipart\/report\b(?:[^\n]|\n[ \t]){0,300}delivery-status/im;

function readOpened(mail: OpenedMail): Reading {
  const prose = readProse(mail.text, mail.header('subject'), ownAddresses(mail));
  const messageId = originalMessageId(mail, prose.copy);
  const declared = declaredKind(mail);
  if (declared !== null) return { what: declared, messageId };

  const sender = senderOf(mail, returnsOriginal(mail, prose.copy));
  const told = toldIn(mail, prose, sender);
  const originalTo = originalRecipient(mail, prose.copy);
  const fates = wasDelivered(told, originalTo) ? [] : told.map(({ fate }) => fate);
  const findings = fates.filter(isFinding).slice(0, FINDINGS);
  if (findings.length > 0) return { what: 'REPORT', findings, messageId, originalTo };
  if (told.some(({ fate }) => fate.action === 'SUCCESS')) return { what: 'SUCCESS', messageId };
  return { what: harmlessKind(mail, sender !== 'ANYBODY') ?? 'NOT_A_REPORT', messageId };
}

/** Status fields and words count in what declares itself a report, and in what a machine sent. */
function toldIn(mail: OpenedMail, prose: Prose, sender: Sender): Told[] {
  const isReport = mail.type === 'multipart/report' && REPORT_TYPES.includes(mail.reportType);
  if (isReport || sender !== 'ANYBODY' || returnsStatus(mail)) {
    const fields = statusTexts(mail).flatMap(readDeliveryStatus);
    const isOnlyOne = fields.length === 1;
    if (fields.length > 0) {
      return fields.map((one) => ({ ...one, fate: completed(one.fate, prose.fates, isOnlyOne) }));
    }
  }
  // A report of no kind may be of any.
  const isDeclared = isReport && mail.reportType !== '';
  if (!isDeclared && (sender === 'ANYBODY' || isNote(mail, sender === 'SERVER' ? prose.above : mail.text)))
    return [];
  const fates = prose.fates.map((fate) => named(fate, mail));
  // Anybody may call himself a mail system: what names nobody is no report then.
  const believed = isDeclared || sender === 'SERVER' ? fates : fates.filter(({ recipient }) => recipient);
  return believed.map((fate) => ({ fate, names: fate.recipient ? [fate.recipient.toLowerCase()] : [] }));
}

/** Status fields in a part of their own type, in a mail that nobody waits to be answered. */
function returnsStatus(mail: OpenedMail): boolean {
  return hasNullReturnPath(mail) && !isAnswer(mail) && mail.parts.some(({ type }) => isStatusType(type));
}

/** Exim and Gmail name the recipients in a header too. */
function named(fate: Fate, mail: OpenedMail): Fate {
  const [only, ...others] = mail.header('x-failed-recipients').split(',');
  const recipient = others.length === 0 ? tidyAddress(only ?? '') : null;
  return { ...fate, recipient: fate.recipient ?? recipient };
}

function statusTexts(mail: OpenedMail): string[] {
  const parts = mail.parts.filter(({ type, text }) => isDeliveryStatus(type, text)).map(({ text }) => text);
  if (parts.length > 0) return parts;
  const inWords = findStatusFields(mail.text);
  return inWords < 0 ? [] : [mail.text.slice(inWords)];
}

/** Exim and OpenSMTPD leave the reason to the words; others the action. */
function completed(fate: Fate, prose: readonly Fate[], isOnlyOne: boolean): Fate {
  const name = fate.recipient?.toLowerCase();
  const passedOn = prose.find(({ passedOnTo }) => passedOnTo && passedOnTo.toLowerCase() === name);
  const same = passedOn ?? prose.find(({ recipient }) => recipient?.toLowerCase() === name);
  const words = same ?? (isOnlyOne && prose.length === 1 ? prose[0] : undefined);
  if (words === undefined) return fate;
  const diagnostic = fate.diagnostic ?? words.diagnostic;
  const isOver = fate.action === 'DELAYED' && fate.diagnostic === null && hasGivenUp(diagnostic ?? '');
  return {
    action: isOver ? 'FAILED' : (fate.action ?? words.action),
    recipient: passedOn?.recipient ?? fate.recipient ?? words.recipient,
    status: fate.status ?? words.status,
    diagnostic,
    remoteMta: fate.remoteMta ?? words.remoteMta,
  };
}

function isFinding(fate: Fate): fate is Finding {
  return fate.action === 'FAILED' || fate.action === 'DELAYED';
}

/** Our return path and the sender of the report stand in its words too. */
function ownAddresses(mail: OpenedMail): string[] {
  const headers = `${mail.header('to')} ${mail.header('from')}`.slice(0, 2_000);
  return [...headers.matchAll(/[^\s<>",;]{1,64}@[A-Za-z0-9.-]{1,255}/g)].map(([address]) =>
    address.toLowerCase(),
  );
}
