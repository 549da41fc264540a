/** One list: filter, choose, take away as CSV. */
import type { Request, Response } from 'express';
import type { ComponentChildren, VNode } from 'preact';
import { daysBetween, dayInJapan } from '../../../domain/calendar.js';
import type { Instant } from '../../../domain/calendar.js';
import { BULK_OF_A_CLERK, mayDo } from '../../../domain/roles.js';
import type { Role } from '../../../domain/roles.js';
import { MOST_AT_ONCE } from '../../../usecases/bulk-send.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import type { PeopleFilter } from '../../../usecases/people-filter.js';
import { readPeopleList } from '../../../usecases/people-lists.js';
import type { ListPage, ListedPerson } from '../../../usecases/people-lists.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { dayText, expiryText, momentText } from '../shell/dates.js';
import { Once } from '../shell/fields.js';
import { Form, Notice, sendPage } from '../shell/layout.js';
import { NextPage, StatusMark, Table } from '../shell/parts.js';
import { PLACES, personPlace } from '../shell/places.js';
import { staffOf } from '../shell/session.js';
import { ADDRESS_WORDS, CAUSE_WORDS, OUTCOME_WORDS, PURPOSE_WORDS, reasonWords } from '../shell/words.js';
import { Filters, HiddenFilter, listPlace } from './filter.js';
import { CHOOSE, csvPlace } from './places.js';
import { LIST_WORDS, filterText, nextStep, peopleText } from './words.js';
import type { ListName } from './words.js';

/** As many as one looks through, and a page that is quick to come. */
const A_PAGE = 30;

export interface ListRequest {
  filter: PeopleFilter;
  unread?: readonly string[];
  cursor?: string | undefined;
  /** Why what was asked for could not be done; the page is shown again. */
  trouble?: string;
}

export async function showList(deps: Deps, req: Request, res: Response, asked: ListRequest): Promise<void> {
  const { filter, unread = [], cursor, trouble } = asked;
  const { fireHqId, role } = staffOf(res);
  const { page, lost } = await readFrom(deps, fireHqId, filter, cursor);
  const { word, about } = LIST_WORDS[filter.list];
  const now = arrivalOf(res).receivedAt;
  sendPage(req, res, {
    ...(trouble !== undefined && { status: 409 }),
    title: word,
    scripts: ['choose-people'],
    body: (
      <>
        {trouble !== undefined && (
          <Notice kind="bad">
            <p>{trouble}</p>
          </Notice>
        )}
        {lost && (
          <Notice kind="warn">
            <p>続きの場所が分からなかったので、はじめから出しています。</p>
          </Notice>
        )}
        {unread.length > 0 && (
          <Notice kind="warn">
            <p>読めない条件があったので、使っていません：{unread.join('、')}</p>
          </Notice>
        )}
        <ListTabs here={filter.list} />
        <p>{about}</p>
        <Filters filter={filter} municipalities={page.municipalities} />
        <p class="count">
          <strong>{peopleText(page.people)}</strong>（{filterText(filter)}）
        </p>
        {page.items.length === 0 ? (
          <p>当てはまる人はいません。</p>
        ) : (
          <People page={page} filter={filter} role={role} now={now} />
        )}
        <NextPage href={page.nextCursor === null ? null : listPlace(filter, page.nextCursor)} />
        {page.people > 0 && <Csv filter={filter} role={role} />}
      </>
    ),
  });
}

/** A place in the list that is none any more: from the beginning. */
async function readFrom(
  deps: Deps,
  fireHqId: string,
  filter: PeopleFilter,
  cursor: string | undefined,
): Promise<{ page: ListPage; lost: boolean }> {
  const from = (place: string | undefined) =>
    readPeopleList(deps, fireHqId, filter, { limit: A_PAGE, cursor: place });
  try {
    return { page: await from(cursor), lost: false };
  } catch (error) {
    if (!isRefused(error, 'validation')) throw error;
    return { page: await from(undefined), lost: true };
  }
}

