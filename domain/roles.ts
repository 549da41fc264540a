/** Who may do what on the staff site: one table, held by the routes and shown in the docs. */

export const ROLES = ['VIEWER', 'CLERK', 'MANAGER'] as const;
export type Role = (typeof ROLES)[number];

/** What a page shows or a button does. */
export const ACTIONS = ['people.read', 'reminders.send', 'audit.read'] as const;
export type Action = (typeof ACTIONS)[number];

const ALLOWED: Readonly<Record<Action, readonly Role[]>> = {
  'people.read': ['VIEWER', 'CLERK', 'MANAGER'],
  'reminders.send': ['CLERK', 'MANAGER'],
  'audit.read': ['CLERK', 'MANAGER'],
};

export function mayDo(role: Role, action: Action): boolean {
  return ALLOWED[action].includes(role);
}
