/** What the page of a link shows (R25–R27). Reads only: scanners and prefetch change nothing (R26). */
import type { Instant } from '../domain/calendar.js';
import { isPendingAt } from '../domain/check-mail.js';
import { maskAddress, maskName } from '../domain/masking.js';
import { tokenHash } from '../platform/keys.js';
import type { LinkMail, LinkRow } from '../store/reminders.js';
import { lookupLink, readLinkMail } from '../store/reminders.js';
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
   * Of a check mail, whose reader may be a stranger (R19): CONFIRM, it has not been answered; CHECK_OVER, it can do
   * nothing any more; once answered it is a link like any other.
   */
  state: 'OPEN' | 'DONE' | 'TOO_EARLY' | 'OLD' | 'WITHDRAWN' | 'CONFIRM' | 'CHECK_OVER';
  link: Link;
  hq: { displayName: string; shortName: string; fax: string; counter: string; replyTo: string };
  maskedName: string;
  /** Where the link was mailed to while its state is CONFIRM; else the present one. */
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
    const { account, address, cycle, fireHq, pending } = snapshot;
    const now = deps.clock.now();
    const windowIsOpen = now >= cycle.windowOpensAt;
    const state =
      stateOfCheck(await readLinkMail(tx, link.reminderId), link, snapshot, now) ??
      stateOf({
        withdrawn: account.withdrawnAt !== null,
        living: isToPresentAddress(link, snapshot),
        sameCycle: link.cycle === cycle.number,
        windowIsOpen,
      });
    const toPending = state === 'CONFIRM' && link.addressId === pending?.id;
    return {
      state,
      link,
      hq: {
        displayName: fireHq.displayName,
        shortName: fireHq.shortName,
        fax: fireHq.fax,
        counter: fireHq.counter,
        replyTo: fireHq.replyTo,
      },
      maskedName: maskName(account.name),
      maskedAddress: maskAddress(toPending ? pending.address : address.address),
      expiresOn: cycle.expiresOn,
      expiresAt: cycle.expiresAt,
      windowOpensAt: cycle.windowOpensAt,
      stopRequested: snapshot.stopRequested,
    };
  });
}

/** Null where a link is like any other. */
function stateOfCheck(
  mail: LinkMail | null,
  link: Link,
  snapshot: AccountSnapshot,
  now: Instant,
): 'CONFIRM' | 'CHECK_OVER' | null {
  if (mail?.purpose !== 'CHECK') return null;
  if (snapshot.account.withdrawnAt !== null) return 'CHECK_OVER';
  if (isToPresentAddress(link, snapshot)) return mail.provenAt === null ? 'CONFIRM' : null;
  const { pending } = snapshot;
  return link.addressId === pending?.id && isPendingAt(pending, now) ? 'CONFIRM' : 'CHECK_OVER';
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
