/** A mail that came back, by SMTP or REST: read, and recorded like whatever else tells of our mails (R23, R24, R37). */
import type { BounceSource } from '../domain/bounce.js';
import type { Instant } from '../domain/calendar.js';
import { readReport } from '../mail/receive/read-report.js';
import { codesOf, recipientsInHeader } from './match-report.js';
import type { ReportDeps, WeighedReport } from './record-reading.js';
import { recordReading } from './record-reading.js';

export type { ReportDeps, WeighedReport } from './record-reading.js';

export interface ReturnedMail {
  raw: Buffer;
  /** Of the envelope, `b+<code>@<bounce domain>`; empty when the way in does not tell them. */
  recipients: readonly string[];
  /** The envelope named no sender, as that of a report; left out when the way in does not tell. */
  hasNoSender?: boolean;
  source: BounceSource;
  receivedAt: Instant;
}

/** Throws only when the database is away: then the sender is to come again. */
export async function recordReport(deps: ReportDeps, mail: ReturnedMail): Promise<WeighedReport> {
  const { raw, source, receivedAt } = mail;
  const reading = await readReport(raw, mail.hasNoSender);
  const recipients = mail.recipients.length > 0 ? mail.recipients : recipientsInHeader(raw);
  return recordReading(deps, { reading, codes: codesOf(recipients), raw, source, receivedAt });
}
