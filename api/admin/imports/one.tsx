/** One import: what it would do, how far it is, what came of it. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { mayDo } from '../../../domain/roles.js';
import type { Deps } from '../../../usecases/context.js';
import type { ImportView, RowFilter } from '../../../usecases/read-import.js';
import { readImport } from '../../../usecases/read-import.js';
import { momentText } from '../shell/dates.js';
import { Once, Tick } from '../shell/fields.js';
import { Form, Notice, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { Facts } from '../shell/parts.js';
import { PLACES } from '../shell/places.js';
import { staffOf } from '../shell/session.js';
import { actorWords } from '../shell/words.js';
import { Mails } from './mails.js';
import { Rows } from './rows.js';
import { SHOW_WORDS, STATE_WORDS, refusalText } from './words.js';

export const SHOWS = ['FAULT', 'CHANGE', 'ADD', 'SAME', 'NOT_DONE'] as const satisfies readonly RowFilter[];

const A_PAGE = 25;
const SECONDS_UNTIL_AGAIN = '3';

export const importPlace = (id: string) => `${PLACES.imports}/${id}`;

export async function sendImport(
  deps: Deps,
  id: string,
  query: { show?: RowFilter; after?: number },
  req: Request,
  res: Response,
): Promise<void> {
  const { fireHqId, role } = staffOf(res);
  const first = await readImport(deps, fireHqId, id, wanted(query.show ?? 'FAULT', query.after));
  if (first === null) throw new NotHereError();
  const show = query.show ?? usualShow(first);
  const view =
    show === (query.show ?? 'FAULT')
      ? first
      : ((await readImport(deps, fireHqId, id, wanted(show, query.after))) ?? first);
  const { state } = view.run;
  // Works without script; the address stays, so does the filter.
  if (state === 'READING' || state === 'RUNNING') res.set('Refresh', SECONDS_UNTIL_AGAIN);
  sendPage(req, res, {
    title: '利用者の取り込み：確認と結果',
    body: (
      <>
        <p>
          <a href={PLACES.imports}>利用者の取り込みへもどる</a>
        </p>
        <Standing view={view} />
        {state === 'READY' && <Preview view={view} mayRun={mayDo(role, 'imports.run')} />}
        {state === 'RUNNING' && <Progress view={view} mayRun={mayDo(role, 'imports.run')} />}
        {(state === 'DONE' || state === 'ENDED') && <Outcome view={view} />}
        {(state === 'READY' || state === 'DONE' || state === 'ENDED') && <Content view={view} show={show} />}
      </>
    ),
  });
}

function wanted(show: RowFilter, afterLine = 0) {
  return { show, afterLine, limit: A_PAGE };
}

/** What has to be looked at first. */
function usualShow({ run: { state, counts } }: ImportView): RowFilter {
  if (state !== 'READY') return 'NOT_DONE';
  return (['FAULT', 'CHANGE', 'ADD'] as const).find((kind) => (counts.kinds?.[kind] ?? 0) > 0) ?? 'SAME';
}

function Standing({ view: { run, staffNames } }: { view: ImportView }): VNode {
  const by = (actor: string | null, at: number | null) =>
    actor === null || at === null ? null : `${momentText(at)}　${actorWords(actor, staffNames)}`;
  return (
    <>
      {run.state === 'REFUSED' && (
        <Notice kind="bad">
          <p>
            <strong>このファイルは読めませんでした。何も変わっていません。</strong>
          </p>
          <p>{run.refusal === null ? '' : refusalText(run.refusal)}</p>
        </Notice>
      )}
      <Facts
        rows={[
          ['いま', STATE_WORDS[run.state]],
          ['ファイル', run.rowsForgottenAt === null ? run.fileName : '古くなったので、中身を消しました'],
          ['ためしに読んだ', by(run.createdBy, run.createdAt)],
          ...(run.startedAt === null
            ? []
            : ([['取り込みを始めた', by(run.startedBy, run.startedAt)]] as [string, string | null][])),
        ]}
      />
    </>
  );
}

