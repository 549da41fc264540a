/** One bulk send: the preview before it, the progress, and what became of each mail. One address for all of it. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import type { Instant } from '../../../domain/calendar.js';
import { BULK_OF_A_CLERK, mayDo } from '../../../domain/roles.js';
import type { Role } from '../../../domain/roles.js';
import { ITEM_VIEWS } from '../../../store/bulk-items.js';
import type { ItemView } from '../../../store/bulk-items.js';
import { MOST_AT_ONCE, PREVIEW_HOLDS, readMorning } from '../../../usecases/bulk-send.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import type { BulkItemView, BulkSendView } from '../../../usecases/read-bulk-send.js';
import { readBulkItems, readBulkSend } from '../../../usecases/read-bulk-send.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { momentText } from '../shell/dates.js';
import { Form, Notice, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { Facts, NextPage, Table } from '../shell/parts.js';
import { PLACES, personPlace } from '../shell/places.js';
import { uuid } from '../shell/route.js';
import { staffOf } from '../shell/session.js';
import { OUTCOME_WORDS, reasonWords } from '../shell/words.js';
import { listPlace } from './filter.js';
import { sendPlace } from './places.js';
import { LEFT_OUT_WORDS, OUTCOME_ORDER, countText, filterText, leftOutText } from './words.js';

const A_PAGE = 50;

export interface SendRequest {
  view?: ItemView | undefined;
  /** The last position of the page before. */
  after?: number | undefined;
  trouble?: string;
}

export function mostOf(role: Role): number {
  return mayDo(role, 'reminders.send-many') ? MOST_AT_ONCE : BULK_OF_A_CLERK;
}

export async function showSend(deps: Deps, req: Request, res: Response, asked: SendRequest): Promise<void> {
  const { view = 'all', after = 0, trouble } = asked;
  const { fireHqId, role } = staffOf(res);
  const now = arrivalOf(res).receivedAt;
  const send = await sendOf(deps, req, res);
  const [{ items, next }, morning] = await Promise.all([
    readBulkItems(deps, fireHqId, send.id, { view, after, limit: A_PAGE }),
    send.state === 'DRAFT' ? readMorning(deps, fireHqId) : null,
  ]);
  const draft = send.state === 'DRAFT';
  sendPage(req, res, {
    ...(trouble !== undefined && { status: 409 }),
    title: draft ? '送る前の確認' : '一括送信のようす',
    scripts: draft ? [] : ['bulk-progress'],
    body: (
      <>
        {!draft && (
          <p>
            <a href={PLACES.lists}>更新の一覧と一括送信へもどる</a>
          </p>
        )}
        {trouble !== undefined && (
          <Notice kind="bad">
            <p>{trouble}</p>
          </Notice>
        )}
        {draft ? (
          <Preview send={send} role={role} morning={morning} now={now} />
        ) : (
          <Progress send={send} role={role} now={now} />
        )}
        <h2>{draft ? '選んだ人' : '1人ずつの結果'}</h2>
        <ItemViews id={send.id} view={view} draft={draft} />
        <div id="results">
          <Items items={items} send={send} />
        </div>
        <NextPage href={next === null ? null : itemsPlace(send.id, view, next)} />
      </>
    ),
  });
}

/** The id of the address is looked at before the database is. */
export async function sendOf(deps: Deps, req: Request, res: Response): Promise<BulkSendView> {
  const id = String(req.params['sendId']);
  if (!uuid.safeParse(id).success) throw new NotHereError();
  try {
    return await readBulkSend(deps, staffOf(res).fireHqId, id);
  } catch (error) {
    throw isRefused(error, 'not-found') ? new NotHereError() : error;
  }
}

interface PartProps {
  send: BulkSendView;
  role: Role;
  now: Instant;
}

