/** What a rule of the classifier looks like, and what it is asked about. */
import type { BounceClass } from '../../domain/bounce.js';
import type { SmtpStage } from '../transport.js';
import type { MissingHost } from './rules-host.js';

/** What is known about one failure, from an SMTP answer or from a report. */
export interface Evidence {
  /** Enhanced status, `5.1.1`. */
  status: string | null;
  /** SMTP reply code. */
  code: number | null;
  /** What the server said, or the prose that stands for it. */
  diagnostic: string | null;
  /** Of the address we wrote to, lower case. */
  mailDomain: string;
  action: 'FAILED' | 'DELAYED';
  /** How far our own SMTP talk had come; null when it came in a report. */
  stage: SmtpStage | null;
}

/**
 * One line of the table. All conditions that are given must hold; of one condition's list, one entry is enough.
 * An answer that only says 「not now」 takes no rule but those of what may pass: ours, full, expired.
 */
export interface Rule {
  name: string;
  bounceClass: BounceClass;
  stage?: readonly SmtpStage[];
  /** Class digit left out, as in RFC 3463: `X.1.1`; `X.7.*`: whatever begins so; `none`: no status, or `X.0.0`, which tells nothing. */
  status?: readonly string[];
  code?: readonly number[];
  /** Only answers that say 「not now」 (4xx). */
  transient?: true;
  /**
   * Against the text as `readable` makes it: lower case, one line, single spaces, addresses as `@`. Only bounded
   * repetition, so that no text takes long.
   */
  text?: readonly RegExp[];
  /** Words that must not stand in that text. */
  unless?: readonly RegExp[];
  /** Whose name it is that was not found, as far as the text tells. */
  missing?: readonly MissingHost[];
  /** The address's domain, or a domain under it; the text may name it instead (a forwarded mail). */
  mailDomain?: readonly string[];
  /** Who says so, in our own words. */
  source: string;
  /** Gets another class as soon as this rule is gone. */
  example: Partial<Evidence>;
}
