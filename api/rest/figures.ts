/** /figures and /completeness: how many renewed (R35), and whether anybody was missed (R38). */
import { daysBetween } from '../../domain/calendar.js';
import { LAPSE_CAUSES } from '../../domain/lapse.js';
import { parsePeriod } from '../../domain/period.js';
import type { CompletenessView } from '../../usecases/completeness.js';
import { MOST_DAYS, readCompleteness } from '../../usecases/completeness.js';
import type { Figures, FiguresView } from '../../usecases/figures.js';
import { readFigures } from '../../usecases/figures.js';
import { defineRoute } from './route.js';
import { civilDate, civilDateInput, instant, iso } from './scalars.js';
import { z } from './zod.js';

const tag = 'Watching';
const scope = 'figures:read';

const count = (description?: string) =>
  z
    .int()
    .min(0)
    .openapi(description === undefined ? {} : { description });
const rate = (description: string) =>
  z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .openapi({ description: `${description} Null when the denominator is 0.` });

const CYCLES = {
  cycles: count('Cycles whose D fell in it, also those whose D is still to come. 廃止 excluded.'),
  renewed: count('A cycle that was renewed early counts where its D is.'),
  renewedInTime: count('Renewed before E.'),
  lapsed: count('E is over, and no renewal came before it.'),
  recovered: count('Of the lapsed ones: renewed later.'),
  notYetExpired: count('Not renewed, D is still to come.'),
};

const figures = z
  .object({
    period: z.string().openapi({ example: 'FY2026' }),
    from: civilDate('Inclusive.'),
    to: civilDate('Inclusive.'),
    cycles: z.object({ ...CYCLES, withdrawn: count('廃止 before a renewal; in none of the others.') }),
    renewalRate: rate('更新率: renewed ÷ cycles.'),
    inTimeRate: rate('期限内更新率: renewedInTime ÷ cycles.'),
    recoveryRate: rate('回復率: recovered ÷ lapsed.'),
    lapsed: z
      .object({
        asOf: instant('The last instant of the last day, or now while the period lasts.'),
        total: count(),
        byCause: z.object(Object.fromEntries(LAPSE_CAUSES.map((cause) => [cause, count()]))),
        causeNotKnown: count('E is just over, and the cause is being recorded.'),
      })
      .nullable()
      .openapi({ description: 'People who were 失効中 then, by the cause known then; null: not begun.' }),
    mails: z
      .object({
        mails: count('Sent: the last attempt began in the period.'),
        failed: count('For good: 不達 and 送信失敗.'),
        failedOurs: count('Of these 送信失敗, ours to mend.'),
        people: count('To whom they were sent.'),
        peopleWithFailure: count(),
      })
      .openapi({ description: 'Mails of every purpose, as they stand now.' }),
    failureRate: rate('不達率: failed ÷ mails.'),
    peopleFailureRate: rate('peopleWithFailure ÷ people.'),
  })
  .openapi('RenewalFigures');

const figuresPage = z
  .object({
    figures,
    previous: figures,
    months: z
      .array(
        z.object({
          month: z.string().openapi({ example: '2027-03' }),
          ...CYCLES,
          renewalRate: rate('renewed ÷ cycles.'),
          inTimeRate: rate('renewedInTime ÷ cycles.'),
        }),
      )
      .openapi({ description: 'Twelve months, up to the last one of the period.' }),
  })
  .openapi('RenewalFiguresWithPrevious');

const difference = count('What the sum lacks; 0 when nothing is missed.');

