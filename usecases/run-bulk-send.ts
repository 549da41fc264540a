/**
 * Works bulk sends off, a few people a turn: one transaction a person, through the same rules as one person's button, so
 * whoever is killed in the middle leaves nothing half done and the next one goes on.
 */
import type { Instant } from '../domain/calendar.js';
import { SECOND } from '../domain/calendar.js';
import { appendAudit } from '../store/audit.js';
import { anyWaiting, settleItem, takeNextItem, tallyItems } from '../store/bulk-items.js';
import {
  countManualInQueue,
  endBulkSendRow,
  findBulkSend,
  leaseBulkSend,
  lookupBulkSendDue,
  releaseBulkSend,
} from '../store/bulk-sends.js';
import type { BulkSendRow } from '../store/bulk-sends.js';
import type { Tx } from '../store/database.js';
import { isUnavailable } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import { lockedSnapshot } from './command.js';
import type { Actor, Deps } from './context.js';
import { RefusedError } from './errors.js';
import { queueResend } from './request-resend.js';

/** People of one turn: then it is the turn of another headquarters. */
const A_TURN = 25;
/** A turn takes a fraction of a second; whoever was killed in it is waited for this long. */
const LEASE = 30 * SECOND;
/**
 * So many mails by hand of one headquarters wait for a sender at most: a colleague who asks for a single one meanwhile
 * waits behind these and not behind thousands. About what goes in a second.
 */
const MOST_IN_QUEUE = 50;
const ROOM_AGAIN_AFTER = SECOND;

/** One turn. False: there is nothing to do now. Throws what went wrong with a single person, after the others had their turn. */
export async function runBulkSends(deps: Deps): Promise<boolean> {
  const due = await lookupBulkSendDue(deps.database.lookups, deps.clock.now());
  if (due === null) return false;
  const { fireHqId, bulkSendId } = due;
  const room = await deps.database.inTenant(fireHqId, async (tx) => {
    const now = deps.clock.now();
    if (!(await leaseBulkSend(tx, bulkSendId, now, now + LEASE))) return null;
    return Math.min(A_TURN, MOST_IN_QUEUE - (await countManualInQueue(tx, now, MOST_IN_QUEUE)));
  });
  if (room === null) return true;
  const troubles: unknown[] = [];
  for (let n = 0; n < room; n += 1) if (!(await askForNext(deps, fireHqId, bulkSendId, troubles))) break;
  await deps.database.inTenant(fireHqId, async (tx) => {
    const now = deps.clock.now();
    if (await anyWaiting(tx, bulkSendId)) {
      await releaseBulkSend(tx, bulkSendId, room < A_TURN ? now + ROOM_AGAIN_AFTER : now);
    } else await end(tx, bulkSendId, now);
  });
  if (troubles.length > 0) throw troubles[0] as Error;
  return true;
}

/** False: nobody is left, or it was stopped. */
async function askForNext(
  deps: Deps,
  fireHqId: string,
  bulkSendId: string,
  troubles: unknown[],
): Promise<boolean> {
  try {
    return await deps.database.inTenant(fireHqId, async (tx) => {
      const found = await takeNext(tx, bulkSendId);
      if (found === null) return false;
      const { bulk, item } = found;
      const now = deps.clock.now();
      await settleItem(
        tx,
        bulkSendId,
        item.position,
        await ask(tx, fireHqId, bulk, item.accountId, now),
        now,
      );
      return true;
    });
  } catch (error) {
    if (isUnavailable(error)) throw error;
    troubles.push(error);
    return leaveOut(deps, fireHqId, bulkSendId);
  }
}

/** `FOR SHARE`: a stop waits for the one who is under way, and after it nobody is taken any more. */
async function takeNext(tx: Tx, bulkSendId: string) {
  const bulk = await findBulkSend(tx, bulkSendId, 'SHARE');
  if (bulk?.state !== 'RUNNING') return null;
  const item = await takeNextItem(tx, bulkSendId);
  return item === null ? null : { bulk, item };
}

/** The mail is named after the bulk send, so the ledger's unique key refuses a second one to the same person (R20). */
async function ask(
  tx: Tx,
  fireHqId: string,
  { id, startedBy, confirmed, when }: BulkSendRow,
  accountId: string,
  now: Instant,
): Promise<{ reminderId: string } | { refusal: object }> {
  const command = { fireHqId, actor: (startedBy ?? 'system') as Actor, receivedAt: now };
  try {
    const snapshot = await lockedSnapshot(tx, accountId);
    // Asked again now: it may have been told since the preview.
    if (snapshot.stopRequested) return { refusal: { code: 'stop-asked' } };
    const request = { confirm: confirmed, when: when ?? 'morning' };
    const reminderId = await queueResend(tx, snapshot, command, id, request);
    await enqueueLook(tx, [accountId], now);
    return { reminderId };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { refusal: error.refusal };
  }
}

/** Something is wrong with this one person: the others must not wait, and the next turn must not meet it again. */
async function leaveOut(deps: Deps, fireHqId: string, bulkSendId: string): Promise<boolean> {
  return deps.database.inTenant(fireHqId, async (tx) => {
    const found = await takeNext(tx, bulkSendId);
    if (found === null) return false;
    await settleItem(tx, bulkSendId, found.item.position, { refusal: { code: 'failed' } }, deps.clock.now());
    return true;
  });
}

async function end(tx: Tx, bulkSendId: string, now: Instant): Promise<void> {
  const bulk = await findBulkSend(tx, bulkSendId, 'UPDATE');
  if (bulk?.state !== 'RUNNING') return;
  await endBulkSendRow(tx, bulkSendId, { state: 'DONE', by: 'system', at: now });
  const tally = await tallyItems(tx, bulkSendId);
  const count = (state: string) =>
    tally.reduce((sum, each) => sum + (each.state === state ? each.people : 0), 0);
  await appendAudit(tx, {
    at: now,
    actor: 'system',
    action: 'bulk-send.ended',
    after: { bulkSendId, queued: count('QUEUED'), leftOut: count('LEFT_OUT') },
  });
}