function Preview({ send, role, morning, now }: PartProps & { morning: Instant | null }): VNode {
  const ready = send.waiting.get(null) ?? 0;
  const again = send.waiting.get('resend-needs-confirm') ?? 0;
  const never = send.people - ready - again;
  const tooOld = now >= send.createdAt + PREVIEW_HOLDS;
  return (
    <>
      <Notice kind="warn">
        <p>
          <strong>まだ送っていません。</strong>送る人と送らない人を確かめてから、始めてください。
        </p>
      </Notice>
      <Facts
        rows={[
          ['どの一覧から', <a href={listPlace(send.filter)}>{filterText(send.filter)}</a>],
          ['選んだ人', countText(send.people)],
          ['送る人', <strong>{countText(ready)}</strong>],
          ...(again === 0
            ? []
            : [
                ['確かめてから送る人', `${countText(again)}（24時間以内に、手動で送っています）`] as [
                  string,
                  string,
                ],
              ]),
          ['送らない人', countText(never)],
        ]}
      />
      <Reasons counts={send.waiting} caption="送らない人と、その理由" />
      {tooOld && <p class="warn">確認してから時間がたちました。一覧に戻って、もう一度選んでください。</p>}
      {!tooOld && mayDo(role, 'reminders.send') && (
        <Start send={send} role={role} ready={ready} again={again} morning={morning} />
      )}
      <p>
        <a href={listPlace(send.filter)}>送らずに、一覧へもどる</a>
      </p>
    </>
  );
}

interface StartProps {
  send: BulkSendView;
  role: Role;
  ready: number;
  again: number;
  morning: Instant | null;
}

function Start({ send, role, ready, again, morning }: StartProps): VNode {
  if (send.people > mostOf(role)) {
    return <p class="warn">担当者が一度に送れるのは{BULK_OF_A_CLERK}人までです。管理者に頼んでください。</p>;
  }
  if (ready + again === 0) return <p class="warn">今、送れる人はいません。</p>;
  return (
    <Form to={`${sendPlace(send.id)}/start`}>
      {again > 0 && (
        <p class="field">
          <label>
            <input type="checkbox" name="confirm" value="yes" /> 24時間以内に手動で送った{countText(again)}
            にも、もう1回送る
          </label>
        </p>
      )}
      {morning !== null && (
        <fieldset>
          <legend>今は夜です。いつ送りますか。</legend>
          <label>
            <input type="radio" name="when" value="morning" checked /> 朝8時から送る（{momentText(morning)}）
          </label>
          <label>
            <input type="radio" name="when" value="now" /> 今すぐ送る
          </label>
        </fieldset>
      )}
      <p class="hint">
        1人に1通ずつ、本人だけに送ります。送る直前にも、1人ずつ確かめます（そのあいだに更新した人などには送りません）。
        始めたあとでも、まだ送っていない分はやめられます。
      </p>
      <button type="submit">
        送信を始める（{countText(ready)}
        {again > 0 && `、印をつければ${countText(ready + again)}`}）
      </button>
    </Form>
  );
}

function Progress({ send, role, now }: PartProps): VNode {
  const { state, people, leftOut, mails, notBefore } = send;
  const [queued, left] = [sum(mails), sum(leftOut)];
  const done = queued + left;
  const under = ['QUEUED', 'SENDING', 'DELAYED'].some((each) => (mails.get(each as never) ?? 0) > 0);
  const running = state === 'RUNNING';
  const later = running && notBefore !== null && notBefore > now;
  return (
    <div id="progress" data-live={running || under ? 'yes' : 'no'}>
      <p role="status">
        <strong>
          {later && `${momentText(notBefore)}から、順に送ります。`}
          {running && !later && '順に送っています。このページを閉じても続きます。'}
          {state === 'STOPPED' && '途中でやめました。'}
          {state === 'DONE' && (under ? '全員分を頼みました。送信の結果を待っています。' : '終わりました。')}
        </strong>
      </p>
      <p>
        <label for="done">
          {countText(people)}のうち{countText(done)}が済みました
        </label>
        <progress id="done" max={people} value={done} />
      </p>
      <Facts
        rows={[
          ['どの一覧から', filterText(send.filter)],
          ['メールを頼んだ人', countText(queued)],
          ['送らなかった人', countText(left)],
          [state === 'STOPPED' ? 'やめたので送らない人' : 'まだの人', countText(people - done)],
        ]}
      />
      {queued > 0 && (
        <Table
          caption="頼んだメールの結果"
          head={['結果', '人数']}
          rows={OUTCOME_ORDER.flatMap((outcome) => {
            const count = mails.get(outcome) ?? 0;
            return count === 0 ? [] : [[OUTCOME_WORDS[outcome], countText(count)]];
          })}
        />
      )}
      <Reasons counts={leftOut} caption="送らなかった人と、その理由" />
      {running && mayDo(role, 'reminders.send') && (
        <Form to={`${sendPlace(send.id)}/stop`}>
          <button class="quiet" type="submit">
            残りを送らない
          </button>
          <p class="hint">もう頼んだメールは、取り消せません。</p>
        </Form>
      )}
      {(running || under) && (
        <p class="hint">
          <a href={sendPlace(send.id)}>今のようすを見る</a>（開きなおすと新しくなります）
        </p>
      )}
    </div>
  );
}

