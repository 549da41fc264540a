/** R33: the call side tells of an emergency or practice call. It does not renew and never blocks anything. */
import type { Instant } from '../domain/calendar.js';
import { MINUTE } from '../domain/calendar.js';
import { touchActivity } from '../store/accounts.js';
import { appendAudit } from '../store/audit.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';

/**
 * Reports may come late, twice and out of order: the latest call counts, each report leaves its event (R34). A call in
 * the future is refused.
 */
export async function recordActivity(
  deps: Deps,
  command: Command,
  accountId: string,
  activity: { kind: 'EMERGENCY' | 'PRACTICE'; at: Instant },
): Promise<void> {
  // The caller's clock may run a little ahead of ours.
  if (activity.at > command.receivedAt + 5 * MINUTE) {
    refuse({
      code: 'validation',
      fields: [{ field: 'at', code: 'in-future', message: 'at must not lie in the future.' }],
    });
  }
  await runCommand(deps, command, async (tx) => {
    if (!(await touchActivity(tx, accountId, activity.at))) refuse({ code: 'not-found' });
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'activity.reported',
      accountId,
      after: { kind: activity.kind, at: activity.at },
    });
  });
}
