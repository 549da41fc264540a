/**
 * What an SMTP reply, or the lack of one, means for a mail (R24). The rule of thumb: only a refusal that answers RCPT TO
 * and speaks of this recipient counts against the address; whatever else is permanent is ours to mend.
 */
import { isConclusive } from '../domain/bounce.js';
import type { BounceClass } from '../domain/bounce.js';
import { classifyFor } from './receive/own-names.js';
import type { OurSide } from './receive/own-names.js';
import type { DeferralReason, Reply, SendResult, SmtpStage } from './transport.js';

export interface Talk {
  stage: SmtpStage;
  /** The reply that ended it; null when there was none. */
  reply: string | null;
  /** Why there was no reply. */
  silence: 'LOST' | 'TIMED_OUT';
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

/** The same table as for reports. */
function classOf(reply: Reply, stage: SmtpStage, recipient: string, us: OurSide): BounceClass {
  const said = { status: reply.enhanced, code: reply.code, diagnostic: reply.text };
  return classifyFor(recipient, { ...said, action: 'FAILED', stage }, us).bounceClass;
}
