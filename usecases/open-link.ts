/** What the page of a link shows (R25–R27). Reads only: scanners and prefetch change nothing (R26). */
import type { Instant } from '../domain/calendar.js';
import { maskAddress, maskName } from '../domain/masking.js';
import { tokenHash } from '../platform/keys.js';
import { lookupLink, readLink } from '../store/reminders.js';
import { readSnapshot } from '../store/snapshots.js';
import type { Deps } from './context.js';
import type { Link } from './renew-account.js';

export interface KnownLink {
  /**
   * OPEN: may answer. DONE: its cycle was renewed and the next window is not open. TOO_EARLY: the window of its cycle is
   * not open. OLD: of an older cycle while a newer window is open, or mailed to a former address. WITHDRAWN: 廃止.
   */
  state: 'OPEN' | 'DONE' | 'TOO_EARLY' | 'OLD' | 'WITHDRAWN';
  link: Link;
  hq: { displayName: string; shortName: string; fax: string; counter: string; replyTo: string };
  maskedName: string;
  maskedAddress: string;
  /** Of the open cycle. */
  expiresOn: string | null;
  expiresAt: Instant;
  windowOpensAt: Instant;
  stopRequested: boolean;
}

export type LinkView = { state: 'UNKNOWN' } | KnownLink;

export async function openLink(deps: Deps, token: string): Promise<LinkView> {
  const found = await lookupLink(deps.database.lookups, tokenHash(token));
  if (!found) return { state: 'UNKNOWN' };
  return deps.database.inTenant(found.fireHqId, async (tx) => {
    const mail = await readLink(tx, found.reminderId);
    const snapshot = mail && (await readSnapshot(tx, mail.accountId));
    if (!mail || !snapshot) return { state: 'UNKNOWN' };
    const { account, cycle, fireHq } = snapshot;
    const windowIsOpen = deps.clock.now() >= cycle.windowOpensAt;
    return {
      state: stateOf({
        withdrawn: account.withdrawnAt !== null,
        living: mail.toPresentAddress,
        sameCycle: mail.cycle === cycle.number,
        windowIsOpen,
      }),
      link: {
        fireHqId: found.fireHqId,
        accountId: account.id,
        reminderId: mail.reminderId,
        cycle: mail.cycle,
      },
      hq: {
        displayName: fireHq.displayName,
        shortName: fireHq.shortName,
        fax: fireHq.fax,
        counter: fireHq.counter,
        replyTo: fireHq.replyTo,
      },
      maskedName: maskName(account.name),
      maskedAddress: maskAddress(snapshot.address.address),
      expiresOn: cycle.expiresOn,
      expiresAt: cycle.expiresAt,
      windowOpensAt: cycle.windowOpensAt,
      stopRequested: snapshot.stopRequested,
    };
  });
}

function stateOf(facts: {
  withdrawn: boolean;
  living: boolean;
  sameCycle: boolean;
  windowIsOpen: boolean;
}): KnownLink['state'] {
  if (facts.withdrawn) return 'WITHDRAWN';
  if (!facts.living) return 'OLD';
  if (facts.sameCycle) return facts.windowIsOpen ? 'OPEN' : 'TOO_EARLY';
  return facts.windowIsOpen ? 'OLD' : 'DONE';
}
