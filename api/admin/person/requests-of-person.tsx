/** 本人からの連絡 (R28) of one person: what waits on top, what is dealt with further below. */
import type { VNode } from 'preact';
import type { RequestView } from '../../../usecases/resident-request.js';
import { dayText, momentText } from '../shell/dates.js';
import { Notice } from '../shell/layout.js';
import { Table } from '../shell/parts.js';
import { PLACES } from '../shell/places.js';
import { ITEM_WORDS, KIND_OF_REQUEST_WORDS, REQUEST_STATE_WORDS } from './words.js';

export function requestPlace(id: string): string {
  return `${PLACES.requests}/${id}`;
}

export function itemsText({ kind, items }: Pick<RequestView, 'kind' | 'items'>): string {
  if (kind === 'STOP') return '';
  return items.length === 0
    ? '何が変わったかは、まだ聞いていません'
    : items.map((item) => ITEM_WORDS[item]).join('、');
}

export function OpenRequests({ requests }: { requests: readonly RequestView[] }): VNode | null {
  const open = requests.filter(({ state }) => state === 'OPEN');
  if (open.length === 0) return null;
  return (
    <Notice kind="warn">
      <p>
        <strong>本人からの連絡が来ています。</strong>
      </p>
      <ul>
        {open.map((request) => (
          <li>
            <a href={requestPlace(request.id)}>
              {KIND_OF_REQUEST_WORDS[request.kind]}（{momentText(request.createdAt)}）
            </a>
            　{itemsText(request)}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

export function ClosedRequests({ requests }: { requests: readonly RequestView[] }): VNode | null {
  const closed = requests.filter(({ state }) => state !== 'OPEN');
  if (closed.length === 0) return null;
  return (
    <>
      <h3>これまでの本人からの連絡</h3>
      <Table
        caption="これまでの本人からの連絡（新しい順）"
        head={['日時', '内容', '結果', '終わった日']}
        rows={closed.map((request) => [
          <a href={requestPlace(request.id)}>{momentText(request.createdAt)}</a>,
          [KIND_OF_REQUEST_WORDS[request.kind], itemsText(request)].filter(Boolean).join('：'),
          REQUEST_STATE_WORDS[request.state],
          request.closedAt === null ? '' : dayText(request.closedAt),
        ])}
      />
    </>
  );
}
