/** What the page of a link shows (R25–R27). Reads only: scanners and prefetch change nothing (R26). */
import type { Instant } from '../domain/calendar.js';
import { isPendingAt } from '../domain/check-mail.js';
import { maskAddress, maskName } from '../domain/masking.js';
import { tokenHash } from '../platform/keys.js';
import type { Tx } from '../store/database.js';
import type { PaperLinkRow } from '../store/letters.js';
import { isLetterVoid, lookupLetter } from '../store/letters.js';
import type { LinkMail, LinkRow } from '../store/reminders.js';
import { lookupLink, readLinkMail } from '../store/reminders.js';
import type { AccountSnapshot } from '../store/rows.js';
import { readSnapshot } from '../store/snapshots.js';
import type { Deps } from './context.js';
import { refuse } from './errors.js';

/** A link, wherever it may lead by now: of a mail, bound to its address, or of a letter (R31), bound to none. */
export type Link = LinkRow | PaperLinkRow;
export type MailLink = LinkRow;

export interface LinkView {
  /**
   * OPEN: may answer. DONE: its cycle was renewed and the next window is not open. TOO_EARLY: the window of its cycle is
   * not open. OLD: of an older cycle while a newer window is open, mailed to a former address, or on a letter that was not
   * sent. WITHDRAWN: 廃止.
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

/** Null when no mail and no letter of ours has it. */
export async function findLink(deps: Deps, token: string): Promise<Link | null> {
  const { lookups } = deps.database;
  const hash = tokenHash(token);
  return (await lookupLink(lookups, hash)) ?? lookupLetter(lookups, hash);
}

/** The id of the mail or letter that the link came with. */
export function sourceOf(link: Link): string {
  return link.by === 'MAIL' ? link.reminderId : link.letterId;
}

/** R19: mailed links die with their address; R31: one on paper dies when the letter is told not to have been sent. */
export async function isLiving(tx: Tx, link: Link, { address }: AccountSnapshot): Promise<boolean> {
  return link.by === 'MAIL' ? link.addressId === address.id : !(await isLetterVoid(tx, link.letterId));
}

/** R8: a mailed link answers from the opening of the window on, one on paper from the day it was printed. */
export function mayAnswerEarly({ by }: Link): boolean {
  return by === 'PAPER';
}

/** Refuses with `not-found` when the account is not there. */
export async function openLink(deps: Deps, link: Link): Promise<LinkView> {
  return deps.database.inTenant(link.fireHqId, async (tx) => {
    const snapshot = (await readSnapshot(tx, link.accountId)) ?? refuse({ code: 'not-found' });
    const { account, address, cycle, fireHq, pending } = snapshot;
    const now = deps.clock.now();
    const check = link.by === 'MAIL' ? await readLinkMail(tx, link.reminderId) : null;
    const state =
      stateOfCheck(check, link, snapshot, now) ??
      stateOf({
        withdrawn: account.withdrawnAt !== null,
        living: await isLiving(tx, link, snapshot),
        sameCycle: link.cycle === cycle.number,
        windowIsOpen: now >= cycle.windowOpensAt,
        early: mayAnswerEarly(link),
      });
    const toPending = state === 'CONFIRM' && link.by === 'MAIL' && link.addressId === pending?.id;
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
  if (mail?.purpose !== 'CHECK' || link.by !== 'MAIL') return null;
  if (snapshot.account.withdrawnAt !== null) return 'CHECK_OVER';
  if (link.addressId === snapshot.address.id) return mail.provenAt === null ? 'CONFIRM' : null;
  const { pending } = snapshot;
  return link.addressId === pending?.id && isPendingAt(pending, now) ? 'CONFIRM' : 'CHECK_OVER';
}

function stateOf(facts: {
  withdrawn: boolean;
  living: boolean;
  sameCycle: boolean;
  windowIsOpen: boolean;
  early: boolean;
}): LinkView['state'] {
  if (facts.withdrawn) return 'WITHDRAWN';
  if (!facts.living) return 'OLD';
  if (facts.sameCycle) return facts.windowIsOpen || facts.early ? 'OPEN' : 'TOO_EARLY';
  return facts.windowIsOpen ? 'OLD' : 'DONE';
}
