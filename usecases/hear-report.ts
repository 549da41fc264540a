/** What a report says about the one mail it is about: which of its findings counts, and of what class it is (R23, R24). */
import type { BounceClass, BounceSource } from '../domain/bounce.js';
import type { Instant } from '../domain/calendar.js';
import type { Evidence, Known } from '../domain/delivery.js';
import { weigh } from '../domain/delivery.js';
import { plainLine } from '../domain/plain-text.js';
import type { OurSide } from '../mail/receive/own-names.js';
import { classifyFor } from '../mail/receive/own-names.js';
import type { Finding, Reading } from '../mail/receive/report.js';

export interface Heard {
  finding: Finding;
  evidence: Evidence;
  diagnostic: string | null;
  bounceClass: BounceClass | null;
  /** Name of the rule that gave the class. */
  rule: string | null;
}

/** How and when it was heard, of a mail to whom, and who we are. */
export interface Hearing {
  source: BounceSource;
  receivedAt: Instant;
  /** As `addressKey` writes it. */
  recipientKey: string;
  us: OurSide;
}

const NOTHING_KNOWN: Known = { outcome: 'QUEUED', acceptedAt: null, failure: null };

/**
 * Our mail had one recipient (R20). Several findings are those of an address behind it, or the same told twice: what
 * names our address counts before what does not, and the strongest decides.
 */
export function hearReport(
  { findings, originalTo }: Extract<Reading, { what: 'REPORT' }>,
  hearing: Hearing,
): Heard | null {
  const ours = findings.filter(({ recipient }) => recipient?.toLowerCase() === hearing.recipientKey);
  const heard = (ours.length > 0 ? ours : findings).map((finding) => {
    const told = hear(finding, hearing);
    return isBehind(finding, originalTo, hearing.recipientKey) ? withoutProof(told) : told;
  });
  const together = heard.map(({ evidence }) => evidence).reduce(weigh, NOTHING_KNOWN);
  const strongest = heard.find(
    ({ evidence }) => evidence.what === 'FAILURE' && evidence.failure === together.failure,
  );
  return strongest ?? heard[0] ?? null;
}

/**
 * The mail that came back is to our address, and another one failed: one to which our person's server had passed it on.
 * Whether the person has it as well, the report does not say. The same name elsewhere is the same person's mailbox.
 */
function isBehind({ recipient }: Finding, originalTo: string | null, recipientKey: string): boolean {
  return originalTo === recipientKey && recipient !== null && localOf(recipient) !== localOf(recipientKey);
}

function localOf(address: string): string {
  return address.slice(0, address.lastIndexOf('@')).toLowerCase();
}

/** What is said of an address behind ours is no proof about ours; what is our own fault stays so. */
function withoutProof(heard: Heard): Heard {
  if (heard.evidence.what !== 'FAILURE' || heard.bounceClass === 'SENDER_BLOCKED') return heard;
  const failure = { ...heard.evidence.failure, bounceClass: 'OTHER' as const };
  return {
    ...heard,
    evidence: { what: 'FAILURE', failure },
    bounceClass: 'OTHER',
    rule: 'behind-our-address',
  };
}

function hear(finding: Finding, { source, receivedAt, recipientKey, us }: Hearing): Heard {
  const { action, status } = finding;
  const diagnostic = finding.diagnostic === null ? null : plainLine(finding.diagnostic);
  const common = { finding, diagnostic };
  if (action === 'DELAYED') {
    const evidence = { what: 'REPORTED_DELAY', at: receivedAt } as const;
    return { ...common, evidence, bounceClass: null, rule: null };
  }
  const { bounceClass, rule } = finding.keptBack
    ? ({ bounceClass: 'SENDER_BLOCKED', rule: 'kept-back-by-our-service' } as const)
    : classifyFor(
        recipientKey,
        // The text has the code, where there is one.
        { status, code: null, diagnostic: finding.diagnostic, action, stage: null },
        us,
      );
  const failure = { at: receivedAt, bounceClass, status, diagnostic, source };
  return { ...common, evidence: { what: 'FAILURE', failure }, bounceClass, rule };
}
