/** R13 "apply now": the present policy takes over running cycles, with a preview of who gets which mail. */
import type { Instant } from '../domain/calendar.js';
import { accountIdsAfter, lockAccounts } from '../store/accounts.js';
import { appendAudit } from '../store/audit.js';
import { setCyclePolicy } from '../store/cycles.js';
import type { Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import { lockFireHq, readPolicyVersion } from '../store/policies.js';
import { insertReminder } from '../store/reminders.js';
import type { NewReminderRow } from '../store/reminders.js';
import type { AccountSnapshot, CycleRow } from '../store/rows.js';
import { readSnapshot, readSnapshots } from '../store/snapshots.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import { refreshLapseCause } from './evidence.js';
import { planAccount, readStoredPolicy } from './life-plan.js';
import { hasStopped, owedRow, underPolicy } from './policy-change.js';
import { enterUnsentSlots } from './slot-ledger.js';
import { outstandingReminders } from './views.js';

/** How one account's cycle changes; instants are epoch ms. */
export interface AppliedChange {
  accountId: string;
  registrationNumber: string;
  before: CyclePlan;
  after: CyclePlan;
}

interface CyclePlan {
  windowOpensAt: Instant;
  autoStopsAt: Instant;
  nextReminderAt: Instant | null;
  /** Mails that will go as things stand, next first, the first of them; `slot` null: a mail outside the slots. */
  reminders: { slot: string | null; at: Instant }[];
}

export interface PolicyApplication {
  version: number;
  dryRun: boolean;
  /** Accounts whose running cycle is under another version. */
  accounts: number;
  /** The first of them. */
  changed: AppliedChange[];
}

const PAGE = 500;
/** The preview shows this many accounts one by one, and of each this many mails. */
const SHOWN = 200;
const MAILS_SHOWN = 50;

interface ApplyChoice {
  dryRun: boolean;
  reason?: string | undefined;
  /** The version that was previewed; another one by now → `version-conflict`. */
  expectedVersion?: number;
}

/**
 * Slots, window and stop of running cycles follow the present policy; D and E stay. Past slots are never sent again, but
 * a mail that was due and still waited for its turn goes; an opened window stays open, a stopped run stays stopped.
 * `dryRun` writes nothing; without it a `reason` is needed, else it refuses with `validation`.
 */
export async function applyPolicy(
  deps: Deps,
  command: Command,
  { dryRun, reason, expectedVersion }: ApplyChoice,
): Promise<PolicyApplication> {
  if (!dryRun && !reason?.trim()) {
    refuse({
      code: 'validation',
      fields: [{ field: 'reason', code: 'required', message: 'reason must be given when dryRun is false.' }],
    });
  }
  return runCommand(deps, command, async (tx) => {
    await lockFireHq(tx, 'UPDATE');
    const version = await readPolicyVersion(tx);
    if (expectedVersion !== undefined && version.version !== expectedVersion)
      refuse({ code: 'version-conflict', currentVersion: version.version });
    const policy = readStoredPolicy(version.document);
    const now = command.receivedAt;
    const result: PolicyApplication = { version: version.version, dryRun, accounts: 0, changed: [] };
    for await (const before of allSnapshots(tx, now)) {
      if (before.cycle.policyVersion === version.version || hasStopped(before, now)) continue;
      const owed = owedRow(before, now);
      const after = underPolicy(before, owed, policy, version, now);
      result.accounts += 1;
      if (result.changed.length < SHOWN) result.changed.push(changeOf(before, after, now));
      if (!dryRun) await write(tx, command, before, owed, after);
    }
    if (!dryRun) {
      await appendAudit(tx, {
        at: now,
        actor: command.actor,
        action: 'policy.applied',
        after: { version: version.version, accounts: result.accounts, reason: reason ?? null },
      });
    }
    return result;
  });
}

async function* allSnapshots(tx: Tx, now: Instant): AsyncGenerator<AccountSnapshot> {
  let afterId: string | null = null;
  for (;;) {
    const ids: string[] = await accountIdsAfter(tx, { afterId, limit: PAGE, withdrawnSince: now });
    await lockAccounts(tx, ids);
    yield* await readSnapshots(tx, ids);
    if (ids.length < PAGE) return;
    afterId = ids[ids.length - 1] as string;
  }
}

async function write(
  tx: Tx,
  command: Command,
  before: AccountSnapshot,
  owed: NewReminderRow | null,
  { account, cycle }: AccountSnapshot,
): Promise<void> {
  const now = command.receivedAt;
  if (owed) await insertReminder(tx, owed);
  await enterUnsentSlots(tx, planAccount(before, now), {
    until: now,
    rest: { outcome: 'SUPERSEDED', reason: 'NEWER_SLOT_DUE' },
    now,
  });
  await setCyclePolicy(tx, account.id, cycle.number, {
    policyVersion: cycle.policyVersion,
    windowOpensAt: cycle.windowOpensAt,
    autoStopsAt: cycle.autoStopsAt,
    slotsAfter: now,
  });
  await appendAudit(tx, {
    at: now,
    actor: command.actor,
    action: 'cycle.policy-applied',
    accountId: account.id,
    before: auditedOf(before.cycle),
    after: auditedOf(cycle),
  });
  await refreshLapseCause(tx, (await readSnapshot(tx, account.id)) ?? before, now);
  await enqueueLook(tx, [account.id], now);
}

function auditedOf({ number, policyVersion, windowOpensAt, autoStopsAt }: CycleRow): object {
  return { cycle: number, policyVersion, windowOpensAt, autoStopsAt };
}

function changeOf(before: AccountSnapshot, after: AccountSnapshot, now: Instant): AppliedChange {
  const planOf = (snapshot: AccountSnapshot): CyclePlan => {
    const reminders = outstandingReminders(planAccount(snapshot, now));
    return {
      windowOpensAt: snapshot.cycle.windowOpensAt,
      autoStopsAt: snapshot.cycle.autoStopsAt,
      nextReminderAt: reminders[0]?.at ?? null,
      reminders: reminders.slice(0, MAILS_SHOWN),
    };
  };
  return {
    accountId: before.account.id,
    registrationNumber: before.account.registrationNumber,
    before: planOf(before),
    after: planOf(after),
  };
}
