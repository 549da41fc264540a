/** What 運用担当 see of all headquarters: codes, names of headquarters and counts; nothing about a person. */
import type { HeadquartersFigures } from '../store/fleet-figures.js';
import { countHeadquarters, countMailStops } from '../store/fleet-figures.js';
import type { OutboxHealth } from '../store/outbox.js';
import { outboxHealth } from '../store/outbox.js';
import type { Deps } from './context.js';
import type { FleetFigures } from './fleet-figures.js';
import { readFleetFigures } from './fleet-figures.js';

export type { HeadquartersFigures } from '../store/fleet-figures.js';

const HEADQUARTERS_A_PAGE = 50;

/** By code, after that one. `next`: the code to go on after; null at the end. */
export async function readHeadquartersFigures(
  deps: Deps,
  after: string,
): Promise<{ rows: HeadquartersFigures[]; next: string | null }> {
  const now = deps.clock.now();
  const found = await deps.database.withoutTenant((tx) =>
    countHeadquarters(tx, now, after, HEADQUARTERS_A_PAGE + 1),
  );
  const rows = found.slice(0, HEADQUARTERS_A_PAGE);
  return { rows, next: found.length > rows.length ? (rows.at(-1)?.code ?? null) : null };
}

export interface VendorHealth {
  figures: FleetFigures;
  stops: Awaited<ReturnType<typeof countMailStops>>;
  outbox: OutboxHealth;
}

export async function readVendorHealth(deps: Deps): Promise<VendorHealth> {
  const figures = await readFleetFigures(deps);
  const now = deps.clock.now();
  return deps.database.withoutTenant(async (tx) => ({
    figures,
    stops: await countMailStops(tx, now),
    outbox: await outboxHealth(tx),
  }));
}
