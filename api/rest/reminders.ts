/** /accounts/{id}/reminders: リマインダー履歴 and リマインダーメールを送信する. */
import { BOUNCE_CLASSES, BOUNCE_SOURCES } from '../../domain/bounce.js';
import { OUTCOMES, PURPOSES } from '../../domain/delivery.js';
import { readReminder, readReminders } from '../../usecases/read-account.js';
import { requestResend } from '../../usecases/request-resend.js';
import type { ReminderView } from '../../usecases/views.js';
import { accountParams } from './account-schemas.js';
import { PREFIX } from './paths.js';
import { defineRoute } from './route.js';
import { instant, iso, pageOf, pageQuery, uuid } from './scalars.js';
import { z } from './zod.js';

const tag = 'Reminders';

export const reminderKind = z.enum(['AUTOMATIC', 'MANUAL', 'CATCH_UP']).openapi({
  description: 'AUTOMATIC 自動, MANUAL 手動, CATCH_UP 自動（遅れて送信）.',
});

const bounce = z
  .object({
    class: z.enum(BOUNCE_CLASSES).openapi({
      description:
        'UNKNOWN_ADDRESS: no such mailbox. REFUSED: the own filter of the person. UNKNOWN_OR_REFUSED: the carrier says the same for both. MAILBOX_FULL. EXPIRED: tried for days. DOMAIN_NOT_FOUND. SENDER_BLOCKED: ours to mend, never counts against the person. OTHER: nothing more is known.',
    }),
    permanent: z.boolean().openapi({
      description:
        'True: it is about this recipient and counts in `addressState`. False: it may pass, or is not about the person.',
    }),
    status: z.string().nullable().openapi({ description: 'Enhanced status.', example: '5.1.1' }),
    diagnostic: z.string().nullable().openapi({
      description: "The server's words, one line, without control characters. Text of strangers: escape it.",
      example: '550 5.1.1 User unknown',
    }),
    reportedAt: instant('When we heard of it.'),
    source: z.enum(BOUNCE_SOURCES).openapi({
      description: 'SMTP: the reply to our own attempt; else the way in which a report came later.',
    }),
    label: z
      .string()
      .openapi({ description: 'Japanese, for a list.', example: '本人の受信設定で止められた' }),
    whatHappened: z.string().openapi({ description: 'Japanese, for staff who do not know mail.' }),
    nextSteps: z.array(z.string()).openapi({ description: 'Japanese: what to do, in this order.' }),
  })
  .nullable()
  .openapi({ description: 'Why a mail failed for good; null for all that did not.' });

const complaint = z
  .object({
    complainedAt: instant('When the first complaint came.'),
    label: z
      .string()
      .openapi({ description: 'Japanese, for a list.', example: '迷惑メールとして報告された' }),
    whatHappened: z.string().openapi({ description: 'Japanese, for staff who do not know mail.' }),
    nextSteps: z.array(z.string()).openapi({ description: 'Japanese: what to do, in this order.' }),
  })
  .nullable()
  .openapi({
    description:
      'Somebody called this mail a nuisance (迷惑メール), as far as mail providers tell. It changes neither `outcome` nor the address.',
  });

export const reminder = z
  .object({
    id: uuid,
    cycle: z.int(),
    slot: z
      .string()
      .nullable()
      .openapi({ description: 'Planned day in Japan, or instant; null when it belongs to no slot.' }),
    purpose: z.enum(PURPOSES).openapi({
      description:
        'REMINDER 定期更新手続きのお願い, RECEIPT 更新が終わったお知らせ, REQUEST_RECEIPT 連絡を受け取ったお知らせ, CHECK メールが届くかの確認 (nameless; asks whether mail arrives at an address), ADDRESS_NOTICE アドレスが変わったお知らせ (nameless; to the address that was replaced).',
    }),
    kind: reminderKind.nullable().openapi({ description: 'Only with purpose REMINDER.' }),
    outcome: z.enum(OUTCOMES).openapi({
      description:
        'QUEUED 送信待ち, SENDING 送信中, ACCEPTED 受付済み（届いたかは不明）, CONFIRMED 届いた（本人が開いて答えた）, DELAYED 一時エラー（再送中）, BOUNCED 不達 (`bounce` tells why), FAILED 送信失敗（システムの都合）, SKIPPED 送信せず（理由）, SUPERSEDED 送信せず（次のメールにまとめた）. Acceptance is not delivery.',
    }),
    reason: z.string().nullable(),
    createdAt: instant(),
    dueAt: instant('From when on it was to go.'),
    nextAttemptAt: instant('When it is tried again.').nullable(),
    maskedAddress: z.string().openapi({ example: 't***@example.jp' }),
    messageId: z.string().nullable(),
    attempts: z.array(
      z.object({
        at: instant(),
        verdict: z.string(),
        code: z.int().nullable().openapi({ description: 'SMTP reply code.', example: 250 }),
        enhanced: z.string().nullable().openapi({ description: 'Enhanced status.', example: '2.0.0' }),
        text: z.string().nullable().openapi({ description: "The server's words." }),
      }),
    ),
    bounce,
    complaint,
  })
  .openapi('Reminder', { description: 'One mail of the ledger and every attempt to send it.' });

