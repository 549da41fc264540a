/** The way out for mail, as the use cases see it: one SMTP attempt and what came of it. */
import type { BounceClass } from '../domain/bounce.js';
import type { Instant } from '../domain/calendar.js';

export interface OutgoingMail {
  /** Exactly one recipient (R20). */
  to: string;
  /** Return path of this mail alone; reports about it come back there. */
  envelopeFrom: string;
  /** The headquarters as the reader sees the sender; the address is one for all of them. */
  fromName: string;
  replyTo: string;
  /** With its angle brackets; the same at every attempt (R21). */
  messageId: string;
  subject: string;
  text: string;
}

/** How far the talk with the server had come when it ended. */
export type SmtpStage =
  /** Connecting, TLS, greeting, EHLO. */
  'CONNECT' | 'AUTH' | 'MAIL_FROM' | 'RCPT_TO' | 'DATA';

/** What the server said last; nulls when it said nothing. */
export interface Reply {
  code: number | null;
  /** `5.1.1` and the like. */
  enhanced: string | null;
  /** As it came, which may quote the address: for the ledger, never for a log. */
  text: string | null;
}

/** Why nothing was decided and the mail is tried again. */
export type DeferralReason = 'MAIL_SERVER_BUSY' | 'MAIL_SERVER_DOWN' | 'CONNECTION_LOST' | 'TIMED_OUT';

export type SendResult = Reply &
  (
    | { verdict: 'ACCEPTED' }
    /** It will not reach this recipient; the class says whether that counts against the address (R37). */
    | { verdict: 'BOUNCED'; bounceClass: BounceClass }
    | { verdict: 'DEFERRED'; why: DeferralReason }
    /** The deadline had passed before SMTP began: nothing was said to the server. */
    | { verdict: 'EXPIRED' }
    /** Ours to mend (R24). */
    | { verdict: 'FAILED' }
  );

export interface MailTransport {
  /**
   * One attempt. `deadline` is epoch ms by the Clock: looked at again immediately before SMTP begins, and a message
   * that is not complete by then is never completed (R21). Trouble is a result; it throws only for a defect of ours.
   * A server that has the whole message and is silent may still answer: then the result is DEFERRED, and `onLateReply`
   * is called once if the answer comes within some minutes.
   */
  send(
    mail: OutgoingMail,
    deadline: Instant,
    onLateReply?: (result: SendResult) => void,
  ): Promise<SendResult>;
}