function ListTabs({ here }: { here: ListName }): VNode {
  return (
    <nav class="filters" aria-label="一覧をえらぶ">
      <ul>
        {(Object.keys(LIST_WORDS) as ListName[]).map((list) => (
          <li>
            <a href={`${PLACES.lists}/${list}`} aria-current={list === here ? 'page' : undefined}>
              {LIST_WORDS[list].word}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface PeopleProps {
  page: ListPage;
  filter: PeopleFilter;
  role: Role;
  now: Instant;
}

function People({ page, filter, role, now }: PeopleProps): VNode {
  const { list } = filter;
  const maySend = mayDo(role, 'reminders.send');
  const head = [
    ...(maySend ? ['選ぶ'] : []),
    '氏名',
    '登録番号',
    '利用状況',
    LIST_WORDS[list].sinceHead,
    '最後のメール',
    '次のお願いのメール',
    '次にすること',
  ];
  const table = (
    <Table
      caption={`${LIST_WORDS[list].word}の人`}
      head={head}
      rows={page.items.map((person) => [
        ...(maySend
          ? [
              <input
                type="checkbox"
                name="person"
                value={person.id}
                aria-label={`${person.name}さんを選ぶ`}
              />,
            ]
          : []),
        <a href={personPlace(person.id)}>
          {person.name}
          <small>{person.kana}</small>
        </a>,
        person.registrationNumber,
        <Status person={person} />,
        <Since list={list} person={person} now={now} />,
        <LastMail person={person} />,
        person.nextReminderAt === null ? 'ありません' : momentText(person.nextReminderAt),
        nextStep(list, person),
      ])}
    />
  );
  if (!maySend) return table;
  return (
    <Form to={CHOOSE} id="choose">
      <Once />
      <input type="hidden" name="list" value={list} />
      <HiddenFilter filter={filter} />
      {table}
      <Send page={page} list={list} role={role} />
    </Form>
  );
}

/** Leads to the preview; sends nothing. */
function Send({ page, list, role }: { page: ListPage; list: ListName; role: Role }): VNode {
  const most = mayDo(role, 'reminders.send-many') ? MOST_AT_ONCE : BULK_OF_A_CLERK;
  const { people } = page;
  return (
    <section aria-labelledby="send">
      <h2 id="send">リマインダーメールを送信する（まとめて）</h2>
      <p class="hint">
        1人に1通ずつ送ります。次の画面で、送る人と送らない人を確かめてから送ります。
        {list !== 'pending' && list !== 'lapsed' && '更新の受付期間の前の人には送れません。'}
      </p>
      <p class="actions">
        <button type="submit" name="who" value="chosen">
          選んだ人に送る準備をする
        </button>
        {people <= most && (
          <button class="quiet" type="submit" name="who" value="all">
            この一覧の全員（{peopleText(people)}）に送る準備をする
          </button>
        )}
      </p>
      {people > most && (
        <p class="hint">
          {most === BULK_OF_A_CLERK
            ? `担当者が一度に送れるのは${most}人までです。もっと多いときは、管理者に頼んでください。`
            : `一度に送れるのは${most.toLocaleString('ja-JP')}人までです。しぼりこんでください。`}
        </p>
      )}
    </section>
  );
}

function Status({ person }: { person: ListedPerson }): VNode {
  const inDoubt = person.addressState === 'SUSPECT' || person.addressState === 'UNDELIVERABLE';
  return (
    <>
      <StatusMark status={person.status} />
      {person.lapseCause !== null && <small>{CAUSE_WORDS[person.lapseCause].word}</small>}
      {person.lapseCause !== 'UNDELIVERABLE' && inDoubt && (
        <small>メールが{ADDRESS_WORDS[person.addressState]}</small>
      )}
    </>
  );
}

/** The date, and how many days that is: calendar days in Japan. */
function Since({
  list,
  person,
  now,
}: {
  list: ListName;
  person: ListedPerson;
  now: Instant;
}): ComponentChildren {
  const today = dayInJapan(now);
  if (list === 'pending') {
    const left = daysBetween(today, dayInJapan(person.expiresAt - 1));
    return (
      <>
        {expiryText(person)}
        <small>{left === 0 ? '今日まで' : `あと${left}日`}</small>
      </>
    );
  }
  const days = daysBetween(dayInJapan(person.since), today);
  return (
    <>
      {dayText(person.since)}
      <small>
        {days === 0 ? '今日' : `${days}日前`}
        {list === 'unused' && person.lastActivityAt === null && '（登録。通報の記録はありません）'}
      </small>
    </>
  );
}

function LastMail({ person: { lastMail } }: { person: ListedPerson }): ComponentChildren {
  if (lastMail === null) return '今回の手続きでは、まだありません';
  const { at, purpose, outcome, reason } = lastMail;
  const why = outcome === 'FAILED' || outcome === 'BOUNCED' ? reasonWords(reason) : null;
  return (
    <>
      {dayText(at)} {OUTCOME_WORDS[outcome]}
      <small>
        {PURPOSE_WORDS[purpose]}
        {why !== null && `。${why}`}
      </small>
    </>
  );
}

/** With the same people, as far as the letters know them: their list and the cause. */
function lettersPlace({ list, cause }: PeopleFilter): string {
  if (list !== 'pending' && list !== 'lapsed') return PLACES.letters;
  const query = new URLSearchParams({ show: list, ...(cause && { cause }) });
  return `${PLACES.letters}?${query.toString()}`;
}

function Csv({ filter, role }: { filter: PeopleFilter; role: Role }): VNode | null {
  if (!mayDo(role, 'people.export')) return null;
  return (
    <section aria-labelledby="csv">
      <h2 id="csv">この一覧を持ち出す・印刷する</h2>
      <Form to={csvPlace(filter.list)}>
        <HiddenFilter filter={filter} />
        {mayDo(role, 'people.export-addresses') && (
          <p class="field">
            <label>
              <input type="checkbox" name="addresses" value="yes" /> メールアドレスと住所も入れる
            </label>
          </p>
        )}
        <p class="hint">
          だれが何人分を持ち出したかは、操作履歴に残ります。Excelでそのまま開くと、番号のはじめの0が消えることがあります。
          ［データ］→［テキストまたはCSVから］で開くと、消えません。
        </p>
        <button class="quiet" type="submit">
          CSVファイルにする
        </button>
      </Form>
      {mayDo(role, 'letters.print') && (
        <p>
          <a href={lettersPlace(filter)}>案内書（FAX・郵送）を印刷する</a>
        </p>
      )}
    </section>
  );
}