function Reasons({ counts, caption }: { counts: BulkSendView['waiting']; caption: string }): VNode | null {
  const rows = (Object.keys(LEFT_OUT_WORDS) as (keyof typeof LEFT_OUT_WORDS)[]).flatMap((code) => {
    const count = counts.get(code) ?? 0;
    return count === 0 ? [] : [[LEFT_OUT_WORDS[code], countText(count)]];
  });
  return rows.length === 0 ? null : <Table caption={caption} head={['理由', '人数']} rows={rows} />;
}

const VIEW_WORDS: Readonly<Record<ItemView, { draft: string; later: string }>> = {
  all: { draft: '全員', later: '全員' },
  'left-out': { draft: '送らない人', later: '送らなかった人' },
  failed: { draft: '', later: '届かなかった人' },
};

function ItemViews({ id, view, draft }: { id: string; view: ItemView; draft: boolean }): VNode {
  return (
    <nav class="filters" aria-label="人を絞り込む">
      <ul>
        {ITEM_VIEWS.map((each) => {
          const word = VIEW_WORDS[each][draft ? 'draft' : 'later'];
          return word === '' ? null : (
            <li>
              <a href={itemsPlace(id, each)} aria-current={each === view ? 'page' : undefined}>
                {word}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function Items({ items, send }: { items: readonly BulkItemView[]; send: BulkSendView }): VNode {
  if (items.length === 0) return <p>当てはまる人はいません。</p>;
  return (
    <Table
      caption={send.state === 'DRAFT' ? '選んだ人' : '1人ずつの結果'}
      head={['氏名', '登録番号', send.state === 'DRAFT' ? '送るか' : '結果']}
      rows={items.map((item) => [
        <a href={personPlace(item.accountId)}>{item.name}</a>,
        item.registrationNumber,
        resultText(item, send),
      ])}
    />
  );
}

function resultText({ state, refusal, outcome, reason }: BulkItemView, send: BulkSendView): string {
  if (outcome !== null) {
    const why = reasonWords(reason);
    return why === null ? OUTCOME_WORDS[outcome] : `${OUTCOME_WORDS[outcome]}（${why}）`;
  }
  if (state === 'WAITING' && send.state === 'STOPPED') return '途中でやめたので、送っていません';
  if (state === 'WAITING' && send.state === 'RUNNING') return 'まだ';
  if (refusal === null) return '送ります';
  const why = leftOutText(refusal);
  if (refusal.code === 'resend-needs-confirm' && state === 'WAITING') return `確かめてから送ります：${why}`;
  return `${state === 'WAITING' ? '送りません' : '送りませんでした'}：${why}`;
}

function itemsPlace(id: string, view: ItemView, after?: number): string {
  const query = new URLSearchParams({
    ...(view !== 'all' && { view }),
    ...(after !== undefined && { after: String(after) }),
  }).toString();
  return `${sendPlace(id)}${query === '' ? '' : `?${query}`}`;
}

function sum(counts: ReadonlyMap<unknown, number>): number {
  return [...counts.values()].reduce((total, each) => total + each, 0);
}
