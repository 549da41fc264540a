/** 利用者管理: the list, by 利用状況 and cause, and the search. Filters stand in the address, what was searched for never does. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { z } from 'zod';
import { LAPSE_CAUSES } from '../../../domain/lapse.js';
import { mayDo } from '../../../domain/roles.js';
import { STATUSES } from '../../../domain/status.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { listAccounts, searchAccounts } from '../../../usecases/read-account.js';
import type { AccountView, Page } from '../../../usecases/views.js';
import { expiryText, momentText } from '../shell/dates.js';
import { Form, Notice, sendPage } from '../shell/layout.js';
import { NextPage, StatusMark, Table } from '../shell/parts.js';
import { PLACES, below, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, page } from '../shell/route.js';
import { staffOf } from '../shell/session.js';
import { ADDRESS_WORDS, CAUSE_WORDS, STATUS_WORDS } from '../shell/words.js';

const A_PAGE = 30;

interface Filter {
  status?: (typeof STATUSES)[number] | undefined;
  lapseCause?: (typeof LAPSE_CAUSES)[number] | undefined;
}

export function peopleRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.people),
      who: 'people.read',
      query: { status: z.enum(STATUSES), lapseCause: z.enum(LAPSE_CAUSES), cursor: z.string() },
      handle: ({ query, req, res }) => showPeople(deps, query, req, res),
    }),
    form({
      path: below(PLACES.search),
      who: 'people.read',
      fields: { q: line },
      handle: ({ fields, req, res }) => searchPeople(deps, fields.q, req, res),
    }),
  ];
}

async function showPeople(
  deps: Deps,
  { status, lapseCause, cursor }: Filter & { cursor?: string },
  req: Request,
  res: Response,
): Promise<void> {
  const filter: Filter = {
    ...(status && { status }),
    ...(lapseCause && { status: 'LAPSED' as const, lapseCause }),
  };
  const { fireHqId } = staffOf(res);
  const { page: list, lost } = await readFrom(deps, fireHqId, filter, cursor);
  const { items, nextCursor } = list;
  const next = nextCursor === null ? null : addressOf(filter, nextCursor);
  sendPage(req, res, {
    title: '利用者管理',
    body: (
      <>
        <Search q="" />
        {mayDo(staffOf(res).role, 'people.edit') && (
          <p>
            <a class="button" href={PLACES.newPerson}>
              新しい利用者の登録
            </a>
          </p>
        )}
        <Filters filter={filter} />
        {lost && (
          <Notice kind="warn">
            <p>続きの場所が分からなかったので、はじめから出しています。</p>
          </Notice>
        )}
        <People people={items} caption={captionOf(filter)} />
        <NextPage href={next} />
      </>
    ),
  });
}

/** A place in the list that is none any more: from the beginning. */
async function readFrom(
  deps: Deps,
  fireHqId: string,
  filter: Filter,
  cursor: string | undefined,
): Promise<{ page: Page<AccountView>; lost: boolean }> {
  const from = (place: string | undefined) =>
    listAccounts(deps, fireHqId, { ...filter, limit: A_PAGE, cursor: place });
  try {
    return { page: await from(cursor), lost: false };
  } catch (error) {
    if (!isRefused(error, 'validation')) throw error;
    return { page: await from(undefined), lost: true };
  }
}

async function searchPeople(deps: Deps, q: string, req: Request, res: Response): Promise<void> {
  const found =
    q === ''
      ? { items: [], nextCursor: null }
      : await searchAccounts(deps, staffOf(res).fireHqId, { q, limit: A_PAGE });
  const byKana = [...found.items].sort((a, b) => a.kana.localeCompare(b.kana, 'ja'));
  sendPage(req, res, {
    title: '利用者管理',
    body: (
      <>
        <Search q={q} />
        <People people={byKana} caption="さがした結果（かなの順）" />
        {found.nextCursor !== null && <p>{`${A_PAGE}人まで出しています。もう少し長く入れてください。`}</p>}
        <p>
          <a href={PLACES.people}>全員の一覧へもどる</a>
        </p>
      </>
    ),
  });
}

function Search({ q }: { q: string }): VNode {
  return (
    <Form to={PLACES.search}>
      <p class="field search">
        <label for="q">
          さがす（氏名・かな・登録番号・携帯電話番号のはじめの部分、またはメールアドレス全部）
        </label>
        <input id="q" name="q" type="search" value={q} autocomplete="off" accesskey="s" />
        <button type="submit">さがす</button>
      </p>
    </Form>
  );
}

function Filters({ filter }: { filter: Filter }): VNode {
  const all: [string, Filter][] = [
    ['全員', {}],
    ...STATUSES.map((status): [string, Filter] => [STATUS_WORDS[status].word, { status }]),
    ...LAPSE_CAUSES.map((lapseCause): [string, Filter] => [
      `失効中（${CAUSE_WORDS[lapseCause].word}）`,
      { status: 'LAPSED', lapseCause },
    ]),
  ];
  return (
    <nav class="filters" aria-label="利用状況で絞り込む">
      <ul>
        {all.map(([word, each]) => {
          const here = each.status === filter.status && each.lapseCause === filter.lapseCause;
          return (
            <li>
              <a href={addressOf(each, null)} aria-current={here ? 'page' : undefined}>
                {word}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function People({ people, caption }: { people: readonly AccountView[]; caption: string }): VNode {
  if (people.length === 0) return <p>当てはまる人はいません。</p>;
  return (
    <Table
      caption={caption}
      head={['氏名', '登録番号', '利用状況', '失効の原因', '有効期限日時', '次のお願いのメール', 'メール']}
      rows={people.map((person) => [
        <a href={personPlace(person.id)}>
          {person.name}
          <small>{person.kana}</small>
        </a>,
        person.registrationNumber,
        <StatusMark status={person.status} />,
        person.lapseCause === null ? '' : CAUSE_WORDS[person.lapseCause].word,
        expiryText(person),
        person.nextReminderAt === null ? '' : momentText(person.nextReminderAt),
        person.addressState === 'OK' || person.addressState === 'UNVERIFIED'
          ? ''
          : ADDRESS_WORDS[person.addressState],
      ])}
    />
  );
}

function captionOf({ status, lapseCause }: Filter): string {
  if (lapseCause !== undefined) return `失効中（${CAUSE_WORDS[lapseCause].word}）の人`;
  return status === undefined
    ? '全員（有効期限の近い順）'
    : `${STATUS_WORDS[status].word}の人（有効期限の近い順）`;
}

function addressOf(filter: Filter, cursor: string | null): string {
  const query = new URLSearchParams({ ...filter, ...(cursor !== null && { cursor }) }).toString();
  return query === '' ? PLACES.people : `${PLACES.people}?${query}`;
}
