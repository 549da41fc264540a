/** 保留 (R36): automatic mail of one person rests until a date; the lapse runs on. */
import type { Instant } from '../domain/calendar.js';
import { setHold } from '../store/accounts.js';
import { appendAudit } from '../store/audit.js';
import { enqueueLook } from '../store/outbox.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import type { AccountView } from './views.js';
import { accountView } from './views.js';

/** A second hold replaces the first. `until` must lie ahead; refuses with `account-withdrawn`. */
export async function holdAccount(
  deps: Deps,
  command: Command,
  accountId: string,
  hold: { until: Instant; reason: string },
): Promise<AccountView> {
  if (hold.until <= command.receivedAt) {
    refuse({
      code: 'validation',
      fields: [{ field: 'until', code: 'in-past', message: 'until must lie in the future.' }],
    });
  }
  return change(deps, command, accountId, hold);
}

/** Releasing what is not held changes nothing. */
export async function releaseHold(deps: Deps, command: Command, accountId: string): Promise<AccountView> {
  return change(deps, command, accountId, null);
}

async function change(
  deps: Deps,
  command: Command,
  accountId: string,
  hold: { until: Instant; reason: string } | null,
): Promise<AccountView> {
  return runCommand(deps, command, async (tx) => {
    const { account } = await lockedSnapshot(tx, accountId);
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
