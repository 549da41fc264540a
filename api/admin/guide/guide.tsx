/** 手引き: what each page is for and what the words mean, for somebody who came in April. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { LAPSE_CAUSES } from '../../../domain/lapse.js';
import { STATUSES } from '../../../domain/status.js';
import type { Deps } from '../../../usecases/context.js';
import { readFirstSteps } from '../../../usecases/first-steps.js';
import type { GuidePart } from '../shell/guide-places.js';
import { sendPage } from '../shell/layout.js';
import { StatusMark, Table } from '../shell/parts.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { page } from '../shell/route.js';
import { staffOf } from '../shell/session.js';
import { CAUSE_WORDS, OUTCOME_WORDS } from '../shell/words.js';
import { FirstSteps } from './first-steps.js';

export function guideRoutes(deps: Deps): StaffRoute[] {
  return [
    page({ path: below(PLACES.guide), who: 'SIGNED_IN', handle: ({ req, res }) => show(deps, req, res) }),
  ];
}

async function show(deps: Deps, req: Request, res: Response): Promise<void> {
  const { fireHqId, role } = staffOf(res);
  const steps = await readFirstSteps(deps, fireHqId);
  sendPage(req, res, {
    title: '手引き',
    body: (
      <>
        <p>
          NET119の利用者に、1年に1回、消防からのメールが届くかを確かめる（定期更新）ための画面です。
          <strong>更新していなくても、本人の緊急通報と練習通報は、いつでもできます。</strong>
          消防の側で困るのは、「失効中（不達）」の人に、呼び返しとメール管理ができないことです。
        </p>
        {!steps.people && <FirstSteps steps={steps} role={role} />}
        <EveryDay />
        <HowTo />
        <Words />
        <Keyboard />
      </>
    ),
  });
}

const EVERY_DAY: GuidePart = 'every-day';

function EveryDay(): VNode {
  return (
    <>
      <h2 id={EVERY_DAY}>毎日すること</h2>
      <ol>
        <li>
          <a href={PLACES.today}>対応が必要な人</a>を開きます。上の人から、「次にすること」をします。
        </li>
        <li>すぐに終わらないときは、メモと「次に見る日」を入れます。その日に、また出ます。</li>
        <li>だれもいなければ、終わりです。お願いのメールは、自動で送られます。</li>
      </ol>
    </>
  );
}

const HOW_TO: readonly [GuidePart, string, readonly string[]][] = [
  [
    'undeliverable',
    'メールが届かない人（不達）がいたら',
    [
      'FAXか郵送（案内書）で、今のメールアドレスと受信設定を聞きます。',
      '返事が来たら、利用者管理 → 氏名 → 利用状況 の「連絡の記録」に書きます。',
      'アドレスが変わっていたら、基本情報 の「登録を直す」で直します。',
      '利用者管理 → 氏名 → 利用状況 →［リマインダーメールを送信する］を押します。本人がメールから答えると、更新は終わりです。',
      'メールから答えられない人は、［代理更新］で更新します。メールが届くことは、まだ確認できていないので、一覧に残ります。',
    ],
  ],
  [
    'letters',
    '案内書を送るとき',
    [
      '案内書 のページで、人を選び、印刷します。1人に1枚ずつ、本人だけの2次元コードが付きます。',
      '障害のことが分からないように、かならず封書で送ってください。',
      '送ったら、「郵送した」「FAXを送った」の記録を残します。',
    ],
  ],
  [
    'stop-wish',
    '本人が「もう使わない」と答えたとき',
    [
      'まちがいのことがあるので、FAX・メール・窓口で、本人の気持ちを確かめます。',
      '確かめた方法を書いて、廃止します。30日のあいだは、取り消せます。',
    ],
  ],
  [
    'call-back',
    '通報が切れて、呼び返したいとき',
    ['呼び返しの確認 で、氏名・番号・携帯電話番号のどれかを入れます。できないときは、ほかの方法が出ます。'],
  ],
  [
    'send-many',
    'おおぜいの人に、まとめてメールを送るとき',
    [
      '更新の一覧と一括送信 で、一覧を開き、送る人を選びます。',
      '送る前に、だれに送るか、だれに送らないか（と、その理由）が出ます。たしかめてから、送ります。',
      '終わると、結果の一覧が出ます。届かなかった人は、あとで 対応が必要な人 にも出ます。',
    ],
  ],
  [
    'import',
    '利用者をまとめて登録する・直すとき',
    [
      '利用者の取り込み で、ひな形のファイルをダウンロードし、1行に1人ずつ入れます。',
      '［ためしに読む］では、何も変わりません。追加・変更・まちがいの数を、たしかめます。',
      'まちがいのある行だけをダウンロードして直し、もう一度ためします。よければ、取り込みます。',
    ],
  ],
  [
    'chief',
    '「もれた人はいないか」と聞かれたとき',
    [
      'もれの確認 で、年度か月を選びます。差が0なら、もれはありません。そのまま印刷できます。',
      '更新の数字 には、更新率や不達率が、意味といっしょに出ます。CSVにもできます。',
      'だれが何をしたかは、操作履歴 に、すべて残っています。',
    ],
  ],
  [
    'rest',
    'メールが、急に届かなくなったとき',
    [
      'メールの届き具合 で、どの携帯電話会社（＠の右）で届かないかを見ます。',
      '受け取る側に障害があるときは、自動送信の停止 で、終わりの日時を決めて止めます。止めているあいだは、どのページの上にも出ます。',
      'たくさん届かなかったときは、システムが自分で止め、直れば自分で始めます。',
    ],
  ],
  [
    'policy',
    '設定を変えるとき',
    [
      '定期更新の設定 で変えると、保存する前に、何人のメールがどう変わるかが出ます。',
      '新しい設定は、次の手続きから使われます。今の手続きにも使うときは、別に選びます。',
      '変える前の設定も、だれが、いつ、なぜ変えたかも、残ります。',
    ],
  ],
  [
    'april',
    '4月に、担当が変わるとき',
    [
      '引き継ぎ のページを印刷して、次の人といっしょに見ます。',
      '職員 のページで、新しい人を招待し、出ていく人のサインインを止めます。',
    ],
  ],
];

function HowTo(): VNode {
  return (
    <>
      <h2>こんなときは</h2>
      {HOW_TO.map(([part, title, steps]) => (
        <>
          <h3 id={part}>{title}</h3>
          <ol>
            {steps.map((step) => (
              <li>{step}</li>
            ))}
          </ol>
        </>
      ))}
    </>
  );
}

const STATUS_MEANING = {
  ACTIVE: '更新の受付期間の前です。何もしなくてよいです。',
  RENEWAL_PENDING: '更新の受付期間です。お願いのメールを、自動で送っています。',
  LAPSED: '有効期限日時をすぎて、更新がまだです。登録は残っています。緊急通報はできます。',
  WITHDRAWN: '本人が使わないことを確かめて、職員が廃止しました。30日のあいだは、取り消せます。',
} as const;

const OUTCOME_MEANING: Readonly<Record<keyof typeof OUTCOME_WORDS, string>> = {
  QUEUED: '順番を待っています。',
  SENDING: '今、送っています。',
  ACCEPTED: '相手のメール会社が受け取りました。本人に届いたかは、まだ分かりません。',
  CONFIRMED: '本人が、メールの青い文字を押して答えました。届いたことが、はっきり分かります。',
  DELAYED: '相手のメール会社が混んでいます。自動で、もう一度送ります。',
  BOUNCED: '届きませんでした。理由は、履歴の中に出ます。',
  FAILED: 'こちらの都合で送れませんでした。本人のせいではありません。',
  SKIPPED: '送る必要がなくなったので、送りませんでした。理由は、履歴の中に出ます。',
  SUPERSEDED: '次のお願いの日が来たので、そちらだけを送りました。',
};

function Words(): VNode {
  return (
    <>
      <h2>言葉の説明</h2>
      <Table
        caption="利用状況"
        head={['言葉', '意味']}
        rows={STATUSES.map((status) => [<StatusMark status={status} />, STATUS_MEANING[status]])}
      />
      <Table
        caption="失効の原因"
        head={['言葉', '意味']}
        rows={LAPSE_CAUSES.map((cause) => [
          <strong>{CAUSE_WORDS[cause].word}</strong>,
          CAUSE_WORDS[cause].meaning,
        ])}
      />
      <Table
        caption="メールの結果（リマインダー履歴）"
        head={['言葉', '意味']}
        rows={(Object.keys(OUTCOME_WORDS) as (keyof typeof OUTCOME_WORDS)[]).map((outcome) => [
          <strong>{OUTCOME_WORDS[outcome]}</strong>,
          OUTCOME_MEANING[outcome],
        ])}
      />
    </>
  );
}

function Keyboard(): VNode {
  return (
    <>
      <h2 id="keys">キーボードだけで使う</h2>
      <Table
        caption="キー"
        head={['キー', 'すること']}
        rows={[
          ['Tab ／ Shift＋Tab', '次へ ／ 前へ'],
          ['Enter', 'リンクを開く、ボタンを押す'],
          ['スペース', '四角や丸に印をつける'],
          ['矢印', '丸（どれか1つ）を選ぶ'],
          ['ページを開いて、すぐ Tab → Enter', 'メニューをとばして、本文へ'],
          ['Alt＋S（ブラウザによっては Alt＋Shift＋S）', 'さがす（利用者管理・呼び返しの確認）'],
        ]}
      />
    </>
  );
}
