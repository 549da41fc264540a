/**
 * What was read of a mail that came back, or of an event that a mail service told: matched to the mail of ours that it is
 * about, and weighed like a reply that comes late (R23, R24, R37). All ways in end here. It never sends anything; what
 * follows (retry, stop) becomes steps of the plan.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { BounceClass, BounceSource } from '../domain/bounce.js';
import type { Instant } from '../domain/calendar.js';
import { DAY } from '../domain/calendar.js';
import type { Evidence, Known } from '../domain/delivery.js';
import { weigh } from '../domain/delivery.js';
import type { OurSide } from '../mail/receive/own-names.js';
import type { Reading } from '../mail/receive/report.js';
import { appendAudit } from '../store/audit.js';
import type { Database, Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import type { LockedReminder } from '../store/reminders.js';
import { lockReminder, noteComplaint } from '../store/reminders.js';
import { insertDeliveryReport, insertQuarantinedReport } from '../store/reports.js';
import { lockAccount } from '../store/snapshots.js';
import { excusedInPause } from './excuse-failure.js';
import { hearReport } from './hear-report.js';
import type { Match } from './match-report.js';
import { matchReport } from './match-report.js';
import { settleMail } from './settle-mail.js';

/** What came is kept so long, for operators; what was read in it stays. */
const REPORT_RAW_KEPT = 30 * DAY;

export interface ReportDeps {
  database: Database;
  /** An answer that names us is not about the recipient. */
  us: OurSide;
}

export interface ReadReport {
  reading: Reading;
  /** Of the return paths that it came to or names (`codesOf`). */
  codes: readonly string[];
  /** The mail or event as it came: the same octets twice are one story. */
  raw: Buffer;
  source: BounceSource;
  receivedAt: Instant;
}

interface ReportResult {
  outcome: 'RECORDED' | 'ALREADY_KNOWN' | 'CHANGED_NOTHING' | 'QUARANTINED';
  reading: Reading['what'];
}

/** With more for those who count. */
export interface WeighedReport extends ReportResult {
  /** Whether it belongs to a mail of ours; each way in which it may not is counted by its name. */
  match: Match['found'];
  /** Of the failure it tells; null when it tells none, or of no mail of ours. */
  bounceClass: BounceClass | null;
}

type Recorded = Pick<WeighedReport, 'outcome' | 'bounceClass'>;

/** Throws only when the database is away: then it is to come again. */
export async function recordReading(deps: ReportDeps, report: ReadReport): Promise<WeighedReport> {
  const { reading, codes, receivedAt } = report;
  const match = await matchReport(deps.database.lookups, {
    codes,
    messageId: reading.messageId,
    receivedAt,
  });
  const told = { reading: reading.what, match: match.found, bounceClass: null };
  if (match.found === 'MAIL') {
    return deps.database.inTenant(match.mail.fireHqId, async (tx) => ({
      ...told,
      ...(await recordMatched(tx, report, match, deps.us)),
    }));
  }
  const why = whyQuarantined(match, reading);
  if (why === null) return { ...told, outcome: 'CHANGED_NOTHING' };
  const fresh = await deps.database.withoutTenant((tx) =>
    insertQuarantinedReport(tx, {
      id: randomUUID(),
      receivedAt,
      source: report.source,
      what: reading.what,
      why,
      codes,
      rawHash: hashOf(report.raw),
      raw: report.raw,
      deleteAfter: receivedAt + REPORT_RAW_KEPT,
    }),
  );
  return { ...told, outcome: fresh ? 'QUARANTINED' : 'ALREADY_KNOWN' };
}

/** What says nothing of a mail of ours and comes to no return path is not kept: it would be anybody's advertising. */
const KEPT_UNMATCHED: readonly Reading['what'][] = ['REPORT', 'COMPLAINT', 'UNREADABLE'];

function whyQuarantined(
  { found }: Match,
  reading: Pick<Reading, 'what'>,
): 'NO_MATCH' | 'CONTRADICTION' | null {
  if (found === 'CONTRADICTION') return found;
  return found === 'NOTHING' && KEPT_UNMATCHED.includes(reading.what) ? 'NO_MATCH' : null;
}

