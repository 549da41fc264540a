/** 本人からの連絡 (R28) as staff read them. Writes nothing. */
import { findRequest } from '../store/requests.js';
import { readSnapshots } from '../store/snapshots.js';
import type { Deps } from './context.js';
import { refuse } from './errors.js';
import type { RequestView } from './resident-request.js';
import { listRequests, requestView } from './resident-request.js';
import type { AccountView, Page } from './views.js';
import { accountView } from './views.js';

/** One of them. Refuses with `not-found`. */
export async function readRequest(deps: Deps, fireHqId: string, requestId: string): Promise<RequestView> {
  const row = await deps.database.inTenant(fireHqId, (tx) => findRequest(tx, requestId));
  return row ? requestView(row, deps.clock.now()) : refuse({ code: 'not-found' });
}

/** One line of a list: with whom it is about. */
export interface RequestLine {
  request: RequestView;
  person: Pick<AccountView, 'id' | 'name' | 'registrationNumber' | 'status'> | null;
}

/** As `listRequests`, with the person of each. */
export async function listRequestLines(
  deps: Deps,
  fireHqId: string,
  filter: Parameters<typeof listRequests>[2],
): Promise<Page<RequestLine>> {
  const { items, nextCursor } = await listRequests(deps, fireHqId, filter);
  const ids = [...new Set(items.map(({ accountId }) => accountId))];
  const snapshots = await deps.database.inTenant(fireHqId, (tx) => readSnapshots(tx, ids));
  const now = deps.clock.now();
  const people = new Map(snapshots.map((each) => [each.account.id, accountView(each, now)]));
  return {
    items: items.map((request) => ({ request, person: people.get(request.accountId) ?? null })),
    nextCursor,
  };
}
