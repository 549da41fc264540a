/** Where an import begins: what a file is like, where it is put in, and the imports until now. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import type { Deps } from '../../../usecases/context.js';
import type { ImportRunRow } from '../../../usecases/read-import.js';
import { readImports } from '../../../usecases/read-import.js';
import { momentText } from '../shell/dates.js';
import { Form, Notice, sendPage } from '../shell/layout.js';
import { Table } from '../shell/parts.js';
import { PLACES } from '../shell/places.js';
import { staffOf } from '../shell/session.js';
import { actorWords } from '../shell/words.js';
import { importPlace } from './one.js';
import { COLUMN_TEXTS, STATE_WORDS } from './words.js';

const RUNS_SHOWN = 20;

export async function sendImports(
  deps: Deps,
  req: Request,
  res: Response,
  trouble: { status: number; text: string } | null = null,
): Promise<void> {
  const { runs, staffNames } = await readImports(deps, staffOf(res).fireHqId, RUNS_SHOWN);
  sendPage(req, res, {
    status: trouble?.status ?? 200,
    title: '利用者の取り込み',
    body: (
      <>
        {trouble !== null && (
          <Notice kind="bad">
            <p>{trouble.text}</p>
          </Notice>
        )}
        <p>
          CSVのファイルで、利用者をまとめて登録したり、直したりします。ファイルを送っても、すぐには何も変わりません。はじめに、追加・変更・まちがいを見せます。
        </p>
        <h2>1. ファイルを用意する</h2>
        <p class="actions">
          <a class="button" href={`${PLACES.imports}/template`}>
            ひな形をダウンロード
          </a>
        </p>
        <Rules />
        <h2>2. ためしに読む</h2>
        <Form to={PLACES.imports} file>
          <div class="field">
            <label for="file">CSVのファイル</label>
            <p class="hint" id="file-hint">
              10万行、30MBまで
            </p>
            <input
              id="file"
              name="file"
              type="file"
              accept=".csv,.txt,.tsv,text/csv"
              aria-describedby="file-hint"
            />
          </div>
          <button type="submit">ためしに読む</button>
        </Form>
        <h2>これまでの取り込み</h2>
        <Runs runs={runs} staffNames={staffNames} />
      </>
    ),
  });
}

function Rules(): VNode {
  return (
    <>
      <ul>
        <li>
          1行目は見出しです。列の順は自由で、いらない列はなくてかまいません。「登録番号」だけは必ず入れます。
        </li>
        <li>登録番号が同じ人は、入れた欄だけが変わります。空の欄は、今の登録のままです。</li>
        <li>ファイルにない人は、変わりません。消えることもありません。</li>
        <li>文字コードは UTF-8 でも、Excelの普通のCSV（Shift_JIS）でも読めます。</li>
        <li>日付は 2027/3/31、20270331、令和9年3月31日、R9.3.31 のどれでも読めます。</li>
      </ul>
      <details class="columns">
        <summary>列の一覧</summary>
        <Table
          caption="列の一覧"
          head={['見出し', '新しい人に', '書き方', '例']}
          rows={COLUMN_TEXTS.map(({ head, needed, how, example }) => [
            head,
            needed ? '必須' : '',
            how,
            example,
          ])}
        />
      </details>
    </>
  );
}

function Runs({
  runs,
  staffNames,
}: {
  runs: readonly ImportRunRow[];
  staffNames: ReadonlyMap<string, string>;
}): VNode {
  if (runs.length === 0) return <p>まだありません。</p>;
  return (
    <Table
      caption="これまでの取り込み"
      head={['送った日時', '送った人', 'ファイル', 'いま', '人数']}
      rows={runs.map(({ id, createdAt, createdBy, fileName, state, counts }) => [
        <a href={importPlace(id)}>{momentText(createdAt)}</a>,
        actorWords(createdBy, staffNames),
        fileName,
        STATE_WORDS[state],
        `追加${counts.kinds?.ADD ?? 0}、変更${counts.kinds?.CHANGE ?? 0}、同じ${counts.kinds?.SAME ?? 0}、まちがい${counts.kinds?.FAULT ?? 0}`,
      ])}
    />
  );
}
