/**
 * もれの確認 (R38): where each person and each planned mail of a cycle has ended. What should be there comes from the
 * cycle and its policy, never from the ledger, so that a row that is missing is seen. Pure.
 */
import type { Instant } from './calendar.js';
import { HOUR } from './calendar.js';
import type { CycleDates } from './cycle.js';
import type { Outcome } from './delivery.js';
import type { LapseCause } from './lapse.js';
import type { Policy } from './policy.js';
import { slotsOf } from './schedule.js';

export const PERSON_FATES = [
  'RENEWED_IN_TIME',
  'RENEWED_LATER',
  'LAPSED_UNDELIVERABLE',
  'LAPSED_NO_RESPONSE',
  'LAPSED_NOT_SENT',
  'LAPSED_UNKNOWN',
  /** E is just over: the lapse is being recorded. */
  'LAPSING',
  'WITHDRAWN',
  'NOT_YET_EXPIRED',
] as const;
export type PersonFate = (typeof PERSON_FATES)[number];

export const MAIL_FATES = [
  'CONFIRMED',
  'ACCEPTED',
  /** After a server had accepted it. */
  'DELAYED',
  'BOUNCED',
  'FAILED',
  /** SKIPPED or SUPERSEDED, with a reason. */
  'NOT_SENT',
  /** Due, and waiting for its turn, the morning, the end of a hold or a pause, or the next try. */
  'WAITING',
  /** Its time has not come. */
  'PLANNED',
] as const;
export type MailFate = (typeof MAIL_FATES)[number];

export interface CycleFacts extends CycleDates {
  slotsAfter: Instant | null;
  lapseRecordedAt: Instant | null;
  lapseCause: LapseCause | null;
  renewedAt: Instant | null;
  /** Of the account. */
  withdrawnAt: Instant | null;
}

/** The ledger's row of one slot. */
export interface SlotRow {
  slot: string;
  dueAt: Instant;
  outcome: Outcome;
  reason: string | null;
  acceptedAt: Instant | null;
}

export interface PlannedMail {
  slot: string;
  at: Instant;
  /** False: the ledger has it, the plan of today has not (the date was corrected, the policy changed). */
  inPlan: boolean;
  /** null: a hole. UNDECIDED: due and without a row; whether it still waits is told by the plan of the account. */
  fate: MailFate | 'UNDECIDED' | null;
  reason: string | null;
}

/** R5: a lapse is recorded within seconds; without a record after so long, nobody recorded it. */
export const LAPSE_RECORDED_WITHIN = HOUR;

/** As things stand now; null: nothing says what became of this person, a hole. */
export function personFate(cycle: CycleFacts, now: Instant): PersonFate | null {
  if (cycle.renewedAt !== null)
    return cycle.renewedAt < cycle.expiresAt ? 'RENEWED_IN_TIME' : 'RENEWED_LATER';
  if (cycle.withdrawnAt !== null) return 'WITHDRAWN';
  if (now < cycle.expiresAt) return 'NOT_YET_EXPIRED';
  if (cycle.lapseRecordedAt !== null && cycle.lapseCause !== null) return `LAPSED_${cycle.lapseCause}`;
  return now < cycle.expiresAt + LAPSE_RECORDED_WITHIN ? 'LAPSING' : null;
}

/**
 * Every mail that this cycle's plan has or the ledger knows, oldest first. No mail was planned for a slot at or before
 * `slotsAfter` (R10, R13, R15), nor for one after the renewal or the withdrawal.
 */
export function plannedMails(
  cycle: CycleFacts,
  policy: Policy,
  rows: readonly SlotRow[],
  now: Instant,
): PlannedMail[] {
  const bySlot = new Map(rows.map((row) => [row.slot, row]));
  const endsAt = Math.min(cycle.renewedAt ?? Infinity, cycle.withdrawnAt ?? Infinity);
  const mails: PlannedMail[] = [];
  for (const { name, at } of slotsOf(policy, cycle)) {
    const row = bySlot.get(name);
    bySlot.delete(name);
    const inPlan = at > (cycle.slotsAfter ?? -Infinity) && at <= endsAt;
    if (row !== undefined) mails.push({ slot: name, at, inPlan, ...fateOf(row) });
    else if (inPlan) mails.push({ slot: name, at, inPlan, fate: withoutRow(at, endsAt, now), reason: null });
  }
  for (const row of bySlot.values())
    mails.push({ slot: row.slot, at: row.dueAt, inPlan: false, ...fateOf(row) });
  return mails.sort((a, b) => a.at - b.at);
}

function withoutRow(at: Instant, endsAt: Instant, now: Instant): PlannedMail['fate'] {
  if (at > now) return 'PLANNED';
  // What renewal and withdrawal find unsent they enter as not sent, in their own transaction.
  return endsAt === Infinity ? 'UNDECIDED' : null;
}

function fateOf({ outcome, reason, acceptedAt }: SlotRow): Pick<PlannedMail, 'reason'> & { fate: MailFate } {
  switch (outcome) {
    case 'SKIPPED':
      return { fate: 'NOT_SENT', reason };
    case 'SUPERSEDED':
      return { fate: 'NOT_SENT', reason: reason ?? outcome };
    case 'DELAYED':
      return { fate: acceptedAt === null ? 'WAITING' : 'DELAYED', reason: null };
    case 'QUEUED':
    case 'SENDING':
      return { fate: 'WAITING', reason: null };
    case 'BOUNCED':
    case 'FAILED':
      return { fate: outcome, reason };
    case 'ACCEPTED':
    case 'CONFIRMED':
      return { fate: outcome, reason: null };
  }
}
