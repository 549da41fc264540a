/** リマインダーメール to many at once (R22): who is chosen, the preview, the start and the stop. run-bulk-send.ts does the work. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { HOUR } from '../domain/calendar.js';
import { nextMorning } from '../domain/mail-hours.js';
import { manyObstacle } from '../domain/resend.js';
import { statusAt } from '../domain/status.js';
import { appendAudit } from '../store/audit.js';
import { insertBulkItems } from '../store/bulk-items.js';
import {
  endBulkSendRow,
  findBulkSend,
  insertBulkSend,
  pruneDrafts,
  startBulkSendRow,
} from '../store/bulk-sends.js';
import type { BulkSendRow } from '../store/bulk-sends.js';
import type { Tx } from '../store/database.js';
import { readManualFacts } from '../store/manual-facts.js';
import { listPeople } from '../store/people-lists.js';
import { readPolicyVersion } from '../store/policies.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import { readStoredPolicy } from './life-plan.js';
import type { PeopleFilter } from './people-filter.js';
import { listQuery } from './people-filter.js';

/** Nobody reads a longer preview, and it would hold the database for seconds. */
export const MOST_AT_ONCE = 5_000;
/** What was previewed is sent within this, or previewed anew. */
export const PREVIEW_HOLDS = HOUR;

export interface Chosen {
  /** The list that they are chosen from. */
  filter: PeopleFilter;
  /** Some of it; left out: everybody in it at this moment. */
  accountIds?: readonly string[] | undefined;
}

/** `people`: how many were chosen; of TOO_MANY at least so many. */
export type Prepared = { id: string } | { not: 'NOBODY' } | { not: 'TOO_MANY'; people: number };

/**
 * Writes down who was chosen and what stands in the way of each mail now; sends nothing. `most`: how many the role may
 * choose. Ids of nobody here are left out.
 */
export async function prepareBulkSend(
  deps: Deps,
  command: Command,
  { filter, accountIds }: Chosen,
  most: number,
): Promise<Prepared> {
  const now = command.receivedAt;
  return runCommand(deps, command, async (tx): Promise<Prepared> => {
    const ids = accountIds === undefined ? await everybodyIn(tx, filter, now) : [...new Set(accountIds)];
    if (ids.length > Math.min(most, MOST_AT_ONCE)) return { not: 'TOO_MANY', people: ids.length };
    const items = await withObstacles(tx, ids, now);
    if (items.length === 0) return { not: 'NOBODY' };
    const id = randomUUID();
    await pruneDrafts(tx, now);
    await insertBulkSend(tx, { id, filter, people: items.length, createdBy: command.actor, createdAt: now });
    await insertBulkItems(tx, id, items);
    return { id };
  });
}

async function everybodyIn(tx: Tx, filter: PeopleFilter, now: Instant): Promise<string[]> {
  const query = await listQuery(tx, filter, now);
  const places = await listPeople(tx, query, { after: null, limit: MOST_AT_ONCE + 1 });
  return places.map(({ id }) => id);
}

async function withObstacles(tx: Tx, ids: readonly string[], now: Instant) {
  const facts = await readManualFacts(tx, ids);
  return facts.map(({ accountId, ...each }) => ({
    accountId,
    refusal: manyObstacle({ ...each, status: statusAt(each, now) }, now, false),
  }));
}

export interface BulkStart {
  /** Also those who were mailed by hand within 24 h. */
  confirmed: boolean;
  /** At night: at once or at 08:00, the default. */
  when: 'now' | 'morning';
}

/** ALREADY: it was started before; nothing is done a second time. */
export type Started = 'STARTED' | 'ALREADY' | 'TOO_MANY' | 'TOO_OLD';

/** From here on it runs by itself, also when the process ends. Refuses with `not-found`. */
export async function startBulkSend(
  deps: Deps,
  command: Command,
  id: string,
  { confirmed, when }: BulkStart,
  most: number,
): Promise<Started> {
  const now = command.receivedAt;
  return runCommand(deps, command, async (tx): Promise<Started> => {
    const bulk = (await findBulkSend(tx, id, 'UPDATE')) ?? refuse({ code: 'not-found' });
    if (bulk.state !== 'DRAFT') return 'ALREADY';
    if (bulk.people > most) return 'TOO_MANY';
    if (now >= bulk.createdAt + PREVIEW_HOLDS) return 'TOO_OLD';
    const morning = when === 'now' ? null : await morningOf(tx, now);
    const notBefore = morning ?? now;
    await startBulkSendRow(tx, id, { confirmed, when, notBefore, by: command.actor, at: now });
    await appendAudit(tx, {
      at: now,
      actor: command.actor,
      action: 'bulk-send.started',
      after: { bulkSendId: id, people: bulk.people, confirmed, notBefore, filter: bulk.filter },
    });
    return 'STARTED';
  });
}

/** Whoever was not asked for yet gets no mail. False: it was over already. Refuses with `not-found`. */
export async function stopBulkSend(deps: Deps, command: Command, id: string): Promise<boolean> {
  return runCommand(deps, command, async (tx) => {
    const bulk = (await findBulkSend(tx, id, 'UPDATE')) ?? refuse({ code: 'not-found' });
    if (bulk.state !== 'RUNNING') return false;
    await endBulkSendRow(tx, id, { state: 'STOPPED', by: command.actor, at: command.receivedAt });
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'bulk-send.stopped',
      after: { bulkSendId: id },
    });
    return true;
  });
}

/** R22: at night, when 「朝8時に送る」 is; null by day. */
async function morningOf(tx: Tx, now: Instant): Promise<Instant | null> {
  const { document } = await readPolicyVersion(tx);
  return nextMorning(readStoredPolicy(document), now);
}

/** As the pages ask before they offer the choice. */
export async function readMorning(deps: Deps, fireHqId: string): Promise<Instant | null> {
  return deps.database.inTenant(fireHqId, (tx) => morningOf(tx, deps.clock.now()));
}

export type BulkSend = BulkSendRow & { filter: PeopleFilter };
