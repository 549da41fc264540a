/** One person's page (R29): everything that it tells, from one picture of the facts. Writes nothing but that somebody looked (R34). */
import { appendView } from '../store/audit.js';
import type { ContactRow } from '../store/contacts.js';
import { listContacts } from '../store/contacts.js';
import type { CycleListRow } from '../store/cycles.js';
import { listCycles } from '../store/cycles.js';
import type { Tx } from '../store/database.js';
import { listReminders } from '../store/reminder-history.js';
import { listRequests } from '../store/requests.js';
import { readSnapshot } from '../store/snapshots.js';
import { listStaff } from '../store/staff.js';
import type { Command, Deps } from './context.js';
import { pageOf } from './cursor.js';
import { refuse } from './errors.js';
import type { AccountPlan } from './life-plan.js';
import { planAccount } from './life-plan.js';
import type { ScheduleView } from './read-account.js';
import { scheduleOf } from './read-account.js';
import type { CapabilitiesView } from './read-capabilities.js';
import { capabilitiesOf } from './read-capabilities.js';
import type { ResendOptions } from './request-resend.js';
import { resendOptionsOf } from './request-resend.js';
import type { RequestView } from './resident-request.js';
import { requestView } from './resident-request.js';
import type { AccountView, Page, ReminderView } from './views.js';
import { accountView, reminderView } from './views.js';
import type { PersonNotes } from './worklist-note.js';
import { notesOf } from './worklist-note.js';

export interface OpenedPerson {
  person: AccountView;
  schedule: ScheduleView;
  /** Null: it was not asked for. */
  usage: UsageView | null;
}

/** 利用状況. */
export interface UsageView {
  capabilities: CapabilitiesView;
  resend: ResendOptions;
  /** リマインダー履歴, newest first; goes on with `readReminders`. */
  mails: Page<ReminderView>;
  /** 更新期間, newest first: the open one and some before it. */
  cycles: CycleListRow[];
  /** Latest first; all of them by `readContactPage`. */
  contacts: ContactRow[];
  /** 本人からの連絡: what waits for staff first. */
  requests: RequestView[];
  /** 対応の記録. */
  notes: PersonNotes;
  /** Display names of staff by id. */
  staff: ReadonlyMap<string, string>;
}

const CYCLES = 10;
const CONTACTS = 5;
const REQUESTS = 5;

/**
 * R34: that the person was looked at stands in the audit trail, once in ten minutes and viewer. `mails`: how many of リマインダー
 * 履歴 for 利用状況; null: without it. Refuses with `not-found`.
 */
export async function openPerson(
  deps: Deps,
  { fireHqId, actor, receivedAt }: Command,
  accountId: string,
  { mails }: { mails: number | null },
): Promise<OpenedPerson> {
  const now = deps.clock.now();
  return deps.database.inTenant(fireHqId, async (tx) => {
    const snapshot = (await readSnapshot(tx, accountId)) ?? refuse({ code: 'not-found' });
    const viewed = appendView(tx, { at: receivedAt, actor, accountId });
    const plan = planAccount(snapshot, now);
    const [usage] = await Promise.all([mails === null ? null : usageOf(tx, plan, mails), viewed]);
    return { person: accountView(snapshot, now), schedule: scheduleOf(plan), usage };
  });
}

async function usageOf(tx: Tx, plan: AccountPlan, limit: number): Promise<UsageView> {
  const { snapshot, now } = plan;
  const accountId = snapshot.account.id;
  // All on their way at once.
  const [resend, mails, open, closed, cycles, contacts, notes, staff] = await Promise.all([
    resendOptionsOf(tx, plan),
    listReminders(tx, { accountId, before: null, limit: limit + 1 }),
    listRequests(tx, { accountId, open: true, after: null, limit: REQUESTS }),
    listRequests(tx, { accountId, open: false, after: null, limit: REQUESTS }),
    listCycles(tx, { accountId, beforeNumber: null, limit: CYCLES }),
    listContacts(tx, { accountId, before: null, limit: CONTACTS }),
    notesOf(tx, accountId),
    listStaff(tx),
  ]);
  return {
    capabilities: capabilitiesOf(snapshot, now),
    resend,
    mails: pageOf(mails, limit, (last) => [last.createdAt, last.id], reminderView),
    cycles,
    contacts,
    requests: [...open, ...closed].map((row) => requestView(row, now)),
    notes,
    staff: new Map(staff.map(({ id, displayName }) => [id, displayName])),
  };
}
