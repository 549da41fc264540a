/**
 * A mail that came back: read, matched to the mail of ours that it is about, and weighed like a reply that comes late
 * (R23, R24, R37). All ways in end here. It never sends anything; what follows (retry, stop) becomes steps of the plan.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { BounceClass, BounceSource } from '../domain/bounce.js';
import type { Instant } from '../domain/calendar.js';
import { DAY } from '../domain/calendar.js';
import type { Evidence, Known } from '../domain/delivery.js';
import { weigh } from '../domain/delivery.js';
import { plainLine } from '../domain/plain-text.js';
import { classify } from '../mail/receive/classify.js';
import { readReport } from '../mail/receive/read-report.js';
import type { Finding, Reading } from '../mail/receive/report.js';
import { appendAudit } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import type { LockedReminder } from '../store/reminders.js';
import { lockReminder } from '../store/reminders.js';
import { insertDeliveryReport, insertQuarantinedReport } from '../store/reports.js';
import { lockAccount } from '../store/snapshots.js';
import type { Deps } from './context.js';
import { excusedInPause } from './excuse-failure.js';
import type { Match } from './match-report.js';
import { codesOf, matchReport } from './match-report.js';
import { settleMail } from './settle-mail.js';

/** The mail itself is kept so long, for operators; what was read in it stays. */
const REPORT_RAW_KEPT = 30 * DAY;

export interface ReturnedMail {
  raw: Buffer;
  /** Of the envelope, `b+<code>@<bounce domain>`; empty when the way in does not tell them. */
  recipients: readonly string[];
  source: BounceSource;
  receivedAt: Instant;
}

export interface ReportResult {
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

/** Throws only when the database is away: then the sender is to come again. */
export async function recordReport(deps: Deps, mail: ReturnedMail): Promise<WeighedReport> {
  const reading = await readReport(mail.raw);
  const match = await matchReport(deps.database.lookups, mail, reading.messageId);
  const told = { reading: reading.what, match: match.found, bounceClass: null };
  if (match.found === 'MAIL') {
    return deps.database.inTenant(match.mail.fireHqId, async (tx) => ({
      ...told,
      ...(await recordMatched(tx, mail, reading, match)),
    }));
  }
  const why = whyQuarantined(match, reading);
  if (why === null) return { ...told, outcome: 'CHANGED_NOTHING' };
  const fresh = await deps.database.withoutTenant((tx) =>
    insertQuarantinedReport(tx, {
      id: randomUUID(),
      receivedAt: mail.receivedAt,
      source: mail.source,
      what: reading.what,
      why,
      codes: codesOf(mail),
      rawHash: hashOf(mail.raw),
      raw: mail.raw,
      deleteAfter: mail.receivedAt + REPORT_RAW_KEPT,
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
  mail: ReturnedMail,
  reading: Reading,
  match: Extract<Match, { found: 'MAIL' }>,
): Promise<Pick<WeighedReport, 'outcome' | 'bounceClass'>> {
  const { accountId, reminderId } = match.mail;
  const row = (await lockAccount(tx, accountId)) ? await lockReminder(tx, reminderId) : null;
  if (!row) return { outcome: 'CHANGED_NOTHING', bounceClass: null };
  const heard = reading.what === 'REPORT' ? decisive(reading.findings, row, mail) : null;
  const bounceClass = heard?.bounceClass ?? null;
  const fresh = await insertDeliveryReport(tx, {
    id: randomUUID(),
    reminderId,
    receivedAt: mail.receivedAt,
    source: mail.source,
    matchedBy: match.by,
    what: reading.what,
    action: heard?.finding.action ?? null,
    status: heard?.finding.status ?? null,
    diagnostic: heard?.diagnostic ?? null,
    bounceClass,
    rule: heard?.rule ?? null,
    rawHash: hashOf(mail.raw),
    raw: mail.raw,
    rawDeleteAfter: mail.receivedAt + REPORT_RAW_KEPT,
  });
  if (!fresh) return { outcome: 'ALREADY_KNOWN', bounceClass };
  if (heard === null) return { outcome: 'CHANGED_NOTHING', bounceClass };
  const evidence = await excusedInPause(tx, row, heard.evidence);
  const known = weigh(row, evidence);
  if (saysNothingNew(row, known)) return { outcome: repeats(row, heard.evidence), bounceClass };
  const after = await settleMail(tx, accountId, reminderId, row, evidence, mail.receivedAt);
  await appendAudit(tx, {
    at: mail.receivedAt,
    actor: 'system',
    action: 'mail.report-recorded',
    accountId,
    before: { outcome: row.outcome },
    after: {
      reminderId,
      outcome: known.outcome,
      bounceClass: known.failure?.bounceClass ?? null,
      source: mail.source,
      addressState: after?.address.id === row.addressId ? after.address.state : null,
    },
  });
  await enqueueLook(tx, [accountId], mail.receivedAt);
  return { outcome: 'RECORDED', bounceClass };
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

interface Heard {
  finding: Finding;
  evidence: Evidence;
  diagnostic: string | null;
  bounceClass: BounceClass | null;
  rule: string | null;
}

const NOTHING_KNOWN: Known = { outcome: 'QUEUED', acceptedAt: null, failure: null };

/**
 * Our mail had one recipient (R20). Several findings are those of an address behind it, or the same told twice: what
 * names our address counts before what does not, and the strongest decides.
 */
function decisive(findings: readonly Finding[], row: LockedReminder, mail: ReturnedMail): Heard | null {
  const ours = findings.filter(({ recipient }) => recipient?.toLowerCase() === row.addressKey);
  const heard = (ours.length > 0 ? ours : findings).map((finding) => hear(finding, row, mail));
  const together = heard.map(({ evidence }) => evidence).reduce(weigh, NOTHING_KNOWN);
  const strongest = heard.find(
    ({ evidence }) => evidence.what === 'FAILURE' && evidence.failure === together.failure,
  );
  return strongest ?? heard[0] ?? null;
}

function hear(finding: Finding, { mailDomain }: LockedReminder, mail: ReturnedMail): Heard {
  const { action, status } = finding;
  const diagnostic = finding.diagnostic === null ? null : plainLine(finding.diagnostic);
  const common = { finding, diagnostic };
  if (action === 'DELAYED') {
    const evidence = { what: 'REPORTED_DELAY', at: mail.receivedAt } as const;
    return { ...common, evidence, bounceClass: null, rule: null };
  }
  const { bounceClass, rule } = classify({
    status,
    // The text has it, where there is one.
    code: null,
    diagnostic: finding.diagnostic,
    mailDomain,
    action,
    stage: null,
  });
  const failure = { at: mail.receivedAt, bounceClass, status, diagnostic, source: mail.source };
  return { ...common, evidence: { what: 'FAILURE', failure }, bounceClass, rule };
}
