/** R24: whose last reminder failed as one of many at once gets one mail again, after the pause, or as its trial. */
import type { Instant } from '../domain/calendar.js';
import { addDays, dayInJapan, instantInJapan } from '../domain/calendar.js';
import { isWaiting } from '../domain/delivery.js';
import { firstMailInstant } from '../domain/mail-hours.js';
import { isOutstanding, spreadOffset } from '../domain/schedule.js';
import type { Policy } from '../domain/policy.js';
import type { Plan } from '../domain/schedule.js';
import type { AccountSnapshot, LedgerRow } from '../store/rows.js';
import { lastPauseEnd } from './mail-pause.js';

/** A mail server that fails again and again must not become a mail again and again. */
const RETRIES_AT_MOST = 3;

/** Of the account's plan. */
interface Facts {
  snapshot: AccountSnapshot;
  policy: Policy;
  plan: Plan;
  now: Instant;
  heldUntil: Instant | null;
  addressClosed: boolean;
  onTrial: boolean;
}

/**
 * Key and instant; null when none goes: automatic mail rests or has ended, another mail went since or is to go by then.
 * A mail on trial goes at once, within mail hours, and does not count among the retries.
 */
export function excusedRetry(facts: Facts): { key: string; at: Instant } | null {
  const { snapshot, policy, plan, now, heldUntil, addressClosed, onTrial } = facts;
  const { account, address, cycle } = snapshot;
  if (addressClosed || heldUntil === Infinity) return null;
  const reminders = snapshot.mails.filter(
    (mail) => mail.purpose === 'REMINDER' && mail.cycle === cycle.number && mail.addressId === address.id,
  );
  if (reminders.some(isWaiting)) return null;
  const last = reminders.findLast(({ attempts }) => attempts > 0);
  if (!last || !wasExcused(last) || wentSince(reminders, last)) return null;
  const key = `${onTrial ? 'trial' : 'retry'}:${last.id}`;
  if (reminders.some(({ dedupeKey }) => dedupeKey === key)) return null;
  const retries = reminders.filter((mail) => mail.dedupeKey.startsWith('retry:') && wasExcused(mail));
  if (!onTrial && retries.length >= RETRIES_AT_MOST) return null;

  const spread = spreadOffset(policy, account.id, key);
  const ready = Math.max(last.bouncedAt ?? now, lastPauseEnd(snapshot) ?? -Infinity, heldUntil ?? -Infinity);
  const at = firstMailInstant(policy, onTrial ? now : Math.max(ready + spread, now), spread);
  // R9, R37: a slot that has fallen due, or does so on that day, takes its place.
  const until = policy.basis === 'date' && !onTrial ? instantInJapan(addDays(dayInJapan(at), 1)) - 1 : at;
  const replaced = plan.steps.some(
    (step) => isOutstanding(step) && step.at > last.createdAt && step.at <= until,
  );
  if (replaced) return null;
  return at < cycle.autoStopsAt ? { key, at } : null;
}

function wasExcused({ outcome, excusedAt }: LedgerRow): boolean {
  return outcome === 'FAILED' && excusedAt !== null;
}

/** Also one that was asked for earlier, waited through the pause and was taken then. */
function wentSince(mails: readonly LedgerRow[], { bouncedAt }: LedgerRow): boolean {
  return mails.some((mail) => mail.bouncedAt === null && (mail.acceptedAt ?? -Infinity) >= (bouncedAt ?? 0));
}
