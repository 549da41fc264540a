/** The figures of R35: what each is called, how it comes about, and its definition, which stands beside it. */
import { LAPSE_CAUSES } from '../../../domain/lapse.js';
import type { Figures } from '../../../usecases/figures.js';
import { dayText } from '../shell/dates.js';
import { CAUSE_WORDS } from '../shell/words.js';

export interface FigureRow {
  name: string;
  /** 「83.3％」「12人」, — where there is nothing to divide by. */
  value: string;
  /** 「12人のうち10人」; empty where the value says it. */
  basis: string;
  definition: string;
}

/** Where the denominator is 0, or the period has not begun. */
const NOTHING = '—';

export function percent(share: number | null): string {
  return share === null ? NOTHING : `${(share * 100).toFixed(1)}％`;
}

/** In the same order and number for every period, so that two stand side by side. */
export function figureRows({ cycles, mails, lapsed, ...rates }: Figures): FigureRow[] {
  const asOf = lapsed === null ? '' : `${dayText(lapsed.asOf)}の時点。`;
  const people = (number: number | undefined) => (number === undefined ? NOTHING : `${number}人`);
  return [
    {
      name: '更新率',
      value: percent(rates.renewalRate),
      basis: `${cycles.cycles}人のうち${cycles.renewed}人`,
      definition:
        '更新した人 ÷ 有効期限がこの期間に来る人。廃止した人は入りません。早く更新した人は、もとの期限の日で数えます。',
    },
    {
      name: '期限内更新率',
      value: percent(rates.inTimeRate),
      basis: `${cycles.cycles}人のうち${cycles.renewedInTime}人`,
      definition:
        '有効期限の日の終わりまでに更新した人 ÷ 有効期限がこの期間に来る人（廃止した人は入りません）。',
    },
    {
      name: '失効中の人（最後の日）',
      value: people(lapsed?.total),
      basis: '',
      definition: `${asOf}期間の最後の日の終わりに失効中だった人。期間の途中なら、今の人数です。`,
    },
    ...LAPSE_CAUSES.map((cause) => ({
      name: `　うち ${CAUSE_WORDS[cause].word}`,
      value: people(lapsed?.byCause[cause]),
      basis: '',
      definition: `その時点で記録されていた原因が「${CAUSE_WORDS[cause].word}」の人。`,
    })),
    {
      name: '　うち 記録待ち',
      value: people(lapsed?.causeNotKnown),
      basis: '',
      definition: '期限が来たばかりで、原因がまだ記録されていない人。',
    },
    {
      name: '不達率（メール）',
      value: percent(rates.failureRate),
      basis: `${mails.mails}通のうち${mails.failed}通（システムの都合は${mails.failedOurs}通）`,
      definition:
        '届かなかったメールと送れなかったメール ÷ この期間に送ったメール（お願い・確認・お知らせのすべて）。',
    },
    {
      name: '不達率（人）',
      value: percent(rates.peopleFailureRate),
      basis: `${mails.people}人のうち${mails.peopleWithFailure}人`,
      definition: '1通でも届かなかった人 ÷ この期間にメールを送った人。',
    },
    {
      name: '回復率',
      value: percent(rates.recoveryRate),
      basis: `${cycles.lapsed}人のうち${cycles.recovered}人`,
      definition:
        '失効中になったあとで更新した人 ÷ 有効期限がこの期間に来て、失効中になった人（廃止した人は入りません）。',
    },
    {
      name: '廃止した人',
      value: people(cycles.withdrawn),
      basis: '',
      definition: '有効期限がこの期間に来る人のうち、更新の前に廃止した人。上の率には入りません。',
    },
    {
      name: 'まだ期限が来ていない人',
      value: people(cycles.notYetExpired),
      basis: '',
      definition:
        '有効期限がこの期間のこれからの日で、まだ更新していない人。更新率の「来る人」に入っています。',
    },
  ];
}
