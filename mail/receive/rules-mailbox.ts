/** Answers about the mailbox's room, and time. */
import { NO_SUCH_MAILBOX } from './rules-person.js';
import type { Rule } from './rules-shape.js';

/** Before 「too many」, which is about us elsewhere. */
export const HOLDS_TOO_MUCH_RULES: readonly Rule[] = [
  {
    name: 'mailbox-holds-too-many',
    bounceClass: 'MAILBOX_FULL',
    text: [
      /\b(mail ?box|user|account|recipient|inbox|folder)( @)? (has|have|holds|contains|stores) too (many|much) (messages|mails?|e-?mails?)\b|\btoo many (messages|mails) (on the server|in (the |his |this )?(mail ?box|inbox|folder))\b/,
    ],
    source: 'GMX and web.de count messages as well as octets.',
    example: { diagnostic: '550 User has too many messages on the server' },
  },
];

export const FULL_RULES: readonly Rule[] = [
  {
    name: 'mailbox-full',
    bounceClass: 'MAILBOX_FULL',
    text: [
      /\b(over|exceed(s|ed|ing)?|out of|insufficient|not enough)( the| its| his| their| allowed| maximum| disk| storage| mail| mailbox| account| allotted){0,4} (quota|storage|disk space|space|allocation)\b/,
      /\bquota( has been| was| is)? (exceeded|full|violation|reached)\b|\bover ?quota\b/,
      /\b(mail ?box|inbox|mail ?folder|user|recipient|storage)( @| for [^ ]{1,80})? (is |was |has been )?(too )?full\b/,
      /\btoo much mail (data|stored|in)\b|\bmail ?(box|folder|dir) (size )?(limit|has exceeded)\b|\bmail ?(box|folder|dir) (would )?exceed(s|ed)?\b/,
      /\b(reached|hit|exhausted|used up|exceeded|exceeds|over|at) (the |its |his |her |their |all |allowed |maximum |mail ?box |account |user ){0,4}((disk|mail|mailbox|storage) )?(quota|storage|space)\b|\bspace has been used up\b/,
      /\b(storage|mailbox|disk|account) (space )?limit( has been| was| is)? (reached|exceeded|hit)\b|\bexceed(s|ed)? (the |its )?(mailbox|storage|disk) (quota|limit|space)\b/,
      /\b(no|not enough|insufficient|out of) (more )?(free |disk |storage |mail |mailbox ){0,2}(space|room) (left |available |remaining )?(in|for|on) (the |this |that |its |his |user's |recipient's )?(mail ?box|inbox|user|recipient|account|maildir)\b|\bmail ?box (space|room) (is )?not enough\b|\bbox space not enough\b/,
      /\b(exceededexception|quotaexceeded|overquota)/,
      /(メールボックス|受信トレイ|受信箱|受信ボックス|容量|保存領域)[^。]{0,30}(いっぱい|一杯|満杯|超過|超え|オーバー|不足|足りま|足りな|空き容量が(ない|あり)|空きが(ない|あり)|あふれ|溢れ|上限に)/,
    ],
    source:
      'Gmail, Exchange, Exim, qmail, au (temporarily over quota); docomo writes 「too much mail data」.',
    example: { status: '5.7.1', diagnostic: '554 5.7.1 mailbox full' },
  },
  {
    name: 'mailbox-full-number',
    bounceClass: 'MAILBOX_FULL',
    status: ['X.2.2'],
    source: 'RFC 3463.',
    example: { status: '5.2.2' },
  },
  {
    name: 'mailbox-full-code',
    bounceClass: 'MAILBOX_FULL',
    code: [552],
    status: ['none'],
    unless: NO_SUCH_MAILBOX,
    source: 'RFC 5321: exceeded storage allocation. Yahoo says 552 of a mailbox that it does not find.',
    example: { code: 552, diagnostic: '552 no' },
  },
];

