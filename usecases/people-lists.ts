/** The lists that staff work through: who is in one, what was mailed last, and how many there are. Writes nothing. */
import type { Instant } from '../domain/calendar.js';
import type { Outcome, Purpose } from '../domain/delivery.js';
import type { Tx } from '../store/database.js';
import { PEOPLE_LISTS, countPeople, listMunicipalities, listPeople } from '../store/people-lists.js';
import type { ListPlace, PeopleList } from '../store/people-lists.js';
import type { AccountSnapshot } from '../store/rows.js';
import { readSnapshots } from '../store/snapshots.js';
import type { Deps } from './context.js';
import { decodeCursor, pageOf } from './cursor.js';
import type { PeopleFilter } from './people-filter.js';
import { listQuery } from './people-filter.js';
import type { AccountView, Page } from './views.js';
import { accountView } from './views.js';

export interface ListedPerson extends AccountView {
  /** Since when: the expiry (exclusive), the renewal that proved nothing, the last use. */
  since: Instant;
  lastMail: LastMail | null;
}

/** Of the present cycle. */
export interface LastMail {
  at: Instant;
  purpose: Purpose;
  outcome: Outcome;
  reason: string | null;
}

/** More than anybody reads; past it one says "or more", and the page stays quick. */
export const COUNTED_UP_TO = 300;

export interface ListPage extends Page<ListedPerson> {
  /** Counted up to COUNTED_UP_TO + 1. */
  people: number;
}

/** Refuses a cursor that is none with `validation`. */
export async function readPeopleList(
  deps: Deps,
  fireHqId: string,
  filter: PeopleFilter,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<ListPage> {
  const now = deps.clock.now();
  const place = cursor === undefined ? null : decodeCursor(cursor, ['instant', 'uuid']);
  const after = place && { at: place[0] as number, id: place[1] as string };
  return deps.database.inTenant(fireHqId, async (tx) => {
    const query = await listQuery(tx, filter, now);
    const rows = await listPeople(tx, query, { after, limit: limit + 1 });
    const page = pageOf(
      rows,
      limit,
      (last) => [last.at, last.id],
      (row) => row,
    );
    // What is shown whole needs no counting.
    const whole = after === null && rows.length <= limit;
    const people = whole ? rows.length : await countPeople(tx, query, COUNTED_UP_TO + 1);
    return { items: await listed(tx, page.items, now), nextCursor: page.nextCursor, people };
  });
}

/** How many are in each list, counted up to COUNTED_UP_TO + 1. */
export async function countLists(deps: Deps, fireHqId: string): Promise<Map<PeopleList, number>> {
  const now = deps.clock.now();
  return deps.database.inTenant(fireHqId, async (tx) => {
    const counts = new Map<PeopleList, number>();
    for (const list of PEOPLE_LISTS) {
      counts.set(list, await countPeople(tx, await listQuery(tx, { list }, now), COUNTED_UP_TO + 1));
    }
    return counts;
  });
}

/** A choice of more is no help. */
const MOST_MUNICIPALITIES = 60;

export async function readMunicipalities(deps: Deps, fireHqId: string): Promise<string[]> {
  return deps.database.inTenant(fireHqId, (tx) => listMunicipalities(tx, MOST_MUNICIPALITIES));
}

/** In the order of `places`. */
export async function listed(tx: Tx, places: readonly ListPlace[], now: Instant): Promise<ListedPerson[]> {
  const snapshots = await readSnapshots(
    tx,
    places.map(({ id }) => id),
  );
  const byId = new Map(snapshots.map((snapshot) => [snapshot.account.id, snapshot]));
  return places.flatMap(({ id, at }) => {
    const snapshot = byId.get(id);
    return snapshot === undefined
      ? []
      : [{ ...accountView(snapshot, now), since: at, lastMail: lastMailOf(snapshot) }];
  });
}

/** What was sent, or is about to be, last; a mail that was left out is none. */
function lastMailOf({ mails }: AccountSnapshot): LastMail | null {
  const last = mails.findLast(({ outcome }) => outcome !== 'SKIPPED' && outcome !== 'SUPERSEDED');
  if (last === undefined) return null;
  const { acceptedAt, bouncedAt, dueAt, purpose, outcome, reason } = last;
  return { at: acceptedAt ?? bouncedAt ?? dueAt, purpose, outcome, reason };
}
