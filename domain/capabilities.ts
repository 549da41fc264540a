/** What works for a person now, and how else to reach them (R17). Emergency and practice calls always work. */
import type { AddressState } from './address-state.js';
import type { Instant } from './calendar.js';
import { DAY } from './calendar.js';
import type { LapseCause } from './lapse.js';
import type { Status } from './status.js';

export type Level = 'ok' | 'warn' | 'blocked';

export type CapabilityReason =
  | 'ALWAYS_AVAILABLE'
  | 'NOT_DECIDED_HERE'
  | 'MAIL_REACHES'
  | 'MAIL_UNPROVEN'
  | 'LAPSED_UNDELIVERABLE'
  | 'WITHDRAWN'
  | 'ADDRESS_SUSPECT'
  | 'ADDRESS_UNDELIVERABLE'
  | 'ADDRESS_CHANGED_UNVERIFIED';

/** Another way to reach the person; `value` is personal data. */
export interface Alternative {
  kind: 'CHAT' | 'EMERGENCY_CONTACT' | 'POSTAL_ADDRESS' | 'FAX' | 'MOBILE';
  label: string;
  value: string | null;
}

export interface Capability {
  level: Level;
  reasonCode: CapabilityReason;
}

export interface Capabilities {
  emergencyReport: Capability;
  practiceReport: Capability;
  callback: Capability;
  mailManagement: Capability;
  lastProvenAt: Instant | null;
  /** The last proof that mail reaches the person is over a year old, or there is none. */
  provenLongAgo: boolean;
}

export interface CapabilityFacts {
  status: Status;
  /** Only while LAPSED. */
  lapseCause: LapseCause | null;
  presentAddress: AddressState;
  /** The present address replaced another one and has not been proven since. */
  unverifiedAfterChange: boolean;
  lastProvenAt: Instant | null;
  now: Instant;
}

/** R17. Never blocks an emergency or practice call; blocks the fire side only for 失効中 because of 不達. */
export function capabilitiesAt(facts: CapabilityFacts): Capabilities {
  const resident: Capability =
    facts.status === 'WITHDRAWN'
      ? { level: 'ok', reasonCode: 'NOT_DECIDED_HERE' }
      : { level: 'ok', reasonCode: 'ALWAYS_AVAILABLE' };
  const fireSide = fireSideCapability(facts);
  return {
    emergencyReport: resident,
    practiceReport: resident,
    callback: fireSide,
    mailManagement: fireSide,
    lastProvenAt: facts.lastProvenAt,
    provenLongAgo: facts.lastProvenAt === null || facts.now - facts.lastProvenAt > 365 * DAY,
  };
}

function fireSideCapability(facts: CapabilityFacts): Capability {
  if (facts.status === 'WITHDRAWN') return { level: 'warn', reasonCode: 'WITHDRAWN' };
  if (facts.status === 'LAPSED' && facts.lapseCause === 'UNDELIVERABLE') {
    return { level: 'blocked', reasonCode: 'LAPSED_UNDELIVERABLE' };
  }
  if (facts.presentAddress === 'UNDELIVERABLE') return { level: 'warn', reasonCode: 'ADDRESS_UNDELIVERABLE' };
  if (facts.presentAddress === 'SUSPECT') return { level: 'warn', reasonCode: 'ADDRESS_SUSPECT' };
  if (facts.unverifiedAfterChange) return { level: 'warn', reasonCode: 'ADDRESS_CHANGED_UNVERIFIED' };
  // Acceptance is never called delivery (R23): only an answer shows that mail reaches the person.
  return { level: 'ok', reasonCode: facts.lastProvenAt === null ? 'MAIL_UNPROVEN' : 'MAIL_REACHES' };
}
