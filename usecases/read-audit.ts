/** 操作履歴 (R34), newest first. */
import type { AuditRow } from '../store/audit.js';
import { listAudit } from '../store/audit.js';
import type { Deps } from './context.js';
import { decodeCursor, pageOf } from './cursor.js';
import type { Page } from './views.js';

export type AuditEventView = AuditRow;

export async function listAuditEvents(
  deps: Deps,
  fireHqId: string,
  {
    accountId,
    limit,
    cursor,
  }: { accountId?: string | undefined; limit: number; cursor?: string | undefined },
): Promise<Page<AuditEventView>> {
  const after = cursor === undefined ? null : decodeCursor(cursor, ['number']);
  const rows = await deps.database.inTenant(fireHqId, (tx) =>
    listAudit(tx, { accountId, beforeId: after ? (after[0] as number) : null, limit: limit + 1 }),
  );
  return pageOf(
    rows,
    limit,
    (last) => [last.id],
    (row) => row,
  );
}
