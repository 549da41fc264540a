/** What the page of a link shows (R25–R27). Reads only: scanners and prefetch change nothing (R26). */
import type { Instant } from '../domain/calendar.js';
import { maskAddress, maskName } from '../domain/masking.js';
import { tokenHash } from '../platform/keys.js';
import type { LinkRow } from '../store/reminders.js';
import { lookupLink } from '../store/reminders.js';
import type { AccountSnapshot } from '../store/rows.js';
import { readSnapshot } from '../store/snapshots.js';
import type { Deps } from './context.js';
import { refuse } from './errors.js';

/** The mail that a link came with, wherever it may lead by now. */
export type Link = LinkRow;

export interface LinkView {
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

/** Null when no mail of ours has it. */
export function findLink(deps: Deps, token: string): Promise<Link | null> {
  return lookupLink(deps.database.lookups, tokenHash(token));
}

/** R19: links die with their address. */
export function isToPresentAddress(link: Link, { address }: AccountSnapshot): boolean {
  return link.addressId === address.id;
}

/** Refuses with `not-found` when the account is not there. */
export async function openLink(deps: Deps, link: Link): Promise<LinkView> {
  return deps.database.inTenant(link.fireHqId, async (tx) => {
    const snapshot = (await readSnapshot(tx, link.accountId)) ?? refuse({ code: 'not-found' });
    const { account, cycle, fireHq } = snapshot;
    const windowIsOpen = deps.clock.now() >= cycle.windowOpensAt;
    return {
      state: stateOf({
        withdrawn: account.withdrawnAt !== null,
        living: isToPresentAddress(link, snapshot),
        sameCycle: link.cycle === cycle.number,
        windowIsOpen,
      }),
      link,
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
}): LinkView['state'] {
  if (facts.withdrawn) return 'WITHDRAWN';
  if (!facts.living) return 'OLD';
  if (facts.sameCycle) return facts.windowIsOpen ? 'OPEN' : 'TOO_EARLY';
  return facts.windowIsOpen ? 'OLD' : 'DONE';
}
