/** What readers get: REST and pages render these. Instants are epoch ms, civil dates days in Japan. */
import type { AddressState } from '../domain/address-state.js';
import type { BounceClass, BounceSource } from '../domain/bounce.js';
import type { BounceWords } from '../domain/bounce-words.js';
import { BOUNCE_WORDS, EXCUSED_WORDS } from '../domain/bounce-words.js';
import type { Instant } from '../domain/calendar.js';
import { COMPLAINT_WORDS } from '../domain/complaint-words.js';
import { isPendingAt } from '../domain/check-mail.js';
import { countsAgainstAddress, isExcused } from '../domain/delivery.js';
import type { Failure, Outcome, Purpose } from '../domain/delivery.js';
import type { LapseCause } from '../domain/lapse.js';
import { isLongUnused } from '../domain/long-unused.js';
import { maskAddress } from '../domain/masking.js';
import type { ReminderKind } from '../domain/schedule.js';
import type { Status } from '../domain/status.js';
import type { AttemptJson, ReminderListRow } from '../store/reminder-history.js';
import type { AccountSnapshot, EmergencyContact } from '../store/rows.js';
import type { AccountPlan } from './life-plan.js';
import { UNDO_WITHDRAWAL_WITHIN, autoMailEnded, planAccount, restsToTheEnd } from './life-plan.js';

export type AutoMail = 'RUNNING' | 'PROBING' | 'HELD' | 'STOPPED';

/** R36 保留; `until` is exclusive. */
export interface Hold {
  until: Instant;
  reason: string;
}

export interface AccountView {
  id: string;
  registrationNumber: string;
  name: string;
  kana: string;
  mailAddress: string;
  mobileNumber: string | null;
  fax: string | null;
  postalAddress: string | null;
  municipality: string | null;
  emergencyContacts: EmergencyContact[];
  registeredAt: Instant;
  createdAt: Instant;
  status: Status;
  lapseCause: LapseCause | null;
  expiresOn: string | null;
  /** Exclusive (R1). */
  expiresAt: Instant;
  cycle: number;
  windowOpensAt: Instant;
  autoStopsAt: Instant;
  nextReminderAt: Instant | null;
  autoMail: AutoMail;
  addressState: AddressState;
  /** R19: null as well when its time is over. */
  pendingAddress: PendingAddressView | null;
  lastProvenAt: Instant | null;
  mailUnconfirmed: boolean;
  longUnused: boolean;
  lastActivityAt: Instant | null;
  hold: Hold | null;
  withdrawal: { at: Instant; reason: string | null; undoableUntil: Instant } | null;
  version: number;
}