function Preview({ view: { run }, mayRun }: { view: ImportView; mayRun: boolean }): VNode {
  const { kinds = {} } = run.counts;
  const { ADD = 0, CHANGE = 0, SAME = 0, FAULT = 0 } = kinds;
  return (
    <>
      <h2>取り込むと、こうなります</h2>
      <Facts
        rows={[
          ['追加', `${ADD}人`],
          ['変更', `${CHANGE}人`],
          ['同じ（何もしません）', `${SAME}人`],
          ['まちがい（取り込みません）', `${FAULT}行`],
          ...(run.unknownColumns.length === 0
            ? []
            : ([['読まない列', run.unknownColumns.slice(0, 20).join('、')]] as [string, string][])),
        ]}
      />
      <Mails counts={run.counts} />
      {ADD + CHANGE === 0 ? (
        <p>取り込む行がありません。</p>
      ) : mayRun ? (
        <Form to={`${importPlace(run.id)}/run`}>
          <Once />
          {ADD > 0 && (
            <Tick
              name="checkMail"
              label={`追加する${ADD}人に、メールアドレスの確認のメールも送る（前のシステムから移すときは、ふつう送りません）`}
            />
          )}
          <button type="submit">{`${ADD + CHANGE}人を取り込む`}</button>
        </Form>
      ) : (
        <p>取り込むのは、管理者だけができます。このページのアドレスを、管理者に伝えてください。</p>
      )}
      {mayRun && <End id={run.id} word="取り込まずにやめる" />}
    </>
  );
}

function Progress({ view: { run, progress }, mayRun }: { view: ImportView; mayRun: boolean }): VNode {
  const { WAITING = 0, ...ready } = progress;
  const done = Object.values(ready).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <h2>取り込んでいます</h2>
      <p>
        <label for="progress">{`${done + WAITING}人のうち、${done}人が済みました。`}</label>
      </p>
      <p>
        <progress id="progress" max={Math.max(1, done + WAITING)} value={done} />
      </p>
      <p>
        このページは3秒ごとに新しくなります。閉じても、取り込みは続きます。途中でシステムが止まっても、動きだすと続きから進みます。
      </p>
      {mayRun && <End id={run.id} word="ここでやめる（済んだ人は、そのまま残ります）" />}
    </>
  );
}

function End({ id, word }: { id: string; word: string }): VNode {
  return (
    <Form to={`${importPlace(id)}/end`}>
      <button class="quiet" type="submit">
        {word}
      </button>
    </Form>
  );
}

function Outcome({ view: { run } }: { view: ImportView }): VNode {
  const { kinds = {}, results = {} } = run.counts;
  const { DONE = 0, CONFLICT = 0, FAILED = 0 } = results;
  const planned = (kinds.ADD ?? 0) + (kinds.CHANGE ?? 0);
  return (
    <>
      <h2>結果</h2>
      <Facts
        rows={[
          ['取り込んだ', `${DONE}人`],
          ['確認のあとで変わったので、取り込まなかった', `${CONFLICT}人`],
          ['システムの都合で取り込めなかった', `${FAILED}人`],
          ['やめたので、取り込まなかった', `${planned - DONE - CONFLICT - FAILED}人`],
          ['まちがいがあったので、取り込まなかった', `${kinds.FAULT ?? 0}行`],
        ]}
      />
    </>
  );
}

function Content({ view, show }: { view: ImportView; show: RowFilter }): VNode | null {
  const { run } = view;
  if (run.rowsForgottenAt !== null) return null;
  const { kinds = {}, results = {} } = run.counts;
  const untaken = (kinds.FAULT ?? 0) + (results.CONFLICT ?? 0) + (results.FAILED ?? 0);
  const shows = SHOWS.filter((each) => each !== (run.state === 'READY' ? 'NOT_DONE' : 'FAULT'));
  const count = (each: RowFilter) => (each === 'NOT_DONE' ? untaken : (kinds[each] ?? 0));
  return (
    <>
      <h2>1行ずつ見る</h2>
      {untaken > 0 && (
        <Form to={`${importPlace(run.id)}/mistakes`}>
          <p>取り込まない行だけのファイルを作れます。1列目に理由が入ります。直して、そのまま送れます。</p>
          <button type="submit">{`取り込まない${untaken}行をダウンロード`}</button>
        </Form>
      )}
      <nav class="filters" aria-label="行を絞り込む">
        <ul>
          {shows.map((each) => (
            <li>
              <a
                href={`${importPlace(run.id)}?show=${each}`}
                aria-current={each === show ? 'page' : undefined}
              >
                {`${SHOW_WORDS[each]}（${count(each)}）`}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Rows
        show={show}
        rows={view.rows}
        next={view.nextAfter === null ? null : `${importPlace(run.id)}?show=${show}&after=${view.nextAfter}`}
      />
    </>
  );
}
