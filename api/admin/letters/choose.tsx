/** 案内書: whom to write to, by list, with how far they are already written to. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { mayDo } from '../../../domain/roles.js';
import { statusAt } from '../../../domain/status.js';
import { LAPSE_CAUSES } from '../../../domain/lapse.js';
import type { Deps } from '../../../usecases/context.js';
import type { LetterFilter } from '../../../usecases/print-letters.js';
import type { LetterCandidate } from '../../../usecases/read-letters.js';
import { listLetterCandidates } from '../../../usecases/read-letters.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { dayText, expiryText } from '../shell/dates.js';
import { Select } from '../shell/fields.js';
import { FilterForm, Form, sendPage } from '../shell/layout.js';
import { NextPage, StatusMark, Table } from '../shell/parts.js';
import { PLACES, personPlace } from '../shell/places.js';
import { staffOf } from '../shell/session.js';
import { CAUSE_WORDS } from '../shell/words.js';
import { BATCHES, BLANK, PREVIEW } from './letter-places.js';
import { DAYS, FIRSTS, SHOWS, fieldsOf } from './selection.js';
import { SHOW_WORDS } from './words.js';

const A_PAGE = 50;

export async function showChoose(
  deps: Deps,
  { filter, cursor }: { filter: LetterFilter; cursor: string | undefined },
  req: Request,
  res: Response,
): Promise<void> {
  const { fireHqId, role } = staffOf(res);
  const now = arrivalOf(res).receivedAt;
  const people = await listLetterCandidates(deps, fireHqId, { filter, limit: A_PAGE, cursor });
  const next = people.nextCursor === null ? null : addressOf(filter, people.nextCursor);
  sendPage(req, res, {
    title: '案内書',
    body: (
      <>
        <p>
          定期更新手続きのお願いを、紙で送ります。QRと、FAXで返事をする紙がつきます。
          <strong>かならず封書で送ってください（はがきでは送れません）。</strong>
        </p>
        <ul>
          <li>
            <a href={BATCHES}>印刷の記録（もう一度ダウンロードする・送った記録をつける）</a>
          </li>
          {mayDo(role, 'letters.blank') && (
            <li>
              <a href={BLANK}>名前のない案内書をダウンロードする（PDF）</a>
            </li>
          )}
        </ul>
        <h2>だれに送りますか</h2>
        <Filters filter={filter} />
        <Choose filter={filter} people={people.items} now={now} more={next !== null} />
        <NextPage href={next} />
      </>
    ),
  });
}

function Filters({ filter }: { filter: LetterFilter }): VNode {
  return (
    <FilterForm to={PLACES.letters}>
      <Select
        name="show"
        label="だれ"
        value={filter.show}
        options={SHOWS.map((show) => [show, SHOW_WORDS[show]])}
      />
      <Select
        name="days"
        label="もうすぐ始まる人は、あと何日のうち"
        value={filter.show === 'soon' ? String(filter.days) : '30'}
        options={DAYS.map((days) => [days, `${days}日のうち`])}
      />
      <Select
        name="cause"
        label="失効中の人は、その原因"
        value={filter.show === 'lapsed' ? (filter.cause ?? '') : ''}
        options={[['', 'すべて'], ...LAPSE_CAUSES.map((cause) => [cause, CAUSE_WORDS[cause].word] as const)]}
      />
      <Select
        name="fresh"
        label="前に印刷した人"
        value={filter.fresh ? '' : 'no'}
        options={[
          ['', '今回、まだ印刷していない人だけ'],
          ['no', '印刷した人も出す'],
        ]}
      />
      <button type="submit">この人たちを出す</button>
    </FilterForm>
  );
}

function Choose({
  filter,
  people,
  now,
  more,
}: {
  filter: LetterFilter;
  people: readonly LetterCandidate[];
  now: number;
  more: boolean;
}): VNode {
  if (people.length === 0) return <p>当てはまる人はいません。</p>;
  return (
    <Form to={PREVIEW}>
      {Object.entries(fieldsOf(filter)).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <Table
        caption={`${SHOW_WORDS[filter.show]}（有効期限の近い順）`}
        head={['選ぶ', '氏名', '利用状況', '有効期限日時', '住所', 'FAX', '前に印刷した日']}
        rows={people.map((person) => [
          <input
            type="checkbox"
            name="id"
            value={person.accountId}
            aria-label={`${person.name}さんを選ぶ`}
          />,
          <a href={personPlace(person.accountId)}>
            {person.name}
            <small>{person.registrationNumber}</small>
          </a>,
          <StatusMark status={statusAt(person, now)} />,
          expiryText(person),
          has(person.postalAddress),
          has(person.fax),
          person.printedAt === null ? '' : dayText(person.printedAt),
        ])}
      />
      <fieldset>
        <legend>印刷する人</legend>
        <label>
          <input type="radio" name="who" value="ticked" checked /> 上の表で印をつけた人
        </label>
        <label>
          <input type="radio" name="who" value="first" /> この条件の人の、はじめから
        </label>
        <label>
          何人
          <select name="first">
            {FIRSTS.map((first) => (
              <option value={first}>{Number(first).toLocaleString('ja-JP')}人</option>
            ))}
          </select>
        </label>
        {more && <p class="hint">印は、このページの人だけにつきます。1つのファイルに1,000人まで入ります。</p>}
      </fieldset>
      <fieldset>
        <legend>送りかた</legend>
        <label>
          <input type="radio" name="kind" value="POST" checked /> 郵送（窓あき封筒 長形3号）
        </label>
        <label>
          <input type="radio" name="kind" value="FAX" /> FAX（送信票つき）
        </label>
      </fieldset>
      <button type="submit">だれに送るかを確かめる</button>
      <p class="hint">まだ印刷しません。</p>
    </Form>
  );
}

function has(text: string | null): string {
  return text === null || text.trim() === '' ? 'なし' : 'あり';
}

function addressOf(filter: LetterFilter, cursor: string): string {
  return `${PLACES.letters}?${new URLSearchParams({ ...fieldsOf(filter), cursor }).toString()}`;
}
