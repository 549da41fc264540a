/** What the plan must know of mails about an address itself: check mails, probes among them, and notices (R19, R37). */
import type { Instant } from '../domain/calendar.js';
import { checkMailAt, isPendingAt } from '../domain/check-mail.js';
import type { Policy } from '../domain/policy.js';
import { plannedProbe } from '../domain/probe.js';
import type { AccountSnapshot, LedgerRow } from '../store/rows.js';

const PROBE = 'probe:';

/** R37: the one check mail that nobody set off, so that it is held to everything that automatic mail is held to. */
export function isProbe({ dedupeKey }: Pick<LedgerRow, 'dedupeKey'>): boolean {
  return dedupeKey.startsWith(PROBE);
}

/** The next probe of the open cycle, by its name in the ledger; null when none is to come. */
export function nextProbe(
  { account, address, cycle, mails }: AccountSnapshot,
  policy: Policy,
): { key: string; at: Instant } | null {
  if (address.lastFailedAt === null) return null;
  const earlier = mails.filter((mail) => mail.cycle === cycle.number && isProbe(mail));
  const probe = plannedProbe({
    policy,
    dates: cycle,
    notUntil: cycle.slotsAfter,
    lastFailedAt: address.lastFailedAt,
    earlier: earlier.map((mail) => mail.dueAt),
    spreadKey: account.id,
  });
  return probe && { key: `${PROBE}${cycle.number}:${probe.name}`, at: probe.at };
}

/** R19: whether the row's address is still to get it: a check mail may be for the PENDING one, a notice is for a FORMER. */
export function isAddressee(
  { address, pending }: AccountSnapshot,
  { purpose, addressId }: LedgerRow,
  now: Instant,
): boolean {
  if (purpose === 'ADDRESS_NOTICE' || addressId === address.id) return true;
  return purpose === 'CHECK' && addressId === pending?.id && isPendingAt(pending, now);
}

/** R37: what a check mail was to find out is known by now, or is not asked any more. */
export function isCheckNeedless({ address }: AccountSnapshot, row: LedgerRow, probing: boolean): boolean {
  if (row.purpose !== 'CHECK' || row.addressId !== address.id) return false;
  const provenSince = address.lastProvenAt !== null && address.lastProvenAt >= row.createdAt;
  return (provenSince && address.state === 'OK') || (isProbe(row) && !probing);
}

/** R9, R19: when a row that is `ready` may go: mail about an address wakes nobody who has not just asked for it. */
export function withinMailHours(policy: Policy, row: LedgerRow, ready: Instant, now: Instant): Instant {
  if (row.purpose !== 'CHECK' && row.purpose !== 'ADDRESS_NOTICE') return ready;
  const at = Math.max(ready, now);
  const allowed = checkMailAt(policy, at, row.requestedBy === 'resident');
  return allowed > at ? allowed : ready;
}
