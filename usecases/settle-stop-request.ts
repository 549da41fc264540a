/** ③ もう使いません (R28): how the wish was checked, and what came of it, in one act. */
import { enqueueLook } from '../store/outbox.js';
import { findRequest } from '../store/requests.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import { noteFaults } from './notes.js';
import { closeAs, requestToAnswer } from './resident-request.js';
import { withdraw } from './withdraw-account.js';

export interface StopSettlement {
  expectedVersion: number;
  /** How staff made sure of what the person wants: by FAX, at the counter … */
  checked: string;
  /** WITHDRAW: 廃止, with an undo of 30 days. KEEP: the person goes on, and so does automatic mail. */
  wish: 'WITHDRAW' | 'KEEP';
}

/**
 * Of an account that is withdrawn already the request is closed all the same. Refuses with `request-already-closed`,
 * `version-conflict`, `validation` or `not-found` (also for a request that is no STOP).
 */
export async function settleStopRequest(
  deps: Deps,
  command: Command,
  requestId: string,
  { expectedVersion, checked, wish }: StopSettlement,
): Promise<void> {
  const faults = noteFaults('checked', checked, { required: true });
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  await runCommand(deps, command, async (tx) => {
    const found = (await findRequest(tx, requestId)) ?? refuse({ code: 'not-found' });
    if (found.kind !== 'STOP') refuse({ code: 'not-found' });
    // The account before the request, as everybody who takes both.
    const snapshot = await lockedSnapshot(tx, found.accountId);
    const request = await requestToAnswer(tx, requestId, expectedVersion);
    const staffNote = checked.trim();
    if (wish === 'KEEP') await closeAs(tx, command, request, { state: 'DECLINED', staffNote });
    else if (snapshot.account.withdrawnAt === null) {
      await withdraw(tx, snapshot, command, `本人の希望（確かめ方：${staffNote}）`, staffNote);
    } else await closeAs(tx, command, request, { state: 'DONE', staffNote });
    await enqueueLook(tx, [found.accountId], command.receivedAt);
    return null;
  });
}
