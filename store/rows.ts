/** Rows as they come out of the store: camelCase, instants as epoch ms. */
import type { AddressState } from '../domain/address-state.js';
import type { Instant } from '../domain/calendar.js';
import type { Outcome, Purpose } from '../domain/delivery.js';
import type { LapseCause, PriorCause } from '../domain/lapse.js';
import type { PolicyDocument } from '../domain/policy.js';
import type { ReminderKind } from '../domain/schedule.js';

export interface FireHqRow {
  id: string;
  code: string;
  displayName: string;
  shortName: string;
  replyTo: string;
  fax: string;
  counter: string;
}

export interface EmergencyContact {
  name: string;
  relation: string;
  phone?: string | undefined;
  mail?: string | undefined;
  fax?: string | undefined;
}

/** What staff may edit about a person. */
export interface ResidentData {
  name: string;
  kana: string;
  mobileNumber: string | null;
  fax: string | null;
  postalAddress: string | null;
  municipality: string | null;
  emergencyContacts: EmergencyContact[];
}

export interface AccountRow extends ResidentData {
  id: string;
  registrationNumber: string;
  registeredAt: Instant;
  createdAt: Instant;
  withdrawnAt: Instant | null;
  withdrawalReason: string | null;
  holdUntil: Instant | null;
  holdReason: string | null;
  mailUnconfirmedSince: Instant | null;
  lastActivityAt: Instant | null;
  version: number;
}

export interface CycleRow {
  number: number;
  policyVersion: number;
  expiresOn: string | null;
  expiresAt: Instant;
  windowOpensAt: Instant;
  autoStopsAt: Instant;
  slotsAfter: Instant | null;
  openedAt: Instant;
  lapseRecordedAt: Instant | null;
  lapseCause: LapseCause | null;
  autoStopRecordedAt: Instant | null;
  renewedAt: Instant | null;
  /** R10: told by an older system. */
  priorCause: PriorCause | null;
}

export interface AddressRow {
  id: string;
  address: string;
  /** As it is compared. */
  addressKey: string;
  domain: string;
  state: AddressState;
  failures: number;
  lastProvenAt: Instant | null;
  lastFailedAt: Instant | null;
  lastFailedReminderId: string | null;
  repliedAt: Instant | null;
  replacedAnother: boolean;
  /** R19: from when on it was the PRESENT one. */
  presentSince: Instant;
}

/** R19: a new address whose check mail has not been answered. */
export interface PendingAddressRow {
  id: string;
  address: string;
  /** As it is compared. */
  addressKey: string;
  since: Instant;
  /** Exclusive; what is older stays in the table and counts for nothing. */
  until: Instant;
  /** The newest check mail to it. */
  checkMail: { reminderId: string; outcome: Outcome } | null;
}

/** A ledger row as rules need it. */
export interface LedgerRow {
  id: string;
  cycle: number;
  addressId: string;
  purpose: Purpose;
  kind: ReminderKind | null;
  slot: string | null;
  dedupeKey: string;
  createdAt: Instant;
  requestedBy: string;
  dueAt: Instant;
  nextAttemptAt: Instant | null;
  giveUpAt: Instant | null;
  claimToken: string | null;
  leaseUntil: Instant | null;
  attempts: number;
  outcome: Outcome;
  reason: string | null;
  acceptedAt: Instant | null;
  /** BOUNCED or FAILED for good: when we heard of it. */
  bouncedAt: Instant | null;
  conclusive: boolean;
  /** R24: it failed as one of many at once. */
  excusedAt: Instant | null;
  provenAt: Instant | null;
}

/** MASS_FAILURE: a pause, set by the system; manual mail and receipts rest too (R24). */
export type MailStopCause = 'STAFF' | 'MASS_FAILURE';

export interface MailStopRow {
  id: string;
  cause: MailStopCause;
  fireHqId: string | null;
  mailDomain: string | null;
  reason: string;
  until: Instant | null;
  createdBy: string;
  createdAt: Instant;
  endedAt: Instant | null;
}

export interface SnapshotStop extends MailStopRow {
  /** A pause that lets this account's next mail go, to see whether it is accepted. */
  onTrial: boolean;
}

export interface PolicyVersionRow {
  version: number;
  basis: 'date' | 'time';
  document: PolicyDocument;
  reason: string;
  createdBy: string;
  createdAt: Instant;
}

/** Everything that decides what is to be done for one account: its open cycle, address, ledger and stops. */
export interface AccountSnapshot {
  fireHq: FireHqRow;
  account: AccountRow;
  cycle: CycleRow;
  /** The policy version the open cycle runs under (R13). */
  policy: PolicyDocument;
  address: AddressRow;
  /** The newest one that is to replace it, also when its time is over; null when there is none. */
  pending: PendingAddressRow | null;
  /** Mails of the open cycle, and whatever still waits from an earlier one; oldest first. */
  mails: LedgerRow[];
  /** Stops of this HQ or of all that touch this address: those in force, and those that ended in this cycle's window. */
  stops: SnapshotStop[];
  /** R28: the resident asked to stop and staff have not acted yet. */
  stopRequested: boolean;
}
