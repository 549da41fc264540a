/** Why a call of a mail service is not taken. Nothing of it was read further, and the answer does not tell. */
import type { ProblemCode } from '../rest/problem-kinds.js';

export type Why =
  /** No topic or key of ours. */
  | 'TOPIC'
  /** Its certificate would lie somewhere else than with the service. */
  | 'CERTIFICATE_URL'
  /** Missing, or of another text or sender. */
  | 'SIGNATURE'
  /** Too old, or from the future. */
  | 'TIME'
  /** The service's certificate or confirmation page cannot be reached: to come again. */
  | 'SERVICE_AWAY';

export class RefusedCall extends Error {
  constructor(readonly why: Why) {
    super(why);
    this.name = 'RefusedCall';
  }
}

export function problemOf({ why }: RefusedCall): ProblemCode {
  return why === 'SERVICE_AWAY' ? 'sender-not-verifiable' : 'signature-refused';
}
