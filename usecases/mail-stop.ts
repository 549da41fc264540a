/** 自動送信の停止 (R36), effective at the moment of sending; when it ends, R9 decides what still goes. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { appendAudit } from '../store/audit.js';
import type { Database, Tx } from '../store/database.js';
import { listFireHq } from '../store/fire-hq.js';
import {
  accountsHeldByStop,
  accountsWithWaitingMail,
  endGlobalMailStop as endGlobal,
  endMailStop as end,
  insertMailStop,
  listMailStops as readMailStops,
  listMailStopsInForce,
} from '../store/mail-stops.js';
import { enqueueLook } from '../store/outbox.js';
import type { MailStopRow } from '../store/rows.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import type { FieldFault } from './errors.js';
import { refuse } from './errors.js';

export interface MailStopView extends Omit<MailStopRow, 'fireHqId'> {
  scope: 'ALL' | 'FIRE_HQ' | 'MAIL_DOMAIN';
}

/** Those that are or were in force here, newest first; `ALL` is set by the operator for every headquarters. */
export async function listMailStops(deps: Deps, fireHqId: string): Promise<MailStopView[]> {
  return (await deps.database.inTenant(fireHqId, readMailStops)).map(viewOf);
}

/** Those that hold mail at `now`. */
export async function mailStopsInForce(tx: Tx, now: Instant): Promise<MailStopView[]> {
  return (await listMailStopsInForce(tx, now)).map(viewOf);
}

/** R36: how many people a stop would concern: those whose automatic run is not over; all of them, or at one mail domain. */
export async function countPeopleOfStop(
  deps: Deps,
  fireHqId: string,
  mailDomain: string | null,
): Promise<number> {
  const ids = await deps.database.inTenant(fireHqId, (tx) => accountsHeldByStop(tx, mailDomain));
  return ids.length;
}

interface NewMailStop {
  mailDomain?: string | undefined;
  until?: Instant | undefined;
  reason: string;
}

/** Of the whole HQ, or of one mail domain in it. Without `until` it lasts until it is ended. */
export async function createMailStop(deps: Deps, command: Command, stop: NewMailStop): Promise<MailStopView> {
  const checked = checkMailStop(stop, command.receivedAt);
  return runCommand(deps, command, async (tx) => {
    const row: MailStopRow = {
      ...checked,
      cause: 'STAFF',
      fireHqId: command.fireHqId,
      createdBy: command.actor,
      createdAt: command.receivedAt,
      endedAt: null,
    };
    await insertMailStop(tx, row);
    await auditSet(tx, row);
    return viewOf(row);
  });
}

/** Ending one that has ended changes nothing. A pause (R24) ends for this headquarters alone. */
export async function endMailStop(deps: Deps, command: Command, id: string): Promise<MailStopView> {
  return runCommand(deps, command, async (tx) => {
    const row = (await end(tx, id, command.receivedAt, command.actor)) ?? refuse({ code: 'not-found' });
    if (row.endedAt === command.receivedAt) {
      await noteEnd(tx, { ...row, at: command.receivedAt, actor: command.actor });
    }
    return viewOf(row);
  });
}

/** Of all headquarters, set by the operator; each finds it in its own audit trail. Returns the stop's id. */
export async function createGlobalMailStop(deps: Deps, owner: Database, stop: NewMailStop): Promise<string> {
  const now = deps.clock.now();
  const row = { ...checkMailStop(stop, now), fireHqId: null, createdBy: 'operator', createdAt: now };
  await owner.withoutTenant((tx) => insertMailStop(tx, row));
  await inEachTenant(deps, (tx) => auditSet(tx, row));
  return row.id;
}

/** Refuses with `not-found` when no such stop is in force. */
export async function endGlobalMailStop(deps: Deps, owner: Database, id: string): Promise<void> {
  const now = deps.clock.now();
  const { mailDomain, cause } =
    (await owner.withoutTenant((tx) => endGlobal(tx, id, now, 'operator'))) ?? refuse({ code: 'not-found' });
  // R24: of a pause the worker's watch tells every headquarters.
  if (cause === 'MASS_FAILURE') return;
  await inEachTenant(deps, (tx) => noteEnd(tx, { id, mailDomain, cause, at: now, actor: 'operator' }));
}

async function inEachTenant(deps: Deps, work: (tx: Tx) => Promise<void>): Promise<void> {
  for (const { id } of await deps.database.withoutTenant(listFireHq)) await deps.database.inTenant(id, work);
}

function checkMailStop(
  stop: NewMailStop,
  now: Instant,
): Pick<MailStopRow, 'id' | 'mailDomain' | 'until' | 'reason'> {
  const faults: FieldFault[] = [];
  if (stop.until !== undefined && stop.until <= now) {
    faults.push({ field: 'until', code: 'in-past', message: 'until must lie in the future.' });
  }
  const mailDomain = stop.mailDomain?.trim().toLowerCase() ?? null;
  if (mailDomain !== null && !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(mailDomain)) {
    faults.push({ field: 'mailDomain', code: 'malformed', message: 'mailDomain must be like docomo.ne.jp.' });
  }
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  return { id: randomUUID(), mailDomain, until: stop.until ?? null, reason: stop.reason };
}

async function auditSet(
  tx: Tx,
  row: Pick<MailStopRow, 'id' | 'mailDomain' | 'until' | 'reason' | 'createdAt' | 'createdBy'>,
): Promise<void> {
  await appendAudit(tx, {
    at: row.createdAt,
    actor: row.createdBy,
    action: 'mail-stop.set',
    after: { id: row.id, mailDomain: row.mailDomain, until: row.until, reason: row.reason },
  });
}

/** While it lasts, each mail asks at the moment of sending; afterwards those that rested must be told. */
async function noteEnd(
  tx: Tx,
  stop: Pick<MailStopRow, 'id' | 'mailDomain' | 'cause'> & { at: Instant; actor: string },
): Promise<void> {
  await appendAudit(tx, {
    at: stop.at,
    actor: stop.actor,
    action: 'mail-stop.ended',
    after: { id: stop.id },
  });
  const held = await accountsHeldByStop(tx, stop.mailDomain);
  // R24: a pause has held manual mail as well.
  const waiting = stop.cause === 'MASS_FAILURE' ? await accountsWithWaitingMail(tx) : [];
  await enqueueLook(tx, [...new Set([...held, ...waiting])], stop.at);
}

function viewOf({ fireHqId, ...row }: MailStopRow): MailStopView {
  return { ...row, scope: fireHqId === null ? 'ALL' : row.mailDomain === null ? 'FIRE_HQ' : 'MAIL_DOMAIN' };
}
