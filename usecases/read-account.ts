/** Reading accounts, their schedule and their リマインダー履歴. Writes nothing. */
import type { Instant } from '../domain/calendar.js';
import type { LapseCause } from '../domain/lapse.js';
import type { ReminderKind, Step, StepState } from '../domain/schedule.js';
import type { Status } from '../domain/status.js';
import { listAccountIds } from '../store/account-lists.js';
import { searchAccountIds } from '../store/account-search.js';
import { findByRegistrationNumber } from '../store/accounts.js';
import type { CycleListRow } from '../store/cycles.js';
import { listCycles } from '../store/cycles.js';
import type { Tx } from '../store/database.js';
import { findReminder, listReminders } from '../store/reminder-history.js';
import type { AccountSnapshot } from '../store/rows.js';
import { readSnapshot, readSnapshots } from '../store/snapshots.js';
import type { Deps } from './context.js';
import { decodeCursor, encodeCursor, pageOf } from './cursor.js';
import { refuse } from './errors.js';
import type { AccountPlan } from './life-plan.js';
import { autoStopDueAt, planAccount, restsToTheEnd, slotKey } from './life-plan.js';
import { isConcerned } from './mail-pause.js';
import { searchKeys } from './search-keys.js';
import type { AccountView, Page, ReminderView } from './views.js';
import { accountView, reminderView } from './views.js';

export async function readAccount(deps: Deps, fireHqId: string, accountId: string): Promise<AccountView> {
  return accountView(await snapshotOf(deps, fireHqId, accountId), deps.clock.now());
}

/** Refuses with not-found. */
export async function findAccountId(
  deps: Deps,
  fireHqId: string,
  registrationNumber: string,
): Promise<string> {
  const id = await deps.database.inTenant(fireHqId, (tx) => findByRegistrationNumber(tx, registrationNumber));
  return id ?? refuse({ code: 'not-found' });
}

