/** Answers about the mailbox's room, and time. */
import type { Rule } from './rules-shape.js';

export const FULL_RULES: readonly Rule[] = [
  {
    name: 'yahoo-552-not-found',
    bounceClass: 'UNKNOWN_ADDRESS',
    code: [552],
    text: [/\baborted,? mailbox not found\b/],
    source: 'Yahoo says 552 where others say 550.',
    example: { code: 552, diagnostic: '552 1 Requested mail action aborted, mailbox not found' },
  },
  {
    name: 'mailbox-full',
    bounceClass: 'MAILBOX_FULL',
    text: [
      /\b(over|exceed(s|ed|ing)?|out of|insufficient|not enough)( the| its| his| their| allowed| maximum| disk| storage| mail| mailbox| account| allotted){0,4} (quota|storage|disk space|space|allocation)\b/,
      /\bquota( has been| was| is)? (exceeded|full|violation|reached)\b|\bover ?quota\b/,
      /\b(mail ?box|inbox|mail ?folder|user|recipient|storage)( @| for [^ ]{1,80})? (is |was |has been )?(too )?full\b/,
      /\btoo much mail data\b|\bmailbox (size )?(limit|has exceeded)\b|\bmailbox exceed(s|ed)\b/,
      /(メールボックス|受信トレイ|受信箱|容量)[^。]{0,30}(いっぱい|一杯|満杯|超過|超え|オーバー|不足|空き容量がない)/,
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
    source: 'RFC 5321: exceeded storage allocation.',
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
      /(配信|配送|再送|送信)[^。]{0,20}(期限|時間切れ|タイムアウト|期間を過ぎ)/,
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
      /接続でき(ません|ず|なかった)|応答がありません/,
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
