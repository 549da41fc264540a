/**
 * R38 by machine: holes that the look over open cycles does not see. Slots of cycles that ended without a row in the
 * ledger, lapses that nobody recorded, and people without a cycle.
 */
import type { Instant } from '../domain/calendar.js';
import { DAY } from '../domain/calendar.js';
import { LAPSE_RECORDED_WITHIN } from '../domain/completeness.js';
import { endedCycles, peopleWithoutCycle } from '../store/completeness.js';
import type { Deps } from './context.js';
import type { CycleFate, Policies } from './cycle-fates.js';
import { settle } from './cycle-fates.js';
import { slotKey } from './life-plan.js';

/** R38: ids only. */
export interface LedgerHole {
  accountId: string;
  /** What there should be: `auto:1:2027-01-01`, a slot's row; `lapse:1`, a recorded lapse; `cycle`, a running cycle. */
  key: string;
}

const PAGE = 500;
/** A fiscal year and a little: what ended before was looked at often enough. */
const LOOKED_AT_FOR = 400 * DAY;
/** Of people without a cycle; more are told by the next look. */
const PEOPLE_NAMED = 1_000;

export async function* endedHoles(deps: Deps, fireHqId: string, now: Instant): AsyncGenerator<LedgerHole> {
  const policies: Policies = new Map();
  const span = { since: now - LOOKED_AT_FOR, lapsedBefore: now - LAPSE_RECORDED_WITHIN };
  let after: { accountId: string; number: number } | null = null;
  for (;;) {
    const place: { accountId: string; number: number } | null = after;
    const page: CycleFate[] = await deps.database.inTenant(fireHqId, async (tx) =>
      settle(tx, policies, await endedCycles(tx, { ...span, after: place, limit: PAGE }), now),
    );
    for (const { cycle, person, mails } of page) {
      const { accountId, number } = cycle;
      if (person === null) yield { accountId, key: `lapse:${number}` };
      if (cycle.renewedAt === null && cycle.withdrawnAt === null) continue;
      for (const { fate, slot } of mails) if (fate === null) yield { accountId, key: slotKey(number, slot) };
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    after = last.cycle;
  }
  const without = await deps.database.inTenant(fireHqId, (tx) =>
    peopleWithoutCycle(tx, { afterId: null, limit: PEOPLE_NAMED }),
  );
  for (const { accountId } of without) yield { accountId, key: 'cycle' };
}
