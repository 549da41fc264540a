/** 対応が必要な人 (R30): each person once, under the first reason, with why and what else; counts; what was planned today. */
import type { Instant } from '../domain/calendar.js';
import { SECOND, addDays, dayInJapan, instantInJapan } from '../domain/calendar.js';
import type { Status } from '../domain/status.js';
import { statusAt } from '../domain/status.js';
import type { WorklistFact, WorklistReason } from '../domain/worklist.js';
import { WORKLIST_REASONS, reasonOfRank, standingFacts, worklistKey } from '../domain/worklist.js';
import type { Tx } from '../store/database.js';
import type { StandingRow, WorklistRow } from '../store/worklist.js';
import { listBounced, listStanding, readWorklistRows } from '../store/worklist.js';
import type { Deps } from './context.js';
import { decodeCursor, pageOf } from './cursor.js';
import { createKeptAnswers } from './kept-answer.js';
import { isTaken } from './worklist-note.js';

export interface WorklistPerson extends Omit<WorklistRow, 'facts'> {
  status: Status;
  /** First reason first; empty: not on the list (RECENT shows such people too). */
  standing: (WorklistFact & { reason: WorklistReason })[];
}

/** RECENT: every mail that did not arrive, heard of since yesterday, noted or not. */
export type WorklistFilter = { reason?: WorklistReason | undefined; recent?: boolean | undefined };

export interface WorklistPage {
  counts: { reason: WorklistReason; people: number }[];
  /** People on the list. */
  people: number;
  items: WorklistPerson[];
  nextCursor: string | null;
}

export interface Worklist {
  read(
    fireHqId: string,
    wanted: WorklistFilter & { cursor?: string | undefined; limit: number },
  ): Promise<WorklistPage>;
  /** Somebody's place on the list was changed by this process. */
  changed(fireHqId: string): void;
}

/** A list this long is gathered once for several readers; a shorter one each time. */
const WORTH_KEEPING = 500;
const KEPT_FOR = 5 * SECOND;

/** The list as it is ordered, with what each request would else work out anew. */
interface Gathered {
  rows: (StandingRow & { key: number; reason: WorklistReason })[];
  counts: WorklistPage['counts'];
}

/** The order of a long list may be five seconds old; what is said of each person never is. */
export function createWorklist(deps: Deps): Worklist {
  const lists = createKeptAnswers<Gathered>(deps.clock, {
    keptFor: KEPT_FOR,
    isDear: ({ rows }) => rows.length >= WORTH_KEEPING,
  });
  return {
    changed: (fireHqId) => lists.forget(fireHqId),
    async read(fireHqId, { reason, recent, cursor, limit }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, ['number', 'uuid']);
      const { rows, counts } = await lists.of(fireHqId, (now) =>
        deps.database.inTenant(fireHqId, async (tx) => inOrder(await listStanding(tx, now))),
      );
      const now = deps.clock.now();
      const page = await deps.database.inTenant(fireHqId, async (tx) => {
        if (recent) return readRecent(tx, now, { after, limit });
        const chosen = reason === undefined ? rows : rows.filter((row) => row.reason === reason);
        return readFrom(tx, chosen, now, { after, limit });
      });
      return { counts, people: rows.length, ...page };
    },
  };
}

type After = (string | number)[] | null;

function inOrder(standing: readonly StandingRow[]): Gathered {
  const rows = standing
    .map((row) => ({ ...row, key: worklistKey(row), reason: reasonOfRank(row.rank) }))
    .sort((a, b) => a.key - b.key || (a.id < b.id ? -1 : 1));
  const counts = WORKLIST_REASONS.map((reason) => ({
    reason,
    people: rows.filter((row) => row.reason === reason).length,
  }));
  return { rows, counts };
}

async function readFrom(
  tx: Tx,
  rows: Gathered['rows'],
  now: Instant,
  { after, limit }: { after: After; limit: number },
): Promise<Pick<WorklistPage, 'items' | 'nextCursor'>> {
  const [key, id] = after === null ? [-1, ''] : (after as [number, string]);
  const from = rows.findIndex((row) => row.key > key || (row.key === key && row.id > id));
  const page = pageOf(
    from === -1 ? [] : rows.slice(from, from + limit + 1),
    limit,
    (last) => [last.key, last.id],
    (row) => row.id,
  );
  const people = await readPeople(tx, page.items, now);
  // Whoever left while a long list was kept is left out.
  return { ...page, items: people.filter(({ standing }) => standing.length > 0) };
}

async function readRecent(
  tx: Tx,
  now: Instant,
  { after, limit }: { after: After; limit: number },
): Promise<Pick<WorklistPage, 'items' | 'nextCursor'>> {
  const rows = await listBounced(tx, {
    since: sinceYesterday(now),
    after: after && { at: after[0] as number, id: after[1] as string },
    limit: limit + 1,
  });
  const page = pageOf(
    rows,
    limit,
    (last) => [last.at, last.id],
    (row) => row.id,
  );
  return { ...page, items: await readPeople(tx, page.items, now) };
}

/** 0:00 of yesterday in Japan. */
function sinceYesterday(now: Instant): Instant {
  return instantInJapan(addDays(dayInJapan(now), -1));
}

async function readPeople(tx: Tx, ids: readonly string[], now: Instant): Promise<WorklistPerson[]> {
  if (ids.length === 0) return [];
  const rows = new Map((await readWorklistRows(tx, ids, now)).map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = rows.get(id);
    return row === undefined ? [] : [personOf(row, now)];
  });
}

function personOf({ facts, ...row }: WorklistRow, now: Instant): WorklistPerson {
  const standing = row.withdrawnAt === null ? standingFacts(facts, row.note, now) : [];
  return {
    ...row,
    taken: row.taken !== null && isTaken(row.taken.at, now) ? row.taken : null,
    status: statusAt(row, now),
    standing: standing.map((fact) => ({ ...fact, reason: reasonOfRank(fact.rank) })),
  };
}
