/** Answers about our mail or the way we send it (R24): none of them counts against the person. */
import type { Rule } from './rules-shape.js';

export const OUR_MAIL_RULES: readonly Rule[] = [
  {
    name: 'block-list',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\b(black|block|deny|bad|white|allow)[ -]?list(ed|ing|s)?\b|\b(dns|r|ip)bls?\b|\bdnsbl|(ブラック|ブロック|拒否)リスト/,
      /\bspamhaus|\bspamcop\b|\bbarracuda|\bsorbs\b|\babuseat\b|\buceprotect\b|\bcloudmark\b|\bs3(140|150)\b/,
      /(?<!not )\blisted (at|in|on|by)\b|\b(is|are) (currently )?listed\b|\b(ur|sur|uri)bls?\b/,
    ],
    source: 'All who ask lists: Spamhaus at iCloud and Outlook.com, S3140 of Outlook.com, Proofpoint’s own.',
    example: { status: '5.1.1', diagnostic: '550 5.1.1 User unknown, your server is on our blacklist' },
  },
  {
    name: 'spam-and-reputation',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\b(anti-?)?spam(my|mers?|ming|assassin)?\b|\bunsolicited\b|\bsuspicious\b|\bphishing\b|\bjunk (e-?)?mail\b/,
      /\breputation\b|\bcomplaints?\b|\babus(e|ive)\b|\bbulk (e-?)?mail|\bdt:spm\b|\bspamcheck\b/,
      /迷惑メール(と|として|の疑い|判定|対策)|スパム|信用できない|信頼できない/,
    ],
    source:
      'Gmail, Yahoo, mail.ru and most filters; Yahoo! JAPAN’s 「possible forgery or deactivated due to abuse」.',
    example: { status: '5.1.1', diagnostic: '550 5.1.1 mailbox unavailable: looks like spam' },
  },
  {
    name: 'policy',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\b(local|security|site|our|your|server|content|e-?mail|mail|company|domain|inbound|sending|access) polic(y|ies)\b/,
      /\bpolicy (violation|reasons?|restrictions?|rejection|block)\b|\b(due to|by|per|of|against|violates?) (a |the |this |organi[sz]ation )?polic(y|ies)\b/,
      /\btransport\.rules\b|\badministrative prohibition\b|ポリシー/,
    ],
    source:
      'iCloud CS01, Yahoo 5.7.9, Exchange transport rules, Mimecast and Exim 「administrative prohibition」.',
    example: { status: '5.1.1', diagnostic: '550 5.1.1 Message rejected due to local policy' },
  },
  {
    name: 'content',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\b(virus(es)?|malware|infected|trojan)\b|\bcontents? (was |is |has been )?(rejected|blocked|filter(ed)?|presents|not allowed|denied|refused|forbidden|unacceptable)\b/,
      /\b(illegal|banned|forbidden|prohibited|dangerous|disallowed|unwanted|unacceptable|objectionable|offensive) (file|attachment|content|url|link|header|word)s?\b|\b(file|link|url)s? (attached |in it )?(is |are )(forbidden|prohibited|not allowed|banned)\b/,
      /\b(bare|lone|stray) (cr|lf|line ?feeds?|carriage)\b|\bnot (an? )?(valid |compliant |conform(ant|ing)? )?(with |to )?(message per )?rfc ?-?(822|2822|5321|5322)\b|\b(malformed|missing|invalid|duplicate|multiple) (mime |message |date |from )?(headers?|message-id)\b/,
      /\b(message|mail) (was |has been )?(filtered|blocked)\b|\battachments? (is |are |was |types? |has been )?(not allowed|rejected|blocked|prohibited)\b/,
      /\b(due to|because of) (its |the )?content\b|ブロックされました|ウイルス/,
    ],
    source:
      'Gmail 5.7.0, Symantec.cloud 「message filtered」, Gmail’s Japanese 「メッセージがブロックされました」.',
    example: { code: 552, diagnostic: '552 This message was blocked because its content presents an issue' },
  },
  {
    name: 'too-much-from-us',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\b(rate|sending|hourly|daily|connection|concurrency|frequency) (quota|limit)|\b(ip|domain|sending) frequency\b/,
      /\b(too many|excessive|excess|large number of) ([a-z'-]{1,20} )?(messages|mails|e-?mails|connections|recipients|rcpts?|errors|unknown|unknowns|invalid|bad|non-?existent|wrong|requests|concurrent|sessions|users|addresses|bounces|commands|hits|attempts)\b|\bharvest|\b(dictionary|directory|brute[- ]force) attack/,
      /\brate[- ]limit|\bthrottl|\bexcessive rate\b/,
      /\bgr[ea]y-?list/,
    ],
    source:
      'Gmail, Yahoo TSS, docomo; a greylist that never ended means that our own retries do not fit: ours, not the person’s.',
    example: {
      status: '5.1.1',
      diagnostic: '550 5.1.1 Directory harvest attack detected: too many user unknown',
    },
  },
  {
    name: 'too-big',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\b(message|mail|header|line|body|data)( size| length)? (is |was )?too (large|big|long)\b|\btoo (large|big) (message|mail|for)\b/,
      /\bmessage size\b|(?<!mailbox |quota )\bsize limit\b|\b(recip|send)sizelimit\b|\b(message|mail|line)s? (length|size) (limit )?exceed(s|ed)\b|\blines? too long\b|\bmaximum (e-?mail|mail|message|line) (size|length)\b/,
      /\b(message|mail|e-?mail)( @)? (has )?exceed(s|ed) (the |our )?(maximum |allowed |maximum allowed )?(incoming |inbound )?(message |mail )?(size|length)\b|\bexceeds? \d{1,9} ?([kmg]b|bytes|octets)\b|\blarger than (the |our )?(maximum|allowed|permitted|size)\b/,
      /(?<!ボックスの)(サイズ|大きさ)[^。]{0,20}(大き|超え|超過|上限|制限|オーバー)|(メール|メッセージ|添付ファイル)(が大き|の容量(が大き|が?制限))/,
    ],
    source: 'RFC 1870 servers; docomo’s 「Line Too Long」; Exchange RecipSizeLimit.',
    example: { code: 552, diagnostic: '552 Message size exceeds fixed limit' },
  },
  {
    name: 'too-big-number',
    bounceClass: 'SENDER_BLOCKED',
    status: ['X.2.3', 'X.3.4'],
    source: 'RFC 3463: message too big for the mailbox or the system.',
    example: { code: 552, status: '5.3.4', diagnostic: '552 5.3.4 no' },
  },
  {
    name: 'suppressed-by-mail-service',
    bounceClass: 'SENDER_BLOCKED',
    text: [/\bsuppress(ed|ion)\b|\bbounced address\b/],
    source:
      'Amazon SES, SendGrid: nothing was tried, because of an older failure in the service’s own list; an operator must clear it.',
    example: {
      status: '5.1.1',
      diagnostic: 'Amazon SES did not send the message to this address because it is on the suppression list',
    },
  },
];
