/**
 * The sentences by which servers say in words what became of a mail. A sentence opens a section: what stands below it,
 * up to the next one, is told under its heading. Earlier rows win where two fit one line.
 */
import type { Action } from './fate.js';

export interface Phrase {
  /** Who writes so. */
  of: string;
  says: RegExp;
  action: Action;
}

export const PHRASES: readonly Phrase[] = [
  // Still on its way. Before the failures: 「could not be delivered for more than 4 hours」 is none.
  { of: 'Postfix', says: /\bthis is a warning only\b/i, action: 'DELAYED' },
  { of: 'Postfix', says: /\bcould not be delivered for more than\b/i, action: 'DELAYED' },
  { of: 'Exim', says: /\bha(?:s|ve) not yet been delivered\b|\bnot be delivered yet\b/i, action: 'DELAYED' },
  { of: 'Exim', says: /\bdelivery attempts will continue\b/i, action: 'DELAYED' },
  { of: 'sendmail', says: /\bhad transient non-fatal errors\b/i, action: 'DELAYED' },
  {
    of: 'sendmail',
    says: /\bwarning: (?:message still undelivered|could not send message)\b/i,
    action: 'DELAYED',
  },
  { of: 'OpenSMTPD', says: /\bmessage is delayed for more than\b/i, action: 'DELAYED' },
  { of: 'OpenSMTPD', says: /\bonly a temporary failure report\b/i, action: 'DELAYED' },
  { of: 'Gmail', says: /\bthis is a warning message only\b/i, action: 'DELAYED' },
  {
    of: 'Gmail',
    says: /\bdelivery incomplete\b|\btemporary problem (?:while )?delivering\b/i,
    action: 'DELAYED',
  },
  { of: 'Exchange', says: /\bdelivery (?:is|has been) delayed\b|\bhas been delayed\b/i, action: 'DELAYED' },
  {
    of: 'any',
    says: /\bwill (?:be retried|retry|keep trying|continue (?:to try|trying|to attempt))\b|\bstill (?:being retried|trying)\b/i,
    action: 'DELAYED',
  },
  { of: 'any', says: /\bdo not need to re-?send\b/i, action: 'DELAYED' },
  {
    of: 'any',
    says: /配信が?(?:遅れ|遅延)|再試行(?:します|されます|を続け)|再送(?:信)?を(?:続け|試み)/,
    action: 'DELAYED',
  },

  // Arrived, or handed on.
  { of: 'sendmail, Exim', says: /\bhad successful delivery notifications\b/i, action: 'SUCCESS' },
  { of: 'Postfix', says: /\bmessage was successfully delivered to\b/i, action: 'SUCCESS' },
  { of: 'OpenSMTPD', says: /\bmessage was (?:relayed|delivered) to these recipients\b/i, action: 'SUCCESS' },
  {
    of: 'Exchange',
    says: /\bno delivery notification was sent\b|\bhas been successfully relayed\b/i,
    action: 'SUCCESS',
  },
  { of: 'any', says: /(?:正常に|無事に?)(?:配信|配送|送信)(?:されました|しました)/, action: 'SUCCESS' },

  // Given up.
  { of: 'qmail', says: /(?:not|n't) able to deliver your message\b/i, action: 'FAILED' },
  {
    of: 'Yahoo',
    says: /\b(?:unable|failed) to (?:deliver|send) (?:your |the |this )?(?:message|mail|e-?mail)\b/i,
    action: 'FAILED',
  },
  {
    of: 'Exim, Postfix',
    says: /\b(?:could|can) ?not be (?:\w+ )?delivered\b|\b(?:could|ca)n't be delivered\b/i,
    action: 'FAILED',
  },
  { of: 'Exim', says: /\bfollowing address(?:\(es\)|es)? failed\b/i, action: 'FAILED' },
  { of: 'sendmail', says: /\bhad permanent fatal errors\b/i, action: 'FAILED' },
  { of: 'BIGLOBE', says: /\bhad delivery problems\b/i, action: 'FAILED' },
  { of: 'BIGLOBE', says: /\bmail recipient was not found\b/i, action: 'FAILED' },
  { of: 'OpenSMTPD', says: /\berror has occurred while attempting to deliver\b/i, action: 'FAILED' },
  { of: 'Gmail', says: /\b(?:was|were)(?:n't| not) (?:successfully )?delivered\b/i, action: 'FAILED' },
  { of: 'Gmail', says: /\baddress not found\b|\bmessage (?:blocked|not delivered)\b/i, action: 'FAILED' },
  {
    of: 'Gmail, Exchange',
    says: /\bdelivery (?:has )?failed\b|\bdelivery to .{0,60}\b(?:has )?failed\b/i,
    action: 'FAILED',
  },
  {
    of: 'Exchange',
    says: /\bdid not reach (?:some or all of )?the (?:intended|following) recipient/i,
    action: 'FAILED',
  },
  { of: 'Exchange', says: /\brecipients?(?:\(s\))? (?:could not|cannot) be reached\b/i, action: 'FAILED' },
  { of: 'au', says: /\bwas rejected by a(?: remote)? mail server\b/i, action: 'FAILED' },
  { of: 'au', says: /\brecipients did not receive (?:this|your) message\b/i, action: 'FAILED' },
  { of: 'Courier, GroupWise', says: /\bundeliverable (?:mail|to|due)\b/i, action: 'FAILED' },
  { of: 'au, SurfControl', says: /\b(?:could not be|was not) sent\b/i, action: 'FAILED' },
  { of: 'Amazon SES', says: /\berror occurred while trying to deliver\b/i, action: 'FAILED' },
  { of: 'qmail', says: /\bproblem with the e-?mail address/i, action: 'FAILED' },
  { of: 'gateways', says: /\btrouble delivering your message\b/i, action: 'FAILED' },
  { of: 'Barracuda', says: /\bmessage (?:to:? .{0,100})?was blocked by\b/i, action: 'FAILED' },
  {
    of: 'Gmail',
    says: /(?:アドレス|宛先|受信者).{0,20}見つか(?:りません|らない|らなかった)/,
    action: 'FAILED',
  },
  {
    of: 'Exchange',
    says: /(?:配信|配送|送信|送達|配達|届ける?こと)(?:する?こと)?.{0,4}(?:に失敗|が?でき(?:ません|ず|なかった))/,
    action: 'FAILED',
  },
  {
    of: 'any',
    says: /(?:届き|配信され|配送され|送信され|配達され)ません(?:でした)?|宛先不明/,
    action: 'FAILED',
  },
];

/** Headings without a sentence: believed only where no sentence of the table was found. */
export const WEAK_PHRASES: readonly Phrase[] = [
  { of: 'sendmail', says: /\btranscript of session follows\b/i, action: 'FAILED' },
  {
    of: 'any',
    says: /\breasons? (?:for|of) (?:the )?(?:failure|non-?delivery)\b|\bfailure reasons?\b|\bpermanent (?:error|failure)\b/i,
    action: 'FAILED',
  },
];

/** Of a machine's mail whose words say nothing that is known. */
export const SUBJECTS: readonly Phrase[] = [
  { of: 'any', says: /\bdelay(?:ed)?\b|\bwarning\b|遅延/i, action: 'DELAYED' },
  {
    of: 'any',
    says: /\bundeliver(?:ed|able)\b|\breturned mail\b|\bfailure notice\b|\b(?:mail|delivery|message)\b.{0,30}\bfail(?:ed|ure)\b|\bnot (?:be )?delivered\b|\bnon-?deliver|^unzustellbar|エラーメール|配信不能|不達|送信エラー/i,
    action: 'FAILED',
  },
];

/** Below such a line stands a copy of the original, and nothing of the report. */
export const COPY_FOLLOWS: readonly RegExp[] = [
  // qmail, Yahoo
  /^-{2,} ?(?:below this line is|original message follows|original mail|returned message)/i,
  // Exim
  /^-{2,} this is a copy of /i,
  // sendmail, old and new; BIGLOBE
  /^[ -]{2,}(?:original message|unsent message|message header|message text|original mail|start of)[a-z ]{0,40}-{0,9}$/i,
  // Gmail, Exchange, Sun, au
  /^[ *-]{0,8}(?:original message(?! details)|original message headers?|the original message (?:was|follows)|message (?:follows|headers?))[a-z ]{0,20}[:-]{0,9}$/i,
  /^ {0,8}below is a copy of the original message/i,
  /^[ *-]{0,8}(?:returned|content of the|the header of the|header of the) (?:message|mail|original)\b.{0,30}$/i,
  /^[\s*=＝－―-]{0,20}(?:元の(?:メッセージ|メール)|送信されたメール|オリジナルメッセージ|以下.{0,12}(?:元の|送信).{0,12}メール)/,
];

/** A header in the middle of the words: the copy has begun without a line to say so. */
export const HEADER_BEGINS =
  /^[|>]?(?:received|return-path|message-id|dkim-signature|mime-version|delivered-to):/i;
