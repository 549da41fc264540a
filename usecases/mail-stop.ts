/** 自動送信の停止 (R36), effective at the moment of sending; when it ends, R9 decides what still goes. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { appendAudit } from '../store/audit.js';
import {
  accountsTouchedByStop,
  endMailStop as end,
  insertMailStop,
  listMailStops as readMailStops,
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

/** Of the whole HQ, or of one mail domain in it. Without `until` it lasts until it is ended. */
export async function createMailStop(
  deps: Deps,
  command: Command,
  stop: { mailDomain?: string | undefined; until?: Instant | undefined; reason: string },
): Promise<MailStopView> {
  const faults: FieldFault[] = [];
  if (stop.until !== undefined && stop.until <= command.receivedAt) {
    faults.push({ field: 'until', code: 'in-past', message: 'until must lie in the future.' });
  }
  const mailDomain = stop.mailDomain?.trim().toLowerCase() ?? null;
  if (mailDomain !== null && !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(mailDomain)) {
    faults.push({ field: 'mailDomain', code: 'malformed', message: 'mailDomain must be like docomo.ne.jp.' });
  }
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  return runCommand(deps, command, async (tx) => {
    const row: MailStopRow = {
      id: randomUUID(),
      fireHqId: command.fireHqId,
      mailDomain,
      reason: stop.reason,
      until: stop.until ?? null,
      createdBy: command.actor,
      createdAt: command.receivedAt,
      endedAt: null,
    };
    await insertMailStop(tx, row);
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'mail-stop.set',
      after: { id: row.id, mailDomain, until: row.until, reason: row.reason },
    });
    await enqueueLook(
      tx,
      await accountsTouchedByStop(tx, mailDomain, command.receivedAt),
      command.receivedAt,
    );
    return viewOf(row);
  });
}

/** Ending one that has ended changes nothing. */
export async function endMailStop(deps: Deps, command: Command, id: string): Promise<MailStopView> {
  return runCommand(deps, command, async (tx) => {
    const row = (await end(tx, id, command.receivedAt, command.actor)) ?? refuse({ code: 'not-found' });
    if (row.endedAt === command.receivedAt) {
      await appendAudit(tx, {
        at: command.receivedAt,
        actor: command.actor,
        action: 'mail-stop.ended',
        after: { id },
      });
      await enqueueLook(
        tx,
        await accountsTouchedByStop(tx, row.mailDomain, command.receivedAt),
        command.receivedAt,
      );
    }
    return viewOf(row);
  });
}

function viewOf({ fireHqId, ...row }: MailStopRow): MailStopView {
  return { ...row, scope: fireHqId === null ? 'ALL' : row.mailDomain === null ? 'FIRE_HQ' : 'MAIL_DOMAIN' };
}
