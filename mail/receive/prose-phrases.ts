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
    says: /配信が?(?:遅れ|遅延)|再試行(?:します|されます|を続け)|再送(?:信)?を(?:続け|試み)|引き続き.{0,6}(?:配信|配送|送信)を?(?:試|続)|まだ(?:配信|配送|お届け)/,
    action: 'DELAYED',
  },
  { of: 'gateways', says: /\bha(?:s|ve) been postponed\b/i, action: 'DELAYED' },
  {
    of: 'abroad',
    says: /\b(?:verz(?:ö|oe)ger(?:t|ung)|retard(?:ée?s?|ees?)|retrasad[oa]|ritardat[oa]|atrasad[oa])\b|\bde nouveau tent|延迟投递|будет повторен/i,
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
  {
    of: 'abroad',
    says: /\bzustellung\b.{0,80}\babgeschlossen\b|\berfolgreich zugestellt\b|\bremise\b.{0,80}\beffectu|\bcorrectamente\b.{0,20}\bentreg|\bentreg\S{1,6} correctamente\b/i,
    action: 'SUCCESS',
  },

  // Given up.
  { of: 'qmail', says: /(?:not|n't) able to deliver your message\b/i, action: 'FAILED' },
  {
    of: 'Yahoo',
    says: /\b(?:unable|failed) to (?:deliver|send) (?:your |the |this )?(?:message|mail|e-?mail)\b|\bfailed to deliver to\b/i,
    action: 'FAILED',
  },
  {
    of: 'Exim, Postfix',
    says: /\b(?:could|can) ?not be (?:\w+ )?delivered\b|\b(?:could|ca)n't be delivered\b/i,
    action: 'FAILED',
  },
  { of: 'gateways', says: /\b(?:could|can) ?not deliver\b|\b(?:could|ca)n't deliver\b/i, action: 'FAILED' },
  {
    of: 'Exim, T-Online',
    says: /\bfollowing address(?:\(es\)|es)? failed\b|\bfailed addresses follow\b/i,
    action: 'FAILED',
  },
  {
    of: 'sendmail, MDaemon',
    says: /\bhad permanent fatal (?:delivery )?errors\b/i,
    action: 'FAILED',
  },
  { of: 'BIGLOBE', says: /\bhad delivery (?:problems|errors)\b/i, action: 'FAILED' },
  { of: 'BIGLOBE', says: /\bmail recipient was not found\b/i, action: 'FAILED' },
  { of: 'OpenSMTPD', says: /\berror has occurred while attempting to deliver\b/i, action: 'FAILED' },
  { of: 'Gmail', says: /\b(?:was|were)(?:n't| not) (?:successfully )?delivered\b/i, action: 'FAILED' },
  { of: 'Gmail', says: /\baddress not found\b|\bmessage (?:blocked|not delivered)\b/i, action: 'FAILED' },
  {
    of: 'Gmail, Exchange',
    // Some write 「delevery」.
    says: /\bdelivery (?:has )?failed\b|\bdel[ei]very to .{0,60}\b(?:(?:has )?failed|was aborted)\b/i,
    action: 'FAILED',
  },
  {
    of: 'Exchange',
    says: /\bdid not reach (?:some or all of )?the (?:intended|following) recipient/i,
    action: 'FAILED',
  },
  { of: 'Exchange', says: /\brecipients?(?:\(s\))? (?:could not|cannot) be reached\b/i, action: 'FAILED' },
  { of: 'au', says: /\bwas rejected by a(?: remote)? mail server\b/i, action: 'FAILED' },
  {
    of: 'au, MDaemon',
    says: /\b(?:recipients|addresses) did not receive (?:a copy of )?(?:this|your) message\b/i,
    action: 'FAILED',
  },
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
    says: /(?:届き|配信され|配送され|送信され|配達され)ません(?:でした)?|宛先不明|届け(?:する)?(?:こと)?.{0,3}でき(?:ません|ず|なかった)/,
    action: 'FAILED',
  },
  {
    of: 'Exchange and others, in German',
    says: /\bkonnten? (?:\S{1,20} ){0,6}nicht (?:\S{1,20} ){0,4}(?:zugestellt|übermittelt|ausgeliefert|gesendet)\b|\bfehler bei der (?:zustellung|nachrichtenzustellung)\b|\bnicht zustellbar\b|\bunzustellbar/i,
    action: 'FAILED',
  },
  {
    of: 'Exchange and others, in French',
    says: /\bn'(?:a|ont) pas (?:pu (?:ê|e)tre|(?:é|e)t(?:é|e)) (?:remis|d(?:é|e)livr|distribu|livr|envoy)|chec de la remise\b|\bnon remis\b/i,
    action: 'FAILED',
  },
  {
    of: 'Exchange and others, in Spanish, Portuguese, Italian',
    says: /\bno (?:se )?(?:ha )?(?:podido|pudo|puede) (?:ser )?(?:entrega|realizar la entrega|envia)|\bno (?:ha sido )?entregad[oa]\b|\bn(?:ã|a)o (?:p(?:ô|o)de|foi poss(?:í|i)vel|pode) (?:ser )?entreg|\brecapito non riuscito\b|\bimpossibile (?:recapitare|consegnare)\b|\bnon recapitabile\b/i,
    action: 'FAILED',
  },
  {
    of: 'Exchange and others, in Swedish, Dutch',
    says: /\bleveransen misslyckades\b|\bkunde inte levereras\b|\bkon niet worden (?:bezorgd|afgeleverd)\b/i,
    action: 'FAILED',
  },
  {
    of: 'QQ, 163.com, mail.ru, Naver',
    says: /(?:无法|未能|不能|無法)(?:发送|投递|送达|發送|投遞|傳送)|退信|被退回|(?:전송|배달|발송).{0,10}(?:실패|못)|반송|не (?:может быть|удалось|было?) достав/i,
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
  {
    of: 'MDaemon, IMail',
    says: /\bno such (?:user|mailbox|recipient)\b|\b(?:user|recipient|mailbox) unknown\b|\bunknown (?:user|recipient|mailbox)\b|\binvalid final delivery\b|\bmailbox exceeds\b/i,
    action: 'FAILED',
  },
];

/** Of a machine's mail whose words say nothing that is known. */
export const SUBJECTS: readonly Phrase[] = [
  {
    of: 'any',
    says: /\bdelay(?:ed)?\b|\bwarning\b|遅延|^(?:verzögert|retardé|retrasado|ritardato)\b/i,
    action: 'DELAYED',
  },
  {
    of: 'any',
    says: /\bundeliver(?:ed|able)\b|\breturned mail\b|\bfailure notice\b|\b(?:mail|delivery|message)\b.{0,30}\bfail(?:ed|ure)\b|\bnot (?:be )?delivered\b|\bnon-?deliver|エラーメール|配信不能|不達|送信エラー|配信エラー/i,
    action: 'FAILED',
  },
  {
    of: 'abroad',
    says: /^(?:unzustellbar|nicht zustellbar|non remis|no se puede entregar|mensaje no entregado|non recapitabile|não é possível entregar|olevererbart|onbestelbaar)|退信/i,
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
  /^[ *-]{0,8}(?:original message(?! details)|original message headers?|the original message (?:was|follows)|message (?:follows|headers?))[a-z ]{0,20}[.:-]{0,9}$/i,
  // T-Online
  /^[|][ -]{2,60}message header follows/i,
  // Exchange abroad
  /^ {0,4}(?:ursprüngliche nachrichtenkopfzeilen|en-têtes de message d'origine|encabezados de mensajes originales|intestazioni originali del messaggio|ursprungshuvuden)/i,
  /^ {0,8}below is a copy of the original message/i,
  /^[ *-]{0,8}(?:returned|content of the|the header of the|header of the) (?:message|mail|original)\b.{0,30}$/i,
  /^[\s*=＝－―-]{0,20}(?:元の(?:メッセージ|メール)|送信されたメール|オリジナルメッセージ|以下.{0,12}(?:元の|送信).{0,12}メール)/,
];

/** A header in the middle of the words: the copy has begun without a line to say so. */
export const HEADER_BEGINS =
  /^[|>]?(?:received|return-path|message-id|dkim-signature|mime-version|delivered-to):/i;
