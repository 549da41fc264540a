/** The HQ's policy: read, put as a new version, apply to running cycles (R13). */
import type { Instant } from '../domain/calendar.js';
import { cycleDates } from '../domain/cycle.js';
import { parsePolicy } from '../domain/policy.js';
import type { Policy } from '../domain/policy.js';
import { accountIdsAfter, anyAccount } from '../store/accounts.js';
import { appendAudit } from '../store/audit.js';
import { setCyclePolicy } from '../store/cycles.js';
import type { Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import { insertPolicyVersion, lockFireHq, readPolicyVersion } from '../store/policies.js';
import type { AccountSnapshot, PolicyVersionRow } from '../store/rows.js';
import { readSnapshots } from '../store/snapshots.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import { planAccount, readStoredPolicy } from './life-plan.js';
import { nextReminderAt } from './views.js';

export type PolicyView = PolicyVersionRow;

export async function readPolicy(deps: Deps, fireHqId: string): Promise<PolicyView> {
  return deps.database.inTenant(fireHqId, (tx) => readPolicyVersion(tx));
}

/** Running cycles keep their version. Refuses with `validation`, `version-conflict` or `policy-basis-in-use`. */
export async function putPolicy(
  deps: Deps,
  command: Command,
  expectedVersion: number,
  { policy: document, reason }: { policy: unknown; reason: string },
): Promise<PolicyView> {
  const policy = parsedOrRefused(document, 'policy');
  return runCommand(deps, command, async (tx) => {
    await lockFireHq(tx, 'UPDATE');
    const present = await readPolicyVersion(tx);
    if (present.version !== expectedVersion)
      refuse({ code: 'version-conflict', currentVersion: present.version });
    if (present.basis !== policy.basis && (await anyAccount(tx))) refuse({ code: 'policy-basis-in-use' });
    const row: PolicyVersionRow = {
      version: present.version + 1,
      basis: policy.basis,
      document: policy.document,
      reason,
      createdBy: command.actor,
      createdAt: command.receivedAt,
    };
    await insertPolicyVersion(tx, row);
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'policy.put',
      before: { version: present.version, policy: present.document },
      after: { version: row.version, policy: row.document, reason },
    });
    return row;
  });
}

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
/** The preview shows this many accounts one by one. */
const SHOWN = 200;

/**
 * R13 "apply now": slots, window and stop of running cycles follow the present policy; D and E stay. Past slots are
 * never sent again, an opened window stays open, a stopped run stays stopped. `dryRun` writes nothing.
 */
export async function applyPolicy(
  deps: Deps,
  command: Command,
  { dryRun, reason }: { dryRun: boolean; reason?: string | undefined },
): Promise<PolicyApplication> {
  return runCommand(deps, command, async (tx) => {
    await lockFireHq(tx, 'UPDATE');
    const version = await readPolicyVersion(tx);
    const policy = readStoredPolicy(version.document);
    const now = command.receivedAt;
    const result: PolicyApplication = { version: version.version, dryRun, accounts: 0, changed: [] };
    for await (const snapshot of allSnapshots(tx, now)) {
      if (snapshot.cycle.policyVersion === version.version || snapshot.cycle.autoStopRecordedAt !== null)
        continue;
      const after = underPolicy(snapshot, policy, version, now);
      result.accounts += 1;
      if (result.changed.length < SHOWN) result.changed.push(changeOf(snapshot, after, now));
      if (!dryRun) await write(tx, after, now);
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
    yield* await readSnapshots(tx, ids);
    if (ids.length < PAGE) return;
    afterId = ids[ids.length - 1] as string;
  }
}

function underPolicy(
  before: AccountSnapshot,
  policy: Policy,
  version: PolicyVersionRow,
  now: Instant,
): AccountSnapshot {
  const { cycle } = before;
  const dates = cycleDates(policy, cycle);
  // An opened window never closes; one that opens by this change opens now, not in the past.
  const wasOpen = cycle.windowOpensAt <= now;
  return {
    ...before,
    policy: version.document,
    cycle: {
      ...cycle,
      policyVersion: version.version,
      windowOpensAt: wasOpen ? Math.min(cycle.windowOpensAt, dates.windowOpensAt) : dates.windowOpensAt,
      autoStopsAt: dates.autoStopsAt,
      slotsAfter: Math.max(cycle.slotsAfter ?? -Infinity, now),
    },
  };
}

async function write(tx: Tx, { account, cycle }: AccountSnapshot, now: Instant): Promise<void> {
  await setCyclePolicy(tx, account.id, cycle.number, {
    policyVersion: cycle.policyVersion,
    windowOpensAt: cycle.windowOpensAt,
    autoStopsAt: cycle.autoStopsAt,
    slotsAfter: now,
  });
  await enqueueLook(tx, [account.id], now);
}

function changeOf(before: AccountSnapshot, after: AccountSnapshot, now: Instant): AppliedChange {
  const planOf = (snapshot: AccountSnapshot): CyclePlan => ({
    windowOpensAt: snapshot.cycle.windowOpensAt,
    autoStopsAt: snapshot.cycle.autoStopsAt,
    nextReminderAt: nextReminderAt(planAccount(snapshot, now)),
  });
  return {
    accountId: before.account.id,
    registrationNumber: before.account.registrationNumber,
    before: planOf(before),
    after: planOf(after),
  };
}

/** The policy, or a `validation` refusal whose fields lie under `field`. */
export function parsedOrRefused(document: unknown, field: string): Policy {
  const result = parsePolicy(document);
  if (result.ok) return result.policy;
  return refuse({
    code: 'validation',
    fields: result.faults.map((fault) => ({
      ...fault,
      field: fault.field === 'policy' ? field : `${field}.${fault.field}`,
    })),
  });
}
