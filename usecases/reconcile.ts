/**
 * Reconcile: finds accounts whose workflow is missing or behind and wakes it. One algorithm, idempotent: it only adds
 * looks to the outbox, and a look that finds nothing to do does nothing. Holes in the ledger (R38) are told and not filled:
 * something is wrong with us, and a row written now would hide it.
 */
import type { Instant } from '../domain/calendar.js';
import { MINUTE } from '../domain/calendar.js';
import { accountIdsAfter } from '../store/accounts.js';
import { listFireHq } from '../store/fire-hq.js';
import { pruneKeys } from '../store/idempotency.js';
import { enqueueLook } from '../store/outbox.js';
import { pruneQuarantine, pruneReportRaws } from '../store/reports.js';
import type { AccountSnapshot } from '../store/rows.js';
import { readSnapshots } from '../store/snapshots.js';
import type { Deps } from './context.js';
import type { LedgerHole } from './ended-holes.js';
import { endedHoles } from './ended-holes.js';
import { pruneImports } from './import-run.js';
import { holesOf } from './ledger-holes.js';
import { UNDO_WITHDRAWAL_WITHIN, planAccount } from './life-plan.js';
import { nextLifeStep } from './life-step.js';

export interface ReconcileReport {
  accounts: number;
  /** Without a running workflow. */
  missing: number;
  /** With a mail or a deed that has been due for more than five minutes. */
  overdue: number;
  /** Woken: missing, overdue, or all of them when asked. */
  looks: number;
  /** R38: slots that are over without a row in the ledger, lapses that nobody recorded, people without a cycle. */
  holes: number;
}

export interface ReconcileRequest {
  /** Look at every account: recreates everything after Temporal's state was lost. */
  all: boolean;
  /** Account ids with a running workflow; null = not known, then none is taken for missing. */
  running: ReadonlySet<string> | null;
}

/** Something due for longer than this should have been done. */
const OVERDUE_AFTER = 5 * MINUTE;
const PAGE = 500;
const COUNTS = [
  'accounts',
  'missing',
  'overdue',
  'looks',
  'holes',
] as const satisfies (keyof ReconcileReport)[];

function nothingFound(): ReconcileReport {
  return { accounts: 0, missing: 0, overdue: 0, looks: 0, holes: 0 };
}

/** Account ids of a headquarters that have a running workflow; null = not known, then none is taken for missing. */
export type RunningWorkflows = (hqCode: string) => Promise<ReadonlySet<string> | null>;

export interface FleetReport extends ReconcileReport {
  headquarters: number;
}

export interface FleetOptions {
  all: boolean;
  runningOf: RunningWorkflows;
  onHole?: (hole: LedgerHole) => void;
  /** Told before each headquarters, with what was found so far. */
  onTenant?: (soFar: FleetReport) => void;
}

/** One headquarters after the other. */
export async function reconcileAll(deps: Deps, options: FleetOptions): Promise<FleetReport> {
  const total: FleetReport = { headquarters: 0, ...nothingFound() };
  for (const { id, code } of await deps.database.withoutTenant(listFireHq)) {
    options.onTenant?.(total);
    const running = options.all ? null : await options.runningOf(code);
    const report = await reconcileTenant(deps, id, { all: options.all, running }, options.onHole);
    total.headquarters += 1;
    for (const name of COUNTS) total[name] += report[name];
  }
  await deps.database.withoutTenant((tx) => pruneQuarantine(tx, deps.clock.now()));
  return total;
}

/** One page per transaction, so that a large HQ holds nothing up. */
async function reconcileTenant(
  deps: Deps,
  fireHqId: string,
  request: ReconcileRequest,
  onHole: (hole: LedgerHole) => void = () => {},
): Promise<ReconcileReport> {
  const report = nothingFound();
  const now = deps.clock.now();
  let afterId: string | null = null;
  for (;;) {
    const ids: string[] = await deps.database.inTenant(fireHqId, async (tx) => {
      const page = await accountIdsAfter(tx, {
        afterId,
        limit: PAGE,
        withdrawnSince: now - UNDO_WITHDRAWAL_WITHIN,
      });
      const missing = new Set(request.running === null ? [] : page.filter((id) => !request.running?.has(id)));
      const snapshots = await readSnapshots(tx, page);
      const overdue = new Set(
        snapshots.filter((snapshot) => isOverdue(snapshot, now)).map(({ account }) => account.id),
      );
      const holes = snapshots.flatMap((snapshot) => ledgerHoles(snapshot, now));
      holes.forEach(onHole);
      const looks = page.filter((id) => request.all || missing.has(id) || overdue.has(id));
      await enqueueLook(tx, looks, now);
      report.accounts += page.length;
      report.missing += missing.size;
      report.overdue += overdue.size;
      report.looks += looks.length;
      report.holes += holes.length;
      return page;
    });
    if (ids.length < PAGE) break;
    afterId = ids[ids.length - 1] as string;
  }
  for await (const hole of endedHoles(deps, fireHqId, now)) {
    onHole(hole);
    report.holes += 1;
  }
  await deps.database.inTenant(fireHqId, async (tx) => {
    await pruneKeys(tx, now);
    await pruneReportRaws(tx, now);
    await pruneImports(tx, now);
  });
  return report;
}

function isOverdue(snapshot: AccountSnapshot, now: Instant): boolean {
  const step = nextLifeStep(planAccount(snapshot, now - OVERDUE_AFTER));
  return [step.mail, step.deed].some((task) => task !== null && task.at <= now - OVERDUE_AFTER);
}

function ledgerHoles(snapshot: AccountSnapshot, now: Instant): LedgerHole[] {
  if (snapshot.cycle.windowOpensAt > now) return [];
  return holesOf(planAccount(snapshot, now)).map((key) => ({ accountId: snapshot.account.id, key }));
}