function hashOf(raw: Buffer): Buffer {
  return createHash('sha256').update(raw).digest();
}

async function recordMatched(
  tx: Tx,
  report: ReadReport,
  match: Extract<Match, { found: 'MAIL' }>,
  us: OurSide,
): Promise<Recorded> {
  const { reading, source, receivedAt } = report;
  const { accountId, reminderId } = match.mail;
  const row = (await lockAccount(tx, accountId)) ? await lockReminder(tx, reminderId) : null;
  if (!row) return { outcome: 'CHANGED_NOTHING', bounceClass: null };
  const hearing = { source, receivedAt, recipientKey: row.addressKey, us };
  const heard = reading.what === 'REPORT' ? hearReport(reading, hearing) : null;
  const bounceClass = heard?.bounceClass ?? null;
  const fresh = await insertDeliveryReport(tx, {
    id: randomUUID(),
    reminderId,
    receivedAt,
    source,
    matchedBy: match.by,
    what: reading.what,
    action: heard?.finding.action ?? null,
    status: heard?.finding.status ?? null,
    diagnostic: heard?.diagnostic ?? null,
    bounceClass,
    rule: heard?.rule ?? null,
    rawHash: hashOf(report.raw),
    raw: report.raw,
    rawDeleteAfter: receivedAt + REPORT_RAW_KEPT,
  });
  if (!fresh) return { outcome: 'ALREADY_KNOWN', bounceClass };
  if (reading.what === 'COMPLAINT') return recordComplaint(tx, report, match.mail);
  if (heard === null) return { outcome: 'CHANGED_NOTHING', bounceClass };
  return { outcome: await recordEvidence(tx, report, match.mail, row, heard.evidence), bounceClass };
}

interface OurMail {
  accountId: string;
  reminderId: string;
}

async function recordEvidence(
  tx: Tx,
  { source, receivedAt }: ReadReport,
  { accountId, reminderId }: OurMail,
  row: LockedReminder,
  heard: Evidence,
): Promise<ReportResult['outcome']> {
  const evidence = await excusedInPause(tx, row, heard);
  const known = weigh(row, evidence);
  if (saysNothingNew(row, known)) return repeats(row, evidence);
  const after = await settleMail(tx, accountId, reminderId, row, evidence, receivedAt);
  await appendAudit(tx, {
    at: receivedAt,
    actor: 'system',
    action: 'mail.report-recorded',
    accountId,
    before: { outcome: row.outcome },
    after: {
      reminderId,
      outcome: known.outcome,
      bounceClass: known.failure?.bounceClass ?? null,
      source,
      addressState: after?.address.id === row.addressId ? after.address.state : null,
    },
  });
  await enqueueLook(tx, [accountId], receivedAt);
  return 'RECORDED';
}

/**
 * Somebody called our mail a nuisance: an event of its own. It proves neither that the mail failed nor that the person
 * read it, so outcome and address stay as they are, and the workflow has nothing to look at.
 */
async function recordComplaint(
  tx: Tx,
  { source, receivedAt }: ReadReport,
  { accountId, reminderId }: OurMail,
): Promise<Recorded> {
  if (!(await noteComplaint(tx, reminderId, receivedAt)))
    return { outcome: 'ALREADY_KNOWN', bounceClass: null };
  await appendAudit(tx, {
    at: receivedAt,
    actor: 'system',
    action: 'mail.complaint-recorded',
    accountId,
    after: { reminderId, source },
  });
  return { outcome: 'RECORDED', bounceClass: null };
}

function saysNothingNew(row: Known, known: Known): boolean {
  return (
    row.outcome === known.outcome && row.failure === known.failure && row.acceptedAt === known.acceptedAt
  );
}

/** Once more what is known already, or something that gives way to what is known (R23). */
function repeats({ outcome, failure }: Known, evidence: Evidence): 'ALREADY_KNOWN' | 'CHANGED_NOTHING' {
  const known =
    evidence.what === 'FAILURE'
      ? failure?.bounceClass === evidence.failure.bounceClass
      : outcome === 'DELAYED';
  return known && outcome !== 'CONFIRMED' ? 'ALREADY_KNOWN' : 'CHANGED_NOTHING';
}