const reminderPage = pageOf('ReminderPage', reminder);

export const reminderRoutes = [
  defineRoute({
    method: 'get',
    path: '/accounts/{accountId}/reminders',
    operationId: 'listReminders',
    tag,
    scope: 'reminders:read',
    summary: 'List every mail of an account (リマインダー履歴), newest first',
    params: accountParams,
    query: z.strictObject(pageQuery),
    answers: { 200: { description: 'A page of the ledger.', schema: reminderPage } },
    async handler({ deps, fireHqId, params, query }) {
      const page = await readReminders(deps, fireHqId, params.accountId, query);
      return { status: 200, body: { items: page.items.map(reminderJson), nextCursor: page.nextCursor } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/accounts/{accountId}/reminders/{reminderId}',
    operationId: 'readReminder',
    tag,
    scope: 'reminders:read',
    summary: 'Read one mail of the ledger',
    params: z.strictObject({ ...accountParams.shape, reminderId: uuid }),
    answers: { 200: { description: 'The mail.', schema: reminder } },
    async handler({ deps, fireHqId, params }) {
      return {
        status: 200,
        body: reminderJson(await readReminder(deps, fireHqId, params.accountId, params.reminderId)),
      };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/accounts/{accountId}/reminders',
    operationId: 'resendReminder',
    tag,
    scope: 'reminders:send',
    summary: 'Send the reminder by hand (リマインダーメールを送信する)',
    description:
      'For RENEWAL_PENDING and LAPSED accounts, also after automatic mail has ended. Accepted means queued: follow `Location` for what became of it. At most one waits; one per 10 minutes; a second within 24 hours needs `confirm`. It is given up after 72 hours.',
    params: accountParams,
    body: z
      .strictObject({
        confirm: z
          .boolean()
          .optional()
          .openapi({ description: 'A mail within the last 24 hours is known, and another is wanted.' }),
        when: z.enum(['now', 'morning']).optional().openapi({
          description:
            'Between 21:00 and 08:00 in Japan: `morning` (the default) waits until 08:00, `now` does not.',
        }),
      })
      .openapi('ResendRequest'),
    idempotencyKey: true,
    problems: [
      'resend-too-soon',
      'resend-needs-confirm',
      'resend-already-waiting',
      'resend-not-in-this-status',
    ],
    answers: { 202: { description: 'Queued.', schema: reminder, headers: ['Location'] } },
    async handler({ deps, command, params, body }) {
      const view = await requestResend(deps, command, params.accountId, body);
      return {
        status: 202,
        body: reminderJson(view),
        headers: { Location: `${PREFIX}/accounts/${params.accountId}/reminders/${view.id}` },
      };
    },
  }),
];

export function reminderJson(view: ReminderView): z.infer<typeof reminder> {
  return {
    ...view,
    createdAt: iso(view.createdAt),
    dueAt: iso(view.dueAt),
    nextAttemptAt: iso(view.nextAttemptAt),
    attempts: view.attempts.map((attempt) => ({ ...attempt, at: iso(attempt.at) })),
    bounce: view.bounce && {
      ...view.bounce,
      reportedAt: iso(view.bounce.reportedAt),
      nextSteps: [...view.bounce.nextSteps],
    },
    complaint: view.complaint && {
      ...view.complaint,
      complainedAt: iso(view.complaint.complainedAt),
      nextSteps: [...view.complaint.nextSteps],
    },
  };
}
