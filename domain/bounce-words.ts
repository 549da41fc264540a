/**
 * What a fire station's clerk reads when a mail did not arrive: for people who do not know mail. First what the person
 * can look at (receive settings), 「the address is gone」 last; where nothing is the person's, it says so.
 */
import type { BounceClass } from './bounce.js';

export interface BounceWords {
  /** For a list: without a full stop. */
  label: string;
  whatHappened: string;
  /** In this order; numbered by who shows them. */
  nextSteps: readonly string[];
}

const CHECK_SETTINGS =
  'FAXか郵送で、本人に聞く。携帯電話の受信拒否や指定受信の設定で、消防本部からのメールが止まっていないか、見てもらう';
const CHECK_ADDRESS = '同じ手紙で、今のメールアドレスを書いてもらう。変わっていたら、登録を直す';
const SEND_AGAIN = '終わったら、［リマインダーメールを送信する］を押す（メール管理が使えないときも送れます）';
const WAIT = '急ぎではありません。次のメールが届くかを待つ。1回だけでは、失効の原因の「不達」には数えません';
const NOTHING_FOR_THE_PERSON = '本人のせいではないので、登録は変えない。失効の原因の「不達」には数えません';
/** Whoever's fault it is: a person whom no mail reaches must be asked in another way before the expiry. */
const STILL_ASK =
  '何回も続くとき、もう次の予定のメールがないとき、有効期限が近いときは、FAXか郵送で、更新の手続きをお願いする';

export const BOUNCE_WORDS: Readonly<Record<BounceClass, BounceWords>> = {
  UNKNOWN_ADDRESS: {
    label: '宛先のアドレスがない',
    whatHappened:
      '相手のメール会社から「このアドレスはありません」という返事が来ました。機種変更や電話会社の変更で、アドレスが変わったのかもしれません。',
    nextSteps: [
      'FAXか郵送で、本人に聞く。受信拒否の設定になっていないかと、今のメールアドレスを教えてもらう',
      '登録したアドレスと、申込書のアドレスを見くらべる。ちがっていたら、登録を直す',
      '本人がそのアドレスをもう使っていないときは、新しいアドレスを登録する',
      SEND_AGAIN,
    ],
  },
  REFUSED: {
    label: '本人の受信設定で止められた',
    whatHappened:
      'アドレスはありますが、本人の携帯電話やメールの設定（受信拒否・指定受信）が、消防本部からのメールを止めています。本人は気づいていないことが多いです。',
    nextSteps: [CHECK_SETTINGS, SEND_AGAIN, 'それでも届かないときは、別のメールアドレスがあるか聞く'],
  },
  UNKNOWN_OR_REFUSED: {
    label: '受信拒否か、アドレスがない',
    whatHappened:
      '受信拒否の設定で止まったか、アドレスがないかの、どちらかです。docomoとauは、アドレスがないときも受信拒否のときも、同じ返事をします。どちらなのかは、返事からは分かりません。',
    nextSteps: [CHECK_SETTINGS, CHECK_ADDRESS, SEND_AGAIN],
  },
  MAILBOX_FULL: {
    label: 'メールボックスがいっぱい',
    whatHappened:
      '本人のメールを入れておく場所がいっぱいで、新しいメールが入りません。本人が古いメールを消すと、また届きます。',
    nextSteps: [WAIT, '何回も続くときは、FAXか郵送で、いらないメールを消してもらう', SEND_AGAIN, STILL_ASK],
  },
  EXPIRED: {
    label: '相手のメール会社につながらなかった',
    whatHappened:
      '何日かくり返し送りましたが、相手のメール会社が受け取りませんでした。相手側の一時的な故障のことが多いです。',
    nextSteps: [
      WAIT,
      '何回も続くときは、FAXか郵送で、メールが使えているか、アドレスが正しいかを聞く',
      STILL_ASK,
    ],
  },
  DOMAIN_NOT_FOUND: {
    label: '＠より後ろの名前が見つからない',
    whatHappened:
      'アドレスの＠（アットマーク）より後ろの部分が、どこにもありません。書きまちがいか、なくなったメール会社です。',
    nextSteps: [
      '申込書を見て、＠より後ろを登録と見くらべる（例：docomo が docmo になっていないか）。ちがっていたら、直す',
      '申込書も同じときは、FAXか郵送で、今のメールアドレスを聞く',
      SEND_AGAIN,
    ],
  },
  SENDER_BLOCKED: {
    label: '送る側の都合で断られた',
    whatHappened:
      '相手のメール会社が、こちらのシステムからのメールを断りました。原因はシステムの側にあり、本人やアドレスのせいではありません。',
    nextSteps: [
      NOTHING_FOR_THE_PERSON,
      'システムの運用担当が調べて直します。次の予定のメールがあれば、いつもどおり送ります',
      STILL_ASK,
    ],
  },
  OTHER: {
    label: '届かなかった（理由は不明）',
    whatHappened: 'メールは届きませんでしたが、相手の返事からは理由が分かりません。',
    nextSteps: [
      NOTHING_FOR_THE_PERSON,
      'システムの運用担当が返事を調べます。急ぐときは、［リマインダーメールを送信する］で、もう一度送れます',
      STILL_ASK,
    ],
  },
};

/** R24: instead of what its class says, when it failed as one of many at once. */
export const EXCUSED_WORDS: BounceWords = {
  label: '送る側か、メール会社の都合で届かなかった',
  whatHappened:
    '同じころに送ったメールが、ほかの人の分もたくさん届きませんでした。原因は送る側のシステムか、メール会社にあり、本人やアドレスのせいではないと考えます。',
  nextSteps: [
    NOTHING_FOR_THE_PERSON,
    'なおったあとで、システムがもう一度メールを送ります。次の予定のメールが近いときは、そのメールを送ります',
    STILL_ASK,
  ],
};
