/** How an account looks in JSON. */
import { ADDRESS_STATES } from '../../domain/address-state.js';
import { OUTCOMES } from '../../domain/delivery.js';
import { LAPSE_CAUSES } from '../../domain/lapse.js';
import { STATUSES } from '../../domain/status.js';
import type { AccountView } from '../../usecases/views.js';
import { etagOf } from '../middleware/preconditions.js';
import type { Answer } from './route.js';
import { civilDate, civilDateInput, instant, instantInput, iso, pageOf, shortText, uuid } from './scalars.js';
import { z } from './zod.js';

export const accountParams = z.strictObject({ accountId: uuid });

export const status = z.enum(STATUSES).openapi('Status', {
  description:
    '利用状況: ACTIVE 有効, RENEWAL_PENDING 更新待ち (the window is open), LAPSED 失効中, WITHDRAWN 廃止.',
});
// Unnamed, like every shape that may be null: the generator cannot say "this name, or null".
export const lapseCause = z.enum(LAPSE_CAUSES).openapi({
  description:
    '失効の原因: UNDELIVERABLE 不達, NO_RESPONSE 未応答, NOT_SENT 未送信（システム都合）, UNKNOWN 不明.',
});

const contactFields = {
  name: shortText('山田 花子'),
  relation: shortText('妻'),
  phone: shortText('090-0000-0000').optional(),
  mail: shortText('hanako@example.jp').optional(),
  fax: shortText('03-0000-0000').optional(),
};

export const account = z
  .object({
    id: uuid,
    registrationNumber: z.string(),
    name: z.string(),
    kana: z.string(),
    mailAddress: z.string(),
    mobileNumber: z.string().nullable(),
    fax: z.string().nullable(),
    postalAddress: z.string().nullable(),
    municipality: z.string().nullable(),
    emergencyContacts: z.array(z.object(contactFields).openapi('EmergencyContact')),
    registeredAt: instant('When the person registered.'),
    createdAt: instant('When the account came into this system; slots before it are never sent.'),
    status,
    lapseCause: lapseCause.nullable().openapi({ description: 'Only while LAPSED.' }),
    expiresOn: civilDate(
      '有効期限: the last valid day in Japan; null under a policy in exact time.',
    ).nullable(),
    expiresAt: instant(
      'The first instant at which the account is no longer valid (exclusive): for a day D, D+1 00:00 in Japan.',
    ),
    cycle: z.int().openapi({ description: 'Number of the open renewal cycle, from 1.', example: 1 }),
    windowOpensAt: instant('From here on the person can renew and is reminded.'),
    autoStopsAt: instant(
      'From here on no automatic mail goes (exclusive); in exact time a slot on this very instant may go up to 60 s late.',
    ),
    nextReminderAt: instant('When the next reminder goes or is tried again.').nullable(),
    autoMail: z.enum(['RUNNING', 'PROBING', 'HELD', 'STOPPED']).openapi({
      description:
        'Whether automatic mail runs. PROBING: mail does not arrive; one check mail a month asks whether it does again.',
    }),
    addressState: z.enum(ADDRESS_STATES).openapi({ description: 'What is known of the mail address.' }),
    pendingAddress: z
      .object({
        id: uuid,
        maskedAddress: z.string().openapi({ example: 'ta○○○@e○○○.jp' }),
        since: instant('When it was entered.'),
        until: instant('Until then its check mail can be answered; exclusive.'),
        checkMail: z
          .object({ reminderId: uuid, outcome: z.enum(OUTCOMES) })
          .nullable()
          .openapi({ description: 'The newest check mail to it; the reminder tells more.' }),
      })
      .nullable()
      .openapi({
        description:
          'A new address that becomes `mailAddress` as soon as its check mail is answered. Null when there is none, or when its 14 days are over.',
      }),
    lastProvenAt: instant('When the person last answered a mail.').nullable(),
    mailUnconfirmed: z.boolean().openapi({
      description: '更新済み・メール未確認: renewed by a way that is not mail, while mail is in doubt.',
    }),
    longUnused: z.boolean().openapi({ description: "長期間未利用, by the headquarters' own period." }),
    lastActivityAt: instant('The last emergency or practice call.').nullable(),
    hold: z
      .object({ until: instant('Exclusive.'), reason: z.string() })
      .nullable()
      .openapi({ description: '保留.' }),
    withdrawal: z
      .object({ at: instant(), reason: z.string().nullable(), undoableUntil: instant('Exclusive.') })
      .nullable()
      .openapi({ description: '廃止.' }),
    version: z.int().openapi({ description: 'Counts changes of what staff can edit; the ETag.', example: 1 }),
  })
  .openapi('Account');

