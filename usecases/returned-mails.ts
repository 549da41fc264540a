/** What operators see of mails that came back: lists without content, and the mail itself, which leaves a trace. */
import { appendAudit } from '../store/audit.js';
import type { Database } from '../store/database.js';
import { listFireHq } from '../store/fire-hq.js';
import type { DeliveryReportRow, QuarantinedReportRow } from '../store/reports.js';
import {
  listDeliveryReports,
  listQuarantine as readQuarantine,
  readQuarantinedRaw,
  readReportRaw,
} from '../store/reports.js';
import type { Deps } from './context.js';
import { refuse } from './errors.js';

/** Newest first, with what was read in each. */
export async function listReports(deps: Deps, fireHqId: string, limit: number): Promise<DeliveryReportRow[]> {
  return deps.database.inTenant(fireHqId, (tx) => listDeliveryReports(tx, limit));
}

/** 未照合, newest first. */
export async function listQuarantine(deps: Deps, limit: number): Promise<QuarantinedReportRow[]> {
  return deps.database.withoutTenant((tx) => readQuarantine(tx, limit));
}

/**
 * The mail as it came. `owner` is opened with the login that owns the tables; the headquarters finds in its trail who
 * read what and why, also should the reading fail then. Refuses with `not-found`, also when 30 days are over.
 */
export async function readReport(
  deps: Deps,
  owner: Database,
  { fireHqId, reportId, reason }: { fireHqId: string; reportId: string; reason: string },
): Promise<Buffer> {
  const found = await owner.withoutTenant((tx) => readReportRaw(tx, fireHqId, reportId));
  if (!found) refuse({ code: 'not-found' });
  await deps.database.inTenant(fireHqId, (tx) =>
    appendAudit(tx, {
      at: deps.clock.now(),
      actor: 'operator',
      action: 'report.read',
      accountId: found.accountId,
      after: { reportId, reason },
    }),
  );
  return found.raw;
}

/** As readReport; a mail that could be anybody's is told to every headquarters. */
export async function readQuarantined(
  deps: Deps,
  owner: Database,
  { reportId, reason }: { reportId: string; reason: string },
): Promise<Buffer> {
  const raw = await owner.withoutTenant((tx) => readQuarantinedRaw(tx, reportId));
  if (!raw) refuse({ code: 'not-found' });
  for (const { id } of await deps.database.withoutTenant(listFireHq)) {
    await deps.database.inTenant(id, (tx) =>
      appendAudit(tx, {
        at: deps.clock.now(),
        actor: 'operator',
        action: 'quarantine.read',
        after: { reportId, reason },
      }),
    );
  }
  return raw;
}
