/** R32: records of FAX, post and counter. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { appendAudit } from '../store/audit.js';
import type { ContactKind, ContactRow, ContactSaid } from '../store/contacts.js';
import { insertContact, listContacts as readContacts } from '../store/contacts.js';
import { readSnapshot } from '../store/snapshots.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import { proveByReply } from './renew-account.js';

export interface NewContact {
  kind: ContactKind;
  said?: ContactSaid | undefined;
  note?: string | undefined;
  /** When it happened; left out: now. */
  at?: Instant | undefined;
}

export async function recordContact(
  deps: Deps,
  command: Command,
  accountId: string,
  contact: NewContact,
): Promise<ContactRow> {
  if ((contact.at ?? 0) > command.receivedAt) {
    refuse({
      code: 'validation',
      fields: [{ field: 'at', code: 'in-future', message: 'at must not lie in the future.' }],
    });
  }
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
    };
    await insertContact(tx, accountId, row);
    // R18, R37: a reply proves the address it was written from, and an older reply not the address that came after.
    if (row.kind === 'MAIL_REPLY' && row.at >= snapshot.address.presentSince) {
      await proveByReply(tx, snapshot, row.at);
    }
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'contact.recorded',
      accountId,
      after: { kind: row.kind, said: row.said, note: row.note, at: row.at },
    });
    return row;
  });
}

/** Latest first, at most 200. */
export async function listContacts(deps: Deps, fireHqId: string, accountId: string): Promise<ContactRow[]> {
  return deps.database.inTenant(fireHqId, async (tx) => {
    if (!(await readSnapshot(tx, accountId))) refuse({ code: 'not-found' });
    return readContacts(tx, accountId);
  });
}
