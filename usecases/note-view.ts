/** R34: that somebody looked at a person's data stands in the audit trail, once in ten minutes and viewer. */
import { appendView } from '../store/audit.js';
import type { Command, Deps } from './context.js';

export async function noteView(deps: Deps, command: Command, accountId: string): Promise<void> {
  await deps.database.inTenant(command.fireHqId, (tx) =>
    appendView(tx, { at: command.receivedAt, actor: command.actor, accountId }),
  );
}
