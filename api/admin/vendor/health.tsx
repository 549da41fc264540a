/** 動きのようす: mail over all headquarters, what is being held back, what waits to be woken. Counts only. */
import type { Request, Response } from 'express';
import { MINUTE } from '../../../domain/calendar.js';
import type { SentFigures } from '../../../store/fleet-figures.js';
import type { Deps } from '../../../usecases/context.js';
import { readVendorHealth } from '../../../usecases/vendor-figures.js';
import { sendVendorPage } from '../shell/layout.js';
import { Facts, Table } from '../shell/parts.js';
import { arrivalOf } from '../../middleware/arrival.js';

const MOST_ROWS = 100;

export async function showHealth(deps: Deps, req: Request, res: Response): Promise<void> {
  const { figures, stops, outbox } = await readVendorHealth(deps);
  const now = arrivalOf(res).receivedAt;
  const minutes =
    outbox.oldestCreatedAt === null ? null : Math.max(0, Math.floor((now - outbox.oldestCreatedAt) / MINUTE));
  const silent = figures.asked.filter(({ verdict }) => verdict === 'NOTICEABLE');
  sendVendorPage(req, res, {
    title: '動きのようす',
    body: (
      <>
        <h2>知らせの待ち行列</h2>
        <Facts
          rows={[
            ['待っている', `${outbox.waiting}件`],
            ['いちばん古いもの', minutes === null ? null : `${minutes}分前から`],
            ['何回も失敗して、よけたもの', `${outbox.parked}件`],
          ]}
        />
        <h2>止めているメール</h2>
        {stops.length === 0 ? (
          <p>今、止めているものはありません。</p>
        ) : (
          <Table
            caption="今、止めているもの"
            head={['どこの', 'だれが止めたか', '数']}
            rows={stops.map(({ code, cause, stops: count }) => [
              code ?? 'すべての消防本部',
              cause === 'MASS_FAILURE' ? 'システム（たくさん届かなかった）' : '人',
              `${count}件`,
            ])}
          />
        )}
        <h2>メールの届き具合（7日間）</h2>
        {figures.domains.length === 0 ? (
          <p>7日のあいだに送ったメールはありません。</p>
        ) : (
          <>
            <Table
              caption="メールの会社ごと（少ないところは「その他」にまとめる）"
              head={['＠より後ろ', ...SENT_HEAD]}
              rows={mostSent(figures.domains).map((row) => [domainWord(row.mailDomain), ...sentCells(row)])}
            />
            <Table
              caption={`消防本部ごと（多い順に${MOST_ROWS}まで）`}
              head={['記号', ...SENT_HEAD]}
              rows={mostSent(figures.headquarters).map((row) => [row.code, ...sentCells(row)])}
            />
          </>
        )}
        <h2>だまって捨てられているおそれ</h2>
        {silent.length === 0 ? (
          <p>ほかよりも答えがとても少ないメールの会社は、ありません。</p>
        ) : (
          <Table
            caption="ほかよりも答えがとても少ないメールの会社（30日間）"
            head={['＠より後ろ', '送った人', '答えがない人']}
            rows={silent.map(({ mailDomain, asked, unanswered }) => [
              mailDomain,
              `${asked}人`,
              `${unanswered}人`,
            ])}
          />
        )}
        <h2>もれの確認</h2>
        <p>
          台帳の食いちがいは、1時間ごとの点検が数えます（監視の数字「net119_completeness_difference」。0が正しい）。消防本部ごとの内訳は、その本部の「もれの確認」にあります。
        </p>
      </>
    ),
  });
}

const SENT_HEAD = ['送った', '不達', '送る側の都合で失敗'];

function sentCells({ sent, failed, failedOurs }: SentFigures): string[] {
  return [`${sent}通`, `${failed - failedOurs}通`, `${failedOurs}通`];
}

function mostSent<Row extends SentFigures>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => b.sent - a.sent).slice(0, MOST_ROWS);
}

function domainWord(mailDomain: string): string {
  return mailDomain === 'other' ? 'その他' : mailDomain;
}
