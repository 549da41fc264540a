/** All headquarters by code: how many people, how many lapsed and why, when staff were last there. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import type { Deps } from '../../../usecases/context.js';
import type { HeadquartersFigures } from '../../../usecases/vendor-figures.js';
import { readHeadquartersFigures } from '../../../usecases/vendor-figures.js';
import { momentText } from '../shell/dates.js';
import { Form, sendVendorPage } from '../shell/layout.js';
import { NextPage, Table } from '../shell/parts.js';
import { PLACES } from '../shell/places.js';
import { CAUSE_WORDS } from '../shell/words.js';

export async function showHeadquarters(
  deps: Deps,
  after: string,
  req: Request,
  res: Response,
): Promise<void> {
  const { rows, next } = await readHeadquartersFigures(deps, after);
  sendVendorPage(req, res, {
    title: '消防本部',
    body: (
      <>
        <p>
          利用者の氏名や連絡先は、ここには出ません。消防本部のページは、その本部の管理者が「運用担当に見せる」で開いたあいだだけ、見られます。見たページは、その本部の操作履歴に残ります。
        </p>
        {rows.length === 0 ? (
          <p>消防本部はありません。</p>
        ) : (
          <Table
            caption="消防本部（記号の順。人数は、廃止した人をのぞく）"
            head={['記号', '消防本部', '利用者', '失効中（原因ごと）', '職員の最後のサインイン', 'ページ']}
            rows={rows.map((row) => [
              row.code,
              row.displayName,
              `${row.people}人`,
              lapsedWords(row),
              row.lastSignedInAt === null ? 'まだない' : momentText(row.lastSignedInAt),
              <Look row={row} />,
            ])}
          />
        )}
        <NextPage href={next === null ? null : `${PLACES.vendor}?after=${next}`} />
      </>
    ),
  });
}

function lapsedWords({ undeliverable, noResponse, notSent, unknown }: HeadquartersFigures): string {
  const causes = [
    [CAUSE_WORDS.UNDELIVERABLE.word, undeliverable],
    [CAUSE_WORDS.NO_RESPONSE.word, noResponse],
    ['未送信', notSent],
    [CAUSE_WORDS.UNKNOWN.word, unknown],
  ] as const;
  const all = undeliverable + noResponse + notSent + unknown;
  const each = causes.filter(([, count]) => count > 0).map(([word, count]) => `${word}${count}`);
  return all === 0 ? '0人' : `${all}人（${each.join('、')}）`;
}

function Look({ row: { code, displayName, openUntil } }: { row: HeadquartersFigures }): VNode {
  if (openUntil === null) return <>閉じている</>;
  return (
    <>
      {momentText(openUntil)}まで
      <Form to={PLACES.vendorLook}>
        <input type="hidden" name="code" value={code} />
        <button class="quiet" type="submit" aria-label={`${displayName}のページを見る`}>
          ページを見る
        </button>
      </Form>
    </>
  );
}
