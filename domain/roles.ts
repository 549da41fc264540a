/** Who may do what on the staff site: one table, held by the routes and shown in the docs. */

export const ROLES = ['VIEWER', 'CLERK', 'MANAGER'] as const;
export type Role = (typeof ROLES)[number];

const EVERYBODY: readonly Role[] = ['VIEWER', 'CLERK', 'MANAGER'];
const CLERKS: readonly Role[] = ['CLERK', 'MANAGER'];
const MANAGERS: readonly Role[] = ['MANAGER'];

/** What a page shows or a button does. */
const ALLOWED = {
  'people.read': EVERYBODY,
  'people.edit': CLERKS,
  /** CSV of a list, without mail addresses. */
  'people.export': CLERKS,
  /** CSV with mail addresses and postal ones. */
  'people.export-addresses': MANAGERS,
  'worklist.note': CLERKS,
  'reminders.send': CLERKS,
  /** More than BULK_OF_A_CLERK people at once. */
  'reminders.send-many': MANAGERS,
  'contacts.write': CLERKS,
  'renewals.proxy': CLERKS,
  'holds.write': CLERKS,
  'withdrawals.write': CLERKS,
  /** R39. */
  'expiry.correct': MANAGERS,
  'requests.read': EVERYBODY,
  'requests.answer': CLERKS,
  'letters.print': CLERKS,
  /** The nameless one, which says nothing of anybody. */
  'letters.blank': EVERYBODY,
  'imports.try': CLERKS,
  'imports.run': MANAGERS,
  'audit.read': CLERKS,
  'figures.read': EVERYBODY,
  'policy.read': EVERYBODY,
  'policy.change': MANAGERS,
  'mail-stops.read': EVERYBODY,
  'mail-stops.write': MANAGERS,
  'staff.manage': MANAGERS,
  'tokens.manage': MANAGERS,
  /** 運用担当に見せる: open, close, see who looked. */
  'vendor-access.manage': MANAGERS,
} satisfies Readonly<Record<string, readonly Role[]>>;

export type Action = keyof typeof ALLOWED;
export const ACTIONS = Object.keys(ALLOWED) as Action[];

/** So many mails at once a clerk may set off; a manager any number. */
export const BULK_OF_A_CLERK = 20;

export function mayDo(role: Role, action: Action): boolean {
  return ALLOWED[action].includes(role);
}
