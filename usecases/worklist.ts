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

/** The order of a long list may be five seconds old; what is said of each person never is. */
export function createWorklist(deps: Deps): Worklist {
  const lists = createKeptAnswers<StandingRow[]>(deps.clock, {
    keptFor: KEPT_FOR,
    isDear: ({ length }) => length >= WORTH_KEEPING,
  });
  return {
    changed: (fireHqId) => lists.forget(fireHqId),
    async read(fireHqId, { reason, recent, cursor, limit }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, ['number', 'uuid']);
      const all = await lists.of(fireHqId, (now) =>
        deps.database.inTenant(fireHqId, async (tx) => inOrder(await listStanding(tx, now))),
      );
      const counts = WORKLIST_REASONS.map((each) => ({
        reason: each,
        people: all.filter(({ rank }) => reasonOfRank(rank) === each).length,
      }));
      const now = deps.clock.now();
      const page = await deps.database.inTenant(fireHqId, async (tx) => {
        if (recent) return readRecent(tx, now, { after, limit });
        const chosen = all.filter(({ rank }) => reason === undefined || reasonOfRank(rank) === reason);
        return readFrom(tx, chosen, now, { after, limit });
      });
      return { counts, people: all.length, ...page };
    },
  };
}

type After = (string | number)[] | null;

function inOrder(rows: readonly StandingRow[]): StandingRow[] {
  return rows
    .map((row) => ({ row, key: worklistKey(row) }))
    .sort((a, b) => a.key - b.key || (a.row.id < b.row.id ? -1 : 1))
    .map(({ row }) => row);
}

async function readFrom(
  tx: Tx,
  rows: readonly StandingRow[],
  now: Instant,
  { after, limit }: { after: After; limit: number },
): Promise<Pick<WorklistPage, 'items' | 'nextCursor'>> {
  const [key, id] = after === null ? [-1, ''] : (after as [number, string]);
  const from = rows.findIndex((row) => {
    const own = worklistKey(row);
    return own > key || (own === key && row.id > id);
  });
  const page = pageOf(
    from === -1 ? [] : rows.slice(from, from + limit + 1),
    limit,
    (last) => [worklistKey(last), last.id],
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
