/** Addresses of the staff site: what a colleague may be sent; never a name or a mail address in one. */
export const ROOT = '/admin';

export const PLACES = {
  people: `${ROOT}/people`,
  search: `${ROOT}/people/search`,
  signIn: `${ROOT}/sign-in`,
  signOut: `${ROOT}/sign-out`,
  style: `${ROOT}/assets/admin.css`,
} as const;

export const TABS = ['basics', 'usage', 'history'] as const;
export type Tab = (typeof TABS)[number];

export function personPlace(accountId: string, tab: Tab = 'basics'): string {
  return `${PLACES.people}/${accountId}/${tab}`;
}

const PERSON_PLACE = new RegExp(`^${PLACES.people}/[0-9a-f-]{36}/(${TABS.join('|')})$`);

export function isPersonPlace(path: string): boolean {
  return PERSON_PLACE.test(path);
}

export function resendPlace(accountId: string): string {
  return `${PLACES.people}/${accountId}/reminders`;
}
