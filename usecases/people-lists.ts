/** The lists that staff work through: who is in one, what was mailed last, and how many there are. Writes nothing. */
import type { Instant } from '../domain/calendar.js';
import type { Outcome, Purpose } from '../domain/delivery.js';
import type { Tx } from '../store/database.js';
import {
  PEOPLE_LISTS,
  countPeople,
  listFirstPeople,
  listMunicipalities,
  listPeople,
} from '../store/people-lists.js';
import type { ListPlace, ListQuery, PeopleList } from '../store/people-lists.js';
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
  /** R28: 「もう使わない」 waits for an answer of staff. */
  stopRequested: boolean;
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

/** A choice of more is no help. */
const MOST_MUNICIPALITIES = 60;

export interface ListPage extends Page<ListedPerson> {
  /** Counted up to COUNTED_UP_TO + 1. */
  people: number;
  /** 市町村 that people here have, to choose from. */
  municipalities: string[];
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
    // All on their way at once.
    const atMost = COUNTED_UP_TO + 1;
    const [{ rows, people }, municipalities] = await Promise.all([
      after === null
        ? listFirstPeople(tx, query, { limit: limit + 1, atMost })
        : peopleAfter(tx, query, { after, limit: limit + 1, atMost }),
      listMunicipalities(tx, MOST_MUNICIPALITIES),
    ]);
    const page = pageOf(
      rows,
      limit,
      (last) => [last.at, last.id],
      (row) => row,
    );
    const { items, nextCursor } = page;
    return { items: await listed(tx, items, now), nextCursor, people, municipalities };
  });
}

async function peopleAfter(
  tx: Tx,
  query: ListQuery,
  { after, limit, atMost }: { after: ListPlace; limit: number; atMost: number },
): Promise<{ rows: ListPlace[]; people: number }> {
  const [rows, people] = await Promise.all([
    listPeople(tx, query, { after, limit }),
    countPeople(tx, query, atMost),
  ]);
  return { rows, people };
}

/** How many are in each list, counted up to COUNTED_UP_TO + 1. */
export async function countLists(deps: Deps, fireHqId: string): Promise<Map<PeopleList, number>> {
  const now = deps.clock.now();
  return deps.database.inTenant(fireHqId, async (tx) => {
    const counts = new Map<PeopleList, number>();
    const count = async (list: PeopleList) => {
      counts.set(list, await countPeople(tx, await listQuery(tx, { list }, now), COUNTED_UP_TO + 1));
    };
    await Promise.all(PEOPLE_LISTS.map(count));
    return counts;
  });
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
      : [
          {
            ...accountView(snapshot, now),
            since: at,
            lastMail: lastMailOf(snapshot),
            stopRequested: snapshot.stopRequested,
          },
        ];
  });
}

/** What was sent, or is about to be, last; a mail that was left out is none. */
function lastMailOf({ mails }: AccountSnapshot): LastMail | null {
  const last = mails.findLast(({ outcome }) => outcome !== 'SKIPPED' && outcome !== 'SUPERSEDED');
  if (last === undefined) return null;
  const { acceptedAt, bouncedAt, dueAt, purpose, outcome, reason } = last;
  return { at: acceptedAt ?? bouncedAt ?? dueAt, purpose, outcome, reason };
}
