/** How every command runs: one transaction under its tenant, and once only per Idempotency-Key. */
import { keepResult, reserveKey } from '../store/idempotency.js';
import type { Tx } from '../store/database.js';
import { readSnapshot } from '../store/snapshots.js';
import type { AccountSnapshot } from '../store/rows.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';

/**
 * Runs `work` in the command's transaction. With an Idempotency-Key the first result is kept in that same transaction,
 * so a repeat, even one that comes while the first is under way, gets it and does nothing. A refusal is not kept.
 */
export async function runCommand<T>(deps: Deps, command: Command, work: (tx: Tx) => Promise<T>): Promise<T> {
  return deps.database.inTenant(command.fireHqId, async (tx) => {
    const { idempotency } = command;
    if (!idempotency) return work(tx);
    const earlier = await reserveKey(tx, idempotency.key, idempotency.requestHash, command.receivedAt);
    if (earlier) {
      if (!earlier.requestHash.equals(idempotency.requestHash)) refuse({ code: 'idempotency-key-reused' });
      return earlier.result as T;
    }
    const result = await work(tx);
    await keepResult(tx, idempotency.key, result);
    return result;
  });
}

/** The account with its row locked; another tenant's id is as unknown as any other. */
export async function lockedSnapshot(tx: Tx, accountId: string): Promise<AccountSnapshot> {
  return (await readSnapshot(tx, accountId, { lock: true })) ?? refuse({ code: 'not-found' });
}
