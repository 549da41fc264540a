/** 代理更新 before it is done (R8, R18): what it would do now. Writes nothing. */
import type { Instant } from '../domain/calendar.js';
import type { Expiry } from '../domain/cycle.js';
import { decideRenewal } from '../domain/renewal.js';
import { readPolicyVersion } from '../store/policies.js';
import { readSnapshot } from '../store/snapshots.js';
import type { Deps } from './context.js';
import { refuse } from './errors.js';
import { readStoredPolicy } from './life-plan.js';
import { isInDoubt } from './renew-account.js';

/** WITHDRAWN and NOTHING_GAINED: it would be refused. */
export interface RenewalPreview {
  what: 'RENEW' | 'RENEW_EARLY' | 'NOTHING_GAINED' | 'WITHDRAWN';
  /** The open cycle: the one that would be renewed. */
  cycle: number;
  present: Expiry;
  windowOpensAt: Instant;
  /** Null where it would be refused. */
  next: Expiry | null;
  /** R18: by a way that is not mail it would leave 更新済み・メール未確認. */
  mailInDoubt: boolean;
}

/** Refuses with `not-found`. */
export async function previewStaffRenewal(
  deps: Deps,
  fireHqId: string,
  accountId: string,
): Promise<RenewalPreview> {
  const now = deps.clock.now();
  return deps.database.inTenant(fireHqId, async (tx) => {
    const { account, cycle, address } = (await readSnapshot(tx, accountId)) ?? refuse({ code: 'not-found' });
    const version = await readPolicyVersion(tx, now);
    const decided = decideRenewal({
      policy: readStoredPolicy(version.document),
      current: cycle,
      receivedAt: now,
      early: true,
    });
    const withdrawn = account.withdrawnAt !== null;
    const next = !withdrawn && decided.decision === 'RENEW' ? decided.next : null;
    const renews = now < cycle.windowOpensAt ? 'RENEW_EARLY' : 'RENEW';
    return {
      what: withdrawn ? 'WITHDRAWN' : next === null ? 'NOTHING_GAINED' : renews,
      cycle: cycle.number,
      present: { expiresOn: cycle.expiresOn, expiresAt: cycle.expiresAt },
      windowOpensAt: cycle.windowOpensAt,
      next,
      mailInDoubt: isInDoubt(address),
    };
  });
}
