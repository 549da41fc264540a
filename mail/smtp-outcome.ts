/** From nodemailer's errors to what they mean: for the mail, and for whether the server can be reached at all. */
import type { NodemailerError } from 'nodemailer';
import type { Reach } from './breaker.js';
import type { Progress } from './deadline.js';
import { judge } from './reply.js';
import type { OurSide } from './receive/own-names.js';
import type { SendResult, SmtpStage } from './transport.js';

export const NOTHING_SAID = { code: null, enhanced: null, text: null };

export interface Outcome {
  result: SendResult;
  reach: Reach;
}

/** The connection failed, as against something that was said over it. A pool that is closed gives its queue no code. */
const LINE_CODES: (string | undefined)[] = [
  'ECONNECTION',
  'ESOCKET',
  'ETIMEDOUT',
  'EDNS',
  'ETLS',
  'EPROTOCOL',
  'EABORT',
  undefined,
];
const AUTH_CODES: (string | undefined)[] = ['EAUTH', 'ENOAUTH'];

/** `progress` tells what the error does not: nodemailer gives a line cut anywhere the same code (trap: EENVELOPE too). */
export function outcomeOf(
  error: NodemailerError,
  progress: Progress,
  recipient: string,
  us: OurSide,
): Outcome {
  if (progress.cut || (error.code === 'EABORT' && !progress.began)) {
    return { result: deadlinePassed(progress), reach: 'UNKNOWN' };
  }
  const stage = stageOf(error, progress);
  const reply = replyOf(error, stage, progress);
  if (stage === null || (reply === null && !isLineTrouble(error))) {
    // Our own mistake, found before anything was said: an envelope or a message that cannot be sent.
    return { result: { ...NOTHING_SAID, verdict: 'FAILED' }, reach: 'UNKNOWN' };
  }
  const silence = error.code === 'ETIMEDOUT' || error.code === 'EABORT' ? 'TIMED_OUT' : 'LOST';
  return { result: judge({ stage, reply, silence }, recipient, us), reach: reachOf(stage, reply, silence) };
}

function deadlinePassed({ bodyBegan }: Progress): SendResult {
  return bodyBegan
    ? { ...NOTHING_SAID, verdict: 'DEFERRED', why: 'TIMED_OUT' }
    : { ...NOTHING_SAID, verdict: 'EXPIRED' };
}

function stageOf(error: NodemailerError, progress: Progress): SmtpStage | null {
  if (AUTH_CODES.includes(error.code)) return 'AUTH';
  if (error.command === 'MAIL FROM') return 'MAIL_FROM';
  if (error.command === 'RCPT TO') return 'RCPT_TO';
  if (error.command === 'DATA') return 'DATA';
  if (!LINE_CODES.includes(error.code)) return null;
  if (!progress.began) return 'CONNECT';
  return progress.bodyBegan ? 'DATA' : 'MAIL_FROM';
}

/** A refusal torn off with the line answers nobody knows what; 「come back later」 is the same everywhere. */
function replyOf(error: NodemailerError, stage: SmtpStage | null, progress: Progress): string | null {
  const reply = error.response ?? null;
  const torn = progress.began && LINE_CODES.includes(error.code) && !(reply ?? '').startsWith('4');
  // A certificate or STARTTLS that is out of order says nothing about the mail: it waits until that is mended.
  const tls = error.code === 'ETLS' && stage === 'CONNECT';
  return torn || tls ? null : reply;
}

function isLineTrouble({ code }: NodemailerError): boolean {
  return LINE_CODES.includes(code) || AUTH_CODES.includes(code);
}

function reachOf(stage: SmtpStage, reply: string | null, silence: 'LOST' | 'TIMED_OUT'): Reach {
  if (stage === 'CONNECT' || stage === 'AUTH') return 'UNREACHABLE';
  if (reply !== null) return 'REACHED';
  return stage === 'MAIL_FROM' && silence === 'TIMED_OUT' ? 'UNREACHABLE' : 'UNKNOWN';
}
