/** Cycles with the fate of their person and of each planned mail (R38), a page of them at a time. */
import type { Instant } from '../domain/calendar.js';
import type { MailFate, PersonFate, PlannedMail } from '../domain/completeness.js';
import { personFate, plannedMails } from '../domain/completeness.js';
import type { Policy } from '../domain/policy.js';
import type { CycleWithSlots } from '../store/completeness.js';
import type { Tx } from '../store/database.js';
import { readSomePolicyVersions } from '../store/policies.js';
import { readSnapshots } from '../store/snapshots.js';
import { holesOf } from './ledger-holes.js';
import { planAccount, readStoredPolicy, slotKey } from './life-plan.js';

export interface SettledMail extends Omit<PlannedMail, 'fate'> {
  /** null: a hole. */
  fate: MailFate | null;
}

export interface CycleFate {
  cycle: CycleWithSlots;
  /** null: a hole. */
  person: PersonFate | null;
  mails: SettledMail[];
}

/** Policies of a headquarters by version, read once for all pages. */
export type Policies = Map<number, Policy>;

export async function settle(
  tx: Tx,
  policies: Policies,
  cycles: readonly CycleWithSlots[],
  now: Instant,
): Promise<CycleFate[]> {
  await learn(tx, policies, cycles);
  const planned = cycles.map((cycle) => {
    const policy = policies.get(cycle.policyVersion);
    if (policy === undefined) throw new Error('a cycle without its policy');
    return { cycle, mails: plannedMails(cycle, policy, cycle.rows, now) };
  });
  const undecided = planned.filter(({ mails }) => mails.some(({ fate }) => fate === 'UNDECIDED'));
  const holes = await openHoles(
    tx,
    undecided.map(({ cycle }) => cycle.accountId),
    now,
  );
  return planned.map(({ cycle, mails }) => ({
    cycle,
    person: personFate(cycle, now),
    mails: mails.map((mail): SettledMail => {
      if (mail.fate !== 'UNDECIDED') return { ...mail, fate: mail.fate };
      const isHole = holes.has(`${cycle.accountId}:${slotKey(cycle.number, mail.slot)}`);
      return { ...mail, fate: isHole ? null : 'WAITING' };
    }),
  }));
}

async function learn(tx: Tx, policies: Policies, cycles: readonly CycleWithSlots[]): Promise<void> {
  const unknown = [...new Set(cycles.map(({ policyVersion }) => policyVersion))].filter(
    (version) => !policies.has(version),
  );
  if (unknown.length === 0) return;
  for (const { version, document } of await readSomePolicyVersions(tx, unknown))
    policies.set(version, readStoredPolicy(document));
}

/** Of open cycles: what their own plan says is over without a row. */
async function openHoles(tx: Tx, accountIds: readonly string[], now: Instant): Promise<Set<string>> {
  if (accountIds.length === 0) return new Set();
  const snapshots = await readSnapshots(tx, accountIds);
  return new Set(
    snapshots.flatMap((snapshot) =>
      holesOf(planAccount(snapshot, now)).map((key) => `${snapshot.account.id}:${key}`),
    ),
  );
}
