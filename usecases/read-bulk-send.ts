/** A bulk send as staff see it: the preview, the progress, and what became of each mail. Writes nothing. */
import type { Outcome } from '../domain/delivery.js';
import type { ManyObstacle } from '../domain/resend.js';
import type { BulkItemRow, ItemView } from '../store/bulk-items.js';
import { listItems, tallyItems } from '../store/bulk-items.js';
import { findBulkSend, listStartedBulkSends } from '../store/bulk-sends.js';
import type { BulkSend } from './bulk-send.js';
import type { Deps } from './context.js';
import { refuse } from './errors.js';

export type LeftOutReason = ManyObstacle | { code: 'failed' };

export interface BulkItemView extends Omit<BulkItemRow, 'refusal'> {
  /** Of LEFT_OUT: why; of WAITING: what stood in the way at the preview. */
  refusal: LeftOutReason | null;
}

export interface BulkSendView extends BulkSend {
  /** Nobody was asked for yet, and what stood in the way at the preview; null: nothing. */
  waiting: ReadonlyMap<LeftOutReason['code'] | null, number>;
  leftOut: ReadonlyMap<LeftOutReason['code'], number>;
  /** Mails that were asked for. */
  mails: ReadonlyMap<Outcome, number>;
}

/** Refuses with `not-found`. */
export async function readBulkSend(deps: Deps, fireHqId: string, id: string): Promise<BulkSendView> {
  return deps.database.inTenant(fireHqId, async (tx) => {
    const bulk = ((await findBulkSend(tx, id)) ?? refuse({ code: 'not-found' })) as BulkSend;
    const [waiting, leftOut, mails] = [new Map(), new Map(), new Map()] as [
      Map<LeftOutReason['code'] | null, number>,
      Map<LeftOutReason['code'], number>,
      Map<Outcome, number>,
    ];
    for (const { state, code, outcome, people } of await tallyItems(tx, id)) {
      if (state === 'WAITING') waiting.set(code as LeftOutReason['code'] | null, people);
      else if (outcome === null) leftOut.set((code ?? 'failed') as LeftOutReason['code'], people);
      else mails.set(outcome, people);
    }
    return { ...bulk, waiting, leftOut, mails };
  });
}

/** In the order in which they were chosen; `next` null: that was the end. */
export async function readBulkItems(
  deps: Deps,
  fireHqId: string,
  id: string,
  { view, after, limit }: { view: ItemView; after: number; limit: number },
): Promise<{ items: BulkItemView[]; next: number | null }> {
  const rows = await deps.database.inTenant(fireHqId, (tx) =>
    listItems(tx, id, { view, after, limit: limit + 1 }),
  );
  const items = rows.slice(0, limit).map((row) => ({ ...row, refusal: row.refusal as LeftOutReason | null }));
  return { items, next: rows.length > limit ? (items.at(-1)?.position ?? null) : null };
}

/** What was started last, newest first. */
export async function readBulkSends(deps: Deps, fireHqId: string, limit: number): Promise<BulkSend[]> {
  return deps.database.inTenant(fireHqId, (tx) => listStartedBulkSends(tx, limit)) as Promise<BulkSend[]>;
}
