/** Events of mail services, recorded like the reports that come back by mail (R23, R24, R37). */
import type { BounceSource } from '../domain/bounce.js';
import type { Instant } from '../domain/calendar.js';
import type { Reading } from '../mail/receive/report.js';
import { readSendgridEvent } from '../mail/receive/sendgrid-event.js';
import type { ServiceEvent } from '../mail/receive/service-event.js';
import { readSesEvent } from '../mail/receive/ses-event.js';
import { codesOf } from './match-report.js';
import type { ReportDeps, WeighedReport } from './record-reading.js';
import { recordReading } from './record-reading.js';

/** `message` is the event's JSON as SNS carries it. Throws only when the database is away: then it is to come again. */
export async function recordSesEvent(
  deps: ReportDeps,
  message: string,
  receivedAt: Instant,
): Promise<WeighedReport> {
  return recordEvent(deps, readSesEvent(message), Buffer.from(message), 'SES', receivedAt);
}

/** `event` is one element of a batch. Throws only when the database is away: then it is to come again. */
export async function recordSendgridEvent(
  deps: ReportDeps,
  event: unknown,
  receivedAt: Instant,
): Promise<WeighedReport> {
  const raw = Buffer.from(JSON.stringify(event));
  return recordEvent(deps, readSendgridEvent(event), raw, 'SENDGRID', receivedAt);
}

/** What no reader could take, for operators (未照合). Throws only when the database is away. */
export async function keepUnread(
  deps: ReportDeps,
  { raw, source, receivedAt }: { raw: Buffer; source: BounceSource; receivedAt: Instant },
): Promise<WeighedReport> {
  const reading = { what: 'UNREADABLE', messageId: null } as const;
  return recordReading(deps, { reading, codes: [], raw, source, receivedAt });
}

/** Told of every mail, and they change nothing: who opened what when is not ours to keep. */
const NOT_KEPT: readonly Reading['what'][] = ['SUCCESS', 'NOT_A_REPORT'];

async function recordEvent(
  deps: ReportDeps,
  { reading, returnPath }: ServiceEvent,
  raw: Buffer,
  source: BounceSource,
  receivedAt: Instant,
): Promise<WeighedReport> {
  if (NOT_KEPT.includes(reading.what)) {
    return { outcome: 'CHANGED_NOTHING', reading: reading.what, match: 'NOTHING', bounceClass: null };
  }
  const codes = codesOf(returnPath === null ? [] : [returnPath]);
  return recordReading(deps, { reading, codes, raw, source, receivedAt });
}
