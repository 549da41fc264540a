/** Answers about the person's own mailbox: there is none, or its owner does not want the mail. */
import type { Rule } from './rules-shape.js';

/** Whoever or whatever a mail is for, in a server's words. */
const WHO =
  '(?:user(?: ?(?:name|id|account))?|recipient(?: name| account| mailbox)?|(?:user )?mail ?box|(?:e-?)?mail ?account|account|(?:e-?mail |mail )?address|addressee|alias|inbox|person|customer|subscriber)s?';

/** Wordings for 「no such mailbox」, wherever they come from. */
export const NO_SUCH_MAILBOX: readonly RegExp[] = [
  new RegExp(
    `\\b${WHO}( @)? ((is|was|are|were) )?(not exists?|not (present|registered|recogni[sz]ed|defined|active|available here|(on|at) this (server|system|host))|unrecogni[sz]ed|non-?existent)\\b`,
  ),
  new RegExp(
    `\\bno (such )?(active |valid |existing |known ){0,2}${WHO} (here|by|for|with|of|at|named|matching|called|found|exists?)\\b(?! this time)`,
  ),
  new RegExp(`\\bno such (active |valid |existing |local )${WHO}\\b`),
  new RegExp(
    `\\b(not|n't) (have|know|serve|host|recogni[sz]e|handle mail for) (a |an |any |the |this |that |such ){0,2}${WHO}\\b`,
  ),
  /\b(nobody|no one|no-one|no person) (here |known )?(at|by|with|of|under) (this|that) (name|address)\b/,
  /\b(no longer|not) (works?|working|employed) (here|for|at|with)\b|\bhas left (the |our |this )?(company|organi[sz]ation|school|firm|office)\b|\bnot here any ?more\b|\bno longer with us\b/,
  /\bnot (present |listed |found )?(in|on|among) (my|our|the|this) [a-z' ]{0,30}(directory|validrcptto|(recipient|user|mailbox|address) (table|map|list)|list of (valid |known |local )?(users|recipients|mailboxes|accounts|addresses))\b/,
  new RegExp(`\\b${WHO}( @)? (has been|was|is) (replaced by|retired)\\b`),
  /\b(invalid|unknown) (final delivery )?user ?id\b|\bno mail spool\b|\bnot have a (final )?(e-?mail )?delivery point\b/,
  /\b(address|mailbox)( @)? is (wrong|incorrect)\b|\bunavailable (mail )?user\b|\b(user )?account( @)? is unavailable\b|@[ :]{1,2}(is )?not (used|in use)\b|@ (has been|was) replaced by\b|\bunrecogni[sz]ed-?orname\b/,
  /\b(user|recipient|mailbox|account|address|addressee|alias|username)( @)? (is |was )?(unknown|not known)\b/,
  /\b(user|mailbox|account) (\([^)]{1,64}\)|'[^']{1,64}'):? (is |was )?(unknown|not (known|found))\b/,
  /\b(cannot|can't|could not|couldn't|unable to) find (a |the |that |this )?(user|mailbox|recipient|account)\b/,
  /\bnon-?existent (user|recipient|mailbox|account)\b|\bnot listed in (the )?(public name|domino directory)/,
  /\bunknown (user|recipient|mailbox|account|alias|local[- ]?part|addressee|address|or illegal alias|or invalid)\b/,
  /\bno such (a )?(user|mailbox|recipient|account|address|person|alias|e-?mail|local user|domain user|virtual user)\b(?! (database|table|file|map|directory|server|service|profile|list))/,
  /\b(user|recipient|mailbox|account|address|alias|inbox|reach)( @)? (does not|doesn't|do not|don't) exist\b/,
  /\b(user|recipient|mailbox|account|address|addressee)( @)? (was |is |could )?(not|n't|cannot|couldn't)( be)? found\b|\baddress couldn't be found\b/,
  /\binvalid (recipient|mailbox|user|local part|addressee)\b|\b(recipient|user|mailbox) (is )?invalid\b|\bbad destination mailbox\b/,
  /\bnot (a )?(valid|known|existing|our|local) (user|recipient|mailbox|account|customer|alias|subscriber)\b|\buser (is )?not local\b/,
  /\b(doesn't|does not) have an? [a-z0-9.-]{1,60} account\b|\bcan't accept user\b/,
  /\bresolver\.adr\.(ex)?recip(ient)?notfound\b|\bunrout(e)?able address\b/,
  /\bmailbox unavailable\b|\bmailbox name not allowed\b/,
  /\b(user|account|mailbox|address|recipient)( @)? (has |is |was )?(been )?(moved|deleted|removed|closed|cancell?ed|no longer)\b|\bhas moved\b/,
  /(アドレス|宛先|あて先|送信先|受信者|ユーザー?|メールボックス|アカウント)[^。]{0,20}(見つか(りません|らない|らなかっ)|存在(しません|しない|していません)|登録(されていません|されておりません|がありません)|不明|無効で|使(われ|用され)て(いません|おりません|いない)|廃止|削除されて?い?ま|解約|リストにありません)|宛先不明|(ディレクトリ|名簿|アドレス帳)の?(リスト)?に(ありません|登録されていません)|該当(する|の)(メール)?(アドレス|ユーザー?|アカウント)(は|が)(ありません|ございません|存在しません)/,
];

/** In Japanese too, a server's or a network's refusal is not the person's. */
const NOT_BY_THE_PERSON: readonly RegExp[] = [
  /迷惑メール(と|として|の疑い|判定|対策)|スパム|spam|ポリシー|ブラックリスト|なりすまし|ウイルス|認証/,
  /(送信|接続|発信|配信)(元|サーバー?|ホスト|側|ドメイン)|大量送信|当社|弊社|当方|本サーバー?|当サーバー?|(?<![a-z])ip(アドレス|address|v[46]|(?![a-z]))|逆引き/,
  /^(?!.{0,4000}(受信者|相手|宛先|あて先|ユーザー?(が|の|に))).{0,4000}(送信者|差出人|送り主|発信者|迷惑メール|受信拒否(し|いたし|致し)ま)/,
  /管理者|プロバイダ|サーバー?の(受信)?拒否/,
];

/** Only where a setting of the person is named: 「rejected by the recipient's server」 is not one. */
export const REFUSED_RULES: readonly Rule[] = [
  {
    name: 'unknown-or-refused-in-one-sentence',
    bounceClass: 'UNKNOWN_OR_REFUSED',
    unless: NOT_BY_THE_PERSON,
    text: [
      /(存在し|見つか|宛先不明|アドレスがない)[^。]{0,40}(受信拒否|拒否設定|受信設定)|(受信拒否|拒否設定)[^。]{0,40}(存在し|見つか|宛先不明|アドレスがない)/,
    ],
    source: 'Japanese explanations that name both; wording of our own, after what providers’ help pages say.',
    example: { diagnostic: '宛先のアドレスが存在しないか、受信拒否設定されています。' },
  },
  {
    name: 'refused-by-a-server-in-japanese',
    bounceClass: 'OTHER',
    text: [/サーバー?(から|により|によって|で|が|側)[^。]{0,20}拒否/],
    source: 'Own caution: Japanese help pages use 「受信拒否」 for a server’s refusal as well.',
    example: { diagnostic: '相手先のサーバーから受信拒否されました。' },
  },
  {
    name: 'refused-in-japanese',
    bounceClass: 'REFUSED',
    unless: NOT_BY_THE_PERSON,
    text: [
      /受信拒否|着信拒否|拒否設定|ドメイン指定(受信|拒否)|アドレス指定(受信|拒否)|受信フィルター?/,
      /(受信|指定受信|フィルター?)の?設定(により|によって|のため)/,
    ],
    source:
      'Words of the carriers for the person’s own receive settings; where exactly they are sent is not known to us.',
    example: { diagnostic: '受信者のドメイン指定受信により配信できません。' },
  },
  {
    name: 'refused-by-the-person',
    bounceClass: 'REFUSED',
    unless: [
      /\bips?\b|\brbl\b|\bdnsbl|\bspam (score|content)|\bvirus|\b(organi[sz]ation|company|provider|servers?|system|administrator|gateway|network|domain) (of|for) (the |this )?(recipient|user)\b/,
    ],
    text: [
      /\b(blocked|refused|rejected|restricted|denied|filtered) (by|due to|because of) (the |this |a )?(recipient|user|addressee|mailbox owner)('s|s)?( own| personal| private| mail| e-?mail| message| sieve| delivery| incoming)? (filter(s|ing)?( (program|rules?|settings?))?|sieve|settings?|preferences?|rules?|choice)\b/,
      /\b(blocked|refused|rejected|declined) by (the |this )?(recipients?|addressee|mailbox owner|user)( @|[.;,)]|$| himself| personally)/,
      /\b(recipient|user|addressee|mailbox owner)( @)? (has |have )?(set up|made|created) (a |his |her |their )?(own )?(rule|filter)s?\b/,
      /\b(recipient|user|addressee|mailbox owner)( @)? (refuses|does not|doesn't|will not) (want|wish|like|care) (for |to (receive|get) )?(you|your|any|e-?mails?|mails?|messages|this)\b/,
      /\b(block(ed|ing)?|black|reject|deny|ignore)[ -]?list of (the |this |that )?(user|recipient|addressee)\b|\b(recipient|user|addressee)( @)? has (put|placed) you\b/,
      /\b(recipient|user|addressee|mailbox|account)( @)? (only )?(accepts|takes|receives) (e-?mails?|mails?|messages)( only)? (only )?from (its|his|her|their|known|listed|approved|people in|senders in|addresses in)\b/,
      /\b(recipient|user|addressee)('s|s)? (own|personal) (mail )?(filters?|rules?|settings?|preferences)\b/,
      /\bmanually blocked senders?\b|\b(isn't|is not|not) on the (recipient|user|addressee)('s|s) list of senders\b/,
      /\bonly accept(s|ing)? (e-?mail|mail|messages) from (specific|certain|selected|listed|permitted|approved|known)\b/,
      /\buser reject\b/,
      /\b(recipient|user)( id)? refuses? to (receive|accept)\b|\benvelope blocked - user entry\b/,
      /\b(recipient|user|addressee) (refuses|does not want to receive|doesn't want to receive|has chosen not to accept) (you|your|e-?mails?|mail|messages|this)\b/,
      /\b(recipient|user|addressee) (does not|doesn't|will not) accept (e-?mail|mail|messages) from (this sender|this address|your address|you|unknown senders)\b(?! (server|host|ip))/,
      /\b(recipient|user|addressee|mailbox owner|mailbox)('s|s) (personal |own |private |individual )?(list of )?((allow|allowed|approved|accept|safe|white|permitted|trusted|blocked|rejected|denied|reject|block|black|deny|ignore|banned)[- ]?)(senders? ?)?(list|senders?)\b/,
      /\b(list of|only) (allowed|approved|accepted|safe|permitted|trusted|blocked|known) (senders|addresses|correspondents|contacts) (of|for|by|set by|kept by|defined by) (the |this )?(recipient|user|addressee|mailbox)\b/,
      /\b(recipient|addressee|user)( @)? (has |have )?(blocked|rejected|refused|blacklisted) (you|your|this sender|the sender|this address|mail|e-?mail|messages)\b/,
      /\bsieve\b.{0,80}\b(rejected|refused|discarded)\b|\b(rejected|refused) by (a |the )?(user |personal |recipient )?sieve\b/,
    ],
    source: 'AOL, Facebook, Willcom (now Y!mobile), Mimecast’s personal list, rules of a user.',
    example: { status: '5.7.1', diagnostic: '550 5.7.1 refused due to recipient preferences' },
  },
  {
    name: 'exchange-restricted-recipient',
    bounceClass: 'REFUSED',
    text: [
      /\bresolver\.rst\.(notauthorized|authrequired|restrictedtorecip)|\brestrictedtorecipients|\ballowed-senders list\b/,
    ],
    source: 'Exchange: the mailbox takes mail from listed or internal senders only.',
    example: { status: '5.7.1', diagnostic: '550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized' },
  },
  {
    name: 'exchange-restricted-recipient-number',
    bounceClass: 'REFUSED',
    status: ['X.7.124', 'X.7.133', 'X.7.134', 'X.7.135', 'X.7.136'],
    source: 'Microsoft’s list of NDR numbers.',
    example: { status: '5.7.136' },
  },
];

/** Before the doubtful wordings about us: those may stand in the same long answer. */
export const EXPLICITLY_UNKNOWN_RULES: readonly Rule[] = [
  {
    name: 'unknown-by-word-and-number',
    bounceClass: 'UNKNOWN_ADDRESS',
    status: ['X.1.1', 'X.1.10'],
    text: NO_SUCH_MAILBOX,
    source:
      'Postfix, sendmail, Gmail, Exchange: both agree, so a host named in the same answer says nothing more.',
    example: { status: '5.1.1', diagnostic: '550 5.1.1 No such user (your server mx.example.org)' },
  },
];

export const UNKNOWN_RULES: readonly Rule[] = [
  {
    name: 'recipients-account-shut',
    bounceClass: 'UNKNOWN_ADDRESS',
    text: [
      /\b(recipient|addressee|destination)('s|s)? (user |mail |e-?mail )?(account|mailbox|address) (is |has been |was )(permanently )?(disabled|suspended|deactivated|inactive|closed|expired)\b/,
    ],
    source: 'RFC 5248’s 5.7.13 is about whoever logs in; with the recipient named, it is not about us.',
    example: { status: '5.7.13', diagnostic: '525 5.7.13 the recipient account is disabled' },
  },
  {
    name: 'nothing-but-address-rejected',
    bounceClass: 'UNKNOWN_ADDRESS',
    status: ['X.1.0', 'X.1.1'],
    text: [
      /^(smtp; ?|host server said: ?)?5\d\d[ -]#?5\.1\.[01],?( @:?)? address rejected( @)?\.?( \(in reply to rcpt to command\))?$/,
    ],
    source:
      'IronPort and the Sun family answer so to RCPT TO for a mailbox they do not have, and say nothing else.',
    example: { status: '5.1.0', diagnostic: '550 #5.1.0 Address rejected.' },
  },
  {
    name: 'outlook-directory',
    bounceClass: 'UNKNOWN_ADDRESS',
    status: ['X.4.1'],
    text: [/\brecipient address rejected: access denied\b.{0,40}(\bas\(|\.outlook\.com)/],
    source:
      'Exchange Online’s edge refuses addresses that are not in the directory this way (Microsoft’s own pages).',
    example: {
      status: '5.4.1',
      diagnostic:
        '550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [X.protection.outlook.com]',
    },
  },
  {
    name: 'unknown-by-word',
    bounceClass: 'UNKNOWN_ADDRESS',
    text: NO_SUCH_MAILBOX,
    source:
      'qmail, mail.ru, Outlook.com (5.5.0), Asahi Net and InfoSphere (5.7.1), Exim and OpenSMTPD (5.0.0), SoftBank.',
    example: { status: '5.7.1', diagnostic: '550 5.7.1 Recipient address rejected: Unknown user' },
  },
  {
    name: 'mailbox-shut',
    bounceClass: 'UNKNOWN_ADDRESS',
    // Under a number of security (5.7.1) the account that is shut is ours at a relay.
    status: ['none', 'X.1.*', 'X.2.*', 'X.3.*', 'X.4.*', 'X.5.*'],
    text: [
      /\b(account|mailbox|user|recipient|inbox|address|reach)( @)? (is |has been |was |been )?(now )?(disabled|suspend(ed)?|deactivated|inactive|discontinued|frozen|dormant|terminated|expired|archived|not active)\b/,
      /\b(inactive|deactivated|disabled|suspended|archived|expired|dormant|frozen) (user|mailbox|recipient|e-?mail|account|address)\b|\bdisabled or discontinued\b|\bextended inactivity\b/,
      /\b(blocked|locked|closed|disabled) (due to|because of|for) (long |extended )?inactivity\b/,
      /\b(mailbox|user|recipient|account|inbox|address|addressee)\b[^.;:]{0,40}\bnot (longer )?accept(ing)? (any )?(e-?mails?|mails?|messages)\b(?! from)|\bmail receiving disabled\b/,
    ],
    source: 'Gmail, Yahoo, mail.ru, au (account is disabled): there was a mailbox, and it is shut.',
    example: { status: '5.0.0', diagnostic: '550 The user(s) account is disabled.' },
  },
];
