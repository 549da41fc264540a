/** 保留 (R36): automatic mail of one person rests until a date; the lapse runs on. */
import { createHash } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { setHold } from '../store/accounts.js';
import { appendAudit } from '../store/audit.js';
import { enqueueLook } from '../store/outbox.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import { listAuditEvents } from './read-audit.js';
import type { AccountView, Hold } from './views.js';
import { accountView, holdOf } from './views.js';

/** A page was open for a while, not for more acts upon one person than this. */
const ACTS_LOOKED_AT = 200;

/**
 * A second hold replaces the first. `until` must lie ahead; refuses with `account-withdrawn`, and with `hold-changed` when
 * the hold is not the one that was `seen` (from `holdSeen`; left out: whatever it is).
 */
export async function holdAccount(
  deps: Deps,
  command: Command,
  accountId: string,
  hold: Hold,
  { seen }: { seen?: string } = {},
): Promise<AccountView> {
  if (hold.until <= command.receivedAt) {
    refuse({
      code: 'validation',
      fields: [{ field: 'until', code: 'in-past', message: 'until must lie in the future.' }],
    });
  }
  return change(deps, command, accountId, hold, seen);
}

/** Releasing what is not held changes nothing. Refuses with `hold-changed` as above. */
export async function releaseHold(
  deps: Deps,
  command: Command,
  accountId: string,
  { seen }: { seen?: string } = {},
): Promise<AccountView> {
  return change(deps, command, accountId, null, seen);
}

/** What a form keeps of the hold that it shows, so that a colleague's is not overwritten unseen; 64 hexadecimal digits. */
export function holdSeen(hold: Hold | null): string {
  return createHash('sha256')
    .update(JSON.stringify(hold && [hold.until, hold.reason]))
    .digest('hex');
}

/** Who last held (`hold` is theirs) or released (null) a person, from the audit trail. */
export interface HoldAct {
  hold: Hold | null;
  at: Instant;
  actor: string;
}

/** The last act about the person's hold among the newest of the trail; null: none there. */
export async function lastHoldAct(deps: Deps, fireHqId: string, accountId: string): Promise<HoldAct | null> {
  const { items } = await listAuditEvents(deps, fireHqId, { accountId, limit: ACTS_LOOKED_AT });
  const act = items.find(({ action }) => action === 'account.held' || action === 'account.hold-released');
  if (act === undefined) return null;
  return { hold: (act.after as Hold | null | undefined) ?? null, at: act.at, actor: act.actor };
}

async function change(
  deps: Deps,
  command: Command,
  accountId: string,
  hold: Hold | null,
  seen: string | undefined,
): Promise<AccountView> {
  return runCommand(deps, command, async (tx) => {
    const { account } = await lockedSnapshot(tx, accountId);
    const present = holdOf(account, command.receivedAt);
    // Whoever releases what a colleague has released already wants nothing else.
    const nothingToDo = hold === null && present === null;
    if (seen !== undefined && !nothingToDo && holdSeen(present) !== seen) refuse({ code: 'hold-changed' });
    if (hold !== null && account.withdrawnAt !== null) refuse({ code: 'account-withdrawn' });
    if (hold !== null || account.holdUntil !== null) {
      await setHold(tx, accountId, hold?.until ?? null, hold?.reason ?? null);
      await appendAudit(tx, {
        at: command.receivedAt,
        actor: command.actor,
        action: hold ? 'account.held' : 'account.hold-released',
        accountId,
        ...(account.holdUntil === null
          ? {}
          : { before: { until: account.holdUntil, reason: account.holdReason } }),
        ...(hold ? { after: hold } : {}),
      });
      await enqueueLook(tx, [accountId], command.receivedAt);
    }
    return accountView(await lockedSnapshot(tx, accountId), command.receivedAt);
  });
}