export const EXPIRED_RULES: readonly Rule[] = [
  {
    name: 'tried-for-too-long',
    bounceClass: 'EXPIRED',
    text: [
      /\b(message|mail|envelope|delivery time|delivery)( has| was)? (expired|timed out)\b|\bqueue\.expired\b|\bdeliver(y)? time (exceeded|expired)\b/,
      /\bretry (timeout exceeded|time not reached)\b|\bnot going to try again\b|\b(queue|queued|tried) (for )?too long\b/,
      /\b(could|was|has)( not|n't| not been) (be )?(delivered|sent) (within|for|in the last|after)\b|\bunable to deliver (it|this message|your message) (after|for)\b|\bfailing for a long time\b/,
      /\b(abandoned|aborted|gave up|given up|giving up|undeliverable|undelivered) (after|for) \d{1,3}(\.\d)? ?(hour|day|minute|attempt|tr(y|ies))/,
      /\bqueue (period|life ?time)\b|\bmaximum[- ](queue |delivery )?time\b|\bmessage too old\b|\bdelayed too long\b|\bafter (multiple|several|many|repeated|\d{1,3}) (retries|attempts|tries)\b/,
      /(配信|配送|再送|送信)[^。]{0,20}(期限|時間切れ|タイムアウト|期間を過ぎ)|(規定|所定|一定)の?(時間|期間|日数)[^。]{0,6}(内に|を過ぎ|を経過|が経過)/,
    ],
    source: 'OpenSMTPD, Exim, qmail, sendmail, Exchange, au: given up after days.',
    example: { status: '5.0.0', diagnostic: 'retry timeout exceeded' },
  },
  {
    name: 'server-not-reached',
    bounceClass: 'EXPIRED',
    text: [
      /\bconnection (timed out|refused|reset|was refused)\b|\boperation timed out\b|\bno route to host\b/,
      /\bnetwork (is )?unreachable\b|\bhost (is )?unreachable\b|\bno answer from host\b|\b(host|server)( [^ ]{1,255})? is not responding\b|\btimed out while\b/,
      /接続(でき(ません|ず|なかった)|に失敗)|応答が(あり|な(い|く|か)|得られ)|タイムアウト/,
      /\b(computer|host|server|exchanger|gateway|site|domain)( @)?[^.;:]{0,40}(\bnot reachable\b|\bunreachable\b|\bnot (respond|answer)|n't (respond|answer)|\bno (response|answer)\b|\btimed out\b)/,
      /\b(connection|connect|connecting) to [^;:]{1,80} (failed|timed out|refused)\b|\blost connection\b|\bconversation with\b|\bcould not find a gateway\b|\bno (answer|response) from (the |any )?(mail |recipient )?(server|host|exchanger)/,
      /\b(unable to|could not|couldn't|wasn't able to) (connect|contact|establish)\b|\bdid not accept our requests to connect\b/,
    ],
    source: 'Postfix, Exim, qmail, Gmail: the other server was away.',
    example: { status: '5.4.1', diagnostic: 'connect to mx.example.jp[192.0.2.1]:25: Connection timed out' },
  },
  {
    name: 'expired-number',
    bounceClass: 'EXPIRED',
    status: ['X.4.2', 'X.4.7', 'X.4.300', 'X.4.312', 'X.4.316', 'X.4.317'],
    source: 'RFC 3463 (delivery time expired, bad connection); Microsoft’s list of NDR numbers.',
    example: { status: '5.4.7' },
  },
  {
    name: 'policy-to-the-end',
    bounceClass: 'SENDER_BLOCKED',
    transient: true,
    status: ['X.7.*'],
    source: 'RFC 3463, subject 7: security and policy, however often it was tried.',
    example: { code: 421, status: '4.7.0', diagnostic: '421 4.7.0 Try again later, closing connection' },
  },
  {
    name: 'not-now-to-the-end',
    bounceClass: 'EXPIRED',
    transient: true,
    source: 'RFC 5321: every 4xx is 「not now」; when such a mail comes back, only time has run out.',
    example: { status: '4.1.1', code: 450, diagnostic: '450 4.1.1 user unknown' },
  },
];

/** Before 「try again」, 「failed」 and 「right now」, which tell of a server that is ill elsewhere. */
export const NAMES_NOT_LOOKED_UP_RULES: readonly Rule[] = [
  {
    name: 'queue-period-over',
    bounceClass: 'EXPIRED',
    text: [/\b(within|exceeded) the (allowed |maximum )?queue (period|life ?time)\b/],
    source: 'Netscape’s and Sun’s servers explain at length what may be wrong 「right now」.',
    example: {
      diagnostic:
        'The computer was not reachable within the allowed queue period. Perhaps it is turned off right now.',
    },
  },
  {
    name: 'names-not-looked-up',
    bounceClass: 'EXPIRED',
    // A reply code: another server says so, and it may be anybody's name.
    unless: [/(^|: |; |said:? )5\d\d\b/],
    text: [
      /\bhost not found,? try again\b|\b(dns|name ?server|mx)( look-?up| query| server)? (timed out|time-?out|timeout|failed|failure)\b|\b(could not|couldn't|cannot|unable to) (contact|reach) (the )?(dns|name) ?servers?\b/,
    ],
    source:
      'Postfix, Gmail, IronPort: the sending server could not ask for the domain until time had run out.',
    example: { diagnostic: 'Name service error for name=example.jp: Host not found, try again' },
  },
];
