/** R32: records of FAX, post and counter. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { resetReplied } from '../store/addresses.js';
import { setMailUnconfirmed } from '../store/accounts.js';
import { appendAudit } from '../store/audit.js';
import type { ContactKind, ContactRow, ContactSaid } from '../store/contacts.js';
import {
  findContact,
  insertCancellation,
  insertContact,
  lastReplyAt,
  listContacts as readContacts,
} from '../store/contacts.js';
import { listCycles } from '../store/cycles.js';
import type { Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import type { AccountSnapshot } from '../store/rows.js';
import { readSnapshot } from '../store/snapshots.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { decodeCursor, pageOf } from './cursor.js';
import { refuse } from './errors.js';
import { refoldAddress, refreshLapseCause } from './evidence.js';
import { noteFaults } from './notes.js';
import { isInDoubt, proveByReply, provesMail } from './renew-account.js';
import type { Page } from './views.js';

export interface NewContact {
  kind: ContactKind;
  said?: ContactSaid | undefined;
  note?: string | undefined;
  /** When it happened; left out: now. */
  at?: Instant | undefined;
}

/** Refuses with `validation` or `not-found`. */
export async function recordContact(
  deps: Deps,
  command: Command,
  accountId: string,
  contact: NewContact,
): Promise<ContactRow> {
  const faults = noteFaults('note', contact.note, { required: false });
  if ((contact.at ?? 0) > command.receivedAt) {
    faults.push({ field: 'at', code: 'in-future', message: 'at must not lie in the future.' });
  }
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  return runCommand(deps, command, async (tx) => {
    const snapshot = await lockedSnapshot(tx, accountId);
    const row: ContactRow = {
      id: randomUUID(),
      kind: contact.kind,
      said: contact.said ?? null,
      note: contact.note ?? null,
      at: contact.at ?? command.receivedAt,
      recordedBy: command.actor,
      createdAt: command.receivedAt,
      cancelled: null,
    };
    await insertContact(tx, accountId, row);
    // R18, R37: a reply proves the address it was written from, and an older reply not the address that came after.
    if (row.kind === 'MAIL_REPLY' && row.at >= snapshot.address.presentSince) {
      await proveByReply(tx, snapshot, row.at);
      await enqueueLook(tx, [accountId], command.receivedAt);
    }
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'contact.recorded',
      accountId,
      after: { contactId: row.id, kind: row.kind, said: row.said, note: row.note, at: row.at },
    });
    return row;
  });
}

/**
 * 取り消し: the record was a mistake. It stays to be read, and what it had proven is taken back. Cancelled already, it
 * changes nothing. Refuses with `validation` or `not-found`.
 */
export async function cancelContact(
  deps: Deps,
  command: Command,
  accountId: string,
  { contactId, reason }: { contactId: string; reason: string },
): Promise<ContactRow> {
  const faults = noteFaults('reason', reason, { required: true });
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  return runCommand(deps, command, async (tx) => {
    const snapshot = await lockedSnapshot(tx, accountId);
    const record = (await findContact(tx, accountId, contactId)) ?? refuse({ code: 'not-found' });
    if (record.cancelled !== null) return record;
    const cancelled = { at: command.receivedAt, by: command.actor, reason: reason.trim() };
    await insertCancellation(tx, contactId, cancelled);
    if (record.kind === 'MAIL_REPLY') await takeProofBack(tx, snapshot, command);
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'contact.cancelled',
      accountId,
      before: { contactId, kind: record.kind, said: record.said, note: record.note, at: record.at },
      after: { contactId, reason: cancelled.reason },
    });
    return { ...record, cancelled };
  });
}

/** R18, R37: the address is again what the other evidence says, and with it the doubt that a renewal had left standing. */
async function takeProofBack(tx: Tx, snapshot: AccountSnapshot, { receivedAt }: Command): Promise<void> {
  const { account, address, cycle } = snapshot;
  await resetReplied(tx, address.id, await lastReplyAt(tx, account.id, address.presentSince));
  await refoldAddress(tx, snapshot, address.id);
  const after = await lockedSnapshot(tx, account.id);
  await refreshLapseCause(tx, after, receivedAt);
  const [last] = await listCycles(tx, { accountId: account.id, beforeNumber: cycle.number, limit: 1 });
  if (last?.renewedChannel && !provesMail(last.renewedChannel) && isInDoubt(after.address)) {
    await setMailUnconfirmed(tx, account.id, account.mailUnconfirmedSince ?? cycle.openedAt);
  }
  await enqueueLook(tx, [account.id], receivedAt);
}

/** Latest first, at most 200. */
export async function listContacts(deps: Deps, fireHqId: string, accountId: string): Promise<ContactRow[]> {
  return (await readContactPage(deps, fireHqId, accountId, { limit: 200 })).items;
}

/** Latest first. Refuses with `not-found`. */
export async function readContactPage(
  deps: Deps,
  fireHqId: string,
  accountId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<ContactRow>> {
  const after = cursor === undefined ? null : decodeCursor(cursor, ['instant', 'uuid']);
  return deps.database.inTenant(fireHqId, async (tx) => {
    if (!(await readSnapshot(tx, accountId))) refuse({ code: 'not-found' });
    const rows = await readContacts(tx, {
      accountId,
      before: after && { at: after[0] as number, id: after[1] as string },
      limit: limit + 1,
    });
    return pageOf(
      rows,
      limit,
      (last) => [last.at, last.id],
      (row) => row,
    );
  });
}
