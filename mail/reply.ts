/**
 * What an SMTP reply, or the lack of one, means for a mail (R24). The rule of thumb: only a refusal that answers RCPT TO
 * and speaks of this recipient counts against the address; whatever else is permanent is ours to mend.
 */
import { isConclusive } from '../domain/bounce.js';
import type { BounceClass } from '../domain/bounce.js';
import { addressKey } from './addresses.js';
import { classify } from './receive/classify.js';
import type { DeferralReason, Reply, SendResult, SmtpStage } from './transport.js';

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

/** The pure verdict on one attempt. `recipient` is whom the mail was for. */
export function judge(talk: Talk, recipient: string, us: OurSide): SendResult {
  const reply = parseReply(talk.reply);
  const { code } = reply;
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
  const bounceClass = classOf(reply, talk.stage, recipient, us);
  return countsHere(bounceClass, talk.stage)
    ? { ...reply, verdict: 'BOUNCED', bounceClass }
    : { ...reply, verdict: 'FAILED' };
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

/** Once RCPT TO was accepted, what is refused is our message: then only a full mailbox is the person's. */
function countsHere(bounceClass: BounceClass, stage: SmtpStage): boolean {
  return bounceClass === 'MAILBOX_FULL' || (isConclusive(bounceClass) && stage === 'RCPT_TO');
}

/** The same table as for reports, and one thing more that we know here: our own names. */
function classOf(reply: Reply, stage: SmtpStage, recipient: string, us: OurSide): BounceClass {
  const { bounceClass } = classify({
    status: reply.enhanced,
    code: reply.code,
    diagnostic: reply.text,
    mailDomain: domainOf(recipient),
    action: 'FAILED',
    stage,
  });
  const ours = isConclusive(bounceClass) && namesUs(reply.text ?? '', recipient, us);
  return ours ? 'SENDER_BLOCKED' : bounceClass;
}

/** The recipient's own address and domain may be quoted: they do not count, even when they look like ours. */
function namesUs(text: string, recipient: string, us: OurSide): boolean {
  const key = addressKey(recipient);
  const recipientDomain = domainOf(recipient);
  const said = text.toLowerCase().replaceAll('"', '').replaceAll(key, '');
  const domains = us.senders.map((sender) => sender.slice(sender.lastIndexOf('@') + 1));
  return [us.hostName, ...us.senders, ...domains]
    .map((name) => name.toLowerCase())
    .some((name) => name !== recipientDomain && containsName(said, name));
}

function domainOf(address: string): string {
  const key = addressKey(address);
  return key.slice(key.lastIndexOf('@') + 1);
}

/** As a whole name: `a.example` is not named by `data.example` or `a.example.org`. */
function containsName(text: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![a-z0-9_-])${escaped}(?![a-z0-9_-]|\\.[a-z0-9])`, 'i').test(text);
}
