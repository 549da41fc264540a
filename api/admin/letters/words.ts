/** Words of the pages about 案内書. */
import type { LetterKind } from '../../../store/letters.js';
import type { LetterFilter, WhyLeftOut } from '../../../usecases/print-letters.js';
import type { WhyGone } from '../../../usecases/read-letters.js';

export const LETTER_KIND_WORDS: Readonly<Record<LetterKind, string>> = { POST: '郵送', FAX: 'FAX' };

export const SHOW_WORDS: Readonly<Record<LetterFilter['show'], string>> = {
  soon: 'もうすぐ更新の受付期間が始まる人',
  pending: '更新待ちの人',
  lapsed: '失効中の人',
};

const FIELD_WORDS = { name: '氏名', kana: 'かな', postalAddress: '住所', fax: 'FAX' } as const;

/** Why a person gets no letter, and what to do. */
export function whyWords(why: WhyLeftOut | WhyGone): string {
  switch (why.reason) {
    case 'UNPRINTABLE':
      return `${FIELD_WORDS[why.field]}に印刷できない文字があります：${why.letters.join('、')}。登録を直すか、手書きで送ってください`;
    case 'WITHDRAWN':
      return '廃止されています';
    case 'TOO_EARLY':
      return '更新の受付期間が、まだ先です';
    case 'STOP_ASKED':
      return '「もう使わない」と本人から連絡が来ています。先に、その連絡に答えてください';
    case 'NO_POSTAL_ADDRESS':
      return '住所が登録されていません';
    case 'NO_FAX':
      return 'FAXが登録されていません';
    case 'TOO_LONG':
      return '住所か氏名が長くて、封筒の窓に入りません。手書きの封筒で送ってください';
    case 'RENEWED':
      return '更新が終わりました';
  }
}
