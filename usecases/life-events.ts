/** What the workflow records when its time has come, and how it looks for what is next. Each is idempotent. */
import { appendAudit } from '../store/audit.js';
import { setAutoStop, setLapse } from '../store/cycles.js';
import type { Tx } from '../store/database.js';
import type { AccountSnapshot } from '../store/rows.js';
import { readSnapshot } from '../store/snapshots.js';
import type { Instant } from '../domain/calendar.js';
import type { Deps } from './context.js';
import { autoStopDueAt, planAccount } from './life-plan.js';
import type { LifeStep } from './life-step.js';
import { nextLifeStep } from './life-step.js';
import { enterUnsentSlots } from './slot-ledger.js';

export interface AccountRef {
  fireHqId: string;
  accountId: string;
}

/** Where the account stands and what is next; null when there is no such account (a ghost workflow ends). */
export async function lookAt(deps: Deps, ref: AccountRef, now: Instant): Promise<LifeStep | null> {
  const snapshot = await deps.database.inTenant(ref.fireHqId, (tx) => readSnapshot(tx, ref.accountId));
  return snapshot && nextLifeStep(planAccount(snapshot, now));
}

/** R5, R16: 失効中, dated E, with its cause. Nothing happens before E, after a renewal, or a second time. */
export async function recordLapse(deps: Deps, ref: AccountRef, now: Instant): Promise<LifeStep | null> {
  return record(deps, ref, now, async (tx, { account, cycle }, plan) => {
    if (plan.status !== 'LAPSED' || cycle.lapseRecordedAt !== null) return;
    await setLapse(tx, account.id, cycle.number, now, plan.lapseCause);
    await appendAudit(tx, {
      at: now,
      actor: 'system',
      action: 'account.lapsed',
      accountId: account.id,
      after: { cycle: cycle.number, lapsedAt: cycle.expiresAt, cause: plan.lapseCause },
    });
  });
}

/** R6, R9: 自動配信終了. From here on only staff send; slots that never went are entered as not sent. */
export async function recordAutoStop(deps: Deps, ref: AccountRef, now: Instant): Promise<LifeStep | null> {
  return record(deps, ref, now, async (tx, { account, cycle }, plan) => {
    if (plan.status === 'WITHDRAWN' || cycle.autoStopRecordedAt !== null || now < autoStopDueAt(plan)) return;
    await setAutoStop(tx, account.id, cycle.number, now);
    await enterUnsentSlots(tx, plan, {
      until: Infinity,
      rest: { outcome: 'SKIPPED', reason: 'AFTER_STOP' },
      now,
    });
    await appendAudit(tx, {
      at: now,
      actor: 'system',
      action: 'account.auto-mail-ended',
      accountId: account.id,
      after: { cycle: cycle.number, stoppedAt: cycle.autoStopsAt },
    });
  });
}

async function record(
  deps: Deps,
  ref: AccountRef,
  now: Instant,
  write: (tx: Tx, snapshot: AccountSnapshot, plan: ReturnType<typeof planAccount>) => Promise<void>,
): Promise<LifeStep | null> {
  return deps.database.inTenant(ref.fireHqId, async (tx) => {
    const before = await readSnapshot(tx, ref.accountId, { lock: true });
    if (!before) return null;
    await write(tx, before, planAccount(before, now));
    const after = await readSnapshot(tx, ref.accountId);
    return after && nextLifeStep(planAccount(after, now));
  });
}