export const accountPage = pageOf('AccountPage', account);

const contactsInput = z.array(z.strictObject(contactFields)).max(100, { error: 'has too many entries' });

export const newAccount = z
  .strictObject({
    registrationNumber: shortText('A-1024', 'Unique in the headquarters.'),
    name: shortText('例示 太郎', '氏名.'),
    kana: shortText('れいじ たろう', 'かな.'),
    mailAddress: shortText('taro@example.jp', 'Old carrier addresses like `a..b@docomo.ne.jp` are accepted.'),
    mobileNumber: shortText('090-0000-0000').nullish(),
    fax: shortText('03-0000-0000').nullish(),
    postalAddress: shortText('例示県見本市1-2-3').nullish(),
    municipality: shortText('見本市').nullish(),
    emergencyContacts: contactsInput.optional(),
    expiresOn: civilDateInput(
      'The last valid day, for headquarters with a policy in days. May lie in the past (starts as LAPSED, UNKNOWN), at most 10 years ahead. Left out: the day of registration plus the validity.',
    ).optional(),
    expiresAt: instantInput('The expiry, for headquarters with a policy in exact time only.').optional(),
    registeredAt: instantInput('Left out: now.').optional(),
    checkMail: z.boolean().optional().openapi({
      description:
        'Whether a check mail asks the address at once (from 21:00 to 08:00 in Japan: at 08:00) whether mail arrives. Left out: true. False for people who are taken over from an older system.',
    }),
  })
  .openapi('NewAccount');

export const accountChanges = z
  .strictObject({
    name: newAccount.shape.name.optional(),
    kana: newAccount.shape.kana.optional(),
    mailAddress: newAccount.shape.mailAddress.optional(),
    mobileNumber: newAccount.shape.mobileNumber,
    fax: newAccount.shape.fax,
    postalAddress: newAccount.shape.postalAddress,
    municipality: newAccount.shape.municipality,
    emergencyContacts: contactsInput
      .nullish()
      .openapi({ description: 'Replaces the whole list; null empties it.' }),
  })
  .refine((changes) => Object.keys(changes).length > 0, { error: 'must name at least one field to change' })
  .openapi('AccountChanges');

function accountJson(view: AccountView): z.infer<typeof account> {
  return {
    ...view,
    registeredAt: iso(view.registeredAt),
    createdAt: iso(view.createdAt),
    expiresAt: iso(view.expiresAt),
    windowOpensAt: iso(view.windowOpensAt),
    autoStopsAt: iso(view.autoStopsAt),
    nextReminderAt: iso(view.nextReminderAt),
    lastProvenAt: iso(view.lastProvenAt),
    lastActivityAt: iso(view.lastActivityAt),
    pendingAddress: view.pendingAddress && {
      ...view.pendingAddress,
      since: iso(view.pendingAddress.since),
      until: iso(view.pendingAddress.until),
    },
    hold: view.hold && { ...view.hold, until: iso(view.hold.until) },
    withdrawal: view.withdrawal && {
      ...view.withdrawal,
      at: iso(view.withdrawal.at),
      undoableUntil: iso(view.withdrawal.undoableUntil),
    },
  };
}

export function accountPageJson(page: {
  items: AccountView[];
  nextCursor: string | null;
}): z.infer<typeof accountPage> {
  return { items: page.items.map(accountJson), nextCursor: page.nextCursor };
}

/** The account with its ETag. */
export function accountAnswer(view: AccountView, code = 200): Answer {
  return { status: code, body: accountJson(view), headers: { ETag: etagOf(view.version) } };
}
