/** 更新の数字 (R35): as a table with the period before it, as a picture, and as a file; each with its definition. */
import type { Request, Response } from 'express';
import { fiscalYearOf } from '../../../domain/period.js';
import type { Deps } from '../../../usecases/context.js';
import type { FiguresView } from '../../../usecases/figures.js';
import { readFigures } from '../../../usecases/figures.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { momentText } from '../shell/dates.js';
import { FilterForm, Form, sendPage } from '../shell/layout.js';
import { Table } from '../shell/parts.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, page } from '../shell/route.js';
import { staffOf } from '../shell/session.js';
import { sendCsv } from './csv.js';
import { figureRows, percent } from './figure-words.js';
import { MonthsChart } from './months-chart.js';
import { PeriodSelect, periodName, periodWords, spanWords } from './period-form.js';

const CSV = `${PLACES.figures}/csv`;

export function figuresRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.figures),
      who: 'figures.read',
      query: { period: periodName },
      handle: ({ query, req, res }) => show(deps, query.period, req, res),
    }),
    form({
      path: below(CSV),
      who: 'figures.read',
      fields: { period: line },
      handle: ({ fields, res }) => sendFile(deps, fields.period, res),
    }),
  ];
}

async function show(deps: Deps, chosen: string | undefined, req: Request, res: Response): Promise<void> {
  const { receivedAt } = arrivalOf(res);
  const name = chosen ?? fiscalYearOf(receivedAt);
  const { fireHqId, hqName } = staffOf(res);
  const { figures, previous, months, now } = await readFigures(deps, fireHqId, name);
  const before = figureRows(previous);
  sendPage(req, res, {
    title: '更新の数字',
    body: (
      <>
        <FilterForm to={PLACES.figures}>
          <PeriodSelect value={name} now={receivedAt} />
          <p class="field">
            <button type="submit">この期間を見る</button>
          </p>
        </FilterForm>
        <div class="report">
          <h2>
            {hqName}　{periodWords(name)}（{spanWords(figures.period)}）
          </h2>
          <p>数えた日時：{momentText(now)}</p>
          <Table
            caption={`${periodWords(name)}の数字（前の期間は${periodWords(previous.name)}）`}
            head={['数字', periodWords(name), `前：${periodWords(previous.name)}`, '数えた人・通数', '意味']}
            rows={figureRows(figures).map(({ name: word, value, basis, definition }, i) => [
              word,
              <strong>{value}</strong>,
              before[i]?.value ?? '',
              basis,
              definition,
            ])}
          />
          <h3>月ごとの更新率</h3>
          <MonthsChart months={months} />
          <Table
            caption="月ごとの更新率（有効期限が来る月）"
            head={['月', '期限が来る人', '期限までに更新', '期限のあとに更新', '更新率', '期限内更新率']}
            rows={months.map((each) => [
              periodWords(each.month),
              `${each.cycles}人`,
              `${each.renewedInTime}人`,
              `${each.recovered}人`,
              percent(each.renewalRate),
              percent(each.inTimeRate),
            ])}
          />
        </div>
        <div class="no-print">
          <Form to={CSV}>
            <input type="hidden" name="period" value={name} />
            <button type="submit">この数字をファイル（CSV）に出す</button>
            <p class="hint">氏名は入りません。</p>
          </Form>
        </div>
      </>
    ),
  });
}

async function sendFile(deps: Deps, chosen: string, res: Response): Promise<void> {
  const isPeriod = periodName.safeParse(chosen).success;
  const name = isPeriod ? chosen : fiscalYearOf(arrivalOf(res).receivedAt);
  const view = await readFigures(deps, staffOf(res).fireHqId, name);
  await sendCsv(res, `koushin-suuji-${name}.csv`, [fileRows(view)]);
}

function fileRows({ figures, previous, months }: FiguresView): string[][] {
  const before = figureRows(previous);
  return [
    ['数字', periodWords(figures.name), `前：${periodWords(previous.name)}`, '数えた人・通数', '意味'],
    ...figureRows(figures).map(({ name, value, basis, definition }, i) => [
      name.trim(),
      value,
      before[i]?.value ?? '',
      basis,
      definition,
    ]),
    [],
    ['月', '期限が来る人', '期限までに更新', '期限のあとに更新', '更新率', '期限内更新率'],
    ...months.map((each) => [
      periodWords(each.month),
      String(each.cycles),
      String(each.renewedInTime),
      String(each.recovered),
      percent(each.renewalRate),
      percent(each.inTimeRate),
    ]),
  ];
}
