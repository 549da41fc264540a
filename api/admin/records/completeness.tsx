/** もれの確認 (R38): the page a chief shows the council. Every number opens its names. */
import type { Request, Response } from 'express';
import type { ComponentChildren, VNode } from 'preact';
import { z } from 'zod';
import { daysBetween, isCivilDate } from '../../../domain/calendar.js';
import { MAIL_FATES, PERSON_FATES } from '../../../domain/completeness.js';
import type { Period } from '../../../domain/period.js';
import { fiscalYearOf, parsePeriod } from '../../../domain/period.js';
import type { CompletenessView, Counted } from '../../../usecases/completeness.js';
import { MOST_DAYS, listCounted, readCompleteness } from '../../../usecases/completeness.js';
import type { Deps } from '../../../usecases/context.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { expiryText, momentText } from '../shell/dates.js';
import { TextField } from '../shell/fields.js';
import { FilterForm, Notice, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { NextPage, Table } from '../shell/parts.js';
import { PLACES, below, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { page } from '../shell/route.js';
import { staffOf } from '../shell/session.js';
import {
  MAIL_WORDS,
  PERSON_WORDS,
  countedOf,
  countedWords,
  notSentWords,
  wordOfCounted,
} from './completeness-words.js';
import { PeriodSelect, periodName, periodWords, spanWords } from './period-form.js';

const NAMES = `${PLACES.completeness}/names`;
const A_PAGE = 50;

const day = z.string().refine(isCivilDate);
const QUERY = { period: periodName, from: day, to: day };
/** As it stands in the address: a month or fiscal year, or two days, which win. */
interface Said {
  period?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export function completenessRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.completeness),
      who: 'figures.read',
      query: QUERY,
      handle: ({ query, req, res }) => show(deps, query, req, res),
    }),
    page({
      path: below(NAMES),
      who: 'figures.read',
      query: { ...QUERY, of: z.string(), cursor: z.string() },
      handle: ({ query: { of, cursor, ...said }, req, res }) =>
        showNames(deps, { said, of, cursor }, req, res),
    }),
  ];
}

async function show(deps: Deps, said: Said, req: Request, res: Response): Promise<void> {
  const { receivedAt } = arrivalOf(res);
  const chosen = chosenOf(said, fiscalYearOf(receivedAt));
  const fault = faultOf(chosen.period);
  const body =
    fault === null ? (
      <Sums
        view={await readCompleteness(deps, staffOf(res).fireHqId, chosen.period)}
        chosen={chosen}
        hq={staffOf(res).hqName}
      />
    ) : (
      <Notice kind="bad">
        <p>{fault}</p>
      </Notice>
    );
  sendPage(req, res, {
    title: 'もれの確認',
    status: fault === null ? 200 : 422,
    body: (
      <>
        <p class="no-print">
          期限が来た人と、送る予定だったメールを、1つ残らず数えて確かめます。同じ確認を、システムが1時間ごとにしています。
        </p>
        <FilterForm to={PLACES.completeness}>
          <PeriodSelect
            value={chosen.name ?? fiscalYearOf(receivedAt)}
            now={receivedAt}
            label="年度か月で選ぶ"
          />
          <p class="field">
            <button type="submit">この期間を確かめる</button>
          </p>
        </FilterForm>
        <FilterForm to={PLACES.completeness}>
          <TextField name="from" label="日にちで選ぶ：いつから" type="date" value={said.from ?? ''} />
          <TextField name="to" label="いつまで" type="date" value={said.to ?? ''} />
          <p class="field">
            <button type="submit">この日にちを確かめる</button>
          </p>
        </FilterForm>
        {body}
      </>
    ),
  });
}

interface Chosen {
  period: Period;
  /** null: two days. */
  name: string | null;
}

function chosenOf({ period: name, from, to }: Said, usual: string): Chosen {
  if (from !== undefined || to !== undefined) {
    const first = from ?? to ?? '';
    return { period: { from: first, to: to ?? first }, name: null };
  }
  const chosen = name ?? usual;
  const period = parsePeriod(chosen);
  if (period === null) throw new NotHereError();
  return { period, name: chosen };
}

function faultOf({ from, to }: Period): string | null {
  if (from > to) return '「いつまで」が「いつから」より前です。日にちを直してください。';
  if (daysBetween(from, to) >= MOST_DAYS) return '期間が長すぎます。3年までにしてください。';
  return null;
}

function queryOf({ period, name }: Chosen): Record<string, string> {
  return name === null ? { ...period } : { period: name };
}

function titleOf({ period, name }: Chosen): string {
  return name === null ? spanWords(period) : `${periodWords(name)}（${spanWords(period)}）`;
}

