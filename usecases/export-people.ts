/** A list of people to take away: row by row, so that a hundred thousand need no more memory than a page of them. */
import { appendAudit } from '../store/audit.js';
import { countPeople, listPeople } from '../store/people-lists.js';
import type { ListPlace } from '../store/people-lists.js';
import type { Command, Deps } from './context.js';
import type { PeopleFilter } from './people-filter.js';
import { listQuery } from './people-filter.js';
import type { ListedPerson } from './people-lists.js';
import { listed } from './people-lists.js';

/** People of one transaction. */
const PAGE = 200;

/**
 * Pages of everybody in the list, in its order, as the list is at `receivedAt`. The trail says who took how many, whether
 * with addresses, and by which filter, before the first row is out; never what was in it (R34).
 */
export async function* exportPeople(
  deps: Deps,
  command: Command,
  filter: PeopleFilter,
  { withAddresses }: { withAddresses: boolean },
): AsyncGenerator<ListedPerson[]> {
  const { fireHqId, actor, receivedAt: now } = command;
  await deps.database.inTenant(fireHqId, async (tx) => {
    const count = await countPeople(tx, await listQuery(tx, filter, now), Number.MAX_SAFE_INTEGER);
    await appendAudit(tx, {
      at: now,
      actor,
      action: 'people.exported',
      after: { count, withAddresses, filter },
    });
  });
  let after: ListPlace | null = null;
  for (;;) {
    const place: ListPlace | null = after;
    const page = await deps.database.inTenant(fireHqId, async (tx) => {
      const places = await listPeople(tx, await listQuery(tx, filter, now), { after: place, limit: PAGE });
      return { last: places.at(-1) ?? null, people: await listed(tx, places, now) };
    });
    if (page.people.length > 0) yield page.people;
    after = page.last;
    if (after === null) return;
  }
}
