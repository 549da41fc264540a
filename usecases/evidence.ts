/** After new evidence about an address: its state (R37) and, while lapsed, the cause of the lapse (R16). */
import { foldAddress, priorEvidence } from '../domain/address-state.js';
import type { Instant } from '../domain/calendar.js';
import { readEvidence, saveStory } from '../store/addresses.js';
import { appendAudit } from '../store/audit.js';
import { setLapse } from '../store/cycles.js';
import type { Tx } from '../store/database.js';
import type { AccountSnapshot } from '../store/rows.js';
import { planAccount, readStoredPolicy } from './life-plan.js';

/** Folds the address's evidence anew and keeps the result. `addressId` may be a former address: its story is its own. */
export async function refoldAddress(tx: Tx, snapshot: AccountSnapshot, addressId: string): Promise<void> {
  const { mails, repliedAt, prior } = await readEvidence(tx, addressId);
  const { failuresToUndeliverable } = readStoredPolicy(snapshot.policy);
  await saveStory(
    tx,
    addressId,
    foldAddress(
      [...(prior === null ? [] : priorEvidence(prior, failuresToUndeliverable)), ...mails],
      failuresToUndeliverable,
      repliedAt === null ? [] : [repliedAt],
    ),
  );
}

/**
 * R16: once recorded, the cause follows every delivery event and address change; each change is in the audit trail. True
 * when it changed.
 */
export async function refreshLapseCause(tx: Tx, snapshot: AccountSnapshot, now: Instant): Promise<boolean> {
  const { cycle, account } = snapshot;
  if (cycle.lapseRecordedAt === null) return false;
  const { lapseCause } = planAccount(snapshot, now);
  if (lapseCause === null || lapseCause === cycle.lapseCause) return false;
  await setLapse(tx, account.id, cycle.number, cycle.lapseRecordedAt, lapseCause);
  await appendAudit(tx, {
    at: now,
    actor: 'system',
    action: 'lapse.cause-changed',
    accountId: account.id,
    before: { cause: cycle.lapseCause },
    after: { cause: lapseCause },
  });
  return true;
}
