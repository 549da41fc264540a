/** What a fire station's clerk reads when somebody called our mail a nuisance. It proves neither failure nor reading. */
import type { BounceWords } from './bounce-words.js';

export const COMPLAINT_WORDS: BounceWords = {
  label: '迷惑メールとして報告された',
  whatHappened:
    'このメールを受け取った人が、メールの画面で［迷惑メール］のボタンを押したようです。まちがえて押すことも、よくあります。これからのメールが、迷惑メールの箱に入ってしまうことがあります。',
  nextSteps: [
    '登録は変えない。失効の原因の「不達」には数えません。このあとのメールも、いつもどおり送ります',
    '更新の手続きがまだなら、FAXか郵送で、本人に伝える。消防本部のメールが迷惑メールの箱に入っていたら、「迷惑メールではない」を押してもらう',
    '本人がメールを受け取りたくないと言ったときは、FAXや郵送など、ほかの方法で手続きをしてもらう',
  ],
};
