/**
 * What an SMTP reply, or the lack of one, means for a mail (R24). The rule of thumb: only a refusal that answers RCPT TO
 * and speaks of this recipient counts against the address; whatever else is permanent is ours to mend.
 */
import { addressKey } from './addresses.js';
import type { DeferralReason, Reply, SendResult } from './transport.js';

/** How far the talk with the server had come when it ended. */
export type SmtpStage =
  /** Connecting, TLS, greeting, EHLO. */
  'CONNECT' | 'AUTH' | 'MAIL_FROM' | 'RCPT_TO' | 'DATA';

export interface Talk {
  stage: SmtpStage;
  /** The reply that ended it; null when there was none. */
  reply: string | null;
  /** Why there was no reply. */
  silence: 'LOST' | 'TIMED_OUT';
}

/** Who we are to the server; a refusal that names one of these is not about the recipient. */
export interface OurSide {
  /** As said in EHLO. */
  hostName: string;
  /** MAIL FROM and From:. */
  senders: readonly string[];
}

const ABOUT_RECIPIENT = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']);
const MAILBOX_FULL = '5.2.2';
const UNSPECIFIC = '5.0.0';

/** Wordings of servers that dislike the sending host, its name, its reputation, or its being there at all. */
const OUR_SIDE_WORDS = [
  /\b(black|block|deny)[ -]?list(ed|ing)?\b|\bblocked (by|using|for|due to)\b/i,
  /\b(dns|r)bl\b|\bdnsbl\b|spamhaus|spamcop|barracuda|sorbs|abuseat/i,
  /\breputation\b|\bspam(my)?\b|\bpolicy (violation|reasons?)\b/i,
  /\b(your|sending|connecting|client|sender'?s?) (ip|host|server|mta|network|domain|address)\b/i,
  /\breverse dns\b|\brdns\b|\bptr\b|\bspf\b|\bdkim\b|\bdmarc\b/i,
  // Not 「User unknown in relay recipient table」, which is about the recipient.
  /\brelay(ing)? (access |is |was )?(denied|not|prohibited|refused|disabled)\b|\b(to|not|cannot|can't) relay\b/i,
  /\brcpthosts\b|\bauthenticat(e|ion)\b|\blog ?in\b/i,
  /\b(sender|from) (address )?(verify|verification|rejected|refused|denied|blocked|unknown|not|is|invalid)\b/i,
  /\b\d{1,3}(\.\d{1,3}){3}\b/,
];

/** The pure verdict on one attempt. `recipient` is whom the mail was for. */
export function judge(talk: Talk, recipient: string, us: OurSide): SendResult {
  const reply = parseReply(talk.reply);
  const { code, enhanced } = reply;
  if (code === null) return { ...reply, verdict: 'DEFERRED', why: whyUndecided(talk) };
  if (code < 400 || code > 599) {
    // Not a refusal, yet not what the protocol asks for: nobody knows.
    return { ...reply, verdict: 'DEFERRED', why: 'CONNECTION_LOST' };
  }
  if (code < 500) return { ...reply, verdict: 'DEFERRED', why: 'MAIL_SERVER_BUSY' };
  // Whom the server lets in has nothing to do with this mail: it waits until that is mended.
  if (talk.stage === 'CONNECT' || talk.stage === 'AUTH') {
    return { ...reply, verdict: 'DEFERRED', why: 'MAIL_SERVER_DOWN' };
  }
  if (talk.stage === 'MAIL_FROM') return { ...reply, verdict: 'FAILED' };
  if (enhanced === MAILBOX_FULL || code === 552) return { ...reply, verdict: 'BOUNCED', conclusive: false };
  if (talk.stage === 'RCPT_TO' && isAboutRecipient(reply, recipient, us)) {
    return { ...reply, verdict: 'BOUNCED', conclusive: true };
  }
  return { ...reply, verdict: 'FAILED' };
}

/** Code and enhanced status of the first line that has them (qmail writes `(#5.1.1)` at the end); the text whole. */
export function parseReply(text: string | null): Reply {
  const code = /^(\d{3})(?:[ -]|$)/.exec(text ?? '')?.[1];
  const enhanced = /(?:^\d{3}[ -]|\(#)(\d\.\d{1,3}\.\d{1,3})(?![.\d])/m.exec(text ?? '')?.[1];
  return { code: code === undefined ? null : Number(code), enhanced: enhanced ?? null, text };
}

function whyUndecided({ stage, silence }: Talk): DeferralReason {
  if (stage === 'CONNECT' || stage === 'AUTH') return 'MAIL_SERVER_DOWN';
  return silence === 'TIMED_OUT' ? 'TIMED_OUT' : 'CONNECTION_LOST';
}

function isAboutRecipient({ code, enhanced, text }: Reply, recipient: string, us: OurSide): boolean {
  const said = text ?? '';
  if (namesUs(said, recipient, us)) return false;
  if (enhanced !== null && enhanced !== UNSPECIFIC) return ABOUT_RECIPIENT.has(enhanced);
  return (code === 550 || code === 551 || code === 553) && !OUR_SIDE_WORDS.some((words) => words.test(said));
}

/** The recipient's own address and domain may be quoted: they do not count, even when they look like ours. */
function namesUs(text: string, recipient: string, us: OurSide): boolean {
  const key = addressKey(recipient);
  const recipientDomain = key.slice(key.lastIndexOf('@') + 1);
  const said = text.toLowerCase().replaceAll('"', '').replaceAll(key, '');
  const domains = us.senders.map((sender) => sender.slice(sender.lastIndexOf('@') + 1));
  return [us.hostName, ...us.senders, ...domains]
    .map((name) => name.toLowerCase())
    .some((name) => name !== recipientDomain && containsName(said, name));
}

/** As a whole name: `a.example` is not named by `data.example` or `a.example.org`. */
function containsName(text: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![a-z0-9_-])${escaped}(?![a-z0-9_-]|\\.[a-z0-9])`, 'i').test(text);
}