export interface PendingAddressView {
  id: string;
  maskedAddress: string;
  since: Instant;
  /** Exclusive. */
  until: Instant;
  /** The newest check mail to it; null: none was written. */
  checkMail: { reminderId: string; outcome: Outcome } | null;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface ReminderView {
  id: string;
  cycle: number;
  slot: string | null;
  purpose: Purpose;
  kind: ReminderKind | null;
  outcome: Outcome;
  reason: string | null;
  createdAt: Instant;
  dueAt: Instant;
  nextAttemptAt: Instant | null;
  maskedAddress: string;
  messageId: string | null;
  attempts: AttemptJson[];
  /** Why it failed for good; null while it has not. */
  bounce: BounceView | null;
  /** Somebody called it a nuisance; null while nobody has. */
  complaint: ComplaintView | null;
}

export interface ComplaintView extends BounceWords {
  complainedAt: Instant;
}

export interface BounceView {
  class: BounceClass;
  /** About this recipient and not likely to pass: it counts against the address (R37). */
  permanent: boolean;
  status: string | null;
  /** The server's words: one line without control characters, and otherwise whatever a stranger wrote. */
  diagnostic: string | null;
  reportedAt: Instant;
  source: BounceSource;
  /** Japanese, for staff who do not know mail. */
  label: string;
  whatHappened: string;
  nextSteps: readonly string[];
}

/** The hold that is in force; null: none, or over by `now`. */
export function holdOf(
  { holdUntil, holdReason }: Pick<AccountSnapshot['account'], 'holdUntil' | 'holdReason'>,
  now: Instant,
): Hold | null {
  return holdUntil !== null && holdUntil > now ? { until: holdUntil, reason: holdReason ?? '' } : null;
}

export function accountView(snapshot: AccountSnapshot, now: Instant): AccountView {
  const plan = planAccount(snapshot, now);
  const { account, cycle, address } = snapshot;
  return {
    id: account.id,
    registrationNumber: account.registrationNumber,
    name: account.name,
    kana: account.kana,
    mailAddress: address.address,
    mobileNumber: account.mobileNumber,
    fax: account.fax,
    postalAddress: account.postalAddress,
    municipality: account.municipality,
    emergencyContacts: account.emergencyContacts,
    registeredAt: account.registeredAt,
    createdAt: account.createdAt,
    status: plan.status,
    lapseCause: plan.lapseCause,
    expiresOn: cycle.expiresOn,
    expiresAt: cycle.expiresAt,
    cycle: cycle.number,
    windowOpensAt: cycle.windowOpensAt,
    autoStopsAt: cycle.autoStopsAt,
    nextReminderAt: outstandingReminders(plan)[0]?.at ?? null,
    autoMail: autoMailOf(plan),
    addressState: address.state,
    pendingAddress: pendingView(snapshot.pending, now),
    lastProvenAt: address.lastProvenAt,
    mailUnconfirmed: account.mailUnconfirmedSince !== null,
    longUnused: isLongUnused(plan.policy, account.lastActivityAt ?? account.registeredAt, now),
    lastActivityAt: account.lastActivityAt,
    hold: holdOf(account, now),
    withdrawal:
      account.withdrawnAt === null
        ? null
        : {
            at: account.withdrawnAt,
            reason: account.withdrawalReason,
            undoableUntil: account.withdrawnAt + UNDO_WITHDRAWAL_WITHIN,
          },
    version: account.version,
  };
}

function pendingView(pending: AccountSnapshot['pending'], now: Instant): PendingAddressView | null {
  if (pending === null || !isPendingAt(pending, now)) return null;
  const { id, address, since, until, checkMail } = pending;
  return { id, maskedAddress: maskAddress(address), since, until, checkMail };
}

/** Reminders that go or are tried again as things stand, next first; `slot` null: a mail outside the slots. */
export function outstandingReminders(plan: AccountPlan): { slot: string | null; at: Instant }[] {
  const { mails, now, paused } = plan;
  // R24: when it ends nobody knows.
  if (paused) return [];
  return mails
    .flatMap((mail) => {
      const { row, step, at, purpose, dismissal } = mail;
      if (purpose !== 'REMINDER' || dismissal !== null || restsToTheEnd(plan, mail)) return [];
      return [{ slot: row?.slot ?? step?.slot ?? null, at: Math.max(at, now) }];
    })
    .sort((a, b) => a.at - b.at);
}

/** Whether automatic mail runs, rests or has ended. */
export function autoMailOf(plan: AccountPlan): AutoMail {
  if (plan.status === 'WITHDRAWN' || autoMailEnded(plan)) return 'STOPPED';
  if (plan.addressClosed && !plan.probing) return 'STOPPED';
  if (plan.heldUntil !== null) return 'HELD';
  return plan.probing ? 'PROBING' : 'RUNNING';
}

export function reminderView(row: ReminderListRow): ReminderView {
  return {
    id: row.id,
    cycle: row.cycle,
    slot: row.slot,
    purpose: row.purpose,
    kind: row.kind,
    outcome: row.outcome,
    reason: row.reason,
    createdAt: row.createdAt,
    dueAt: row.dueAt,
    nextAttemptAt: row.nextAttemptAt,
    maskedAddress: maskAddress(row.address),
    messageId: row.messageId,
    attempts: row.attempts ?? [],
    bounce: row.outcome === 'BOUNCED' || row.outcome === 'FAILED' ? bounceView(row.failure) : null,
    complaint: row.complainedAt === null ? null : { complainedAt: row.complainedAt, ...COMPLAINT_WORDS },
  };
}

function bounceView(failure: Failure | null): BounceView | null {
  if (failure === null) return null;
  const { bounceClass, status, diagnostic, source } = failure;
  return {
    class: bounceClass,
    permanent: countsAgainstAddress(failure),
    status,
    diagnostic,
    reportedAt: failure.at,
    source,
    ...(isExcused(failure) ? EXCUSED_WORDS : BOUNCE_WORDS[bounceClass]),
  };
}