const completeness = z
  .object({
    from: civilDate('Inclusive.'),
    to: civilDate('Inclusive.'),
    asOf: instant(),
    people: z
      .object({
        total: count('People whose D lies in the span.'),
        renewedInTime: count(),
        renewedLater: count(),
        lapsed: z.object(Object.fromEntries(LAPSE_CAUSES.map((cause) => [cause, count()]))),
        lapsing: count('E is just over, the lapse is being recorded.'),
        withdrawn: count(),
        notYetExpired: count(),
        difference,
      })
      .openapi({ description: 'total = all others added up.' }),
    mails: z
      .object({
        planned: count('Slots in the span, counted from dates and policies, not from the ledger.'),
        earlierPlan: count('Of these: entered by an earlier plan, before a correction or a new policy.'),
        confirmed: count(),
        accepted: count(),
        delayed: count('Delayed after a server accepted it.'),
        bounced: count(),
        failed: count(),
        notSent: count(),
        notSentBy: z.record(z.string(), count()).openapi({ description: 'notSent by its reason.' }),
        waiting: count('Due, and still to be sent.'),
        toCome: count('Its time has not come.'),
        difference,
      })
      .openapi({ description: 'planned = all outcomes added up, and the difference.' }),
    registered: z
      .object({ people: count('Not withdrawn.'), withoutCycle: count('Nobody would remind these; 0.') })
      .openapi({ description: 'As of now.' }),
  })
  .openapi('Completeness');

export const figureRoutes = [
  defineRoute({
    method: 'get',
    path: '/figures',
    operationId: 'readFigures',
    tag,
    scope,
    summary: 'Figures of renewals for a month or a fiscal year',
    description:
      'With the period before it. A fiscal year is April to March, named by the year it begins in.',
    query: z.strictObject({
      period: z
        .string()
        .refine((name) => parsePeriod(name) !== null, { error: 'must be a month 2027-03 or a year FY2026' })
        .openapi({ description: 'A month, or a fiscal year.', example: 'FY2026' }),
    }),
    answers: { 200: { description: 'The figures.', schema: figuresPage } },
    async handler({ deps, fireHqId, query }) {
      return { status: 200, body: figuresJson(await readFigures(deps, fireHqId, query.period)) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/completeness',
    operationId: 'readCompleteness',
    tag,
    scope,
    summary: 'Was anybody missed? Sums of people and mails that must come out even (もれの確認)',
    description:
      'Every person and every planned mail is read, so a large headquarters waits some seconds. The same is looked at each hour, and a difference is an alarm.',
    query: z
      .strictObject({
        from: civilDateInput('First day.'),
        to: civilDateInput('Last day, at most three years later.'),
      })
      .refine(({ from, to }) => from <= to, { error: 'must not be before from', path: ['to'] })
      .refine(({ from, to }) => daysBetween(from, to) < MOST_DAYS, {
        error: 'must be at most three years after from',
        path: ['to'],
      }),
    answers: { 200: { description: 'The sums.', schema: completeness } },
    async handler({ deps, fireHqId, query }) {
      return {
        status: 200,
        body: { ...query, ...completenessJson(await readCompleteness(deps, fireHqId, query)) },
      };
    },
  }),
];

function figuresJson({ figures: present, previous, months }: FiguresView): z.infer<typeof figuresPage> {
  return { figures: oneJson(present), previous: oneJson(previous), months };
}

function oneJson({ name, period, lapsed, ...rest }: Figures): z.infer<typeof figures> {
  return {
    period: name,
    ...period,
    ...rest,
    lapsed: lapsed === null ? null : { ...lapsed, asOf: iso(lapsed.asOf) },
  };
}

function completenessJson({
  now,
  people,
  mails,
  registered,
}: CompletenessView): Omit<z.infer<typeof completeness>, 'from' | 'to'> {
  return {
    asOf: iso(now),
    people: {
      total: people.total,
      renewedInTime: people.fates.RENEWED_IN_TIME,
      renewedLater: people.fates.RENEWED_LATER,
      lapsed: Object.fromEntries(LAPSE_CAUSES.map((cause) => [cause, people.fates[`LAPSED_${cause}`]])),
      lapsing: people.fates.LAPSING,
      withdrawn: people.fates.WITHDRAWN,
      notYetExpired: people.fates.NOT_YET_EXPIRED,
      difference: people.difference,
    },
    mails: {
      planned: mails.planned,
      earlierPlan: mails.earlierPlan,
      confirmed: mails.fates.CONFIRMED,
      accepted: mails.fates.ACCEPTED,
      delayed: mails.fates.DELAYED,
      bounced: mails.fates.BOUNCED,
      failed: mails.fates.FAILED,
      notSent: mails.fates.NOT_SENT,
      notSentBy: mails.notSentBy,
      waiting: mails.fates.WAITING,
      toCome: mails.fates.PLANNED,
      difference: mails.difference,
    },
    registered,
  };
}
