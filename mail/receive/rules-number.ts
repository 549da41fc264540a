/** What is left when no wording is known: numbers alone, and refusals that give no reason. */
import type { Rule } from './rules-shape.js';

/** The number alone is no proof when the words beside it, whatever they mean, are of these. */
export const ABOUT_SOMETHING_ELSE: readonly RegExp[] = [
  /\b(limit(ed|s)?|rate|busy|locked|exceed(s|ed)?|denied|blocked|all users|service|check failed|timed out|while|offline|unreachable|database|repaired)\b|混(み合|雑)/,
];

/** A refusal without a reason may be about us: it must not be taken for a bare 「550」 about the recipient. */
export const OPEN_RULES: readonly Rule[] = [
  {
    name: 'denied-without-reason',
    bounceClass: 'OTHER',
    stage: ['RCPT_TO'],
    status: ['none'],
    text: [
      /\baccess denied\b|\bprohibit|\bforbidden\b|\bdenied\b|\brefused\b|\bblocked\b|\bban(ned)?\b|拒否/,
      /\bcan ?not be accepted\b|\bnot (permitted|authori[sz]ed|welcome|accepted|allowed here)\b/,
      /\bservice (not |un)available\b|\b(try (again )?|come back )later\b|\btemporar(y|ily)\b|\bmaintenance\b/,
    ],
    source:
      'Own caution, also for a server that is ill and says 5xx where it means 4xx. Yahoo! JAPAN’s 「can not be accepted」 may be either side’s filter.',
    example: { stage: 'RCPT_TO', code: 550, diagnostic: '550 <taro@example.jp>: Access denied' },
  },
];

export const STATUS_RULES: readonly Rule[] = [
  {
    name: 'unknown-number',
    bounceClass: 'UNKNOWN_ADDRESS',
    status: ['X.1.1', 'X.1.3', 'X.1.6', 'X.1.10'],
    unless: ABOUT_SOMETHING_ELSE,
    source: 'RFC 3463; X.1.10 is Exchange’s 「not found」 (RFC 7505’s null MX comes with its words).',
    example: { status: '5.1.1' },
  },
  {
    name: 'shut-number',
    bounceClass: 'UNKNOWN_ADDRESS',
    status: ['X.2.1'],
    unless: [
      /\b(limit(ed|s)?|rate|busy|lock(ed)?|exceed(s|ed)?|too|many|much|loop|errors?|fail(ed|ure|s)?|servers?|store|database|unreachable|offline|repaired)\b/,
    ],
    source: 'RFC 3463: mailbox disabled.',
    example: { status: '5.2.1', diagnostic: '550 5.2.1 no' },
  },
  {
    name: 'sender-number',
    bounceClass: 'SENDER_BLOCKED',
    status: ['X.6.*', 'X.7.*'],
    source: 'RFC 3463: our content, security and policy.',
    example: { status: '5.7.1', diagnostic: '550 5.7.1 no' },
  },
];

export const BARE_NUMBER_RULES: readonly Rule[] = [
  {
    name: 'bare-refusal-at-rcpt',
    bounceClass: 'UNKNOWN_OR_REFUSED',
    stage: ['RCPT_TO'],
    status: ['none'],
    code: [550, 551, 553],
    text: [/^5\d\d( 5\.\d\.\d)?( [^ ]{1,12})?$/, /@|\b(user|recipient|mailbox|address|addressee|account)\b/],
    source:
      'RFC 5321: 550 to RCPT TO is 「not found, no access, or rejected」 for this mailbox, when it says nothing else or names it. In a report that is not enough.',
    example: { stage: 'RCPT_TO', code: 550, diagnostic: '550' },
  },
];
