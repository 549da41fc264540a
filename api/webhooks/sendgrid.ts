/** A batch of SendGrid's events: each recorded by itself, so that one that cannot be costs no other. */
import type { Instant } from '../../domain/calendar.js';
import type { Logger } from '../../platform/log.js';
import { isUnavailable } from '../../store/database.js';
import { keepUnread, recordSendgridEvent } from '../../usecases/record-event.js';
import type { ReportDeps } from '../../usecases/record-report.js';
import type { TellReport } from '../report-watch.js';
import { ProblemError } from '../rest/problems.js';

/** Each holds a database connection. */
const AT_ONCE = 4;

interface Batch {
  deps: ReportDeps;
  log: Logger;
  tellReport: TellReport;
  receivedAt: Instant;
}

/** How many events there were. Rejects when the database is away: then SendGrid sends all of them again. */
export async function recordBatch(raw: Buffer, batch: Batch): Promise<number> {
  const events = eventsIn(raw);
  const waiting = events.values();
  // Every worker takes the next one from the same row.
  const work = async () => {
    for (const event of waiting) await recordOne(event, raw, batch);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return events.length;
}

function eventsIn(raw: Buffer): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(raw.toString('utf8'));
  } catch {
    value = null;
  }
  if (!Array.isArray(value))
    throw new ProblemError('malformed-request', { detail: 'Send an array of events.' });
  return value;
}

async function recordOne(event: unknown, raw: Buffer, batch: Batch): Promise<void> {
  const { deps, log, tellReport, receivedAt } = batch;
  try {
    tellReport('SENDGRID', await recordSendgridEvent(deps, event, receivedAt));
  } catch (error) {
    if (isUnavailable(error)) throw error;
    // A defect of ours, which no repeat would mend: a person can look at what came.
    log.error({ event: 'report-failed', source: 'SENDGRID', err: error });
    tellReport('SENDGRID', await keepUnread(deps, { raw, source: 'SENDGRID', receivedAt }));
  }
}
