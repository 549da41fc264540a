/** For each call a request that would succeed, so that tests can walk over all routes. */
import { readSnapshot } from '../../store/snapshots.js';
import type { Link } from '../../usecases/open-link.js';
import { randomUUID } from 'node:crypto';
import type { Route } from '../../api/rest/route.js';
import { readAccount } from '../../usecases/read-account.js';
import { recordContact } from '../../usecases/record-contact.js';
import { submitChangeRequest } from '../../usecases/resident-request.js';
import type { Hq, World } from './world.js';
import { PERSON, nextNumber } from './world.js';

/** Ids of things that belong to one headquarters. */
export interface Ids {
  accountId: string;
  reminderId: string;
  requestId: string;
  contactId: string;
  mailStopId: string;
  /** Pending. */
  addressId: string;
}

const SEEDED_MOBILE = '090-0000-4119';

/** An account whose window is open, with a mail waiting, a request and a mail stop. */
export async function seed(world: World, hq: Hq): Promise<Ids> {
  const { token } = hq;
  const account = await world.call('post', '/v1/accounts', {
    token,
    body: {
      ...PERSON,
      registrationNumber: nextNumber(),
      expiresOn: '2026-06-30',
      mobileNumber: SEEDED_MOBILE,
    },
  });
  const accountId = (account.body as { id: string }).id;
  const reminder = await world.call('post', `/v1/accounts/${accountId}/reminders`, { token });
  const reminderId = (reminder.body as { id: string }).id;
  const stop = await world.call('post', '/v1/mail-stops', {
    token,
    body: { mailDomain: 'example.com', reason: '試験' },
  });
  const told = await submitChangeRequest(
    world.deps,
    { fireHqId: hq.id, actor: 'resident', receivedAt: world.now() },
    await linkOf(world, hq, { accountId, reminderId }),
    { items: ['FAX'], message: 'FAXが変わりました', reachBy: 'FAX', newMailAddress: 'new@example.jp' },
  );
  const command = { fireHqId: hq.id, actor: 'operator' as const, receivedAt: world.now() };
  const contact = await recordContact(world.deps, command, accountId, { kind: 'NO_ANSWER' });
  const { pendingAddress } = await readAccount(world.deps, hq.id, accountId);
  return {
    accountId,
    reminderId,
    requestId: told.id,
    contactId: contact.id,
    mailStopId: (stop.body as { id: string }).id,
    addressId: pendingAddress?.id ?? '',
  };
}

const BODIES: Record<string, () => object> = {
  searchCapabilities: () => ({ mobileNumber: SEEDED_MOBILE }),
  searchCapabilitiesAnywhere: () => ({ mobileNumber: SEEDED_MOBILE }),
  registerAccount: () => ({ ...PERSON, registrationNumber: nextNumber() }),
  searchAccounts: () => ({ q: 'れいじ' }),
  changeAccount: () => ({ municipality: '見本市' }),
  switchToPendingAddress: () => ({ reason: '窓口で本人に確かめた' }),
  renewAccount: () => ({ channel: 'fax', note: 'FAXで答えた' }),
  resendReminder: () => ({ confirm: true }),
  withdrawAccount: () => ({ reason: '本人の申し出' }),
  holdAccount: () => ({ until: '2026-12-01T00:00:00+09:00', reason: '入院中' }),
  recordActivity: () => ({ kind: 'PRACTICE', at: '2026-05-01T12:00:00+09:00' }),
  recordContact: () => ({ kind: 'FAX_SENT', said: 'SAME', note: '案内書' }),
  cancelContact: () => ({ reason: '別の人の記録' }),
  closeRequest: () => ({ state: 'DONE', staffNote: '直しました' }),
  previewSchedule: () => ({ expiresOn: '2027-03-31' }),
  correctExpiry: () => ({ expiresOn: '2028-03-31' }),
  putPolicy: () => ({ policy: { validity: 'P2Y' }, reason: '部内決定' }),
  applyPolicy: () => ({ dryRun: true }),
  createMailStop: () => ({ mailDomain: 'example.org', reason: '試験' }),
};
const QUERIES: Record<string, string> = {
  readCapabilitiesByNumber: '?registrationNumber=T-1',
  readFigures: '?period=FY2026',
  readCompleteness: '?from=2026-04-01&to=2027-03-31',
};

/** The link of an account's mail, as its page knows it. */
export async function linkOf(
  { deps }: World,
  hq: Hq,
  { accountId, reminderId }: { accountId: string; reminderId: string },
): Promise<Link> {
  const snapshot = await deps.database.inTenant(hq.id, (tx) => readSnapshot(tx, accountId));
  if (snapshot === null) throw new Error('no such account');
  return { by: 'MAIL', fireHqId: hq.id, accountId, reminderId, cycle: 1, addressId: snapshot.address.id };
}

export function pathOf(route: Route, ids: Partial<Ids>): string {
  const path = route.path.replaceAll(
    /\{(\w+)\}/g,
    (_all, name: string) => ids[name as keyof Ids] ?? randomUUID(),
  );
  return `/v1${path}${QUERIES[route.operationId] ?? ''}`;
}

/** As it came to a return path that is none of ours. */
const RETURNED_MAIL = 'Subject: Undelivered Mail\r\n\r\n550 5.1.1 User unknown\r\n';

/** Whatever kind of body the call takes. */
export function anyBodyOf(route: Route): object | string | undefined {
  return route.rawBody ? RETURNED_MAIL : bodyOf(route);
}

export function bodyOf(route: Route): object | undefined {
  if (!route.body) return undefined;
  const make = BODIES[route.operationId];
  if (!make) throw new Error(`no sample body for ${route.operationId}`);
  return make();
}

/** What the seed leaves behind: the address that was told has changed the account. */
export function etagOf({ path }: Pick<Route, 'path'>): string {
  return path.startsWith('/accounts/') ? '"2"' : '"1"';
}

export function headersOf(route: Route): Record<string, string> {
  return {
    ...(route.ifMatch ? { 'If-Match': etagOf(route) } : {}),
    ...(route.rawBody ? { 'Content-Type': route.rawBody.type } : {}),
  };
}
