/** 利用状況 of one person (R29): everything that its page tells, from one picture of the facts. Writes nothing. */
import type { ContactRow } from '../store/contacts.js';
import { listContacts } from '../store/contacts.js';
import type { CycleListRow } from '../store/cycles.js';
import { listCycles } from '../store/cycles.js';
import { listReminders } from '../store/reminder-history.js';
import { listRequests } from '../store/requests.js';
import { readSnapshot } from '../store/snapshots.js';
import { listStaff } from '../store/staff.js';
import type { Deps } from './context.js';
import { pageOf } from './cursor.js';
import { refuse } from './errors.js';
import { planAccount } from './life-plan.js';
import type { ScheduleView } from './read-account.js';
import { scheduleOf } from './read-account.js';
import type { CapabilitiesView } from './read-capabilities.js';
import { capabilitiesOf } from './read-capabilities.js';
import type { ResendOptions } from './request-resend.js';
import { resendOptionsOf } from './request-resend.js';
import type { RequestView } from './resident-request.js';
import { requestView } from './resident-request.js';
import type { Page, ReminderView } from './views.js';
import { reminderView } from './views.js';

export interface UsageView {
  capabilities: CapabilitiesView;
  schedule: ScheduleView;
  resend: ResendOptions;
  /** リマインダー履歴, newest first; goes on with `readReminders`. */
  mails: Page<ReminderView>;
  /** 更新期間, newest first: the open one and some before it. */
  cycles: CycleListRow[];
  /** Latest first; all of them by `readContactPage`. */
  contacts: ContactRow[];
  /** 本人からの連絡: what waits for staff first. */
  requests: RequestView[];
  /** Display names of staff by id. */
  staff: ReadonlyMap<string, string>;
}

const CYCLES = 10;
const CONTACTS = 5;
const REQUESTS = 5;

/** Refuses with `not-found`. */
export async function readUsage(
  deps: Deps,
  fireHqId: string,
  accountId: string,
  { mails: limit }: { mails: number },
): Promise<UsageView> {
  const now = deps.clock.now();
  return deps.database.inTenant(fireHqId, async (tx) => {
    const snapshot = (await readSnapshot(tx, accountId)) ?? refuse({ code: 'not-found' });
    const plan = planAccount(snapshot, now);
    const mails = await listReminders(tx, { accountId, before: null, limit: limit + 1 });
    const requests = [
      ...(await listRequests(tx, { accountId, open: true, after: null, limit: REQUESTS })),
      ...(await listRequests(tx, { accountId, open: false, after: null, limit: REQUESTS })),
    ];
    return {
      capabilities: capabilitiesOf(snapshot, now),
      schedule: scheduleOf(plan),
      resend: await resendOptionsOf(tx, plan),
      mails: pageOf(mails, limit, (last) => [last.createdAt, last.id], reminderView),
      cycles: await listCycles(tx, { accountId, beforeNumber: null, limit: CYCLES }),
      contacts: await listContacts(tx, { accountId, before: null, limit: CONTACTS }),
      requests: requests.map((row) => requestView(row, now)),
      staff: new Map((await listStaff(tx)).map(({ id, displayName }) => [id, displayName])),
    };
  });
}
