/** 更新率 of twelve months as a picture, drawn here; the same numbers stand in the table beside it. */
import type { VNode } from 'preact';
import type { MonthFigures } from '../../../usecases/figures.js';
import { percent } from './figure-words.js';

const HEIGHT = 220;
const TOP = 24;
const LEFT = 44;
const STEP = 56;
const BAR = 32;
const GUIDES = [0, 0.25, 0.5, 0.75, 1] as const;

/** Of the height of the drawing: 100 % is on top. */
const yOf = (share: number) => TOP + HEIGHT * (1 - share);
const round = (number: number) => Math.round(number * 10) / 10;

/** A full bar is in time, a hatched one above it later: told apart without colour. */
export function MonthsChart({ months }: { months: readonly MonthFigures[] }): VNode {
  const width = LEFT + STEP * months.length + 8;
  const base = yOf(0);
  return (
    <figure class="chart">
      <div class="scroll" role="region" aria-label="月ごとの更新率の図" tabIndex={0}>
        <svg
          viewBox={`0 0 ${width} ${base + 44}`}
          width={width}
          height={base + 44}
          role="img"
          aria-label={`月ごとの更新率。${months.map((each) => `${shortMonth(each.month)}は${percent(each.renewalRate)}`).join('、')}。`}
        >
          <defs>
            <pattern id="later" width="6" height="6" patternUnits="userSpaceOnUse">
              <path d="M0 6 6 0" class="hatch" />
            </pattern>
          </defs>
          {GUIDES.map((share) => (
            <>
              <line x1={LEFT} x2={width} y1={yOf(share)} y2={yOf(share)} class="guide" />
              <text x={LEFT - 6} y={yOf(share) + 4} class="axis end">
                {`${share * 100}％`}
              </text>
            </>
          ))}
          {months.map((each, i) => (
            <Month each={each} x={LEFT + STEP * i + (STEP - BAR) / 2} base={base} isFirst={i === 0} />
          ))}
        </svg>
      </div>
      <figcaption>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <rect x="1" y="1" width="14" height="14" class="in-time" />
        </svg>
        {' 期限までに更新 '}
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <rect x="1" y="1" width="14" height="14" class="later" fill="url(#later)" />
        </svg>
        {' 期限のあとに更新（上の数字は更新率。—は、期限が来る人がいない月）'}
      </figcaption>
    </figure>
  );
}

function Month({
  each: { month, renewalRate, inTimeRate },
  x,
  base,
  isFirst,
}: {
  each: MonthFigures;
  x: number;
  base: number;
  isFirst: boolean;
}): VNode {
  const all = renewalRate ?? 0;
  const inTime = inTimeRate ?? 0;
  const [year, number] = month.split('-').map(Number);
  return (
    <g>
      <rect x={x} y={round(yOf(inTime))} width={BAR} height={round(HEIGHT * inTime)} class="in-time" />
      {all > inTime && (
        <rect
          x={x}
          y={round(yOf(all))}
          width={BAR}
          height={round(HEIGHT * (all - inTime))}
          class="later"
          fill="url(#later)"
        />
      )}
      <text x={x + BAR / 2} y={round(yOf(all)) - 5} class="value">
        {renewalRate === null ? '—' : `${Math.round(all * 100)}％`}
      </text>
      <text x={x + BAR / 2} y={base + 18} class="axis">
        {`${number}月`}
      </text>
      {(isFirst || number === 1) && (
        <text x={x + BAR / 2} y={base + 36} class="axis">
          {`${year}年`}
        </text>
      )}
    </g>
  );
}

function shortMonth(month: string): string {
  const [year, number] = month.split('-').map(Number);
  return `${year}年${number}月`;
}
