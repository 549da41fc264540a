/** Why an act upon a person was not done, and what to do next. */
import type { Refusal } from '../../../usecases/errors.js';
import { momentText } from '../shell/dates.js';

/** Null: not one that these pages know; it goes on as the trouble it is. */
export function refusalWords(refusal: Refusal): string | null {
  switch (refusal.code) {
    case 'account-withdrawn':
      return '廃止された人なので、できません。続けて使う人なら、先に廃止を取り消してください。';
    case 'account-not-withdrawn':
      return '廃止は、もう取り消されています。何も変わっていません。';
    case 'withdrawal-undo-too-late':
      return `廃止を取り消せるのは${momentText(refusal.undoableUntil)}まででした。続けて使う人は、新しく登録してください。`;
    case 'expiry-changed':
      return 'この画面を開いたあとで、更新か訂正がありました。まだ何も変えていません。今の有効期限日時を見て、もう一度してください。';
    case 'check-mail-too-soon':
      return `確認のメールを、少し前に頼んでいます。${momentText(refusal.nextAllowedAt)}から、また送れます。`;
    case 'check-mail-already-waiting':
      return '確認のメールが、送信を待っています。送られるまで待ってください。';
    case 'pending-address-ended':
      return '新しいメールアドレスは、もう確認を待っていません（切り替わったか、期限が過ぎたか、やめました）。今のメールアドレスを見てください。';
    default:
      return null;
  }
}