export interface AccountFilter {
  status?: Status | undefined;
  lapseCause?: LapseCause | undefined;
  registrationNumber?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** In the order of expiry, soonest first. */
export async function listAccounts(
  deps: Deps,
  fireHqId: string,
  filter: AccountFilter,
): Promise<Page<AccountView>> {
  const now = deps.clock.now();
  const after = filter.cursor === undefined ? null : decodeCursor(filter.cursor, ['instant', 'uuid']);
  return deps.database.inTenant(fireHqId, async (tx) => {
    if (filter.registrationNumber !== undefined) {
      const id = await findByRegistrationNumber(tx, filter.registrationNumber);
      const found = await viewsInOrder(tx, id === null ? [] : [id], now);
      const matches = (view: AccountView) =>
        (filter.status === undefined || view.status === filter.status) &&
        (filter.lapseCause === undefined || view.lapseCause === filter.lapseCause);
      return { items: found.filter(matches), nextCursor: null };
    }
    if (filter.lapseCause !== undefined && filter.status !== undefined && filter.status !== 'LAPSED') {
      return { items: [], nextCursor: null };
    }
    const rows = await listAccountIds(tx, {
      status: filter.lapseCause === undefined ? filter.status : 'LAPSED',
      lapseCause: filter.lapseCause,
      now,
      after: after && { expiresAt: after[0] as number, id: after[1] as string },
      limit: filter.limit + 1,
    });
    const page = pageOf(
      rows,
      filter.limit,
      (last) => [last.expiresAt, last.id],
      (row) => row.id,
    );
    return { ...page, items: await viewsInOrder(tx, page.items, now) };
  });
}

/**
 * By the beginning of number, name, kana or mobile number, or by the whole mail address; spaces, hyphens, katakana and
 * double width make no difference.
 */
export async function searchAccounts(
  deps: Deps,
  fireHqId: string,
  { q, limit, cursor }: { q: string; limit: number; cursor?: string | undefined },
): Promise<Page<AccountView>> {
  const after = cursor === undefined ? null : decodeCursor(cursor, ['uuid']);
  return deps.database.inTenant(fireHqId, async (tx) => {
    const ids = await searchAccountIds(tx, {
      keys: searchKeys(q),
      afterId: after ? (after[0] as string) : null,
      limit: limit + 1,
    });
    const shown = ids.slice(0, limit);
    return {
      items: await viewsInOrder(tx, shown, deps.clock.now()),
      nextCursor: ids.length > limit ? encodeCursor([shown[shown.length - 1] as string]) : null,
    };
  });
}

/** One line of what is planned for an account, and of what was. */
export interface ScheduleStep {
  what: 'SLOT' | 'MAIL' | 'LAPSE' | 'AUTO_STOP';
  slot: string | null;
  kind: ReminderKind | null;
  at: Instant;
  latestAt: Instant | null;
  state: StepState;
  /** A step's reason, or a ledger row's. */
  reason: string | null;
  goesAt: Instant | null;
}

export interface ScheduleView {
  status: Status;
  windowOpensAt: Instant;
  expiresAt: Instant;
  autoStopsAt: Instant;
  steps: ScheduleStep[];
}

/** R14: slots, waiting mails, a planned retry or probe, the lapse and the stop, oldest first. */
export async function readSchedule(deps: Deps, fireHqId: string, accountId: string): Promise<ScheduleView> {
  return scheduleOf(planAccount(await snapshotOf(deps, fireHqId, accountId), deps.clock.now()));
}

export function scheduleOf(plan: AccountPlan): ScheduleView {
  const { snapshot, now } = plan;
  const { cycle } = snapshot;
  const event = (what: 'LAPSE' | 'AUTO_STOP', at: Instant, recordedAt: Instant | null): ScheduleStep => ({
    what,
    slot: null,
    kind: null,
    at,
    latestAt: null,
    state: recordedAt !== null ? 'HANDLED' : at <= now ? 'DUE' : 'PLANNED',
    reason: null,
    goesAt: recordedAt ?? at,
  });
  const steps = plan.plan.steps.map((planned): ScheduleStep => {
    const step = asEntered(snapshot, planned);
    // R15: the cycle runs on for an undo, but nothing of it is sent.
    if (plan.status === 'WITHDRAWN' && step.goesAt !== null)
      return { what: 'SLOT', ...step, state: 'SKIPPED', reason: 'WITHDRAWN', goesAt: null };
    if (plan.paused && step.reason === 'HELD') return { what: 'SLOT', ...step, reason: 'MAIL_PAUSED' };
    return { what: 'SLOT', ...step };
  });
  for (const mail of plan.mails) {
    if (mail.step !== null) continue;
    const held =
      plan.paused &&
      isConcerned(plan, mail.row) &&
      mail.dismissal === null &&
      mail.row?.outcome !== 'SENDING';
    const resting = !held && mail.dismissal === null && restsToTheEnd(plan, mail);
    steps.push({
      what: 'MAIL',
      slot: mail.row?.slot ?? null,
      kind: mail.row?.kind ?? (mail.row === null && mail.purpose === 'REMINDER' ? 'AUTOMATIC' : null),
      at: mail.row?.dueAt ?? mail.at,
      latestAt: null,
      state:
        mail.dismissal?.outcome === 'SUPERSEDED'
          ? 'SUPERSEDED'
          : mail.dismissal
            ? 'SKIPPED'
            : (held ? (mail.row?.dueAt ?? now) : mail.at) <= now
              ? 'DUE'
              : 'PLANNED',
      reason: held
        ? 'MAIL_PAUSED'
        : resting
          ? 'HELD'
          : (mail.dismissal?.reason ?? mail.row?.reason ?? mail.key.split(':')[0]!.toUpperCase()),
      goesAt: mail.dismissal || held || resting ? null : mail.at,
    });
  }
  if (plan.status !== 'WITHDRAWN' || cycle.lapseRecordedAt !== null)
    steps.push(event('LAPSE', cycle.expiresAt, cycle.lapseRecordedAt));
  if (plan.status !== 'WITHDRAWN' || cycle.autoStopRecordedAt !== null)
    steps.push(event('AUTO_STOP', autoStopDueAt(plan), cycle.autoStopRecordedAt));
  return {
    status: plan.status,
    windowOpensAt: cycle.windowOpensAt,
    expiresAt: cycle.expiresAt,
    autoStopsAt: cycle.autoStopsAt,
    steps: steps.sort((a, b) => a.at - b.at),
  };
}

/** To the plan a slot with a row is dealt with; whether a mail went, and if not why, the ledger knows (R23). */
function asEntered({ cycle, mails }: AccountSnapshot, step: Step): Omit<ScheduleStep, 'what'> {
  const row =
    step.state === 'HANDLED' && mails.find((mail) => mail.dedupeKey === slotKey(cycle.number, step.slot));
  if (!row || (row.outcome !== 'SKIPPED' && row.outcome !== 'SUPERSEDED')) return step;
  return { ...step, state: row.outcome, reason: row.reason };
}

/** リマインダー履歴 (R23), newest first. */
export async function readReminders(
  deps: Deps,
  fireHqId: string,
  accountId: string,
  {
    cycle,
    limit,
    cursor,
  }: {
    /** Left out: of all. */
    cycle?: number | undefined;
    limit: number;
    cursor?: string | undefined;
  },
): Promise<Page<ReminderView>> {
  const after = cursor === undefined ? null : decodeCursor(cursor, ['instant', 'uuid']);
  return deps.database.inTenant(fireHqId, async (tx) => {
    if (!(await readSnapshot(tx, accountId))) refuse({ code: 'not-found' });
    const rows = await listReminders(tx, {
      accountId,
      cycle,
      before: after && { createdAt: after[0] as number, id: after[1] as string },
      limit: limit + 1,
    });
    return pageOf(rows, limit, (last) => [last.createdAt, last.id], reminderView);
  });
}

/** 更新期間 of one person, newest first, the open one too. Refuses with `not-found`. */
export async function readCycles(
  deps: Deps,
  fireHqId: string,
  accountId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<CycleListRow>> {
  const after = cursor === undefined ? null : decodeCursor(cursor, ['number']);
  return deps.database.inTenant(fireHqId, async (tx) => {
    const beforeNumber = after ? (after[0] as number) : null;
    const rows = await listCycles(tx, { accountId, beforeNumber, limit: limit + 1 });
    if (rows.length === 0 && beforeNumber === null) refuse({ code: 'not-found' });
    return pageOf(
      rows,
      limit,
      (last) => [last.number],
      (row) => row,
    );
  });
}

export async function readReminder(
  deps: Deps,
  fireHqId: string,
  accountId: string,
  reminderId: string,
): Promise<ReminderView> {
  const row = await deps.database.inTenant(fireHqId, (tx) => findReminder(tx, accountId, reminderId));
  return row ? reminderView(row) : refuse({ code: 'not-found' });
}

async function snapshotOf(deps: Deps, fireHqId: string, accountId: string): Promise<AccountSnapshot> {
  const snapshot = await deps.database.inTenant(fireHqId, (tx) => readSnapshot(tx, accountId));
  return snapshot ?? refuse({ code: 'not-found' });
}

async function viewsInOrder(tx: Tx, ids: readonly string[], now: Instant): Promise<AccountView[]> {
  const byId = new Map((await readSnapshots(tx, ids)).map((snapshot) => [snapshot.account.id, snapshot]));
  return ids.flatMap((id) => {
    const snapshot = byId.get(id);
    return snapshot ? [accountView(snapshot, now)] : [];
  });
}
