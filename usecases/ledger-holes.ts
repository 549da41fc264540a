/** R38: every slot that is over has its row in the ledger, a mail or the reason why none went. What has none is a hole. */
import type { AccountPlan } from './life-plan.js';
import { slotKey } from './life-plan.js';

/**
 * Ledger keys that are missing in the open cycle: of slots older than one that was handled, and, once the end of automatic
 * mail is recorded, of any. A slot that still waits for its moment is none, nor one before the creation (R10).
 */
export function holesOf({ snapshot, plan, status }: AccountPlan): string[] {
  const { cycle } = snapshot;
  // 廃止: what falls due until an undo is entered by the undo.
  if (status === 'WITHDRAWN') return [];
  const isOver = cycle.autoStopRecordedAt !== null;
  return plan.steps
    .filter(
      ({ state, reason }) =>
        state !== 'HANDLED' && reason !== 'BEFORE_CREATION' && (isOver || reason === 'OLDER_THAN_HANDLED'),
    )
    .map(({ slot }) => slotKey(cycle.number, slot));
}
