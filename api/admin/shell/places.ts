/** Addresses of the staff site: what a colleague may be sent; never a name or a mail address in one. */
export const ROOT = '/admin';

export const PLACES = {
  /** 対応が必要な人 (R30): where a day begins. */
  today: `${ROOT}/today`,
  people: `${ROOT}/people`,
  search: `${ROOT}/people/search`,
  newPerson: `${ROOT}/people/new`,
  look: `${ROOT}/look`,
  requests: `${ROOT}/requests`,
  lists: `${ROOT}/lists`,
  letters: `${ROOT}/letters`,
  imports: `${ROOT}/imports`,
  policy: `${ROOT}/policy`,
  mailStops: `${ROOT}/mail-stops`,
  staff: `${ROOT}/staff`,
  handover: `${ROOT}/handover`,
  tokens: `${ROOT}/tokens`,
  history: `${ROOT}/history`,
  completeness: `${ROOT}/completeness`,
  figures: `${ROOT}/figures`,
  mailHealth: `${ROOT}/mail-health`,
  guide: `${ROOT}/guide`,
  /** 運用担当に見せる, a page of managers. */
  vendorAccess: `${ROOT}/vendor-access`,
  me: `${ROOT}/me`,
  signIn: `${ROOT}/sign-in`,
  signInCode: `${ROOT}/sign-in/code`,
  signInPassword: `${ROOT}/sign-in/password`,
  signInSecondFactor: `${ROOT}/sign-in/second-factor`,
  signInOidc: `${ROOT}/sign-in/office`,
  signInOidcStart: `${ROOT}/sign-in/office/start`,
  signInOidcBack: `${ROOT}/sign-in/office/back`,
  signOut: `${ROOT}/sign-out`,
  /** Pages of 運用担当, who are of no headquarters. */
  vendor: `${ROOT}/vendor`,
  vendorHealth: `${ROOT}/vendor/health`,
  vendorQuarantine: `${ROOT}/vendor/quarantine`,
  vendorLook: `${ROOT}/vendor/look`,
  vendorLeave: `${ROOT}/vendor/leave`,
  vendorSignIn: `${ROOT}/vendor/sign-in`,
  vendorSignInCode: `${ROOT}/vendor/sign-in/code`,
  vendorSignInPassword: `${ROOT}/vendor/sign-in/password`,
  vendorSignInSecondFactor: `${ROOT}/vendor/sign-in/second-factor`,
  vendorSignOut: `${ROOT}/vendor/sign-out`,
  assets: `${ROOT}/assets`,
} as const;

/** A place as the router below /admin takes it. */
export function below(place: string): string {
  return place.slice(ROOT.length);
}

export const TABS = ['basics', 'usage', 'history'] as const;
export type Tab = (typeof TABS)[number];

export function personPlace(accountId: string, tab: Tab = 'usage'): string {
  return `${PLACES.people}/${accountId}/${tab}`;
}

/** Where a form about one person goes: `reminders`, `contacts` … */
export function personDeed(accountId: string, deed: string): string {
  return `${PLACES.people}/${accountId}/${deed}`;
}

const PLACE_WITHIN = new RegExp(`^${ROOT}(/[a-z0-9-]+)+$`);

/** A page of ours, safe to go on to after a sign-in. */
export function isOwnPlace(path: string): boolean {
  return (
    PLACE_WITHIN.test(path) &&
    !path.startsWith(PLACES.signIn) &&
    path !== PLACES.signOut &&
    path !== PLACES.vendor &&
    !path.startsWith(`${PLACES.vendor}/`) &&
    !path.startsWith(PLACES.assets)
  );
}
