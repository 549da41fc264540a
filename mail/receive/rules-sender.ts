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
      /\b(from|envelope)('s)? (e-?mail |header )?(verify|verification|rejected|refused|denied|blocked|unknown|not|is|has|does|invalid|must|could)\b/,
      /\bbadmailfrom\b|\bcall(out|back)\b/,
      /\b(cannot|can't|can not|could not|couldn't|unable to) (reply|bounce|respond|answer)\b|\b(a|the|any) bounces? (back )?to (you|@)|\b(used|trying|you use) to send\b|\b(verify|verifying|callback to) you\b|\borigin('s)? (address|mailbox|user|domain)\b/,
      /(?<!\b(to|inform|notify|tell|ask|the original) (the )?)\b(sender|originator|author|submitter)('s|s)?\b/,
      /\b(return|reply|bounce|reverse|envelope|envelope[- ]from|originating|mail from|reply-?to|sending|submitting)[- ](address|path|mailbox|account|user|e-?mail|domain)\b|(?<!mail )\bfrom[- ](address|domain|header|line|field)\b|\b('s|the|in) from user\b|\bin (the |your )?(from|reply-to)\b/,
      /\byour (own |sending |e-?mail |mail |smtp |local |user |login )?(accounts?|mailbox|domain( name)?|quota|address(?! book)|identity|from|host ?name)\b/,
      /\b(relay|smtp|sasl|submission|outgoing|outbound|local sending) (user|account|mailbox)\b|\b(for|from) (outgoing|outbound|sending)\b|\b(outgoing|outbound) (e-?mail|mail|messages)\b/,
      /(送信者|送り主|差出人|送信元|発信者|発信元|返信先|返送先|接続元|リターンパス|送信側)(?!に|へ|宛|様(に|へ|宛))[^。、]{0,30}(存在し|見つか|不明|無効|不正|登録|確認でき|解決でき|検証|認証|ブロック|拒否|制限|超過|超え|正しく|有効|逆引き|停止|ありません)/,
      /(お客様|あなた|貴社|貴方|ご利用|ご自身)の?(メール)?(アドレス|アカウント|ドメイン|メールボックス)/,
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
    name: 'login-by-number',
    bounceClass: 'SENDER_BLOCKED',
    code: [530, 534, 535, 538],
    source: 'RFC 4954: we did not log in, or not as anybody who is known.',
    example: { diagnostic: '535 user not found' },
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
      /\brcpthosts\b|\bgateway to that domain\b|\bnot (a )?local (host|domain)\b|\bas a relay\b|\bno longer relays?\b|\b(not|n't|no) relay(ing)?\b|\bopen relay\b|\b(not|n't) (handle|accept|take) mail for (this|that) (domain|host)\b/,
    ],
    source:
      'Every server. au says so for odd addresses and foreign domains too (a vendor’s list of answers); that is no proof.',
    example: { diagnostic: '550 relaying denied', stage: 'RCPT_TO', code: 550 },
  },
  {
    name: 'authentication',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\b(spf|dkim|dmarc|openspf|batv)\b|\bsender policy framework\b|\bunauthenticated\b|\bunauthori[sz]ed\b|\bbackscatter\b/,
      /\bspoof(ed|ing)?\b|\bforge(d|ry)\b|\bauthenticat(e|ed|ion)\b|\blog ?in\b|\bstarttls\b|\bpasswords?\b|\bcredentials?\b|\bauth\b|\bcertificate\b|\b(tls|encryption)\b|\bsubmission (service|server|port|host)\b|なりすまし/,
    ],
    source: 'Gmail, Yahoo, Outlook.com, cPanel: SPF, DKIM, DMARC, or a password is missing.',
    example: { diagnostic: '550 SPF check failed, user unknown to us', stage: 'RCPT_TO', code: 550 },
  },
  {
    name: 'reverse-dns-and-greeting',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\breverse (dns|host|lookup|mapping)\b|\brdns\b|\bptr\b|\b(cannot|can't|could not|couldn't|unable to) (find|resolve) your\b/,
      /\b(helo|ehlo)\b|\bin-addr\.arpa\b|逆引き/,
      /(?<!or )\b(ip|ipv[46]|client|peer|connecting|sending|source|originating)[- ](address|host|host ?name|name)( @)? [^.;]{0,60}\b(not|no|unknown|un|without|does|invalid|cannot)/,
      /\b(host ?name|name|host)\b[^.;]{0,30}\b(for|of) \[?\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/,
    ],
    source: 'Postfix, AT&T, many others: the name of the sending host.',
    example: { status: '5.1.1', diagnostic: '550 5.1.1 user unknown: no PTR record' },
  },
];

/** Before the carriers, whose 「unknown」 may stand beside it. */
export const DISLIKED_HOST_RULES: readonly Rule[] = [
  {
    name: 'host-disliked',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\bblocked (using|for)\b|\bblocked ?- ?see\b|\b(client|connecting|sending|your) (ip|host|server|mta|network)( @)? [^.;]{0,60}\b(rejected|blocked|banned|denied|refused|not (allowed|welcome|permitted|authori[sz]ed))\b/,
      /\b(messages|mail) from (server )?\[?\d|\bip( address)? [^ ]{0,45} ?(is |was |has been )?(currently |temporarily )?(block(ed|ing)?|banned|rejected|denied|refused|listed|not (allowed|welcome|permitted))\b/,
      /\b(your|sending|connecting|client) (ips?|network|mta)\b/,
      /\d\.\d{1,3}\]?,? (is |was |has been |are )?(currently |temporarily |permanently )?(blocked|banned|rejected|denied|refused|not (allowed|welcome|permitted))\b/,
      /\b(block(ed|ing)?|bann(ed|ing)|reject(ed|ing)?|refus(ed|ing)|denied|deny(ing)?)( (mail|connections?|traffic|all))?( from| for| of)?:? (the |this |your )?(ip|network|server|client)\b/,
    ],
    source: 'Outlook.com, Proofpoint, and all who say what they do to the host they dislike.',
    example: { diagnostic: '550 mailbox unavailable: IP blocked', mailDomain: 'docomo.ne.jp' },
  },
];

/** Less certain: given up when the server says with word and number that the address is unknown. */
export const PERHAPS_OURS_RULES: readonly Rule[] = [
  {
    name: 'your-host',
    bounceClass: 'SENDER_BLOCKED',
    text: [
      /\b(your|sending|connecting|client) (host|server|domain|address)\b/,
      /\bblocked (by|due to)\b(?! (long |extended )?inactivity)/,
      /\byou are (not (allowed|permitted|authori[sz]ed|welcome)|sending|blocked|banned|listed)\b|\bnot a permitted sender\b|\bip ?[=:] ?\[?\d{1,3}\.\d|_is_blocked\b|@:blocked\b/,
    ],
    source: 'Outlook.com, Proofpoint, and all who name the host they dislike.',
    example: { diagnostic: '550 No such user here for your server' },
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
