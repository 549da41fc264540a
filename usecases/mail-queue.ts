/** Ledger rows for mails that a use case asks for; the workflow sends them (R20: written before anything is sent). */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { MANUAL_KEPT, OTHERS_KEPT } from '../domain/delivery.js';
import type { Tx } from '../store/database.js';
import { insertReminder } from '../store/reminders.js';

/** Names of single mails in the ledger; a second row of the same name is never written. */
export const mailKey = {
  manual: (requestId: string) => `manual:${requestId}`,
  receipt: (cycle: number) => `receipt:${cycle}`,
  requestReceipt: (requestId: string) => `request-receipt:${requestId}`,
  currentRequest: (addressId: string) => `address:${addressId}`,
  currentLink: (cycle: number, date: string) => `link:${cycle}:${date}`,
  /** The first to an address; `again` names a later one: the cycle that a renewal opened, or a request of staff. */
  check: (addressId: string, again?: string | number) =>
    again === undefined ? `check:${addressId}` : `check:${addressId}:${again}`,
  /** To the address that was replaced. */
  addressNotice: (addressId: string) => `notice:${addressId}`,
};

interface QueuedMail {
  accountId: string;
  cycle: number;
  addressId: string;
  key: string;
  now: Instant;
  by: string;
}

/** R22: waits at most 72 h. Returns the row's id, or null when that request was queued before. */
export async function queueManual(tx: Tx, mail: QueuedMail & { dueAt: Instant }): Promise<string | null> {
  const id = randomUUID();
  const written = await insertReminder(tx, {
    ...rowOf(mail, id),
    purpose: 'REMINDER',
    kind: 'MANUAL',
    dueAt: mail.dueAt,
    giveUpAt: mail.dueAt + MANUAL_KEPT,
  });
  return written ? id : null;
}

/** R27, R28: confirms what the person has just done; 24 h, then it would only confuse. */
export async function queueReceipt(
  tx: Tx,
  mail: QueuedMail & { purpose: 'RECEIPT' | 'REQUEST_RECEIPT' },
): Promise<void> {
  await insertReminder(tx, {
    ...rowOf(mail, randomUUID()),
    purpose: mail.purpose,
    kind: null,
    dueAt: mail.now,
    giveUpAt: mail.now + OTHERS_KEPT,
  });
}

/** R19: the current request to a new address, at once within mail hours; the plan keeps it from going after the stop. */
export async function queueCurrentRequest(tx: Tx, mail: QueuedMail): Promise<void> {
  await insertReminder(tx, {
    ...rowOf(mail, randomUUID()),
    purpose: 'REMINDER',
    kind: 'AUTOMATIC',
    dueAt: mail.now,
    giveUpAt: mail.now + OTHERS_KEPT,
  });
}

/**
 * R18, R19: asks whether mail arrives; null when that one was queued before. `dueAt` by checkMailAt. Nobody need wait for
 * it, so it is kept as long as a manual mail.
 */
export async function queueCheck(tx: Tx, mail: QueuedMail & { dueAt: Instant }): Promise<string | null> {
  return queueAboutAddress(tx, mail, 'CHECK');
}

/** R19: to the address that was replaced, so that nobody's address is changed unseen. */
export async function queueAddressNotice(tx: Tx, mail: QueuedMail & { dueAt: Instant }): Promise<void> {
  await queueAboutAddress(tx, mail, 'ADDRESS_NOTICE');
}

async function queueAboutAddress(
  tx: Tx,
  mail: QueuedMail & { dueAt: Instant },
  purpose: 'CHECK' | 'ADDRESS_NOTICE',
): Promise<string | null> {
  const id = randomUUID();
  const row = {
    ...rowOf(mail, id),
    purpose,
    kind: null,
    dueAt: mail.dueAt,
    giveUpAt: mail.dueAt + MANUAL_KEPT,
  };
  return (await insertReminder(tx, row)) ? id : null;
}

function rowOf(mail: QueuedMail, id: string) {
  return {
    id,
    accountId: mail.accountId,
    cycle: mail.cycle,
    addressId: mail.addressId,
    slot: null,
    dedupeKey: mail.key,
    createdAt: mail.now,
    requestedBy: mail.by,
    outcome: 'QUEUED',
    reason: null,
  } as const;
}
