/** From an account's facts to the mail a person reads. Plain text only; the words are in compose-texts, compose-address-texts. */
import { addressNoticeText, checkText } from './compose-address-texts.js';
import type { MailContent } from './compose-content.js';
import { oneLine, textWidth } from './compose-lines.js';
import { receiptText, requestReceiptText, requestText } from './compose-texts.js';

export type { MailContent } from './compose-content.js';

export interface ComposedMail {
  subject: string;
  /** Lines end in \n, and so does the last. */
  text: string;
}

/** In half-width characters: what a phone's list shows of a subject. */
const SUBJECT_WIDTH = 40;

export function composeMail(content: MailContent): ComposedMail {
  return { subject: subjectOf(content), text: `${textOf(content).join('\n')}\n` };
}

function textOf(content: MailContent): string[] {
  switch (content.template) {
    case 'REQUEST':
      return requestText(content);
    case 'RECEIPT':
      return receiptText(content);
    case 'REQUEST_RECEIPT':
      return requestReceiptText(content);
    case 'CHECK':
      return checkText(content);
    case 'ADDRESS_NOTICE':
      return addressNoticeText(content);
  }
}

/** The fullest wording that fits behind the headquarters' short name. Never says Deaf, 障害 or the like. */
function subjectOf(content: MailContent): string {
  const name = `【${oneLine(content.hq.shortName)}】`;
  const [fullest, shorter] = subjectsOf(content);
  return name + (textWidth(name + fullest) <= SUBJECT_WIDTH ? fullest : shorter);
}

function subjectsOf(content: MailContent): [fullest: string, shorter: string] {
  switch (content.template) {
    case 'REQUEST':
      // 「まだです」 would blame a person who was never asked.
      return content.form === 'AFTER'
        ? ['NET119定期更新がまだです', 'NET119更新がまだです']
        : ['NET119定期更新手続きのお願い', 'NET119更新手続きのお願い'];
    case 'RECEIPT':
      return ['NET119定期更新が終わりました', 'NET119更新が終わりました'];
    case 'REQUEST_RECEIPT':
      return ['NET119の連絡を受け取りました', '連絡を受け取りました'];
    // A stranger may see these two in a list.
    case 'CHECK':
      return ['メールアドレスの確認', 'アドレスの確認'];
    case 'ADDRESS_NOTICE':
      return ['メールアドレスが変わりました', 'アドレスが変わりました'];
  }
}
