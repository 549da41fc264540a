/** 引き継ぎ: what whoever comes next must know, read in one moment. */
import type { Instant } from '../domain/calendar.js';
import type { HeldAccount, OpenRequests } from '../store/handover.js';
import { countOpenRequests, listHolds } from '../store/handover.js';
import { listMailStops } from '../store/mail-stops.js';
import type { MailStopRow } from '../store/rows.js';
import { listStaff } from '../store/staff.js';
import type { StaffRow } from '../store/staff.js';
import { listApiTokens } from '../store/tokens.js';
import type { TokenListRow } from '../store/tokens.js';
import type { Deps } from './context.js';

const MOST_HOLDS = 100;

export interface Handover {
  requests: OpenRequests;
  /** The first to end, 100 at most; `moreHolds`: there are others. */
  holds: HeldAccount[];
  moreHolds: boolean;
  /** In force, of this headquarters and of all. */
  mailStops: MailStopRow[];
  /** Everybody who is not locked, invited ones among them. */
  staff: StaffRow[];
  /** Neither revoked nor expired. */
  tokens: TokenListRow[];
}

export async function readHandover(deps: Deps, fireHqId: string, now: Instant): Promise<Handover> {
  return deps.database.inTenant(fireHqId, async (tx) => {
    const requests = await countOpenRequests(tx);
    const holds = await listHolds(tx, now, MOST_HOLDS + 1);
    const stops = await listMailStops(tx);
    const staff = await listStaff(tx);
    const tokens = await listApiTokens(tx);
    return {
      requests,
      holds: holds.slice(0, MOST_HOLDS),
      moreHolds: holds.length > MOST_HOLDS,
      mailStops: stops.filter(({ endedAt, until }) => endedAt === null && (until === null || until > now)),
      staff: staff.filter(({ lockedAt }) => lockedAt === null),
      tokens: tokens.filter(
        ({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || expiresAt > now),
      ),
    };
  });
}
