/**
 * Answers about us: our sending host, our names, or our being there at all (R24). None of them counts
 * against the person, so these rules are wide: in doubt it is ours.
 */
import type { Rule } from './rules-shape.js';

/** Whom the server was talking about is clear from where in the talk it said no. */
export const OUR_STAGE_RULES: readonly Rule[] = [
  {
    name: 'before-the-recipient-was-named',
    bounceClass: 'SENDER_BLOCKED',
    stage: ['CONNECT', 'AUTH', 'MAIL_FROM'],
    source: 'RFC 5321: nothing said before RCPT TO can be about the recipient.',
    example: { code: 550, status: '5.1.1', diagnostic: '550 5.1.1 user unknown', stage: 'MAIL_FROM' },
  },
  {
    name: 'report-says-before-the-recipient',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\bin reply to (mail from|ehlo|helo|starttls)\b/,
      /\bafter (pipelined |initial )?(mail from|connection|ehlo|helo)\b/,
    ],
    source: 'Postfix ends its reports with the command that was answered; Exim begins with it.',
    example: {
      status: '5.1.1',
      diagnostic:
        'host mx.example.jp[192.0.2.1] said: 550 5.1.1 User unknown (in reply to MAIL FROM command)',
    },
  },
  {
    name: 'refused-to-talk',
    bounceClass: 'SENDER_BLOCKED',
    code: [521, 550, 554],
    text: [/\brefused to talk to me\b/],
    source: 'Postfix, when the greeting is already a refusal.',
    example: { diagnostic: 'host mx.example.jp[192.0.2.1] refused to talk to me: 554 no' },
  },
];

/** Before every wording about a mailbox: an address in the same sentence is ours then. */
export const OUR_NAME_RULES: readonly Rule[] = [
  {
    name: 'sender-not-believed',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\b(sender|from|return[- ]path|envelope)('s)? (address |e-?mail |header |domain )?(verify|verification|rejected|refused|denied|blocked|unknown|not|is|has|does|invalid|must|could)\b/,
      /\b(bad|invalid|unknown|unverified) (sender|return[- ]path)\b|\bdomain of sender\b|\bsend(er|ing) domain\b/,
      /\bbadmailfrom\b|\bcall(out|back)\b/,
    ],
    source: 'sendmail, Postfix, Exim callouts, qmail badmailfrom, GMX: the sending address does not please.',
    example: {
      status: '5.1.1',
      diagnostic: '550 5.1.1 <b+x@bounce.example.org>: Sender address rejected: User unknown',
    },
  },
  {
    name: 'sender-by-number',
    bounceClass: 'SENDER_BLOCKED',
    status: ['X.1.7', 'X.1.8', 'X.7.2*', 'X.7.5*', 'X.7.6*', 'X.7.7*', 'X.7.9'],
    source: 'RFC 3463 and 7372, Microsoft’s list, Yahoo: numbers that are only ever about the sender.',
    example: { status: '5.1.8', diagnostic: '550 5.1.8 Domain not found' },
  },
  {
    name: 'softbank-sender-domain',
    bounceClass: 'SENDER_BLOCKED',
    stage: ['RCPT_TO'],
    code: [553],
    text: [/^553 [a-z0-9.-]{1,255} does not exist/],
    source:
      'SoftBank, by a mail vendor’s published list of answers: the domain of MAIL FROM has no DNS record.',
    example: {
      stage: 'RCPT_TO',
      code: 553,
      diagnostic: '553 bounce.example.org does not exist',
      mailDomain: 'i.softbank.jp',
    },
  },
  {
    name: 'not-our-relay',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\brelay(ing)? (access |is |was )?(denied|not|prohibited|refused|disabled)\b|\b(to|not|cannot|can't|unable to) relay\b/,
      /\brcpthosts\b|\bgateway to that domain\b|\bnot (a )?local (host|domain)\b/,
    ],
    source:
      'Every server. au says so for odd addresses and foreign domains too (a vendor’s list of answers); that is no proof.',
    example: { diagnostic: '550 relaying denied', stage: 'RCPT_TO', code: 550 },
  },
  {
    name: 'authentication',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\b(spf|dkim|dmarc|openspf)\b|\bsender policy framework\b|\bunauthenticated\b/,
      /\bspoof(ed|ing)?\b|\bforge(d|ry)\b|\bauthenticat(e|ed|ion)\b|\blog ?in\b|\bstarttls\b/,
    ],
    source: 'Gmail, Yahoo, Outlook.com, cPanel: SPF, DKIM, DMARC, or a password is missing.',
    example: { diagnostic: '550 SPF check failed, user unknown to us', stage: 'RCPT_TO', code: 550 },
  },
  {
    name: 'reverse-dns-and-greeting',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\breverse (dns|host|lookup|mapping)\b|\brdns\b|\bptr\b|\bcannot find your\b/,
      /\b(helo|ehlo)( command| name| argument)? (rejected|is|invalid|not|mismatch)/,
    ],
    source: 'Postfix, AT&T, many others: the name of the sending host.',
    example: { diagnostic: '550 Host unknown: cannot find your hostname', stage: 'RCPT_TO', code: 550 },
  },
];

/** Less certain: given up when the server says with word and number that the address is unknown. */
export const PERHAPS_OURS_RULES: readonly Rule[] = [
  {
    name: 'your-host',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\b(your|sending|connecting|client|sender'?s?) (ip|host|server|mta|network|domain|address)\b/,
      /\bblocked (by|using|for|due to)\b|\bblocked ?- ?see\b/,
      /\b(messages|mail) from (server )?\[?\d|\bip( address)? [^ ]{0,45} ?(is |was |has been )?(blocked|banned|rejected|denied|not (allowed|welcome))\b/,
    ],
    source: 'Outlook.com, Proofpoint, and all who name the host they dislike.',
    example: { diagnostic: '550 User unknown to us: client host rejected', stage: 'RCPT_TO', code: 550 },
  },
  {
    name: 'names-an-ip-number',
    bounceClass: 'SENDER_BLOCKED',
    stage: ['RCPT_TO'],
    status: ['none'],
    text: [/(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\.?\d)/],
    source:
      'Own caution: an answer to us that names an IP number is about ours. In a report it may be anybody’s.',
    example: { stage: 'RCPT_TO', code: 550, diagnostic: '550 192.0.2.7 has a bad name' },
  },
];
