/** /mail-health: whether a headquarters' mail arrives, in total and by mail domain. */
import { SILENT_LOSS_VERDICTS } from '../../domain/silent-loss.js';
import type { MailHealthView } from '../../usecases/mail-health.js';
import { FAILURE_KINDS, readMailHealth } from '../../usecases/mail-health.js';
import { defineRoute } from './route.js';
import { instant, iso, pageQuery } from './scalars.js';
import { z } from './zod.js';

const DAYS = { most: 366, usual: 30 } as const;
const DAYS_FAULT = `must be a whole number from 1 to ${DAYS.most}`;

const count = (description?: string) =>
  z
    .int()
    .min(0)
    .openapi(description === undefined ? {} : { description });
const share = (description: string) => z.number().min(0).max(1).nullable().openapi({ description });

const asked = z.object({
  sent: count(),
  answered: count('By the link of that very mail.'),
});

const figures = {
  people: z
    .object({
      all: count('Not withdrawn; each at the present address.'),
      suspect: count('Address state SUSPECT 不達の疑い.'),
      undeliverable: count('Address state UNDELIVERABLE 不達.'),
    })
    .openapi({ description: 'People as of now.' }),
  mails: z
    .object({
      sent: count('accepted + answered + delayed + underWay + failed.'),
      accepted: count('受付済み（届いたかは不明）.'),
      answered: count('届いた（本人が開いて答えた）.'),
      delayed: count('一時エラー（再送中）.'),
      underWay: count('送信中.'),
      failed: count('For good: 不達 and 送信失敗.'),
      failedBy: z.object(Object.fromEntries(FAILURE_KINDS.map((kind) => [kind, count()]))).openapi({
        description:
          'As `bounce.class` of the reminders. SENDER_BLOCKED, and GIVEN_UP (nobody took it for days), are ours to mend.',
      }),
      failureRate: share('failed ÷ sent; null when nothing was sent.'),
    })
    .openapi({
      description:
        'Mails of every purpose whose last attempt lies in the span, as they stand now, at the domain they went to.',
    }),
  reminders: asked.openapi({ description: 'Of these the reminders 定期更新手続きのお願い.' }),
  checks: asked.openapi({ description: 'Of these the mails that check an address.' }),
};

const silentLoss = z
  .object({
    asked: count(
      'People to whom a reminder was accepted in `askedSince`–`askedUntil`, and did not fail later.',
    ),
    unanswered: count('Those who since then used no link of a reminder and sent no reply.'),
    share: share('unanswered ÷ asked.'),
    othersAsked: count('The same people at all other domains together.'),
    othersUnanswered: count(),
    othersShare: share('othersUnanswered ÷ othersAsked.'),
    verdict: z.enum(SILENT_LOSS_VERDICTS).openapi({
      description:
        "NOTICEABLE: at least 20 people on both sides, at least ten points more unanswered than at the others, and by Fisher's exact test (one-sided) a chance below 1 in 1,000. TOO_FEW: under 20 people on one side.",
    }),
    text: z.string().openapi({ description: 'Japanese: what it means and what to do.' }),
  })
  .openapi('SilentLoss', {
    description:
      'Carriers take mails and drop them without a word: then the people of one domain answer far less than all others. A person counts once, at each address that was mailed.',
  });

const total = z.object(figures).openapi('MailFigures');

const mailHealth = z
  .object({
    since: instant('Mails sent from here on are counted.'),
    until: instant('The present moment.'),
    askedSince: instant('Silent loss: the same number of days, ending seven days ago.'),
    askedUntil: instant('Exclusive.'),
    total,
    domains: z.array(
      z
        .object({ mailDomain: z.string().openapi({ example: 'docomo.ne.jp' }), ...figures, silentLoss })
        .openapi('MailDomainFigures'),
    ),
    rest: z
      .object({ domains: count('How many other domains people have.'), ...figures })
      .openapi('OtherMailDomainsFigures', {
        description: 'All domains that are not listed, together; also mails to addresses since replaced.',
      }),
  })
  .openapi('MailHealth');

export const mailHealthRoutes = [
  defineRoute({
    method: 'get',
    path: '/mail-health',
    operationId: 'readMailHealth',
    tag: 'Watching',
    scope: 'mail-health:read',
    summary: 'Whether mail arrives: figures in total and by mail domain',
    description: 'The domains with most people come first; all that are not listed are added up in `rest`.',
    query: z.strictObject({
      days: z
        .string()
        .regex(/^\d{1,3}$/, { error: DAYS_FAULT })
        .transform(Number)
        .refine((days) => days >= 1 && days <= DAYS.most, { error: DAYS_FAULT })
        .default(DAYS.usual)
        .openapi({
          type: 'integer',
          minimum: 1,
          maximum: DAYS.most,
          default: DAYS.usual,
          pattern: undefined,
          description: 'Length of the span.',
        }),
      limit: pageQuery.limit,
    }),
    answers: { 200: { description: 'The figures.', schema: mailHealth } },
    async handler({ deps, fireHqId, query }) {
      return { status: 200, body: mailHealthJson(await readMailHealth(deps, fireHqId, query)) };
    },
  }),
];

function mailHealthJson(view: MailHealthView): z.infer<typeof mailHealth> {
  return {
    ...view,
    since: iso(view.since),
    until: iso(view.until),
    askedSince: iso(view.askedSince),
    askedUntil: iso(view.askedUntil),
  };
}