function Sums({ view, chosen, hq }: { view: CompletenessView; chosen: Chosen; hq: string }): VNode {
  const { people, mails, registered, now } = view;
  const holes = people.difference + mails.difference + registered.withoutCycle;
  const link = (counted: Counted, number: number, unit: string): ComponentChildren =>
    number === 0 ? (
      `0${unit}`
    ) : (
      <a
        href={`${NAMES}?${new URLSearchParams({ ...queryOf(chosen), of: wordOfCounted(counted) }).toString()}`}
      >
        {number}
        {unit}
      </a>
    );
  const reasons = Object.entries(mails.notSentBy).sort(([, a], [, b]) => b - a);
  return (
    <div class="report">
      <h2>
        {hq}　{titleOf(chosen)}
      </h2>
      <p>確かめた日時：{momentText(now)}</p>
      <div class={`verdict ${holes === 0 ? 'good' : 'bad'}`}>
        {holes === 0 ? (
          <p>
            <strong>もれはありません。</strong>{' '}
            期限が来た人と、予定したメールの数は、どちらも合っています（差は0）。
          </p>
        ) : (
          <p>
            <strong>もれが{holes}件あります。</strong>{' '}
            下の表の「差」を開いて、だれのことかを確かめてください。システムの運用担当にも知らせてください。
          </p>
        )}
      </div>
      <h3>この期間に有効期限が来る人</h3>
      <Table
        caption="この期間に有効期限が来る人の数"
        head={['どうなったか', '人数', '意味']}
        rows={[
          ...PERSON_FATES.map((fate) => [
            PERSON_WORDS[fate].word,
            link({ of: 'PEOPLE', fate }, people.fates[fate], '人'),
            PERSON_WORDS[fate].meaning,
          ]),
          ['上の合計', `${people.total - people.difference}人`, '上の人数を、すべて足した数です。'],
          [
            <strong>有効期限が来る人</strong>,
            <strong>{people.total}人</strong>,
            '有効期限が、この期間の日にある人です。期限を訂正した人は、今の期限で数えます。1人の期限がこの期間に2回あるときは、2人と数えます。',
          ],
          [
            <strong>差</strong>,
            <strong>{link({ of: 'PEOPLE', fate: null }, people.difference, '人')}</strong>,
            'どうなったかの記録がない人です。0が正しい数です。',
          ],
        ]}
      />
      <h3>この期間に送る予定のメール</h3>
      <Table
        caption="この期間に送る予定のメールの数"
        head={['どうなったか', '通数', '意味']}
        rows={[
          ...MAIL_FATES.map((fate) => [
            MAIL_WORDS[fate].word,
            link({ of: 'MAILS', fate }, mails.fates[fate], '通'),
            MAIL_WORDS[fate].meaning,
          ]),
          ['上の合計', `${mails.planned - mails.difference}通`, '上の通数を、すべて足した数です。'],
          [
            <strong>予定したメール</strong>,
            <strong>{mails.planned}通</strong>,
            `送った記録からではなく、それぞれの人の有効期限と設定から数えた、お願いのメールの予定です。更新や廃止のあとの予定は入りません。${
              mails.earlierPlan === 0
                ? ''
                : `うち${mails.earlierPlan}通は、期限の訂正や設定の変更の前の予定です。`
            }`,
          ],
          [
            <strong>差</strong>,
            <strong>{link({ of: 'MAILS', fate: null }, mails.difference, '通')}</strong>,
            '予定したのに、送った記録も、送らなかった記録もないメールです。0が正しい数です。',
          ],
        ]}
      />
      {reasons.length > 0 && (
        <>
          <h3>送らなかったわけ</h3>
          <Table
            caption="送らなかったわけごとの通数"
            head={['わけ', '通数']}
            rows={reasons.map(([reason, number]) => [
              notSentWords(reason),
              link({ of: 'MAILS', fate: 'NOT_SENT', reason }, number, '通'),
            ])}
          />
        </>
      )}
      <h3>今、登録している人</h3>
      <Table
        caption="今、登録している人の数"
        head={['数えたもの', '人数', '意味']}
        rows={[
          ['登録している人', `${registered.people}人`, '廃止していない人です（期間に関係なく、今の数）。'],
          [
            '有効期限がある人',
            `${registered.people - registered.withoutCycle}人`,
            '有効期限が決まっていて、お願いのメールの予定がある人です。',
          ],
          [
            <strong>差</strong>,
            <strong>{link({ of: 'WITHOUT_CYCLE' }, registered.withoutCycle, '人')}</strong>,
            '有効期限の記録がない人です。だれもお願いを送りません。0が正しい数です。',
          ],
        ]}
      />
    </div>
  );
}

async function showNames(
  deps: Deps,
  { said, of, cursor }: { said: Said; of: string | undefined; cursor: string | undefined },
  req: Request,
  res: Response,
): Promise<void> {
  if (of === undefined) {
    res.redirect(303, PLACES.completeness);
    return;
  }
  const chosen = chosenOf(said, fiscalYearOf(arrivalOf(res).receivedAt));
  const counted = countedOf(of);
  if (counted === null || faultOf(chosen.period) !== null) throw new NotHereError();
  const { items, nextCursor } = await listCounted(deps, staffOf(res).fireHqId, chosen.period, {
    counted,
    limit: A_PAGE,
    cursor,
  });
  const query = { ...queryOf(chosen), of };
  const withMail = counted.of === 'MAILS';
  sendPage(req, res, {
    title: countedWords(counted),
    body: (
      <>
        <p>
          {titleOf(chosen)}　
          <a
            class="no-print"
            href={`${PLACES.completeness}?${new URLSearchParams(queryOf(chosen)).toString()}`}
          >
            もれの確認へもどる
          </a>
        </p>
        {items.length === 0 ? (
          <p>
            {nextCursor === null ? '当てはまる人はいません。' : 'ここまでには、いません。続きがあります。'}
          </p>
        ) : (
          <Table
            caption={`${countedWords(counted)}（有効期限の近い順）`}
            head={['氏名', '登録番号', '有効期限日時', ...(withMail ? ['送る予定の日時'] : [])]}
            rows={items.map(({ accountId, name, registrationNumber, expiry, plannedAt }) => [
              <a href={personPlace(accountId)}>{name}</a>,
              registrationNumber,
              expiry === null ? '' : expiryText(expiry),
              ...(withMail ? [plannedAt === null ? '' : momentText(plannedAt)] : []),
            ])}
          />
        )}
        <NextPage
          href={
            nextCursor === null
              ? null
              : `${NAMES}?${new URLSearchParams({ ...query, cursor: nextCursor }).toString()}`
          }
        />
      </>
    ),
  });
}
