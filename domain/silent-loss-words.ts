/** What a clerk reads about a mail domain whose people answer less than others (see silent-loss.ts). */
import type { Asked, SilentLossVerdict } from './silent-loss.js';

/** One or more Japanese sentences; `mailDomain` is what stands behind the ＠. */
export function silentLossText(
  verdict: SilentLossVerdict,
  mailDomain: string,
  here: Asked,
  others: Asked,
): string {
  if (verdict === 'TOO_FEW')
    return '人数が少ないので、メールがだまって消されているかどうかは、まだ分かりません。このままで大丈夫です。';
  if (verdict === 'NOT_NOTICEABLE')
    return `＠${mailDomain} の人は、ほかの人と同じくらい手続きに答えています。メールがだまって消されている様子はありません。`;
  return (
    `＠${mailDomain} の人は、手続きに答えていない人が、ほかよりとても多いです（${people(here)}。ほかのアドレスでは${people(others)}）。` +
    'エラーの返事は来ていませんが、迷惑メールとしてだまって消されているかもしれません。' +
    'このアドレスでまだ答えていない人に、FAXか郵送で、消防本部からのメールが届いたかを聞いてください。' +
    '届いていないときは、受信拒否や指定受信の設定を直してもらい、そのあと［リマインダーメールを送信する］を押してください。' +
    'このことを、システムの運用担当にも知らせてください。'
  );
}

function people({ asked, unanswered }: Asked): string {
  return `${asked}人のうち${unanswered}人`;
}
