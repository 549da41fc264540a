/**
 * The words of mails about an address itself (R18, R19, R37). A stranger may read them, so they tell nothing: no name, no
 * word of what the address is for. Whoever waits for the mail must still see whom it is from and what to press.
 */
import type { AddressNoticeContent, CheckContent } from './compose-content.js';
import { dayInWords } from './compose-dates.js';
import { wrap } from './compose-lines.js';
import { paragraphs, waysWithoutMail } from './compose-texts.js';

export function checkText({ hq, form, link, answerBy }: CheckContent): string[] {
  const isNew = form === 'NEW_ADDRESS';
  return paragraphs(
    wrap(`${hq.displayName}です。`),
    isNew
      ? ['このメールアドレスを', '登録する申し込みがありました。']
      : ['このメールアドレスに、', 'メールが届くかを', '確かめています。'],
    [
      isNew ? '申し込んだ人は、' : 'このメールを読んだ人は、',
      '下の青い文字を押してください。',
      'ページが開いたら、',
      '「このメールを受け取りました」を',
      '押してください。',
      ...(answerBy === null ? [] : [`${dayInWords(answerBy)}までに`, '押してください。']),
    ],
    [link],
    [
      isNew ? '申し込んでいない人は、' : '心あたりがない人は、',
      '何もしないでください。',
      'パスワードや暗証番号は',
      '聞きません。',
    ],
    ['わからないときは、', 'このメールに返信してください。'],
  );
}

export function addressNoticeText(content: AddressNoticeContent): string[] {
  return paragraphs(
    wrap(`${content.hq.displayName}です。`),
    ['登録してあるメールアドレスが、', '新しいアドレスに変わりました。'],
    ['これからは、', '新しいアドレスにメールを', '送ります。'],
    ['自分で変えた人は、', '何もしなくてだいじょうぶです。'],
    ['自分で変えていない人は、', '下のどちらかで', '知らせてください。', ...waysWithoutMail(content)],
  );
}
