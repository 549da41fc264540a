/** What a policy would mean for the people there are, before it is saved (R13, R14). Reads only. */
import type { Instant } from '../domain/calendar.js';
import { accountIdsAfter } from '../store/accounts.js';
import { readPolicyVersion } from '../store/policies.js';
import { readSnapshots } from '../store/snapshots.js';
import type { Deps } from './context.js';
import { planAccount } from './life-plan.js';
import { hasStopped, owedRow, underPolicy } from './policy-change.js';
import { parsedOrRefused } from './policy.js';
import { outstandingReminders } from './views.js';

/** If it were applied to the running cycles at once. Counts of people, but for the two of mails. */
export interface PolicyEffect {
  /** People whose automatic run is not over: those that a policy can concern. */
  people: number;
  moreMails: number;
  fewerMails: number;
  /** The same number of mails, on other days. */
  otherDays: number;
  /** Their window would open at once. */
  opensNow: number;
  /** Mails more and fewer over all of them, as things stand. */
  mailsAdded: number;
  mailsLeftOut: number;
  /** There are more people than were looked at. */
  partial: boolean;
}

const PAGE = 500;
/** So many people are looked at: a page must answer. */
const MOST_LOOKED_AT = 5_000;

/** Refuses with `validation`; a policy of the other basis is compared as well as it goes. */
export async function previewPolicy(
  deps: Deps,
  fireHqId: string,
  document: unknown,
  now: Instant,
): Promise<PolicyEffect> {
  const policy = parsedOrRefused(document, 'policy');
  const effect: PolicyEffect = {
    people: 0,
    moreMails: 0,
    fewerMails: 0,
    otherDays: 0,
    opensNow: 0,
    mailsAdded: 0,
    mailsLeftOut: 0,
    partial: false,
  };
  const version = await deps.database.inTenant(fireHqId, async (tx) => (await readPolicyVersion(tx)).version);
  let afterId: string | null = null;
  for (let looked = 0; ; looked += PAGE) {
    // A page at a time, so that nobody waits for a reader.
    const ids: string[] = await deps.database.inTenant(fireHqId, async (tx) => {
      const page = await accountIdsAfter(tx, { afterId, limit: PAGE, withdrawnSince: now });
      if (looked >= MOST_LOOKED_AT) return page;
      for (const before of await readSnapshots(tx, page)) {
        if (hasStopped(before, now)) continue;
        const next = { version: version + 1, document: policy.document };
        count(effect, before, underPolicy(before, owedRow(before, now), policy, next, now), now);
      }
      return page;
    });
    if (looked >= MOST_LOOKED_AT) effect.partial = ids.length > 0;
    if (ids.length < PAGE || looked >= MOST_LOOKED_AT) return effect;
    afterId = ids.at(-1) ?? null;
  }
}

type Snapshot = Parameters<typeof planAccount>[0];

function count(effect: PolicyEffect, before: Snapshot, after: Snapshot, now: Instant): void {
  const [old, fresh] = [before, after].map((each) => outstandingReminders(planAccount(each, now)));
  const days = (mails: typeof old) => JSON.stringify((mails ?? []).map(({ at }) => at));
  const difference = (fresh?.length ?? 0) - (old?.length ?? 0);
  effect.people += 1;
  if (difference > 0) {
    effect.moreMails += 1;
    effect.mailsAdded += difference;
  } else if (difference < 0) {
    effect.fewerMails += 1;
    effect.mailsLeftOut -= difference;
  } else if (days(old) !== days(fresh)) effect.otherDays += 1;
  if (before.cycle.windowOpensAt > now && after.cycle.windowOpensAt <= now) effect.opensNow += 1;
}
