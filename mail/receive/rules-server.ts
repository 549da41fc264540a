/** Servers that take no mail from anybody, cannot tell, or hold back what they would take later: nobody's fault. */
import type { Rule } from './rules-shape.js';

/** Before 「too much from us」: the same words, but it is the person who gets too much, from whomever. */
export const TOO_MUCH_FOR_THEM_RULES: readonly Rule[] = [
  {
    name: 'too-much-for-the-person',
    bounceClass: 'OTHER',
    text: [
      /\breceiv(es|ed|ing) (e-?mails?|mails?|messages) (too (quickly|fast|often|frequently)|at (a|too high a) rate)\b/,
      /\b(user|recipient|mailbox|account)('s|s)? [^.;]{0,60}\b(incoming|inbound|receiv(e|ing)) (mail |messages? |e-?mail )?(rate|limit|threshold)/,
      /\b(user|recipient|mailbox|account|inbox)( @)? (is |has |was )?(been |currently |temporarily )?(receiv(es|ed|ing)|getting|gets|got) (too (many|much)|more)\b/,
      /\b(user|recipient|mailbox|account)\b[^.;:]{0,40}\b((inbound|message|delivery) rate|(hourly|daily|message) (message |mail )?limit|busy)\b/,
      /\breceiving ?rate\b|\brecipient(receive)?limitexceeded\b/,
    ],
    unless: [/\bfrom (you|your|this)\b/],
    source: 'Gmail (ReceivingRate), Exchange (message receive limit): there is a mailbox, and it is busy.',
    example: {
      status: '5.2.1',
      diagnostic: '550 5.2.1 mailbox unavailable: the user is receiving mail at a rate that',
    },
  },
  {
    name: 'too-much-for-the-person-number',
    bounceClass: 'OTHER',
    status: ['X.2.121', 'X.2.122'],
    source: 'Microsoft’s list of NDR numbers: the recipient’s hourly limit.',
    example: { status: '5.2.122', diagnostic: '550 5.2.122 user not found: limit' },
  },
];

export const SERVER_RULES: readonly Rule[] = [
  {
    name: 'goes-round-in-circles',
    bounceClass: 'OTHER',
    text: [/\bloop(s|ed|ing)?\b|\btoo many hops\b|\bhop ?count\b|\bループ|ループ(し|を|が)/],
    source:
      'sendmail, Postfix, qmail, Exchange: somebody’s forwarding; what it says of a user in passing is no proof.',
    example: { status: '5.1.1', diagnostic: '554 aliasing/forwarding loop broken 550 5.1.1 user unknown' },
  },
  {
    name: 'one-or-the-other',
    bounceClass: 'OTHER',
    text: [
      /\bor (access (is )?denied|blocked|black-?listed|not (permitted|allowed|authori[sz]ed))\b|\b(may|might) not exist\b[^.;]{0,60}\bblack-?list/,
    ],
    source:
      'Tencent, Exim: either there is no such mailbox, or it is us; a sentence with both proves neither.',
    example: { diagnostic: '550 Mailbox unavailable or access denied' },
  },
  {
    name: 'server-takes-no-mail',
    bounceClass: 'OTHER',
    text: [
      /\b(system|server|host|site|service|machine|node|gateway|mta)( @)?[^.;:,]{0,30}(\bnot|\bno longer|n't) (currently |now |presently )?accept(s|ing|ed)?\b(?! our requests)/,
      /\b(system|server|site|node|mta|store|storage|spool|backend|cluster)( is| are| was)? (currently |temporarily |now )?(unavailable|down|offline|closed|busy|overloaded|shutting down|out of service|not (available|ready|operational))\b/,
      /\bmaintenance\b|\b(is|are|being|been) (being )?(migrat|rebuil|moved|relocat|upgrad|restor|repair)(ed|t|ing|ed to)?\b(?! to @)|\bfor the time being\b|\bno smtp service here\b|メンテナンス|保守作業|停止中|障害|移行中/,
    ],
    source: 'RFC 3463 5.3.2, RFC 7504, and servers at work on: the same for everybody there.',
    example: { diagnostic: '550 Server is not accepting mail: mailbox unavailable' },
  },
  {
    name: 'server-takes-no-mail-number',
    bounceClass: 'OTHER',
    status: ['X.3.1', 'X.3.2', 'X.3.5', 'X.4.3', 'X.4.5'],
    source: 'RFC 3463: system full, not accepting, misconfigured; directory server failure; congestion.',
    example: { status: '5.3.2', diagnostic: '550 5.3.2 mailbox unavailable' },
  },
  {
    name: 'server-could-not-tell',
    bounceClass: 'OTHER',
    // These say by themselves what became of it.
    unless: [/\bnxdomain\b|\bexpired\b|\bdomain name not found\b/],
    text: [
      /\b(look-?ups?|look up|verification|validation|verify|database|directory|ldap|sql|mysql|db|dns|resolver|backend|back-end|table|map|alias(es)?|milter|proxy|auth server|radius|active directory)( server| service| query| connection| host| request)?( has| is| was| are)? (been )?(currently |temporarily )?(failed|fails|failing|failure|failures|errors?|problems?|unavailable|not available|unreachable|not reachable|timed out|time-?out|timeout|down|offline|busy|locked|lost|refused|corrupt(ed)?|in progress|deferred|incomplete)\b/,
      /\b(system|internal|local|server|configuration|processing|software|temporary|transient|i\/o|disk|application|script) (server )?(errors?|failures?|problems?|condition)\b/,
      /\b(unable to|could not|couldn't|cannot|can't|can not|failed to|error while|problem|failure) (verify(ing)?|validat(e|ing)|check(ing)?|look(ing)? ?up|query(ing)?|determin(e|ing)|confirm(ing)?|access(ing)?|open(ing)?|lock(ing)?|read(ing)?|contact(ing)?|reach(ing)?|connect(ing)? to) (the |this |that |if |whether |for |its |our |your )?(user|recipient|address|addressee|mailbox|account|directory|database|ldap|backend|local|alias)/,
      /\b(recipient|user|address|mailbox|account)( @)? (could not|couldn't|cannot|can't|can not) be (verified|validated|checked|confirmed|determined|looked up)\b/,
      /\b(try|retry|resend|come back|again|please wait)( it| this| sending)?( again)?( a (bit|little))? later\b|(?<!and |and then |then )\b(try|retry) again\b(?! with| to| after (checking|correcting))|\bat (this|the) (time|moment)\b|\b(right|for) now\b|\bfor the moment\b/,
      /\btemporar(y|ily)\b|\b(currently) (disabled|suspended|unavailable|locked|inactive|limited|rejected|not available|blocked|frozen)\b/,
      /\bunverified address\b|\bundetermined\b|\b(un|not )verifiable\b|transientexception\b|\b(re-?(submit|send|try)|again) (it )?(in|after) (a |an |\d{1,4} )?(few )?(minutes?|hours?|while|days?)\b|\bconnection (was )?(lost|dropped|broken)\b/,
      /一時的|しばらく|後ほど|のちほど|時間をお|再度お(試|送)|照会[^。]{0,10}(失敗|エラー)|検証[^。]{0,10}(失敗|エラー)|データベース|内部エラー|システムエラー/,
    ],
    source: 'Own caution: 「for now」, or a directory that did not answer, is no proof, even under 5.1.1.',
    example: { status: '5.2.1', diagnostic: '550 5.2.1 mailbox temporarily disabled' },
  },
];
