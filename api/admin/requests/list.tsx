/** The list of 本人からの連絡: what waits for staff comes first, whoever has waited longest on top. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import type { Instant } from '../../../domain/calendar.js';
import { dayInJapan, daysBetween } from '../../../domain/calendar.js';
import type { Deps } from '../../../usecases/context.js';
import type { RequestLine } from '../../../usecases/read-requests.js';
import { listRequestLines } from '../../../usecases/read-requests.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { itemsText, requestPlace } from '../person/requests-of-person.js';
import { KIND_OF_REQUEST_WORDS, REACH_WORDS, REQUEST_STATE_WORDS } from '../person/words.js';
import { dayText, momentText } from '../shell/dates.js';
import { Select } from '../shell/fields.js';
import { FilterForm, sendPage } from '../shell/layout.js';
import { NextPage, StatusMark, Table } from '../shell/parts.js';
import { PLACES, personPlace } from '../shell/places.js';
import { staffOf } from '../shell/session.js';

const A_PAGE = 30;
export const STATES = ['open', 'closed'] as const;
export const KINDS = ['CHANGE', 'STOP'] as const;

interface Query {
  state?: (typeof STATES)[number] | undefined;
  kind?: (typeof KINDS)[number] | undefined;
  cursor?: string | undefined;
}

export async function showRequests(deps: Deps, req: Request, res: Response, query: Query): Promise<void> {
  const { state = 'open', kind, cursor } = query;
  const open = state === 'open';
  const { items, nextCursor } = await listRequestLines(deps, staffOf(res).fireHqId, {
    open,
    kind,
    oldestFirst: open,
    limit: A_PAGE,
    cursor,
  });
  const now = arrivalOf(res).receivedAt;
  sendPage(req, res, {
    title: '本人からの連絡',
    body: (
      <>
        <p>
          メールのページで、本人が「変わったものがあります」「もう使いません」と答えた人です。「もう使いません」の人は、職員が答えるまで、自動のメールを止めています。
        </p>
        <Filter state={state} kind={kind} />
        <h2>{open ? '未対応（待っている順）' : '終わったもの（新しい順）'}</h2>
        {items.length === 0 ? (
          <p>{open ? '待っている連絡は、ありません。' : '終わった連絡は、ありません。'}</p>
        ) : (
          <Lines lines={items} open={open} now={now} />
        )}
        <NextPage href={nextCursor === null ? null : placeOf({ state, kind, cursor: nextCursor })} />
      </>
    ),
  });
}

function placeOf(query: Query): string {
  const said = Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return `${PLACES.requests}?${new URLSearchParams(said).toString()}`;
}

function Filter({ state, kind = '' }: { state: string; kind?: string | undefined }): VNode {
  return (
    <FilterForm to={PLACES.requests}>
      <Select
        name="state"
        label="状態"
        value={state}
        options={[
          ['open', '未対応'],
          ['closed', '終わったもの'],
        ]}
      />
      <Select
        name="kind"
        label="内容"
        value={kind}
        options={[['', 'すべて'], ...KINDS.map((each) => [each, KIND_OF_REQUEST_WORDS[each]] as const)]}
      />
      <div class="field">
        <button class="quiet" type="submit">
          絞り込む
        </button>
      </div>
    </FilterForm>
  );
}

function Lines({ lines, open, now }: { lines: readonly RequestLine[]; open: boolean; now: Instant }): VNode {
  return (
    <Table
      caption={open ? '未対応の連絡' : '終わった連絡'}
      head={['日時', '氏名', '利用状況', '内容', '希望の連絡方法', open ? '待っている日数' : '結果']}
      rows={lines.map(({ request, person }) => [
        <a href={requestPlace(request.id)}>{momentText(request.createdAt)}</a>,
        person === null ? (
          ''
        ) : (
          <>
            <a href={personPlace(person.id)}>{person.name}</a>
            <small>登録番号 {person.registrationNumber}</small>
          </>
        ),
        person === null ? '' : <StatusMark status={person.status} />,
        <>
          <strong>{KIND_OF_REQUEST_WORDS[request.kind]}</strong>
          <small>{itemsText(request)}</small>
        </>,
        request.reachBy === null ? '' : REACH_WORDS[request.reachBy],
        open ? waitedText(request.createdAt, now) : closedText(request),
      ])}
    />
  );
}

function waitedText(since: Instant, now: Instant): string {
  const days = daysBetween(dayInJapan(since), dayInJapan(now));
  return days === 0 ? '今日' : `${days}日`;
}

function closedText({ state, closedAt }: RequestLine['request']): string {
  return `${REQUEST_STATE_WORDS[state]}${closedAt === null ? '' : `（${dayText(closedAt)}）`}`;
}
