/** How a mail's failure is kept beside its row of the ledger. */
import type { BounceClass, BounceSource } from '../domain/bounce.js';
import type { Instant } from '../domain/calendar.js';
import type { Failure } from '../domain/delivery.js';

/** Of `reminder r`. */
export const FAILURE_COLUMNS = `r.bounced_at AS "bouncedAt", r.bounce_class AS "bounceClass", r.bounce_status AS "bounceStatus",
  r.bounce_diagnostic AS "bounceDiagnostic", r.bounce_source AS "bounceSource", r.conclusive,
  r.excused_at AS "excusedAt"`;

export interface FailureColumns {
  bouncedAt: Instant | null;
  bounceClass: BounceClass | null;
  bounceStatus: string | null;
  bounceDiagnostic: string | null;
  bounceSource: BounceSource | null;
  conclusive: boolean;
  excusedAt: Instant | null;
}

/** Rows of the first release know only whether a refusal was about the recipient; all came in the SMTP reply. */
export function failureOf(row: FailureColumns): Failure | null {
  if (row.bouncedAt === null) return null;
  return {
    at: row.bouncedAt,
    bounceClass: row.bounceClass ?? (row.conclusive ? 'UNKNOWN_OR_REFUSED' : 'MAILBOX_FULL'),
    status: row.bounceStatus,
    diagnostic: row.bounceDiagnostic,
    source: row.bounceSource ?? 'SMTP',
    excusedAt: row.excusedAt,
  };
}
