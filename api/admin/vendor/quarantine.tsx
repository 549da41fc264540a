/** 未照合: mails that came back and fit none of ours. No content: that is read at the command line, which leaves a trace. */
import type { Request, Response } from 'express';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { readQuarantine } from '../../../usecases/read-quarantine.js';
import { momentText } from '../shell/dates.js';
import { sendVendorPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { NextPage, Table } from '../shell/parts.js';
import { PLACES } from '../shell/places.js';

const A_PAGE = 50;

const SOURCE_WORDS: Readonly<Record<string, string>> = {
  REPORT_SMTP: 'メールで直接',
  REPORT_IMAP: '受信箱から',
  REPORT_HTTP: '連携システムから',
  SES: 'メール配信サービス',
  SENDGRID: 'メール配信サービス',
};
const WHAT_WORDS: Readonly<Record<string, string>> = {
  REPORT: '届かなかった知らせ',
  SUCCESS: '届いた知らせ',
  AUTO_REPLY: '自動の返事',
  READ_RECEIPT: '開いた知らせ',
  CHALLENGE: '確認を求める返事',
  NOT_A_REPORT: '知らせではないメール',
  COMPLAINT: '迷惑メールの報告',
  UNREADABLE: '読めないもの',
};

export async function showQuarantine(
  deps: Deps,
  cursor: string | undefined,
  req: Request,
  res: Response,
): Promise<void> {
  const found = await readQuarantine(deps, { limit: A_PAGE, cursor }).catch((error: unknown) => {
    throw isRefused(error, 'validation') ? new NotHereError() : error;
  });
  sendVendorPage(req, res, {
    title: '未照合のメール',
    body: (
      <>
        <p>
          戻ってきたメールのうち、こちらが送ったどのメールのことか分からなかったものです（{found.count}
          件）。30日で消えます。
        </p>
        <p>
          中身には、だれかの氏名やメールアドレスがあるかもしれないので、ここには出ません。読むときは、運用のコマンド（operator
          quarantine
          read）に、番号と理由を入れてください。読んだことは、すべての消防本部の操作履歴に残ります。
        </p>
        {found.items.length === 0 ? (
          <p>ありません。</p>
        ) : (
          <Table
            caption="未照合のメール（新しい順）"
            head={['来た日時', '来た道', '何か', 'なぜ', '消える日時', '番号']}
            rows={found.items.map((row) => [
              momentText(row.receivedAt),
              SOURCE_WORDS[row.source] ?? 'そのほか',
              WHAT_WORDS[row.what] ?? 'そのほかのメール',
              row.why === 'NO_MATCH' ? '合うメールがない' : '2つの手がかりが食いちがう',
              momentText(row.deleteAfter),
              <code>{row.id}</code>,
            ])}
          />
        )}
        <NextPage
          href={found.nextCursor === null ? null : `${PLACES.vendorQuarantine}?cursor=${found.nextCursor}`}
        />
      </>
    ),
  });
}
